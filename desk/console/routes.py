"""The console's routes: the agents' API, their pages, and the files of the pages."""

from pathlib import Path

from fastapi import APIRouter, FastAPI
from starlette.responses import Response
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from desk.console import (
    api_attachments,
    api_cases,
    api_conversations,
    api_followups,
    api_lead,
    api_team,
    api_tools,
    api_unanswered,
    events,
    pages_board,
    pages_calendar,
    pages_cases,
    pages_conversations,
    pages_figures,
    pages_followups,
    pages_lead,
    pages_login,
    pages_me,
    pages_queue,
    pages_team,
    pages_tools,
    pages_unanswered,
    pages_week,
)
from desk.console.rendering import STATIC_PATH

STATIC = Path(__file__).parent / "static"

api = APIRouter(prefix="/api/desk")
for part in (
    api_conversations, api_attachments, api_tools, api_cases, api_followups, api_lead, api_unanswered, api_team,
):  # fmt: skip
    api.include_router(part.router)

pages = APIRouter(prefix="/desk", include_in_schema=False)
for page in (
    pages_login, pages_queue, pages_conversations, pages_tools, pages_cases, pages_followups, pages_calendar, pages_board,
    pages_week, pages_lead, pages_figures, pages_team, pages_me, pages_unanswered, events,
):  # fmt: skip
    pages.include_router(page.router)
feeds = pages_calendar.feeds


class PageFiles(StaticFiles):
    """Files whose address changes with their content: a browser may keep them."""

    async def get_response(self, path: str, scope: Scope) -> Response:
        response = await super().get_response(path, scope)
        response.headers["Cache-Control"] = "public, max-age=31536000, immutable"
        return response


def mount_static(app: FastAPI) -> None:
    """Serve the files of the pages."""
    app.mount(STATIC_PATH, PageFiles(directory=STATIC), name="console")
