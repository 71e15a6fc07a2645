"""What came from Telegram, as it came: stored before Telegram is told that we have it."""

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime, where


class TelegramBot(Base):
    """Who we are in Telegram, as it said when we came."""

    __tablename__ = "telegram_bots"

    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    username: Mapped[str]


class TelegramUpdate(Base):
    """One update under Telegram's own id: a second one of the same id changes nothing. Its body goes once it is taken in."""

    __tablename__ = "telegram_updates"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'done', 'failed')", name="state"),
        Index("ix_telegram_updates_waiting", "update_id", **where("state = 'waiting'")),
        Index("ix_telegram_updates_message", "chat_id", "message_id"),
    )

    update_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    chat_id: Mapped[int | None] = mapped_column(BigInteger)
    message_id: Mapped[int | None] = mapped_column(BigInteger)
    body: Mapped[dict[str, Any] | None] = mapped_column(Json)
    state: Mapped[str] = mapped_column(default="waiting")
    tries: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    why: Mapped[str] = mapped_column(default="")
    received_at: Mapped[datetime] = mapped_column(UtcDateTime)
