"""What agents do about whose turn it is: let a hand-off pass, and what a lead gives to whom."""

from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from desk.agents.duty import hours_of
from desk.agents.roles import must_lead
from desk.agents.tables import Agent
from desk.cases.history import record
from desk.cases.rules import NextStep
from desk.cases.service import current_case
from desk.cases.tables import Case
from desk.conversations.access import access_conversation, transfer_as_agent
from desk.conversations.rules import LANGUAGES
from desk.conversations.service import append_message
from desk.conversations.tables import Conversation
from desk.db.events import announce
from desk.errors import Conflict, WrongInput
from desk.followups.calls import taken_slots
from desk.followups.service import set_next_step
from desk.followups.slots import Slot, free_slots
from desk.followups.tables import Followup
from desk.handoffs.assigning import assign_anew, note_taken
from desk.handoffs.service import open_handoff, put_into_queue, take_over
from desk.handoffs.telling import tell_who_answers, tell_who_is_here
from desk.times import say_day_time
from desk.words import load_words


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
    must_lead(lead)
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


def take_back_as_agent(session: Session, agent: Agent, conversation_id: str, version: int, now: datetime) -> Conversation:
    """Undo a hand-back, transfer or swap of his own, while nothing else has happened. Raises NotFound, Conflict."""
    conversation = access_conversation(session, agent, conversation_id, to_change=True)
    if conversation.version != version:
        raise Conflict("Too late to undo: somebody else has it by now.")
    if conversation.holder == "agent":
        conversation.holder, conversation.agent_id = "queue", None  # nobody's for the blink until he takes it
    take_over(session, conversation, agent, now)
    tell_who_is_here(session, conversation, "utter_agent_joined", agent.name, now)
    return conversation


def change_language_as_agent(session: Session, agent: Agent, conversation_id: str, language: str, now: datetime) -> Conversation:
    """The customer speaks another language than we thought: from now on desk and bot speak it too."""
    if language not in LANGUAGES:
        raise WrongInput("Languages are %(languages)s.", languages=", ".join(LANGUAGES))
    conversation = access_conversation(session, agent, conversation_id, to_speak=True)
    conversation.language = language
    announce(session, "conversation", conversation.id)
    return conversation


def transfer_to_language(
    session: Session, agent: Agent, conversation_id: str, language: str, now: datetime, within: timedelta, timezone: str
) -> Conversation:
    """Give it to somebody who speaks this language: through the queue, to whom it suits best."""
    change_language_as_agent(session, agent, conversation_id, language, now)
    return transfer_as_agent(session, agent, conversation_id, None, now, within, timezone)


def schedule_call_as_agent(
    session: Session, agent: Agent, conversation_id: str, start: datetime, timezone: str, now: datetime
) -> Followup:
    """Promise the customer a call of one's own at a free half hour; he is told. Raises NotFound, Conflict, WrongInput."""
    conversation = access_conversation(session, agent, conversation_id, to_speak=True)
    case = current_case(session, conversation)
    if case is None:
        raise Conflict("There is no open case here that the call could be about.")
    slot = next((s for s in own_free_slots(session, agent, now) if s.start == start), None)
    if slot is None:
        raise WrongInput("That time is not free any more. Choose another one.")
    step = NextStep("call", slot.start, "agent", "call the customer, as promised")
    call = set_next_step(
        session, case, step, now, who=agent.login, promised=True, agent_id=agent.id, ends_at=slot.end, promise_of_old="moved"
    )
    language = conversation.language
    said = load_words().say(
        "utter_call_promised", language, agent=agent.name, time=say_day_time(call.due_at, language, timezone, now)
    )
    append_message(session, conversation, "system", said.text, now)
    record(session, case, now, agent.login, "call_promised", {"at": slot.start.isoformat()}, None)
    return call


def own_free_slots(session: Session, agent: Agent, now: datetime, count: int = 40) -> list[Slot]:
    """The agent's next free half hours, in his working hours."""
    return free_slots(now, [hours_of(agent)], taken_slots(session, now), notice=timedelta(minutes=15), count=count, spread=False)
