"""Hand-offs from the bot to people."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime, new_id, where

REASONS = (
    "asked_for_human",
    "danger",
    "furious",
    "not_solved",
    "bot_failed",
    "rule_needs_human",
    "beyond_rules",
    "not_understood",
    "transfer",
    "not_answered",
    "low_rating",
)


class Handoff(Base):
    """A hand-off with its two ends. One is open per conversation at most.

    It is `requested` by an action or the desk, `queued` once the bot's turn has settled (then the customer waits for a
    person), `taken` by an agent, `ended` when the agent hands back or the conversation ends.
    """

    __tablename__ = "handoffs"
    __table_args__ = (
        CheckConstraint("state in ('requested', 'queued', 'taken', 'ended')", name="state"),
        CheckConstraint("(state = 'taken') <= (taken_by_id is not null)", name="taken_by"),
        UniqueConstraint("source_message_id"),
        Index(
            "uq_handoffs_one_open",
            "conversation_id",
            unique=True,
            **where("state != 'ended'"),
        ),
        Index(
            "ix_handoffs_promised",
            "answer_by",
            **where("state = 'queued'"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    case_id: Mapped[int] = mapped_column(ForeignKey("cases.id"))
    state: Mapped[str] = mapped_column(default="requested")
    reason: Mapped[str]
    summary: Mapped[str] = mapped_column(default="")
    mood: Mapped[str] = mapped_column(default="calm")
    hazard: Mapped[bool] = mapped_column(default=False)
    answered_by: Mapped[str]  # who the customer was told answers
    answer_by: Mapped[datetime] = mapped_column(UtcDateTime)  # the latest time he was told
    times_late: Mapped[int] = mapped_column(default=0)  # promised times that passed; he was told each time
    requested_at: Mapped[datetime] = mapped_column(UtcDateTime)
    assigned_to_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))  # whose turn it is; anybody may take it
    assigned_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    passed: Mapped[list[int]] = mapped_column(Json, default=list)  # agents who did not come in time, or let it pass
    taken_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    taken_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    answered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the agent's first words
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    source_message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
