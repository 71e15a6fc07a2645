"""Hand-offs: a request with a promised time, the queue, taking over, handing back. Only the holder speaks (I4, I10)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, select
from sqlalchemy.orm import Session

from desk.agents.duty import Duty, duty_at
from desk.agents.tables import Agent
from desk.alerts.service import tell
from desk.cases.history import record
from desk.cases.service import Heard, current_case, record_case
from desk.cases.tables import Case
from desk.conversations.tables import Conversation, Message
from desk.db.events import announce
from desk.errors import Conflict
from desk.handoffs.assigning import assign, assign_anew, let_breathe, note_taken, take_from
from desk.handoffs.rules import answer_by, next_answer_by
from desk.handoffs.summary import summarise
from desk.handoffs.tables import Handoff

ASKED_BY_DESK = ("bot_failed", "transfer", "not_answered")
"""Reasons of hand-offs that no turn of the bot asked for: no turn can ask for them again."""
_OPEN = select(Handoff).where(Handoff.conversation_id == bindparam("conversation"), Handoff.state != "ended")


def request_handoff(
    session: Session, conversation: Conversation, reason: str, heard: Heard, now: datetime, within: timedelta
) -> Handoff:
    """Ask for a person. Idempotent: an open hand-off of this conversation is the answer.

    The bot still holds the conversation until its turn has settled (`queue_requested_handoff`).
    """
    known = open_handoff(session, conversation.id)
    if known is None and reason not in ASKED_BY_DESK:
        known = session.scalar(select(Handoff).where(Handoff.source_message_id == heard.message_id))
    if known is not None:
        return known
    case = current_case(session, conversation) or record_case(session, conversation, "request", heard, now).case
    duty = duty_at(session, now, conversation.language)
    handoff = Handoff(
        conversation_id=conversation.id, case_id=case.id, reason=reason, mood=case.mood, hazard=case.hazard,
        summary=summarise(session, conversation, case, reason), answered_by="",
        answer_by=answer_by(now, duty.open_now, duty.next_opening, within), requested_at=now,
        source_message_id=None if reason in ASKED_BY_DESK else heard.message_id,
    )  # fmt: skip
    session.add(handoff)
    session.flush()
    given = assign(session, handoff, conversation, now)
    handoff.answered_by = given.name if given else ""
    record(session, case, now, "bot", "handoff_requested", {"reason": reason, "answer_by": handoff.answer_by.isoformat()}, None)
    return handoff


def queue_requested_handoff(session: Session, conversation: Conversation, message_id: str, now: datetime) -> bool:
    """Put a requested hand-off into the queue, in the transaction that settles the bot's turn: the bot falls silent."""
    handoff = open_handoff(session, conversation.id)
    if handoff is None or handoff.state != "requested":
        return False
    handoff.state = "queued"
    conversation.holder = "queue"
    conversation.version += 1
    announce(session, "queue", conversation.id)
    return True


def take_over(session: Session, conversation: Conversation, agent: Agent, now: datetime) -> Handoff | None:
    """The agent holds the (locked) conversation from now on. Raises Conflict when another agent holds it."""
    if conversation.holder == "agent":
        if conversation.agent_id == agent.id:
            return open_handoff(session, conversation.id)
        raise Conflict("Another agent holds this conversation.")
    conversation.holder, conversation.agent_id = "agent", agent.id
    conversation.version += 1
    conversation.notice_sent = False
    handoff = open_handoff(session, conversation.id)
    if handoff is not None:
        note_taken(session.get_one(Agent, agent.id), handoff, now)
        handoff.state, handoff.taken_at, handoff.taken_by_id = "taken", now, agent.id
        case = session.get_one(Case, handoff.case_id)
        if case.state == "open":
            case.state = "acknowledged"
        record(session, case, now, agent.login, "handoff_taken", {}, None)
    announce(session, "queue", conversation.id)
    announce(session, "conversation", conversation.id)
    return handoff


def hand_back(session: Session, conversation: Conversation, now: datetime, agreed: str = "") -> None:
    """The bot holds the (locked) conversation again, begins its next turn afresh, and knows what was agreed."""
    if agreed:
        conversation.agreed, conversation.agreed_at = agreed, now
    _end_open_handoff(session, conversation, now)
    conversation.holder, conversation.agent_id = "bot", None
    conversation.version += 1
    conversation.fresh = True
    announce(session, "queue", conversation.id)
    announce(session, "conversation", conversation.id)


