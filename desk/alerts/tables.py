"""What agents and leads are told of by the desk itself: promises at risk, dangers, patterns of faults, the week."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime

KINDS = (
    "promise_soon", "promise_at_risk", "promise_broken", "danger", "pattern", "low_rating", "week",
    "handoff_late", "agent_silent", "approval_wanted", "followup_failed",
)  # fmt: skip


class Alert(Base):
    """One thing told once (`key`), to one agent or, without one, to the leads."""

    __tablename__ = "alerts"
    __table_args__ = (
        CheckConstraint(f"kind in ({', '.join(repr(k) for k in KINDS)})", name="kind"),
        Index("ix_alerts_agent", "agent_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str]
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    seen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    seen_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
