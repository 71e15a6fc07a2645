"""Telegram calls us: the update is stored and committed, and only then acknowledged."""

import hmac
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Response

from desk.channels.telegram.inbox import store_updates
from desk.channels.telegram.service import WEBHOOK_PATH, webhook_secret
from desk.db.events import announce
from desk.errors import NotFound, WrongInput
from desk.parts import Parts, parts_of

router = APIRouter(include_in_schema=False)


@router.post(WEBHOOK_PATH)
def receive(
    body: dict[str, Any],
    parts: Annotated[Parts, Depends(parts_of)],
    x_telegram_bot_api_secret_token: Annotated[str, Header()] = "",
) -> Response:
    """One update. Whoever does not show the secret learns nothing of what is here."""
    is_theirs = hmac.compare_digest(x_telegram_bot_api_secret_token.encode(), webhook_secret(parts.settings).encode())
    if not (parts.settings.telegram_webhook and is_theirs):
        raise NotFound
    if not isinstance(body.get("update_id"), int):
        raise WrongInput("This is no update.")
    with parts.database.writing() as session:
        if store_updates(session, [body], parts.clock.now()):
            announce(session, "telegram_updates")
    return Response(status_code=200)
