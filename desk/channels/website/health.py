"""Whether the desk lives, and whether every part of it answers."""

import asyncio
from typing import Annotated

import httpx
from fastapi import APIRouter, Depends, Request
from fastapi.responses import JSONResponse
from sqlalchemy import text
from sqlalchemy.exc import SQLAlchemyError

from desk.parts import Parts, parts_of

router = APIRouter(tags=["health"])


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    """This process lives."""
    return {"status": "ok"}


@router.get("/readyz")
async def readyz(request: Request, parts: Annotated[Parts, Depends(parts_of)]) -> JSONResponse:
    """Database, Rasa (with its model) and actions answer."""
    database, rasa, actions = await asyncio.gather(
        asyncio.to_thread(_database_answers, parts), request.app.state.bot.is_ready(), _actions_answer(parts)
    )
    state = {"database": database, "rasa": rasa, "actions": actions}
    return JSONResponse({"ready": all(state.values()), **state}, 200 if all(state.values()) else 503)


def _database_answers(parts: Parts) -> bool:
    try:
        with parts.database.reading() as session:
            session.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


async def _actions_answer(parts: Parts) -> bool:
    try:
        async with httpx.AsyncClient(timeout=2.0) as client:
            return (await client.get(f"{parts.settings.actions_url}/health")).status_code == 200
    except httpx.HTTPError:
        return False
