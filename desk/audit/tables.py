"""Who changed what, and who looked at whom. Only ever added to."""

from datetime import datetime
from typing import Any

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime


class AuditEntry(Base):
    """One deed of an agent (triggers refuse changes and deletions)."""

    __tablename__ = "audit_entries"
    __table_args__ = (Index("ix_audit_entries_about", "about", "id"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))  # None: the command line
    what: Mapped[str]  # agent_changed, rules_changed, reply_added, conversation_seen, logged_in, ...
    about: Mapped[str]  # "agent:3", "conversation:…", "shop_rules"
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
