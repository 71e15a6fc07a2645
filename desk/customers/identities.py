"""Identities: a customer's addresses on channels; whether he can be reached there."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, bindparam, exists, select
from sqlalchemy.orm import Session

from desk.conversations.tables import Conversation
from desk.customers.tables import Identity

_AT = select(Identity).where(Identity.channel == bindparam("channel"), Identity.address == bindparam("address"))

_EXACT = timedelta(minutes=1)
"""How exactly it is known when somebody wrote last: who writes often shall not cost a write each time."""


def identity_at(session: Session, channel: str, address: str) -> Identity | None:
    """Whoever writes from this address; None when nobody has yet."""
    return session.scalar(_AT, {"channel": channel, "address": address})


def others_read_along(session: Session, conversation: Conversation) -> bool:
    """Whether this is a group of Telegram's (their ids are negative): nothing about anybody is said or taken down there."""
    if conversation.channel != "telegram" or conversation.identity_id is None:
        return False
    return session.get_one(Identity, conversation.identity_id).address.startswith("-")


def is_in_group() -> ColumnElement[bool]:
    """The same as a condition on conversations."""
    return exists().where(
        Identity.id == Conversation.identity_id, Identity.channel == "telegram", Identity.address.startswith("-")
    )  # fmt: skip


def meet(session: Session, channel: str, address: str, name: str, now: datetime) -> Identity:
    """Whoever writes from this address, now: it is used (again)."""
    identity = identity_at(session, channel, address)
    if identity is None:
        identity = Identity(channel=channel, address=address, name=name[:200], created_at=now)
        session.add(identity)
    if identity.ended_at is not None:
        identity.ended_at, identity.ended_why = None, ""
    if identity.wrote_at is None or now - identity.wrote_at > _EXACT:
        identity.wrote_at = now
    session.flush()
    return identity


def end_identity(session: Session, channel: str, address: str, why: str, now: datetime) -> None:
    """Nothing arrives at this address any more; it is used again when he writes from it."""
    identity = identity_at(session, channel, address)
    if identity is not None and identity.ended_at is None:
        identity.ended_at, identity.ended_why = now, why[:200]


def move_identity(session: Session, channel: str, address: str, to: str) -> bool:
    """The address has another name now. False when somebody writes from there already: then nothing is moved."""
    identity = identity_at(session, channel, address)
    if identity is None or identity_at(session, channel, to) is not None:
        return False
    identity.address = to
    session.flush()
    return True