def transfer(session: Session, conversation: Conversation, to: Agent | None, by: Agent, now: datetime) -> None:
    """Give the (locked) conversation to another agent, or back to the queue with the same promise."""
    if to is not None:
        conversation.agent_id = to.id
    else:
        handoff = open_handoff(session, conversation.id)
        if handoff is None:
            raise Conflict("There is no hand-off to put back into the queue.")
        let_breathe(session, by.id, handoff, now)
        put_into_queue(session, handoff, conversation, now)
    conversation.version += 1
    handoff = open_handoff(session, conversation.id)
    if handoff is not None:
        if to is not None:
            let_breathe(session, by.id, handoff, now)
            note_taken(session.get_one(Agent, to.id), handoff, now)
            handoff.taken_by_id = to.id
        detail = {"to": to.login if to else "queue"}
        record(session, session.get_one(Case, handoff.case_id), now, by.login, "transferred", detail, None)
    announce(session, "queue", conversation.id)
    announce(session, "conversation", conversation.id)


def put_into_queue(session: Session, handoff: Handoff, conversation: Conversation, now: datetime) -> None:
    """Nobody holds the (locked) conversation: it waits for another than its holder, with a time that can be kept."""
    handoff.assigned_to_id = conversation.agent_id
    take_from(session, handoff)
    handoff.state, handoff.taken_by_id, handoff.answered_at = "queued", None, None
    handoff.answer_by = max(handoff.answer_by, now + timedelta(minutes=5))
    conversation.holder, conversation.agent_id = "queue", None
    given = assign(session, handoff, conversation, now)
    handoff.answered_by = given.name if given else ""
    session.flush()


def note_first_answer(session: Session, conversation_id: str, now: datetime) -> None:
    """The agent has said his first words: the promise of the hand-off is kept, or not."""
    handoff = open_handoff(session, conversation_id)
    if handoff is not None and handoff.answered_at is None:
        handoff.answered_at = now


def is_late(now: datetime) -> ColumnElement[bool]:
    return and_(Handoff.state == "queued", Handoff.answer_by <= now)


def late_handoffs(session: Session, now: datetime, limit: int = 20) -> list[Handoff]:
    """Queued hand-offs whose promised time has passed, locked for one worker."""
    late = select(Handoff).where(is_late(now)).order_by(Handoff.answer_by).limit(limit).with_for_update(skip_locked=True)
    return list(session.scalars(late))


def promise_anew(session: Session, handoff: Handoff, language: str, now: datetime, within: timedelta) -> Duty:
    """A promised time has passed: set a new honest one and raise the case."""
    duty = duty_at(session, now, language)
    handoff.times_late += 1
    conversation = session.get_one(Conversation, handoff.conversation_id)
    late_one = handoff.assigned_to_id
    given = assign_anew(session, handoff, conversation, now)
    if given is None and handoff.passed:  # all have had their turn: all get another
        handoff.passed = []
        given = assign(session, handoff, conversation, now)
    handoff.answered_by = given.name if given else ""
    told = {"conversation": conversation.id, "agent": late_one, "times_late": handoff.times_late}
    tell(session, f"handoff_late:{handoff.id}:{handoff.times_late}", "handoff_late", now, told, case_id=handoff.case_id)
    handoff.answer_by = next_answer_by(handoff.times_late, now, duty.open_now, duty.next_opening, within)
    case = session.get_one(Case, handoff.case_id)
    case.priority = "urgent" if case.priority == "urgent" else "high"
    detail = {"times_late": handoff.times_late, "answer_by": handoff.answer_by.isoformat()}
    record(session, case, now, "desk", "handoff_late", detail, None)
    announce(session, "queue", handoff.conversation_id)
    return duty


def open_handoff(session: Session, conversation_id: str) -> Handoff | None:
    """The hand-off of this conversation that has not ended."""
    return session.scalar(_OPEN, {"conversation": conversation_id})


def last_heard(session: Session, conversation: Conversation) -> Heard:
    """The customer's latest message, for a hand-off that the desk itself asks for."""
    message = session.scalar(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.author == "customer")
        .order_by(Message.seq.desc())
        .limit(1)
    )
    assert message is not None, "a conversation without a customer's message has nothing to hand off"
    return Heard(message.id, message.text, conversation.mood, conversation.hazard)


def _end_open_handoff(session: Session, conversation: Conversation, now: datetime) -> None:
    handoff = open_handoff(session, conversation.id)
    if handoff is not None:
        let_breathe(session, handoff.taken_by_id, handoff, now)
        handoff.state, handoff.ended_at = "ended", now
        record(session, session.get_one(Case, handoff.case_id), now, "desk", "handoff_ended", {}, None)
        session.flush()
