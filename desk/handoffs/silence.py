"""An agent who holds a conversation and falls silent loses it; the customer does not lose his turn."""

from datetime import datetime, timedelta

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from desk.agents.duty import agent_hours
from desk.agents.tables import Agent
from desk.alerts.service import tell
from desk.cases.history import record
from desk.cases.tables import Case
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation
from desk.db.events import announce
from desk.followups.slots import is_open, next_opening
from desk.handoffs.assignment import holder_is_lost, presence_now
from desk.handoffs.rules import answer_by
from desk.handoffs.service import last_heard, open_handoff, put_into_queue, request_handoff
from desk.handoffs.tables import Handoff

LOOKED_AT = 50


def lost_conversation(session: Session, now: datetime, within: timedelta) -> str | None:
    """A conversation whose holder has let its customer wait too long; the one that waits longest."""
    unanswered = and_(Handoff.state == "taken", Handoff.answered_at.is_(None), Handoff.answer_by <= now)
    waits = Conversation.awaiting_since <= now - within
    found = (
        select(Conversation, Handoff, Agent)
        .join(Agent, Agent.id == Conversation.agent_id)
        .outerjoin(Handoff, and_(Handoff.conversation_id == Conversation.id, Handoff.state == "taken"))
        .where(Conversation.holder == "agent", or_(waits, unanswered))
        .order_by(Conversation.awaiting_since)
        .limit(LOOKED_AT)
    )
    for conversation, handoff, agent in session.execute(found):
        if _is_lost(conversation, handoff, agent, now, within):
            return str(conversation.id)
    return None


def _is_lost(conversation: Conversation, handoff: Handoff | None, agent: Agent, now: datetime, within: timedelta) -> bool:
    presence = presence_now(agent.presence, agent.seen_at, now)
    since = conversation.awaiting_since
    if handoff is not None and handoff.answered_at is None:  # the promise counts, not when he wrote
        since = handoff.answer_by - within
    return since is not None and holder_is_lost(since, presence, now, within)


def return_to_queue(session: Session, conversation_id: str, now: datetime, within: timedelta) -> Handoff | None:
    """Take it from its holder, ask for another, alert the lead; None when it is not lost any more."""
    conversation = lock_conversation(session, conversation_id)
    agent = session.get(Agent, conversation.agent_id) if conversation.agent_id else None
    handoff = open_handoff(session, conversation.id)
    if agent is None or not _is_lost(conversation, handoff, agent, now, within):
        return None
    if handoff is None:
        handoff = request_handoff(session, conversation, "not_answered", last_heard(session, conversation), now, within)
    put_into_queue(session, handoff, conversation, now)
    hours = agent_hours(session, conversation.language)
    handoff.answer_by = answer_by(now, is_open(now, hours), next_opening(now, hours) if hours else None, within)
    handoff.times_late += 1
    conversation.version += 1
    case = session.get_one(Case, handoff.case_id)
    case.priority = "urgent" if case.priority == "urgent" else "high"
    record(session, case, now, "desk", "agent_silent", {"agent": agent.login}, None)
    told = {"conversation": conversation.id, "agent": agent.id}
    tell(session, f"agent_silent:{handoff.id}:{handoff.times_late}", "agent_silent", now, told, case_id=case.id)
    announce(session, "queue", conversation.id)
    announce(session, "conversation", conversation.id)
    return handoff
