"""What agents do about whose turn it is: let a hand-off pass, and what a lead gives to whom."""

from datetime import datetime

from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.history import record
from desk.cases.tables import Case
from desk.conversations.access import access_conversation
from desk.conversations.tables import Conversation
from desk.db.events import announce
from desk.errors import Conflict, NotAllowed, WrongInput
from desk.handoffs.assigning import assign_anew, note_taken
from desk.handoffs.service import open_handoff, put_into_queue
from desk.handoffs.telling import tell_who_answers

LEADS = ("lead", "admin")


def swap_as_agent(session: Session, agent: Agent, conversation_id: str, timezone: str, now: datetime) -> Conversation:
    """Let it pass to another, without a reason: one that was given to him, or that he holds. Raises NotFound, Conflict."""
    conversation = access_conversation(session, agent, conversation_id, to_change=True)
    handoff = open_handoff(session, conversation.id)
    if handoff is None:
        raise Conflict("There is no hand-off to let pass.")
    if conversation.holder == "agent" and conversation.agent_id == agent.id:
        put_into_queue(session, handoff, conversation, now)
        conversation.version += 1
        tell_who_answers(session, conversation, handoff, "utter_transferred", timezone, now)
    elif conversation.holder == "queue" and handoff.assigned_to_id == agent.id:
        assign_anew(session, handoff, conversation, now)
    else:
        raise Conflict("It was not given to you.")
    record(session, session.get_one(Case, handoff.case_id), now, agent.login, "let_pass", {}, None)
    announce(session, "queue", conversation.id)
    announce(session, "conversation", conversation.id)
    return conversation


def give_as_lead(session: Session, lead: Agent, conversation_id: str, to: Agent, timezone: str, now: datetime) -> Conversation:
    """A lead gives a waiting or held conversation to an agent: it is his turn, and the customer is told.

    Raises NotAllowed, NotFound, Conflict, WrongInput.
    """
    if lead.role not in LEADS:
        raise NotAllowed
    conversation = access_conversation(session, lead, conversation_id, to_change=True)
    if not to.active:
        raise WrongInput("There is no active agent with this login.")
    handoff = open_handoff(session, conversation.id)
    if handoff is None or conversation.holder == "bot":
        raise Conflict("Nobody waits here: there is no hand-off to give to anybody.")
    if conversation.agent_id == to.id or (conversation.holder == "queue" and handoff.assigned_to_id == to.id):
        return conversation
    if conversation.holder == "agent":
        put_into_queue(session, handoff, conversation, now)
        conversation.version += 1
    handoff.passed, handoff.assigned_to_id = [], None
    note_taken(session.get_one(Agent, to.id), handoff, now)
    handoff.answered_by = to.name
    tell_who_answers(session, conversation, handoff, "utter_transferred", timezone, now)
    record(session, session.get_one(Case, handoff.case_id), now, lead.login, "given", {"to": to.login}, None)
    announce(session, "queue", conversation.id)
    announce(session, "conversation", conversation.id)
    announce(session, "assigned", str(to.id))
    return conversation
