"""Follow-ups: every delayed thing is a row; a promise is one whose time the customer was told. Their plans; our contacts."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime, new_id, where

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
    purpose: Mapped[str] = mapped_column(default="")  # what in the plan it is for: "delivered", "silent", "last_word", ...
    tries: Mapped[int] = mapped_column(default=0)  # how often he was asked before in vain
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # a check-in said, a call on the agent's list
    warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the owner was told that it is about to break
    broken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the customer was told that it was broken
    lead_warned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the lead was told too
    hold_until: Mapped[datetime | None] = mapped_column(UtcDateTime)  # not before: quiet hours, or a full week
    done_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    done_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    outcome: Mapped[str] = mapped_column(default="")
    source_message_id: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)

    @property
    def promised(self) -> bool:
        return self.promise != "none"


class FollowupPlan(Base):
    """A version of the plan of one kind of case; never changed, only followed by the next version."""

    __tablename__ = "followup_plans"
    __table_args__ = (UniqueConstraint("kind", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[str]
    version: Mapped[int]
    plan: Mapped[dict[str, Any]] = mapped_column(Json)
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))


class Contact(Base):
    """A time we spoke first to a customer, or held back and why. The weekly budget counts what was said."""

    __tablename__ = "contacts"
    __table_args__ = (
        CheckConstraint("who in ('bot', 'desk', 'agent')", name="who"),
        CheckConstraint(
            "held_because is null or held_because in ('opt_out', 'quiet_hours', 'holiday', 'budget', 'person_talks')", name="held"
        ),
        Index("ix_contacts_customer", "customer_id", "at"),
        Index("ix_contacts_conversation", "conversation_id", "at"),
        Index("ix_contacts_case", "case_id", "at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    followup_id: Mapped[str | None] = mapped_column(ForeignKey("followups.id"))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    who: Mapped[str]
    what: Mapped[str]  # "check_in", "call", "survey", "promise_broken", "last_word", ...
    held_because: Mapped[str | None]
    held_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
