"""Follow-ups at their time: what the bot asks is said when it may be, a call or task is put before its owner."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from desk.cases.history import record
from desk.cases.rules import NextStep
from desk.cases.service import add_after_end
from desk.cases.tables import Case
from desk.conversations.service import append_message
from desk.conversations.tables import Conversation
from desk.customers.linking import can_be_reached, where_to_write
from desk.customers.tables import Customer, Identity
from desk.db.events import announce
from desk.followups.contacts import may_we_speak, note_contact, note_held
from desk.followups.ladder import step_after_end, step_after_question
from desk.followups.plan_store import plan_of
from desk.followups.rules import kept_until
from desk.followups.sayings import what_to_say
from desk.followups.service import set_next_step, settle_done, timezone_of
from desk.followups.tables import Followup
from desk.followups.unreachable import leave_unreachable_to_people
from desk.settings import Settings
from desk.surveys.service import ask_about_case
from desk.words import Words

BOT_NAME = "Fubb"
BY_THE_BOT = ("check_in", "survey")


def is_due(now: datetime) -> ColumnElement[bool]:
    return and_(Followup.state == "pending", Followup.due_at <= now, Followup.delivered_at.is_(None))


def deliver_due_followups(session: Session, now: datetime, words: Words, settings: Settings, limit: int = 1) -> int:
    """Deliver the follow-ups that are longest due and not delivered yet, at most `limit`; how many there were.

    1. Claim them with their cases and conversations (locked; others skip them), then their customers, in a fixed order.
    2. What the bot says: when it may be said now, say it and set the next step; else move it to when it may.
    3. A call or task: it is now before its owner (`delivered_at`), the console shows it as due.
    """
    claimed = session.execute(
        select(Followup, Case, Conversation)
        .join(Case, Case.id == Followup.case_id)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(is_due(now))
        .order_by(Followup.due_at, Followup.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    ).all()
    customers = _lock_customers(session, [case for _, case, _ in claimed])
    for followup, case, conversation in claimed:
        if followup.kind in BY_THE_BOT:
            customer = customers.get(case.customer_id or 0)
            _speak_or_hold_back(session, followup, case, conversation, customer, now, words, settings)
        else:
            followup.delivered_at = now
            record(session, case, now, "desk", "followup_due", {"kind": followup.kind}, None)
            announce(session, "followups", str(case.id))
    return len(claimed)


def _lock_customers(session: Session, cases: Sequence[Case]) -> dict[int, Customer]:
    """Two workers may have cases of one customer: his budget is counted by one at a time."""
    ids = {case.customer_id for case in cases if case.customer_id is not None}
    if not ids:
        return {}
    query = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id).with_for_update()
    return {c.id: c for c in session.scalars(query.execution_options(populate_existing=True))}


def _speak_or_hold_back(
    session: Session,
    followup: Followup,
    case: Case,
    conversation: Conversation,
    customer: Customer | None,
    now: datetime,
    words: Words,
    settings: Settings,
) -> None:
    if conversation.holder != "bot":
        _leave_to_people(session, followup, case, conversation, now)
        return
    verdict = may_we_speak(session, conversation, customer, now, settings, owed=followup.promise == "open")
    if verdict.allowed:
        where = _other_channel(session, conversation, customer) if followup.tries else None
        where = where or _where_he_is(session, conversation, customer)
        if can_be_reached(session, where):
            _say(session, followup, case, where, now, words, settings)
        elif case.is_open:
            leave_unreachable_to_people(session, conversation.id, "the chat is blocked or gone", now)
        else:
            followup.state, followup.done_at, followup.outcome = "cancelled", now, "he cannot be reached any more"
        return
    note_held(session, conversation, case, followup, now, verdict.why, verdict.until)
    if verdict.until is not None:
        followup.due_at = verdict.until
    elif case.is_open:
        step = NextStep("call", now + timedelta(days=1), "team", "he wants no messages: decide how to follow up", "opted_out")
        set_next_step(session, case, step, now, who="desk")
    else:
        followup.state, followup.done_at, followup.outcome = "cancelled", now, "he wants no messages"


def _say(
    session: Session, followup: Followup, case: Case, conversation: Conversation, now: datetime, words: Words, settings: Settings
) -> None:
    survey = ask_about_case(session, case, conversation, now) if followup.kind == "survey" else None
    if survey is not None:
        said = words.say("utter_survey", conversation.language, case=case.number, survey=survey.id)
    else:
        said = what_to_say(session, followup, case, conversation.language, words)
    if followup.promise == "open" and now > kept_until(followup.kind, followup.due_at, None):
        sorry = words.say("utter_later_than_said", conversation.language)
        said = type(said)(f"{sorry.text} {said.text}", said.buttons)
    message = append_message(session, conversation, "bot", said.text, now, name=BOT_NAME, buttons=said.buttons)
    note_contact(session, conversation, case, now, "bot", followup.purpose or followup.kind, followup, message)
    conversation.asked, conversation.asked_case_id = followup.kind, case.id
    conversation.fresh = True  # a form left open days ago is not what he answers
    followup.delivered_at = now
    settle_done(session, followup, now, "asked")
    record(session, case, now, "bot", f"{followup.purpose if followup.purpose == 'last_word' else followup.kind}_said", {}, None)
    zone = timezone_of(session, case, settings.shop_timezone)
    plan = plan_of(session, case, now)
    if case.is_open:
        case.state = "waiting_for_word"
        step = step_after_question(plan, followup.tries + 1, case.delivered_at, now, zone)
        set_next_step(session, case, step, now, who="desk")
    elif (after := step_after_end(plan, case.closed_at or now, followup.purpose, zone)) is not None:
        add_after_end(session, case, after, now)


def _leave_to_people(session: Session, followup: Followup, case: Case, conversation: Conversation, now: datetime) -> None:
    """Only the holder speaks: whoever holds the conversation asks how it went. What comes after the end waits a day."""
    if not case.is_open:
        followup.due_at = now + timedelta(days=1)
        note_held(session, conversation, case, followup, now, "person_talks", followup.due_at)
        return
    step = NextStep("task", now + timedelta(hours=4), "team", "ask the customer how it went (you hold the conversation)", "ask")
    set_next_step(session, case, step, now, who="desk", agent_id=conversation.agent_id)


def _where_he_is(session: Session, conversation: Conversation, customer: Customer | None) -> Conversation:
    """Where he chose or wrote last among the chats that may be shown it, if the bot holds that one and it is free now."""
    best = where_to_write(session, conversation, customer)
    if best.id == conversation.id:
        return conversation
    wanted = select(Conversation).where(Conversation.id == best.id, Conversation.holder == "bot")
    return session.scalar(wanted.with_for_update(skip_locked=True)) or conversation


def _other_channel(session: Session, conversation: Conversation, customer: Customer | None) -> Conversation | None:
    """Where else the same verified customer talks with the bot: the second question goes there."""
    if customer is None:
        return None
    elsewhere = and_(Conversation.customer_id == customer.id, Conversation.verified_at.is_not(None))
    reached = or_(Identity.id.is_(None), Identity.ended_at.is_(None))
    return session.scalar(
        select(Conversation)
        .outerjoin(Identity, Identity.id == Conversation.identity_id)
        .where(elsewhere, reached, Conversation.channel != conversation.channel, Conversation.holder == "bot")
        .where(Conversation.quiet_since.is_(None))
        .order_by(Conversation.changed_at.desc())
        .limit(1)
        .with_for_update(skip_locked=True, of=Conversation)
    )
