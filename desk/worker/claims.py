"""Claiming a conversation's work by lease and fence: one turn under way per conversation, whoever dies."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, CursorResult, and_, or_, select, update
from sqlalchemy.orm import Session

from desk.conversations.tables import Conversation, Message


@dataclass(frozen=True)
class Claim:
    """A worker's right to process one message. It holds while nobody has claimed the conversation anew."""

    conversation_id: str
    fence: int
    version: int
    message_id: str


def _due(now: datetime) -> ColumnElement[bool]:
    free = or_(Conversation.lease_until.is_(None), Conversation.lease_until <= now)
    return and_(Conversation.waiting > 0, Conversation.next_try_at <= now, free)


def work_is_due(session: Session, now: datetime) -> bool:
    """Whether there is a conversation to claim."""
    return session.scalar(select(Conversation.id).where(_due(now)).limit(1)) is not None


def claim_conversation(session: Session, now: datetime, lease: timedelta) -> Claim | None:
    """Claim the conversation that has waited longest for its next try; None when there is nothing to do."""
    due = select(Conversation).where(_due(now)).order_by(Conversation.next_try_at).limit(1)
    conversation = session.scalar(due.with_for_update(skip_locked=True))
    if conversation is None:
        return None
    message = session.scalar(
        select(Message.id)
        .where(Message.conversation_id == conversation.id, Message.state == "waiting")
        .order_by(Message.seq)
        .limit(1)
    )
    if message is None:  # cannot be: `waiting` counts them; mend the count rather than spin
        conversation.waiting = 0
        return None
    conversation.fence += 1
    conversation.lease_until = now + lease
    return Claim(conversation.id, conversation.fence, conversation.version, message)


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
