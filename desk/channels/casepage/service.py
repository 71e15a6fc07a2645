"""What the customer sees on his page, and what he says there: each word is a message of his in the conversation."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.attachments.tables import Attachment
from desk.cases.history import history_of
from desk.cases.service import Heard, confirm_solved, not_solved
from desk.cases.tables import Case, CaseEvent
from desk.channels.casepage.wording import say
from desk.conversations.rules import clean_text
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.customers.service import stop_messages
from desk.customers.tables import Customer
from desk.errors import Conflict, NotFound
from desk.followups.calls import find_slot, offered_slots, promise_call
from desk.followups.slots import Slot
from desk.followups.tables import Followup
from desk.handoffs.service import queue_requested_handoff, request_handoff
from desk.handoffs.telling import tell_who_answers
from desk.settings import Settings
from desk.shop.tables import Product
from desk.times import say_day_time
from desk.words import Words

SHOWN = {
    "opened": "opened_event", "apologised": "apologised", "remedy_accepted": "remedy_accepted",
    "remedy_changed": "remedy_changed", "remedy_arranged": "remedy_arranged", "call_promised": "call_promised",
    "promise_broken": "promise_broken", "followup_done": "followup_done", "handoff_taken": "handoff_taken",
    "collected": "collected", "delivered": "delivered", "check_in_said": "check_in_said", "not_solved": "not_solved",
    "satisfied": "satisfied_event", "closed_unconfirmed": "closed_event", "reopened": "reopened",
}  # fmt: skip


@dataclass(frozen=True)
class CasePage:
    """The page's content, in the customer's words and times."""

    case: Case
    language: str
    product: str
    stand: str
    next: str
    done: list[tuple[str, str]]  # when, what
    slots: list[Slot]
    promised: bool
    pictures: list[Attachment]
    stopped: bool


def read_page(session: Session, case_id: int, now: datetime, words: Words, settings: Settings) -> CasePage:
    """Everything about his case. Raises NotFound."""
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound("There is no such case.")
    conversation = session.get_one(Conversation, case.conversation_id)
    language, zone = conversation.language, _zone(session, case, settings)
    pending = session.get(Followup, case.next_followup_id) if case.next_followup_id else None
    product = session.get(Product, case.product_sku) if case.product_sku else None
    closed = f"state_{case.state}"
    return CasePage(
        case=case,
        language=language,
        product=product.name if product else "",
        stand=_capital(words.say(f"utter_state_{case.state}", language).text) if case.is_open else say(closed, language),
        next=_next(session, pending, language, zone, now) if pending else "",
        done=[
            (_capital(say_day_time(e.at, language, zone, now)), _event(e, words, language, zone, now))
            for e in history_of(session, case)
            if e.what in SHOWN
        ],
        slots=offered_slots(session, now, language, count=6) if case.is_open else [],
        promised=pending is not None and pending.kind == "call" and pending.promise == "open",
        pictures=list(
            session.scalars(
                select(Attachment).where(
                    Attachment.conversation_id == conversation.id, Attachment.message_id.is_not(None), Attachment.agent_id.is_(None)
                )
            )
        ),
        stopped=_stopped(session, conversation),
    )


def say_satisfied(session: Session, case_id: int, now: datetime, words: Words, settings: Settings) -> None:
    """His word, by a button of the page: only this closes the case as satisfied."""
    case, conversation = _lock(session, case_id)
    if not case.is_open:
        return
    heard = _hear(session, conversation, say("satisfied", conversation.language), now)
    confirm_solved(session, case, heard, now, settings.shop_timezone)
    said = words.say("utter_closed_satisfied", conversation.language, case=case.number)
    append_message(session, conversation, "system", said.text, now)


def say_not_right(session: Session, case_id: int, text: str, now: datetime, words: Words, settings: Settings) -> None:
    """It is still not right: opened again if it was closed, and a person answers."""
    case, conversation = _lock(session, case_id)
    given = clean_text(text, may_be_empty=True)
    heard = _hear(session, conversation, given or say("not_right", conversation.language), now)
    not_solved(session, case, heard, now)
    append_message(
        session, conversation, "system", words.say("utter_not_solved", conversation.language, case=case.number).text, now
    )
    if conversation.holder == "bot":
        handoff = request_handoff(
            session, conversation, "not_solved", heard, now, timedelta(minutes=settings.answer_within_minutes)
        )
        queue_requested_handoff(session, conversation, heard.message_id, now)
        response = "utter_handoff" if handoff.answered_by else "utter_handoff_closed"
        tell_who_answers(session, conversation, handoff, response, settings.shop_timezone, now)


def move_call(session: Session, case_id: int, start: str, now: datetime, words: Words, settings: Settings) -> None:
    """A call at a time that he chose. Raises Conflict when it is no longer free, or the case is closed."""
    case, conversation = _lock(session, case_id)
    language = conversation.language
    slot, _ = find_slot(session, start, language, settings.shop_timezone, now)
    if slot is None or not case.is_open:
        raise Conflict(say("taken", language))
    time = say_day_time(slot.start, language, settings.shop_timezone, now)
    heard = _hear(session, conversation, f"{say('move_call', language)}: {time}", now)
    followup = promise_call(session, case, slot, now, heard.message_id)
    agent = session.get_one(Agent, followup.owner_agent_id)
    said = words.say("utter_call_promised", language, agent=agent.name, time=time)
    append_message(session, conversation, "system", said.text, now)


def set_messages(session: Session, case_id: int, wanted: bool, now: datetime) -> None:
    """No more messages from us, or again."""
    case, conversation = _lock(session, case_id)
    if not wanted:
        stop_messages(session, conversation, now)
        return
    conversation.quiet_since = None
    if case.customer_id is not None:
        session.get_one(Customer, case.customer_id).no_messages_since = None


def _lock(session: Session, case_id: int) -> tuple[Case, Conversation]:
    case = session.get(Case, case_id)
    if case is None:
        raise NotFound("There is no such case.")
    conversation = lock_conversation(session, case.conversation_id)
    session.refresh(case, with_for_update=True)
    return case, conversation


def _hear(session: Session, conversation: Conversation, text: str, now: datetime) -> Heard:
    """What he says on the page is his message, answered by the desk itself."""
    state = "answered" if conversation.holder == "bot" else "for_human"
    message: Message = append_message(session, conversation, "customer", text, now, state=state)
    conversation.asked = conversation.asked_case_id = None
    return Heard(message.id, text)


def _next(session: Session, followup: Followup, language: str, zone: str, now: datetime) -> str:
    time = say_day_time(followup.due_at, language, zone, now)
    agent = session.get(Agent, followup.owner_agent_id) if followup.owner_agent_id else None
    if followup.kind == "call" and followup.promise == "open" and agent is not None:
        return say("promised_call", language, who=agent.name, time=time)
    return say(f"next_{followup.kind}", language, time=time)


def _event(event: CaseEvent, words: Words, language: str, zone: str, now: datetime) -> str:
    moment = event.detail.get("at") or event.detail.get("due_at")
    time = say_day_time(datetime.fromisoformat(moment), language, zone, now) if moment else ""
    kinds = event.detail.get("kinds")  # the last is the one he chose; the return of the old one may come with it
    chosen = words.say(f"utter_button_{kinds[-1]}", language).text if kinds else ""
    return say(SHOWN[event.what], language, text=event.detail.get("text", ""), time=time, chosen=chosen)


def _stopped(session: Session, conversation: Conversation) -> bool:
    customer = session.get(Customer, conversation.customer_id) if conversation.customer_id else None
    return conversation.quiet_since is not None or (customer is not None and customer.no_messages_since is not None)


def _zone(session: Session, case: Case, settings: Settings) -> str:
    customer = session.get(Customer, case.customer_id) if case.customer_id else None
    return customer.timezone if customer else settings.shop_timezone


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
