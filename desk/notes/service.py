"""Private notes of agents in a conversation."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.conversations.access import access_conversation
from desk.conversations.rules import clean_text
from desk.db.events import announce
from desk.notes.tables import Note


def keep_note(session: Session, agent: Agent, conversation_id: str, text: str, now: datetime) -> Note:
    """Keep a note for the colleagues; any agent may, holder or not. Raises NotFound, TooLarge, WrongInput."""
    conversation = access_conversation(session, agent, conversation_id)
    note = Note(conversation_id=conversation.id, agent_id=agent.id, text=clean_text(text), at=now)
    session.add(note)
    session.flush()
    announce(session, "notes", conversation.id)
    return note


def notes_of(session: Session, conversation_id: str, limit: int = 100) -> Sequence[tuple[Note, Agent]]:
    """The last notes of a conversation with who wrote them, the oldest first."""
    newest = (
        select(Note, Agent)
        .join(Agent, Agent.id == Note.agent_id)
        .where(Note.conversation_id == conversation_id)
        .order_by(Note.at.desc(), Note.id.desc())
        .limit(limit)
    )
    return [(note, agent) for note, agent in reversed(session.execute(newest).all())]
