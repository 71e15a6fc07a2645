"""Surveys: one after each solved case, and rounds that the lead asks for."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, UtcDateTime, new_id, where


class SurveyRound(Base):
    """The lead asks many at once: those who have a new product, or those who came no more."""

    __tablename__ = "survey_rounds"
    __table_args__ = (
        CheckConstraint("about in ('new_product', 'left')", name="about"),
        CheckConstraint("(about = 'new_product') = (product_sku is not null)", name="product"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    about: Mapped[str]
    product_sku: Mapped[str | None] = mapped_column(ForeignKey("products.sku"))
    days: Mapped[int]  # bought within so many days, or nothing bought for so many
    made_at: Mapped[datetime] = mapped_column(UtcDateTime)
    made_by_id: Mapped[int] = mapped_column(ForeignKey("agents.id"))


class Survey(Base):
    """One question to one customer, and his answer: 1 to 5, why in his own words, now and then 0 to 10.

    `planned` until it may be said; `void` when the case was opened again: what he said of it no longer holds.
    """

    __tablename__ = "surveys"
    __table_args__ = (
        CheckConstraint("state in ('planned', 'asked', 'rated', 'void', 'dropped')", name="state"),
        CheckConstraint("rating is null or rating between 1 and 5", name="rating"),
        CheckConstraint("recommend is null or recommend between 0 and 10", name="recommend"),
        CheckConstraint("state != 'rated' or rating is not null", name="rated"),
        CheckConstraint("(case_id is null) = (round_id is not null)", name="of_case_or_round"),
        Index("uq_surveys_one_of_case", "case_id", unique=True, **where("state in ('asked', 'rated')")),
        Index("ix_surveys_planned", "due_at", **where("state = 'planned'")),
        Index("ix_surveys_customer", "customer_id"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id"))
    round_id: Mapped[int | None] = mapped_column(ForeignKey("survey_rounds.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    state: Mapped[str] = mapped_column(default="planned")
    due_at: Mapped[datetime] = mapped_column(UtcDateTime)
    asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    expires_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    rating: Mapped[int | None]
    rated_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    words: Mapped[str] = mapped_column(default="")
    words_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recommend_asked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    recommend: Mapped[int | None]
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
