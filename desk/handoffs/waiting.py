"""What the desk itself answers to a customer who waits for a person: his place in the queue, and a call instead."""

import json
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.tables import Case
from desk.conversations.service import append_message
from desk.conversations.tables import Conversation, Message
from desk.followups.calls import find_slot, offered_slots, promise_call
from desk.handoffs.rules import asks_for_place
from desk.handoffs.service import hand_back, open_handoff
from desk.handoffs.tables import Handoff
from desk.handoffs.telling import tell_who_answers
from desk.times import say_day_time
from desk.words import load_words, payload

CALL_ME = "/request_callback"


def place_in_queue(session: Session, handoff: Handoff) -> int:
    """1 for the one who is answered next, by the promised times."""
    before = select(func.count()).where(Handoff.state == "queued", Handoff.answer_by < handoff.answer_by)
    return (session.scalar(before) or 0) + 1


def answer_while_waiting(session: Session, conversation: Conversation, message: Message, timezone: str, now: datetime) -> bool:
    """Answer in a locked, queued conversation what needs no person; False when it is for the person who comes."""
    handoff = open_handoff(session, conversation.id)
    if handoff is None or conversation.holder != "queue":
        return False
    if message.payload is not None and message.payload.startswith(CALL_ME):
        _call_instead(session, conversation, handoff, message, timezone, now)
        return True
    if asks_for_place(message.text):
        tell_who_answers(session, conversation, handoff, "utter_queue_place", timezone, now, place=place_in_queue(session, handoff))
        return True
    return False


def _call_instead(
    session: Session, conversation: Conversation, handoff: Handoff, message: Message, timezone: str, now: datetime
) -> None:
    """Offer free times; a time that was chosen is promised, and he need not wait here."""
    words, language = load_words(), conversation.language
    case = session.get_one(Case, handoff.case_id)
    wanted = _time_in(message.payload or "")
    slots = offered_slots(session, now, language)
    if wanted:
        slot, slots = find_slot(session, wanted, language, timezone, now)
        if slot is not None:
            call = promise_call(session, case, slot, now, message.id)
            name = session.get_one(Agent, call.owner_agent_id).name
            said = words.say("utter_call_promised", language, agent=name, time=say_day_time(call.due_at, language, timezone, now))
            append_message(session, conversation, "system", said.text, now, buttons=said.buttons)
            hand_back(session, conversation, now)
            return
    if not slots:
        append_message(session, conversation, "system", words.say("utter_ask_call_time_closed", language).text, now)
        return
    buttons = [
        {"title": say_day_time(s.start, language, timezone, now), "payload": payload("request_callback", time=s.start.isoformat())}
        for s in slots
    ]
    said = words.say("utter_ask_call_time_nearest" if wanted else "utter_ask_call_time", language)
    append_message(session, conversation, "system", said.text, now, buttons=buttons)


def _time_in(asked: str) -> str | None:
    _, brace, rest = asked.partition("{")
    if not brace:
        return None
    try:
        time = json.loads(brace + rest).get("time")
    except (ValueError, AttributeError):
        return None
    return time if isinstance(time, str) else None
