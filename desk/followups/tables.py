"""Follow-ups: every delayed thing is a row; a promise is one whose time the customer was told."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, UtcDateTime, new_id, where

KINDS = ("check_in", "call", "task", "survey")


class Followup(Base):
    """The next thing to do about a case. At most one is pending per case (a partial unique index)."""

    __tablename__ = "followups"
    __table_args__ = (
        CheckConstraint("kind in ('check_in', 'call', 'task', 'survey')", name="kind"),
        CheckConstraint("state in ('pending', 'done', 'cancelled')", name="state"),
        CheckConstraint("owner in ('bot', 'team', 'agent')", name="owner"),
        CheckConstraint("(owner = 'agent') = (owner_agent_id is not null)", name="owner_agent"),
        CheckConstraint("promise in ('none', 'open', 'kept', 'moved', 'broken', 'released')", name="promise"),
        CheckConstraint("state != 'pending' or promise in ('none', 'open', 'broken')", name="promise_pending"),
        UniqueConstraint("id", "case_id", "state", name="uq_followups_next_step"),
        Index(
            "uq_followups_one_pending",
            "case_id",
            unique=True,
            **where("state = 'pending'"),
        ),
        Index("ix_followups_due", "due_at", **where("state = 'pending'")),
        UniqueConstraint("case_id", "source_message_id", "kind"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="pending")
    owner: Mapped[str]
    owner_agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    ends_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of a call's slot
    promise: Mapped[str] = mapped_column(default="none")
    note: Mapped[str] = mapped_column(default="")
    tries: Mapped[int] = mapped_column(default=0)
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a check-in said, a call on the agent's list
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the owner was told that it is about to break
    broken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the customer was told that it was broken
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    outcome: Mapped[str] = mapped_column(default="")
    source_message_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def promised(self) -> bool:
        return self.promise != "none"
