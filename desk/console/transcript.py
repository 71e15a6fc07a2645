"""A conversation's transcript: messages and private notes in the order of time, and the words that have come since."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.console.rendering import render
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.notes.service import notes_of
from desk.notes.tables import Note
from desk.parts import Parts

MOST_AT_ONCE = 100
"""Of more new messages than these, the page fetches all."""


@dataclass(frozen=True)
class Entry:
    """Something in the transcript: a message, or a private note of this agent."""

    at: datetime
    message: Message | None = None
    note: Note | None = None
    writer: Agent | None = None


@dataclass(frozen=True)
class Said:
    """New messages as the page shows them, and the last one's seq."""

    html: str
    seq: int
    only_customer: bool


def entries_of(session: Session, conversation_id: str, messages: list[Message], limit: int) -> list[Entry]:
    """Messages and notes in the order of time; no note from before the first message shown."""
    said = [Entry(m.at, message=m) for m in messages]
    noted = [Entry(n.at, note=n, writer=a) for n, a in notes_of(session, conversation_id)]
    since = messages[0].at if len(messages) == limit else None
    return sorted([*said, *(e for e in noted if since is None or e.at >= since)], key=lambda e: e.at)


def said_after(parts: Parts, agent: Agent, conversation_id: str, after: int) -> Said:
    """What was said after this seq, ready to be put at the end of the page; nothing when the page had better fetch all.

    A seq that is not reached yet stands for now.
    """
    with parts.database.reading() as session:
        last = session.scalar(select(func.max(Message.seq)).where(Message.conversation_id == conversation_id)) or 0
        if last - after > MOST_AT_ONCE or last <= after:
            return Said("", last, only_customer=False)
        wanted = select(Message).where(Message.conversation_id == conversation_id, Message.seq >= after).order_by(Message.seq)
        before, new = None, session.scalars(wanted).all()
        if new[0].seq == after:
            before, new = new[0], new[1:]
        name = _speaker(session, conversation_id)
    html = render(
        "_messages.html", agent, parts.clock.now(), entries=[Entry(m.at, message=m) for m in new], customer_name=name,
        preceding=before,
    )  # fmt: skip
    return Said(html, new[-1].seq, all(m.author == "customer" for m in new))


def _speaker(session: Session, conversation_id: str) -> str | None:
    """The customer's name, once he has shown who he is."""
    named = select(Customer.name).join(Conversation, Conversation.customer_id == Customer.id)
    return session.scalar(named.where(Conversation.id == conversation_id, Conversation.verified_at.is_not(None)))
