"""Canned replies: what agents say often, in the four languages."""

from datetime import datetime

from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime


class CannedReply(Base):
    """A reply by language, with {placeholders} that the conversation fills."""

    __tablename__ = "canned_replies"

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=True)
    title: Mapped[str] = mapped_column(unique=True)
    texts: Mapped[dict[str, str]] = mapped_column(Json, default=dict)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
