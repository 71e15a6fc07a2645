"""The counts beside the names of the pages."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.alerts.service import unseen_count
from desk.conversations.tables import Conversation
from desk.followups.tables import Followup


@dataclass(frozen=True)
class Counts:
    """How many wait for a person, how many this agent holds, how many follow-ups of his or the team's are due, unseen news."""

    waiting: int
    mine: int
    due: int
    news: int


def counts_for(session: Session, agent: Agent, now: datetime) -> Counts:
    waiting = session.scalar(select(func.count()).where(Conversation.holder == "queue"))
    mine = session.scalar(select(func.count()).where(Conversation.holder == "agent", Conversation.agent_id == agent.id))
    his = or_(Followup.owner_agent_id == agent.id, Followup.owner == "team")
    due = session.scalar(select(func.count()).where(Followup.state == "pending", Followup.due_at <= now, his))
    return Counts(waiting or 0, mine or 0, due or 0, unseen_count(session, agent))
