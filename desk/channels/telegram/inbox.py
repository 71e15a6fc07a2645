"""Telegram's updates: stored in one transaction, then taken in one after the other."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Integer, bindparam, delete, select
from sqlalchemy.orm import Session

from desk.channels.telegram.tables import TelegramUpdate

KEPT = timedelta(days=14)
"""How long the id of an update is known after it was taken in; Telegram repeats none for longer than a day."""
MOST_TRIES = 6

# Statements of every batch are built once: building one costs more than running it.
_KNOWN = select(TelegramUpdate.update_id).where(TelegramUpdate.update_id.in_(bindparam("ids", expanding=True)))
_WAITING = (
    select(TelegramUpdate)
    .where(TelegramUpdate.state == "waiting")
    .order_by(TelegramUpdate.update_id)
    .limit(bindparam("limit", type_=Integer))
)


def store_updates(session: Session, bodies: Sequence[dict[str, Any]], now: datetime) -> int:
    """Store what is new of a batch; the number of updates that were. The caller commits before it acknowledges."""
    by_id = {int(body["update_id"]): storable(body) for body in bodies}
    known = set(session.scalars(_KNOWN, {"ids": list(by_id)}))
    for update_id in sorted(by_id.keys() - known):
        chat_id, message_id = _place_of(by_id[update_id])
        session.add(
            TelegramUpdate(
                update_id=update_id, chat_id=chat_id, message_id=message_id, body=by_id[update_id],
                next_try_at=now, received_at=now,
            )
        )  # fmt: skip
    session.flush()
    return len(by_id.keys() - known)


def storable(content: Any) -> Any:
    """The same without what PostgreSQL cannot keep in a text: one such character must not stop all others."""
    if isinstance(content, dict):
        return {storable(name): storable(value) for name, value in content.items()}
    if isinstance(content, list | tuple):
        return [storable(value) for value in content]
    if isinstance(content, str):
        return content.replace("\x00", "").encode("utf-8", "replace").decode()
    return content


def waiting_updates(session: Session, limit: int) -> Sequence[TelegramUpdate]:
    """The updates that are not taken in yet, oldest first."""
    return session.scalars(_WAITING, {"limit": limit}).all()


def settle_update(update: TelegramUpdate, why: str = "") -> None:
    """It is taken in: its body is kept no longer."""
    update.state, update.body, update.why = "done", None, why[:500]


def try_update_later(update: TelegramUpdate, why: str, now: datetime) -> None:
    """It could not be taken in: again later, not for ever (it is kept for whoever looks into it)."""
    update.tries += 1
    update.why = why[:500]
    update.next_try_at = now + timedelta(seconds=min(60.0, 2.0**update.tries))
    if update.tries >= MOST_TRIES:
        update.state = "failed"


def forget_old_updates(session: Session, now: datetime) -> None:
    """Remove what was taken in long ago."""
    session.execute(delete(TelegramUpdate).where(TelegramUpdate.state == "done", TelegramUpdate.received_at < now - KEPT))


def update_of_message(session: Session, chat_id: int, message_id: int) -> int | None:
    """The id of the first update that brought this message of Telegram's."""
    brought = select(TelegramUpdate.update_id).where(TelegramUpdate.chat_id == chat_id, TelegramUpdate.message_id == message_id)
    return session.scalar(brought.order_by(TelegramUpdate.update_id).limit(1))


def _place_of(body: dict[str, Any]) -> tuple[int | None, int | None]:
    """Chat and message that the update is about."""
    for kind in ("message", "edited_message"):
        if kind in body:
            return body[kind]["chat"]["id"], body[kind]["message_id"]
    for kind, inner in (("callback_query", "message"), ("my_chat_member", None)):
        if kind in body:
            thing = body[kind].get(inner) if inner else body[kind]
            return (thing or {}).get("chat", {}).get("id"), None
    return None, None
