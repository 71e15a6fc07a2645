"""Presence: what an agent says of himself, and when he was last heard of."""

from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.db.events import announce
from desk.errors import WrongInput

PRESENCES = ("online", "busy", "away")
NOTE_EVERY = timedelta(seconds=30)
"""Signs of life nearer to each other than this are one."""


def is_news(agent: Agent, now: datetime) -> bool:
    """Whether a sign of life is worth writing down."""
    return agent.seen_at is None or now - agent.seen_at >= NOTE_EVERY


def note_seen(session: Session, agent_id: int, now: datetime) -> None:
    """He is heard of: a page of his is open, or he calls the API."""
    session.execute(update(Agent).where(Agent.id == agent_id).values(seen_at=now))


def set_presence(session: Session, agent: Agent, presence: str, now: datetime) -> None:
    """He says that he is online, busy (nothing new just now) or away."""
    if presence not in PRESENCES:
        raise WrongInput("Presence is one of %(presences)s.", presences=", ".join(PRESENCES))
    session.execute(update(Agent).where(Agent.id == agent.id).values(presence=presence, seen_at=now))
    announce(session, "presence", str(agent.id))
    announce(session, "queue", "")


def skip_pause(session: Session, agent: Agent) -> None:
    """He needs no pause after the hard conversation."""
    session.execute(update(Agent).where(Agent.id == agent.id).values(breathes_until=None))
    announce(session, "queue", "")
