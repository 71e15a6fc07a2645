"""Conversations and their messages."""

from datetime import datetime
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime, new_id, where


class Conversation(Base):
    """One customer's talk with the shop on one channel.

    `version` rises with every change of holder: what was prepared under an older version is not said.
    `fence` rises with every claim by a worker: only the latest claim may settle.
    """

    __tablename__ = "conversations"
    __table_args__ = (
        CheckConstraint("holder in ('bot', 'queue', 'agent')", name="holder"),
        CheckConstraint("(holder = 'agent') = (agent_id is not null)", name="agent_holds"),
        Index("ix_conversations_work", "next_try_at", **where("waiting > 0")),
        Index("ix_conversations_holder", "holder", "changed_at"),
        Index("ix_conversations_created", "created_at", "id"),
        Index("ix_conversations_awaiting", "awaiting_since", **where("holder = 'agent'")),
        Index("ix_conversations_held", "holder", "created_at", "id"),
        Index("ix_conversations_identity_id", "identity_id"),
        Index("ix_conversations_customer", "customer_id", "changed_at"),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    channel: Mapped[str]
    language: Mapped[str] = mapped_column(default="en")
    holder: Mapped[str] = mapped_column(default="bot")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    version: Mapped[int] = mapped_column(default=0)
    token_hash: Mapped[str | None] = mapped_column(unique=True)
    identity_id: Mapped[int | None] = mapped_column(ForeignKey("identities.id"))
    customer_id: Mapped[int | None] = mapped_column(ForeignKey("customers.id"))
    verified_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    verify_failures: Mapped[int] = mapped_column(default=0)
    verify_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    link_failures: Mapped[int] = mapped_column(default=0)  # wrong codes entered here, in the hour since the last one
    link_failed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    chosen_at: Mapped[datetime | None] = mapped_column(UtcDateTime)  # of connected chats, he wants to be written to here
    last_seq: Mapped[int] = mapped_column(default=0)
    asked: Mapped[str | None]  # what our last proactive message asked: "check_in"
    asked_case_id: Mapped[int | None] = mapped_column(ForeignKey("cases.id", use_alter=True, name="fk_conversations_asked_case_id"))
    quiet_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # he asked not to be written to first
    fresh: Mapped[bool] = mapped_column(default=True)  # the bot begins its next turn with no form open
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
    # the worker's claim
    waiting: Mapped[int] = mapped_column(default=0)  # customer messages not yet processed
    next_try_at: Mapped[datetime] = mapped_column(UtcDateTime)
    tries: Mapped[int] = mapped_column(default=0)
    lease_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    fence: Mapped[int] = mapped_column(default=0)
    notice_sent: Mapped[bool] = mapped_column(default=False)  # told that his message has arrived, in this spell of waiting
    # for the people who hold it
    awaiting_since: Mapped[datetime | None] = mapped_column(UtcDateTime)  # the customer's first word that nobody has answered
    agreed: Mapped[str] = mapped_column(default="")  # what the last agent agreed with him, told at the hand-back
    agreed_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    # what the bot made of the latest message, for the queue's summary
    mood: Mapped[str] = mapped_column(default="calm")
    hazard: Mapped[bool] = mapped_column(default=False)


class Message(Base):
    """One thing said. `seq` counts within the conversation, from 1, without gaps."""

    __tablename__ = "messages"
    __table_args__ = (
        UniqueConstraint("conversation_id", "seq"),
        UniqueConstraint("conversation_id", "client_id"),
        UniqueConstraint("reply_to", "part"),
        CheckConstraint("author in ('customer', 'bot', 'agent', 'system')", name="author"),
        CheckConstraint("(author = 'customer') = (state is not null)", name="state_of_customers"),
        CheckConstraint("state in ('waiting', 'answered', 'for_human')", name="state"),
        CheckConstraint("(author = 'agent') = (agent_id is not null)", name="agent_said"),
        Index(
            "ix_messages_waiting",
            "conversation_id",
            "seq",
            **where("state = 'waiting'"),
        ),
    )

    id: Mapped[str] = mapped_column(primary_key=True, default=new_id)
    conversation_id: Mapped[str] = mapped_column(ForeignKey("conversations.id"))
    seq: Mapped[int]
    author: Mapped[str]
    name: Mapped[str] = mapped_column(default="")
    agent_id: Mapped[int | None] = mapped_column(ForeignKey("agents.id"))
    text: Mapped[str]
    payload: Mapped[str | None]
    buttons: Mapped[list[dict[str, str]]] = mapped_column(Json, default=list)
    attachments: Mapped[list[dict[str, Any]]] = mapped_column(Json, default=list)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    client_id: Mapped[str | None]  # the sender's own id of it
    body_hash: Mapped[str | None]
    state: Mapped[str | None]
    reply_to: Mapped[str | None] = mapped_column(ForeignKey("messages.id"))  # the customer's message it answers
    part: Mapped[int | None]
    understood: Mapped[dict[str, Any] | None] = mapped_column(Json)  # topic, confidence, mood, hazard


class ActionOutcome(Base):
    """What one action of a turn came to, kept until the turn is settled: tried again, the turn goes the same way."""

    __tablename__ = "action_outcomes"

    message_id: Mapped[str] = mapped_column(primary_key=True)
    step: Mapped[str] = mapped_column(primary_key=True)
    said: Mapped[list[dict[str, Any]]] = mapped_column(Json)
    events: Mapped[list[dict[str, Any]]] = mapped_column(Json)
