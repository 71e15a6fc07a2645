"""Who is at work."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.conversations.tables import Conversation
from desk.followups.slots import AgentHours, is_open, next_opening


@dataclass(frozen=True)
class Duty:
    """Who answers, and whether somebody is at work now."""

    who: str
    open_now: bool
    next_opening: datetime | None


def agent_hours(session: Session, language: str | None = None) -> list[AgentHours]:
    """The working hours of the active agents, of those who speak `language` if there are any."""
    agents = session.scalars(select(Agent).where(Agent.active).order_by(Agent.id)).all()
    speakers = [a for a in agents if language in a.languages] or list(agents)
    return [hours_of(a) for a in speakers]


def hours_of(agent: Agent) -> AgentHours:
    days_off = frozenset(date.fromisoformat(day) for day in agent.days_off)
    return AgentHours(agent.id, agent.timezone, agent.country, agent.hours, days_off)


def duty_at(session: Session, now: datetime, language: str) -> Duty:
    """Who answers in that language: the agent at work with the fewest conversations, else nobody by name."""
    hours = agent_hours(session, language)
    at_work = [h.agent_id for h in hours if is_open(now, [h])]
    if not at_work:
        return Duty("", False, next_opening(now, hours) if hours else None)
    held = dict(
        session.execute(
            select(Conversation.agent_id, func.count()).where(Conversation.agent_id.in_(at_work)).group_by(Conversation.agent_id)
        ).all()
    )
    chosen = min(at_work, key=lambda agent_id: (held.get(agent_id, 0), agent_id))
    return Duty(session.get_one(Agent, chosen).name, True, None)
