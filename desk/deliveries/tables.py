"""What goes out to a channel that is sent to (Telegram), message by message. The website reads by itself and needs none."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime, where


class Delivery(Base):
    """One message on its way to one address. Of an address only the oldest unsettled one is ever under way.

    A long message goes out in parts; `references` are the channel's ids of those that arrived. `uncertain` counts the
    sends of which nobody knows whether they arrived: they were sent again.
    """

    __tablename__ = "deliveries"
    __table_args__ = (
        CheckConstraint("state in ('waiting', 'sending', 'sent', 'failed')", name="state"),
        CheckConstraint("(state in ('sent', 'failed')) = (settled_at is not null)", name="settled"),
        Index("ix_deliveries_unsettled", "identity_id", "id", **where("settled_at is null")),
        Index("ix_deliveries_due", "channel", "next_try_at", **where("settled_at is null")),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    message_id: Mapped[str] = mapped_column(ForeignKey("messages.id"), unique=True)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    identity_id: Mapped[int] = mapped_column(ForeignKey("identities.id"))
    channel: Mapped[str]
    state: Mapped[str] = mapped_column(default="waiting")
    references: Mapped[list[str]] = mapped_column(Json, default=list)
    tries: Mapped[int] = mapped_column(default=0)
    uncertain: Mapped[int] = mapped_column(default=0)
    fence: Mapped[int] = mapped_column(default=0)
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    why: Mapped[str] = mapped_column(default="")  # of the last failure
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    settled_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
