"""Follow-ups at their time: the bot's check-in is said, a call is put before its agent, a promise is kept or owned up to."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, func, select
from sqlalchemy.orm import Session

from desk.agents.duty import duty_at
from desk.cases.history import record
from desk.cases.rules import NextStep, step_after_check_in
from desk.cases.tables import Case
from desk.conversations.service import append_message, lock_conversation
from desk.conversations.tables import Conversation
from desk.customers.tables import Customer
from desk.db.events import announce
from desk.followups.calls import offered_slots
from desk.followups.rules import GRACE, WARN_BEFORE, next_allowed
from desk.followups.service import set_next_step, settle_done
from desk.followups.tables import Followup
from desk.settings import Settings
from desk.shop.tables import Product
from desk.times import say_day_time
from desk.words import Said, Words

BOT_NAME = "Fubb"


def is_due(now: datetime) -> ColumnElement[bool]:
    return and_(Followup.state == "pending", Followup.due_at <= now, Followup.delivered_at.is_(None))


def needs_warning(now: datetime) -> ColumnElement[bool]:
    soon = Followup.due_at <= now + WARN_BEFORE
    return and_(Followup.state == "pending", Followup.promise == "open", Followup.warned_at.is_(None), soon)


def is_broken(now: datetime) -> ColumnElement[bool]:
    missed = func.coalesce(Followup.ends_at, Followup.due_at) <= now - GRACE
    return and_(Followup.state == "pending", Followup.promise == "open", Followup.kind != "check_in", missed)


def deliver_one_due_followup(session: Session, now: datetime, words: Words, settings: Settings) -> bool:
    """Deliver the follow-up that is longest due and not delivered yet; False when none is due.

    1. Claim it (locked, others skip it).
    2. A check-in: when it may be said now, say it and set the next step; else move it to when it may.
    3. A call or task: it is now before its owner (`delivered_at`), the console shows it as due.
    """
    followup = session.scalar(
        select(Followup).where(is_due(now)).order_by(Followup.due_at).limit(1).with_for_update(skip_locked=True)
    )
    if followup is None:
        return False
    case = session.get_one(Case, followup.case_id)
    if followup.kind != "check_in":
        followup.delivered_at = now
        record(session, case, now, "desk", "followup_due", {"kind": followup.kind}, None)
        announce(session, "followups", str(case.id))
        return True
    conversation = lock_conversation(session, case.conversation_id)
    if conversation.holder != "bot":
        _leave_to_people(session, case, conversation, now)
        return True
    customer = session.get(Customer, case.customer_id) if case.customer_id else None
    if conversation.quiet_since is not None or (customer is not None and customer.no_messages_since is not None):
        step = NextStep("call", now + timedelta(days=1), "team", "he wants no messages: decide how to follow up")
        set_next_step(session, case, step, now, who="desk")
        return True
    allowed = next_allowed(now, customer.timezone if customer else settings.shop_timezone)
    if allowed > now and followup.promise == "none":
        followup.due_at = allowed
        return True
    _say_check_in(session, followup, case, conversation, now, words)
    return True


def _say_check_in(
    session: Session, followup: Followup, case: Case, conversation: Conversation, now: datetime, words: Words
) -> None:
    product = session.get(Product, case.product_sku) if case.product_sku else None
    said = words.say(
        "utter_check_in_product" if product else "utter_check_in", conversation.language,
        case=case.number, product=product.name if product else "",
    )  # fmt: skip
    append_message(session, conversation, "bot", said.text, now, name=BOT_NAME, buttons=said.buttons)
    conversation.asked, conversation.asked_case_id = "check_in", case.id
    conversation.fresh = True  # a form left open days ago is not what he answers
    followup.delivered_at = now
    settle_done(session, followup, now, "asked")
    case.state = "waiting_for_word"
    record(session, case, now, "bot", "check_in_said", {}, None)
    asked = select(func.count()).where(Followup.case_id == case.id, Followup.kind == "check_in", Followup.state == "done")
    set_next_step(session, case, step_after_check_in(session.scalar(asked) or 0, now), now, who="desk")


def _leave_to_people(session: Session, case: Case, conversation: Conversation, now: datetime) -> None:
    """Only the holder speaks: whoever holds the conversation asks how it went."""
    step = NextStep("task", now + timedelta(hours=4), "team", "ask the customer how it went (you hold the conversation)")
    set_next_step(session, case, step, now, who="desk", agent_id=conversation.agent_id)


def warn_of_one_promise(session: Session, now: datetime) -> bool:
    """A promised call is about to begin: its owner is told, once."""
    followup = session.scalar(
        select(Followup)
        .where(needs_warning(now))
        .limit(1)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    if followup is None:
        return False
    followup.warned_at = now
    announce(session, "followups", str(followup.case_id))
    return True


def break_one_promise(session: Session, now: datetime, words: Words, settings: Settings) -> bool:
    """A promised call or answer was missed: the customer hears it from us first, with a new time that he may change."""
    followup = session.scalar(
        select(Followup)
        .where(is_broken(now))
        .order_by(Followup.due_at)
        .limit(1)
        .with_for_update(skip_locked=True)
    )  # fmt: skip
    if followup is None:
        return False
    case = session.get_one(Case, followup.case_id)
    conversation = lock_conversation(session, case.conversation_id)
    followup.promise, followup.broken_at = "broken", now
    session.flush()
    record(session, case, now, "desk", "promise_broken", {"due_at": followup.due_at.isoformat()}, None)
    case.priority = "urgent" if case.priority == "urgent" else "high"
    said = _new_call(session, case, conversation, now, words, settings) if followup.kind == "call" else None
    said = said or _new_answer(session, case, conversation, now, words, settings)
    append_message(session, conversation, "system", said.text, now, buttons=said.buttons if conversation.holder == "bot" else [])
    return True


def _new_call(
    session: Session, case: Case, conversation: Conversation, now: datetime, words: Words, settings: Settings
) -> Said | None:
    """A missed call: the next free time is promised instead; None when no time is free."""
    slots = offered_slots(session, now, conversation.language, count=1)
    if not slots:
        return None
    slot = slots[0]
    step = NextStep("call", slot.start, "agent", "the call before was missed: call at the new time")
    set_next_step(session, case, step, now, who="desk", promised=True, agent_id=slot.agent_id, ends_at=slot.end)
    time = say_day_time(slot.start, conversation.language, settings.shop_timezone, now)
    return words.say("utter_promise_broken", conversation.language, case=case.number, time=time)


def _new_answer(session: Session, case: Case, conversation: Conversation, now: datetime, words: Words, settings: Settings) -> Said:
    """A missed answer, or a missed call with no time free: the team answers by a new time."""
    due = max(duty_at(session, now, conversation.language).next_opening or now, now) + timedelta(hours=2)
    step = NextStep("task", due, "team", "a promise was broken: answer the customer by the new time")
    set_next_step(session, case, step, now, who="desk", promised=True)
    time = say_day_time(due, conversation.language, settings.shop_timezone, now)
    return words.say("utter_answer_late", conversation.language, case=case.number, time=time)
