"""Agents, their logins and their hours."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime

LEADS = ("lead", "admin")
"""The roles that look after the others' work."""


class Agent(Base):
    """A person who answers customers. Password as argon2id, API token as SHA-256 of a random one."""

    __tablename__ = "agents"
    __table_args__ = (
        CheckConstraint("role in ('agent', 'lead', 'admin')", name="role"),
        Index("uq_agents_calendar_hash", "calendar_hash", unique=True),
        CheckConstraint("presence in ('online', 'busy', 'away')", name="presence"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    login: Mapped[str] = mapped_column(unique=True)
    name: Mapped[str]
    role: Mapped[str] = mapped_column(default="agent")
    languages: Mapped[list[str]] = mapped_column(Json, default=lambda: ["en"])
    console_language: Mapped[str] = mapped_column(default="")  # of his own pages; empty: his browser's
    timezone: Mapped[str] = mapped_column(default="Europe/Stockholm")
    country: Mapped[str] = mapped_column(default="SE")
    hours: Mapped[dict[str, Any]] = mapped_column(Json)  # {"mon": [["09:00", "17:00"]], ...}
    password_hash: Mapped[str]
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    calendar_hash: Mapped[str | None] = mapped_column()  # SHA-256 of the secret in his calendar's address
    totp_secret: Mapped[str] = mapped_column(default="")
    totp_on: Mapped[bool] = mapped_column(default=False)
    totp_last: Mapped[int] = mapped_column(default=0)  # the time step of the last code used: none works twice
    active: Mapped[bool] = mapped_column(default=True)
    skills: Mapped[list[str]] = mapped_column(Json, default=list)  # kinds of products or cases he knows best
    days_off: Mapped[list[str]] = mapped_column(Json, default=list)  # ISO days
    # presence and care, see desk/handoffs/assignment.py
    presence: Mapped[str] = mapped_column(default="online")  # what he says of himself
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # last sign of life
    breathes_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a pause after a hard conversation
    given_hard: Mapped[bool] = mapped_column(default=False)  # the last hand-off given to him was a furious customer's
    given_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AgentSession(Base):
    """A login in a browser; the cookie holds a random token, this row its SHA-256."""

    __tablename__ = "agent_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    agent_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))
    csrf_token: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime] = mapped_column(UtcDateTime)


class FailedLogin(Base):
    """A failed login, for throttling by address and login."""

    __tablename__ = "failed_logins"

    id: Mapped[int] = mapped_column(primary_key=True)
    address: Mapped[str] = mapped_column(index=True)
    login: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
