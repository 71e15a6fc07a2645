"""Customers and the addresses they write from."""

from datetime import datetime

from sqlalchemy import ForeignKey, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, UtcDateTime


class Customer(Base):
    """A person known to the shop. `email` is kept in lower case."""

    __tablename__ = "customers"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    email: Mapped[str] = mapped_column(unique=True)
    phone: Mapped[str] = mapped_column(default="")
    language: Mapped[str] = mapped_column(default="en")
    timezone: Mapped[str] = mapped_column(default="Europe/Stockholm")
    no_messages_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # he asked not to be written to
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class Identity(Base):
    """A customer's address on a channel (website: the shop's own id of him; telegram: chat id)."""

    __tablename__ = "identities"
    __table_args__ = (UniqueConstraint("channel", "address"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    channel: Mapped[str]
    address: Mapped[str]
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    name: Mapped[str] = mapped_column(default="")  # as he calls himself there; shows nothing about who he is
    wrote_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # nothing arrives there any more (blocked, gone)
    ended_why: Mapped[str] = mapped_column(default="")
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class LinkCode(Base):
    """A one-time code that connects two chats; only its hash is kept."""

    __tablename__ = "link_codes"

    id: Mapped[int] = mapped_column(primary_key=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    code_hash: Mapped[str] = mapped_column(unique=True)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)
    used_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class Link(Base):
    """Two chats of one customer, connected with his consent, until he ends it."""

    __tablename__ = "links"

    id: Mapped[int] = mapped_column(primary_key=True)
    first_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    second_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"), index=True)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
