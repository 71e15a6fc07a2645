"""Claiming a conversation's work by lease and fence: one turn under way per conversation, whoever dies."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, Integer, and_, bindparam, func, or_, select, update
from sqlalchemy.orm import Session, aliased

from desk.conversations.tables import Conversation, Message


@dataclass(frozen=True)
class Claim:
    """A worker's right to process one message. It holds while nobody has claimed the conversation anew."""

    conversation_id: str
    fence: int
    version: int
    message_id: str


def _due() -> ColumnElement[bool]:
    free = or_(Conversation.lease_until.is_(None), Conversation.lease_until <= bindparam("now"))
    return and_(Conversation.waiting > 0, Conversation.next_try_at <= bindparam("now"), free)


# Statements of every turn are built once: building one costs more than running it.
_waiting = aliased(Message)
_FIRST_WAITING = (
    select(func.min(_waiting.seq))
    .where(_waiting.conversation_id == Conversation.id, _waiting.state == "waiting")
    .correlate(Conversation)
    .scalar_subquery()
)
_IS_DUE = select(Conversation.id).where(_due()).limit(1)
_DUE = (
    select(Conversation, Message)
    .outerjoin(Message, and_(Message.conversation_id == Conversation.id, Message.seq == _FIRST_WAITING))
    .where(_due())
    .order_by(Conversation.next_try_at)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True, of=Conversation)
)
_CLAIMED = (
    select(Conversation, Message)
    .join(Message, Message.conversation_id == Conversation.id)
    .where(Conversation.id == bindparam("conversation"), Message.id == bindparam("message"))
    .with_for_update(of=Conversation)
    .execution_options(populate_existing=True)
)


def work_is_due(session: Session, now: datetime) -> bool:
    """Whether there is a conversation to claim."""
    return session.scalar(_IS_DUE, {"now": now}) is not None


def claim_conversations(
    session: Session, now: datetime, lease: timedelta, limit: int
) -> Iterator[tuple[Claim, Conversation, Message]]:
    """Claim the conversations that have waited longest for their next try, each with its oldest waiting message."""
    for conversation, message in session.execute(_DUE, {"now": now, "limit": limit}).all():
        if message is None:  # cannot be: `waiting` counts them; mend the count rather than spin
            conversation.waiting = 0
            continue
        conversation.fence += 1
        conversation.lease_until = now + lease
        yield Claim(conversation.id, conversation.fence, conversation.version, message.id), conversation, message


def hold_claimed(session: Session, claim: Claim) -> tuple[Conversation, Message] | None:
    """The claimed conversation, locked, and the message; None when somebody else has claimed it meanwhile."""
    conversation, message = session.execute(_CLAIMED, {"conversation": claim.conversation_id, "message": claim.message_id}).one()
    return (conversation, message) if conversation.fence == claim.fence else None


def renew_claim(session: Session, claim: Claim, now: datetime, lease: timedelta) -> bool:
    """Hold the claim for another lease; False when somebody else has claimed meanwhile."""
    result: CursorResult[Any] = session.execute(  # type: ignore[assignment]
        update(Conversation)
        .where(Conversation.id == claim.conversation_id, Conversation.fence == claim.fence)
        .values(lease_until=now + lease)
    )
    return result.rowcount == 1


def release_all_claims(session: Session) -> None:
    """End every claim. Only for the start of the single process that works on a SQLite database."""
    session.execute(update(Conversation).where(Conversation.lease_until.is_not(None)).values(lease_until=None))
