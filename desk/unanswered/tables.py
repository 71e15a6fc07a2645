"""Messages that the bot could not answer, what it tried, and what a person made of them."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime, where


class Unanswered(Base):
    """One message. Its words stay in the conversation; here is why it was not answered, and its label."""

    __tablename__ = "unanswered"
    __table_args__ = (
        CheckConstraint("why in ('not_understood', 'out_of_scope', 'none_of_these')", name="why"),
        CheckConstraint("outcome in ('asked', 'article', 'told', 'person')", name="outcome"),
        CheckConstraint("label in ('training', 'article', 'nothing')", name="label"),
        CheckConstraint("(label is null) = (labelled_at is null)", name="labelled"),
        CheckConstraint("label <> 'training' or label_topic is not null", name="training_has_a_topic"),
        Index("ix_unanswered_open", "at", **where("label is null")),
        Index("ix_unanswered_labelled", "label", "at"),
    )

    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), primary_key=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    language: Mapped[str]
    why: Mapped[str]
    tried: Mapped[dict[str, Any]] = mapped_column(Json)  # topics with confidence, articles with score
    outcome: Mapped[str]  # what was done instead: asked what he means, an article, told that it is beyond us, a person
    chosen_topic: Mapped[str | None]  # what he then said that he meant
    label: Mapped[str | None]
    label_topic: Mapped[str | None]
    labelled_by_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    labelled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
