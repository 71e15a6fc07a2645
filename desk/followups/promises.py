"""Promises: the owner is warned, then the lead; a broken one is on record, and the customer hears it from us first (I8)."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from desk.agents.duty import agent_hours, duty_at
from desk.alerts.service import tell
from desk.cases.history import record
from desk.cases.rules import NextStep
from desk.cases.tables import Case
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation
from desk.customers.tables import Customer
from desk.db.events import announce
from desk.followups.calls import offered_slots
from desk.followups.contacts import may_we_speak, new_contact, note_held
from desk.followups.rules import GRACE, LEAD_BEFORE, WARN_BEFORE
from desk.followups.service import set_next_step
from desk.followups.slots import is_open, next_opening
from desk.followups.tables import Followup
from desk.settings import Settings
from desk.times import say_day_time
from desk.words import Said, Words

_ENDS_AT = func.coalesce(Followup.ends_at, Followup.due_at)


def needs_warning(now: datetime) -> ColumnElement[bool]:
    owner = and_(Followup.warned_at.is_(None), Followup.due_at <= now + WARN_BEFORE)
    lead = and_(Followup.lead_warned_at.is_(None), now + LEAD_BEFORE >= _ENDS_AT)
    return and_(Followup.state == "pending", Followup.promise == "open", Followup.kind.in_(("call", "task")), or_(owner, lead))


def is_broken(now: datetime) -> ColumnElement[bool]:
    """Missed and not on record yet, or on record and the customer may be told now."""
    missed = and_(Followup.promise == "open", now - GRACE >= _ENDS_AT)
    untold = and_(Followup.promise == "broken", Followup.broken_at.is_(None), Followup.hold_until <= now)
    return and_(Followup.state == "pending", Followup.kind.in_(("call", "task")), or_(missed, untold))


def warn_of_one_promise(session: Session, now: datetime) -> bool:
    """A promised time comes near: its owner is told once; when it is nearly over and not kept, the lead is told too."""
    followup = session.scalar(select(Followup).where(needs_warning(now)).limit(1).with_for_update(skip_locked=True))
    if followup is None:
        return False
    ends = followup.ends_at or followup.due_at
    case = session.get_one(Case, followup.case_id)
    detail = _detail(case, followup)
    if followup.warned_at is None:
        followup.warned_at = now
        tell(session, f"soon:{followup.id}", "promise_soon", now, detail, agent_id=followup.owner_agent_id, case_id=case.id)
    if ends <= now + LEAD_BEFORE:
        followup.lead_warned_at = now
        tell(session, f"risk:{followup.id}", "promise_at_risk", now, detail, case_id=case.id)
    announce(session, "followups", str(followup.case_id))
    return True


def break_one_promise(session: Session, now: datetime, words: Words, settings: Settings) -> bool:
    """A promised call or answer was missed: on record at once; the customer hears it from us, with a new time he may change.

    In his night he is not woken for it: he is told when the quiet hours end. He who wants no messages gets none, and the
    lead decides how to make good for it.
    """
    found = session.execute(
        select(Followup.id, Case.conversation_id)
        .join(Case, Case.id == Followup.case_id)
        .where(is_broken(now))
        .order_by(Followup.due_at)
        .limit(1)
    ).first()
    if found is None:
        return False
    conversation = lock_conversation(session, found[1])  # the conversation first, as every turn does
    followup = session.scalar(select(Followup).where(Followup.id == found[0], is_broken(now)).with_for_update())
    if followup is None:
        return True  # settled while we waited for the lock
    case = session.get_one(Case, followup.case_id)
    if followup.promise == "open":
        followup.promise = "broken"
        session.flush()
        case.priority = "urgent" if case.priority == "urgent" else "high"
        record(session, case, now, "desk", "promise_broken", {"due_at": followup.due_at.isoformat()}, None)
        tell(session, f"broken:{followup.id}", "promise_broken", now, _detail(case, followup), case_id=case.id)
    customer = session.get(Customer, case.customer_id) if case.customer_id else None
    # What we owe him is not a question of his weekly budget; and in a danger he hears it at any hour.
    verdict = may_we_speak(session, conversation, customer, now, settings, urgent=case.hazard, owed=True)
    if not verdict.allowed:
        note_held(session, conversation, case, followup, now, verdict.why, verdict.until)
        followup.hold_until = verdict.until
        if verdict.until is None:
            note = "a promise was broken, and he wants no messages: call him"
            step = NextStep("call", now + timedelta(hours=4), "team", note, "owed")
            set_next_step(session, case, step, now, who="desk")
        return True
    followup.broken_at = now
    said = _new_call(session, case, conversation, now, words, settings) if followup.kind == "call" else None
    said = said or _new_answer(session, case, conversation, now, words, settings)
    buttons = said.buttons if conversation.holder == "bot" else []
    message = append_message(session, conversation, "system", said.text, now, buttons=buttons)
    session.add(new_contact(conversation, case, now, "desk", "promise_broken", followup, message))
    return True


def promise_as_told(session: Session, followup: Followup, conversation: Conversation, settings: Settings) -> None:
    """The customer is told the time of a follow-up: from now on it is a promise, for a time at which it can be kept."""
    if followup.state == "pending" and followup.promise == "none":
        followup.due_at = _keepable(session, followup, conversation, settings)
        followup.promise = "open"
        session.flush()


def _keepable(session: Session, followup: Followup, conversation: Conversation, settings: Settings) -> datetime:
    """Its time, or the next one outside the customer's quiet hours, or at which somebody is at work."""
    due = followup.due_at
    if followup.kind in ("check_in", "survey"):
        customer = session.get(Customer, conversation.customer_id) if conversation.customer_id else None
        return may_we_speak(session, conversation, customer, due, settings, owed=True).until or due
    hours = agent_hours(session, conversation.language)
    if not hours or is_open(due, hours):
        return due
    opening = next_opening(due, hours)
    return opening + timedelta(minutes=settings.answer_within_minutes) if opening else due


def _detail(case: Case, followup: Followup) -> dict[str, str]:
    return {"case": case.number, "followup": followup.id, "what": followup.kind, "due_at": followup.due_at.isoformat()}


def _new_call(
    session: Session, case: Case, conversation: Conversation, now: datetime, words: Words, settings: Settings
) -> Said | None:
    """A missed call: the next free time is promised instead; None when no time is free."""
    slots = offered_slots(session, now, conversation.language, count=1)
    if not slots:
        return None
    slot = slots[0]
    step = NextStep("call", slot.start, "agent", "the call before was missed: call at the new time", "owed")
    set_next_step(session, case, step, now, who="desk", promised=True, agent_id=slot.agent_id, ends_at=slot.end)
    time = say_day_time(slot.start, conversation.language, settings.shop_timezone, now)
    return words.say("utter_promise_broken", conversation.language, case=case.number, time=time)


def _new_answer(session: Session, case: Case, conversation: Conversation, now: datetime, words: Words, settings: Settings) -> Said:
    """A missed answer, or a missed call with no time free: the team answers by a new time."""
    due = max(duty_at(session, now, conversation.language).next_opening or now, now) + timedelta(hours=2)
    step = NextStep("task", due, "team", "a promise was broken: answer the customer by the new time", "owed")
    set_next_step(session, case, step, now, who="desk", promised=True)
    time = say_day_time(due, conversation.language, settings.shop_timezone, now)
    return words.say("utter_answer_late", conversation.language, case=case.number, time=time)
