"""Cases, their remedies and their history; I1 and I2 are held here, by the database itself."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, ForeignKeyConstraint, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime

KINDS = ("complaint", "fault", "late_delivery", "wrong_item", "suggestion", "request")
OPEN_STATES = (
    "open",
    "acknowledged",  # a person has taken it on
    "remedy_offered",
    "accepted",  # what he wishes for is for a person to decide
    "declined",
    "arranged",
    "collected",
    "delivered",
    "waiting_for_word",
)
CLOSED_STATES = ("satisfied", "closed_unconfirmed")
REMEDY_KINDS = ("return", "replacement", "refund", "repair")


def _one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} in ({', '.join(repr(v) for v in values)})"


class Case(Base):
    """Something to put right for a customer.

    I1: while it is open, `next_followup_id` names a follow-up of this case that is pending: the foreign key has the
    state in it, so that no follow-up can be done or cancelled while an open case still names it. It is checked at commit.
    I2: `satisfied` needs the customer's own message; `closed_unconfirmed` a reason and the agent who answers for it.
    """

    __tablename__ = "cases"
    __table_args__ = (
        CheckConstraint(_one_of("kind", KINDS), name="kind"),
        CheckConstraint(_one_of("state", OPEN_STATES + CLOSED_STATES), name="state"),
        CheckConstraint("priority in ('normal', 'high', 'urgent')", name="priority"),
        CheckConstraint("mood in ('calm', 'annoyed', 'furious')", name="mood"),
        CheckConstraint(f"({_one_of('state', CLOSED_STATES)}) = (next_followup_id is null)", name="i1_next_step"),
        CheckConstraint("(next_followup_id is null) = (next_followup_state is null)", name="i1_both"),
        CheckConstraint("next_followup_state = 'pending'", name="i1_pending"),
        CheckConstraint("(state = 'satisfied') = (satisfied_by_message_id is not null)", name="i2_satisfied"),
        CheckConstraint(
            "state != 'closed_unconfirmed' or (closed_reason != '' and closed_by_id is not null)", name="i2_unconfirmed"
        ),
        ForeignKeyConstraint(
            ["next_followup_id", "id", "next_followup_state"],
            ["followups.id", "followups.case_id", "followups.state"],
            deferrable=True,
            initially="DEFERRED",
            use_alter=True,
            name="fk_cases_next_followup",
        ),
        UniqueConstraint("source_message_id", "kind"),
        Index("ix_cases_state", "state", "id"),
        Index("ix_cases_conversation", "conversation_id"),
        Index("ix_cases_customer", "customer_id", "id"),
        Index("ix_cases_product", "product_sku", "id"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)  # said aloud: it is in a foreign key
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="open")
    priority: Mapped[str] = mapped_column(default="normal")
    hazard: Mapped[bool] = mapped_column(default=False)
    mood: Mapped[str] = mapped_column(default="calm")
    summary: Mapped[str] = mapped_column(default="")  # the customer's own words that opened it
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    product_sku: Mapped[str | None] = mapped_column(ForeignKey("products.sku"))
    order_number: Mapped[str | None] = mapped_column(ForeignKey("orders.number"))
    source_message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    apologised_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    apology_message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))  # the customer's message it answered
    plan_id: Mapped[int | None] = mapped_column(ForeignKey("followup_plans.id"))  # the version it began with
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the new goods, to the customer
    next_followup_id: Mapped[str | None]
    next_followup_state: Mapped[str | None]
    opened_at: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    satisfied_by_message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    closed_reason: Mapped[str] = mapped_column(default="")
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))

    @property
    def number(self) -> str:
        """What customers and agents call it: F-100001."""
        return f"F-{100000 + self.id}"

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_STATES


class Remedy(Base):
    """What is offered, and then done, to put a case right."""

    __tablename__ = "remedies"
    __table_args__ = (
        CheckConstraint(_one_of("kind", REMEDY_KINDS), name="kind"),
        CheckConstraint("state in ('offered', 'accepted', 'declined', 'needs_human', 'arranged', 'done')", name="state"),
        UniqueConstraint("case_id", "kind"),
    )

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    kind: Mapped[str]
    state: Mapped[str] = mapped_column(default="offered")
    offered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    source_message_id: Mapped[str | None]


class CaseEvent(Base):
    """A case's history: only ever added to (triggers refuse changes and deletions)."""

    __tablename__ = "case_events"
    __table_args__ = (UniqueConstraint("case_id", "what", "source_message_id"), Index("ix_case_events_case", "case_id", "id"))

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    who: Mapped[str]  # "customer", "bot", "desk", or an agent's login
    what: Mapped[str]  # e.g. "opened", "remedy_accepted", "followup_done"
    detail: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    source_message_id: Mapped[str | None]
