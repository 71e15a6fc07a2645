"""Pictures that customers and agents send."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, UtcDateTime, new_id, where


class Attachment(Base):
    """A picture in a conversation: sent first, then named by the message it belongs to."""

    __tablename__ = "attachments"
    __table_args__ = (
        CheckConstraint("kind in ('image/jpeg', 'image/png')", name="kind"),
        Index("ix_attachments_conversation", "conversation_id", "created_at"),
        Index("ix_attachments_unsent", "created_at", **where("message_id is null")),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    message_id: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))  # who sent it; None: the customer
    kind: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    size: Mapped[int]  # bytes
    digest: Mapped[str]  # SHA-256 of what was sent, before we drew it anew
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)


class AttachmentContent(Base):
    """The bytes, apart: lists do not read them."""

    __tablename__ = "attachment_contents"

    attachment_id: Mapped[str] = mapped_column(ForeignKey("attachments.id"), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)
