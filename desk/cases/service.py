"""Cases: recording what went wrong, apologising once, closing only by the customer's word or an agent's name (I2)."""

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, or_, select, update
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.alerts.patterns import tell_of_danger_or_pattern
from desk.cases.history import record
from desk.cases.rules import APOLOGY_KINDS, NextStep, angrier, priority_of, step_after_not_solved
from desk.cases.tables import CLOSED_STATES, OPEN_STATES, Case
from desk.conversations.tables import Conversation
from desk.db.base import new_id
from desk.db.events import announce
from desk.errors import Conflict, NotFound, WrongInput
from desk.followups.ladder import first_step, step_after_end
from desk.followups.plan_store import plan_in_force, plan_of
from desk.followups.plans import Plan
from desk.followups.service import cancel_pending, set_next_step, timezone_of
from desk.followups.tables import Followup
from desk.shop.tables import Order, OrderLine
from desk.surveys.tables import Survey

_of_conversation = Case.conversation_id == bindparam("conversation")
_LATEST_OPEN = select(Case).where(Case.state.in_(OPEN_STATES)).order_by(Case.id.desc()).limit(1)
_OPEN_HERE = _LATEST_OPEN.where(_of_conversation)
_OPEN_OF_CUSTOMER = _LATEST_OPEN.where(or_(_of_conversation, Case.customer_id == bindparam("customer")))


@dataclass(frozen=True)
class Heard:
    """What the customer said, as an action sees it."""

    message_id: str
    text: str
    mood: str = "calm"
    hazard: bool = False


@dataclass(frozen=True)
class Recorded:
    """A case on record. `apologise`: this turn says the apology; `is_new`: this message opened it."""

    case: Case
    is_new: bool
    apologise: bool


def record_case(
    session: Session, conversation: Conversation, kind: str, heard: Heard, now: datetime, product_sku: str | None = None
) -> Recorded:
    """Record something that the customer wants put right. Idempotent on the message.

    While a case of this conversation is open that something went wrong in, more of it is added there, not a second case.
    """
    case = _case_opened_by(session, heard.message_id, kind) or _case_to_add_to(session, conversation, kind)
    is_new = case is None or case.source_message_id == heard.message_id
    if case is None:
        case = _open_case(session, conversation, kind, heard, now, product_sku)
    else:
        case.mood = angrier(case.mood, heard.mood)
        case.hazard = case.hazard or heard.hazard
        case.priority = priority_of(heard.mood, heard.hazard, case.priority)
        if not is_new:
            record(session, case, now, "customer", "customer_added", {"text": heard.text}, heard.message_id)
    if product_sku and case.product_sku is None:
        case.product_sku = product_sku
    tell_of_danger_or_pattern(session, case, now)
    return Recorded(case, is_new, _apologise_once(session, case, heard, now))


def _open_case(
    session: Session, conversation: Conversation, kind: str, heard: Heard, now: datetime, product_sku: str | None
) -> Case:
    priority = priority_of(heard.mood, heard.hazard)
    plan = plan_in_force(session, kind, now)
    step = first_step(Plan.model_validate(plan.plan), kind, priority, now)
    followup_id = new_id()
    case = Case(
        kind=kind, priority=priority, hazard=heard.hazard, mood=heard.mood, summary=heard.text,
        conversation_id=conversation.id, customer_id=conversation.customer_id if conversation.verified_at else None,
        product_sku=product_sku, source_message_id=heard.message_id, plan_id=plan.id,
        next_followup_id=followup_id, next_followup_state="pending", opened_at=now,
    )  # fmt: skip
    session.add(case)
    session.flush()
    session.add(
        Followup(
            id=followup_id, case_id=case.id, kind=step.kind, owner=step.owner, due_at=step.due_at, note=step.note,
            purpose=step.purpose, created_at=now,
        )
    )  # fmt: skip
    session.flush()
    record(session, case, now, "customer", "opened", {"kind": kind, "text": heard.text}, heard.message_id)
    return case


def _apologise_once(session: Session, case: Case, heard: Heard, now: datetime) -> bool:
    if case.kind not in APOLOGY_KINDS:
        return False
    if case.apologised_at is None:
        case.apologised_at, case.apology_message_id = now, heard.message_id
        record(session, case, now, "bot", "apologised", {}, heard.message_id)
    return case.apology_message_id == heard.message_id


def _case_opened_by(session: Session, message_id: str, kind: str) -> Case | None:
    return session.scalar(select(Case).where(Case.source_message_id == message_id, Case.kind == kind))


def _case_to_add_to(session: Session, conversation: Conversation, kind: str) -> Case | None:
    """An open case of this conversation that the same trouble belongs to."""
    same = APOLOGY_KINDS if kind in APOLOGY_KINDS else (kind,)
    return session.scalar(
        select(Case)
        .where(Case.conversation_id == conversation.id, Case.kind.in_(same), Case.state.in_(OPEN_STATES))
        .order_by(Case.id.desc())
        .limit(1)
        .with_for_update()
    )


def attach_order(session: Session, case: Case, order: Order, now: datetime, message_id: str) -> None:
    """A verified customer's order is what the case is about; the product too, when the order has only one."""
    if case.order_number == order.number:
        return
    case.order_number, case.customer_id = order.number, order.customer_id
    skus = session.scalars(select(OrderLine.sku).where(OrderLine.order_number == order.number)).all()
    if case.product_sku not in skus:
        case.product_sku = skus[0] if len(skus) == 1 else None
    record(session, case, now, "customer", "order_named", {"order": order.number}, message_id)
    tell_of_danger_or_pattern(session, case, now)


def current_case(session: Session, conversation: Conversation) -> Case | None:
    """The latest open case: of this conversation, or else of its verified customer."""
    if conversation.verified_at is not None and conversation.customer_id is not None:
        return session.scalar(_OPEN_OF_CUSTOMER, {"conversation": conversation.id, "customer": conversation.customer_id})
    return session.scalar(_OPEN_HERE, {"conversation": conversation.id})


def latest_case(session: Session, conversation: Conversation) -> Case | None:
    """The latest case of this conversation, open or closed."""
    return session.scalar(select(Case).where(Case.conversation_id == conversation.id).order_by(Case.id.desc()).limit(1))


def confirm_solved(session: Session, case: Case, heard: Heard, now: datetime, timezone: str = "Europe/Stockholm") -> bool:
    """Close the case as satisfied: the customer said so, in this message. False when it was closed before.

    `timezone`: of a customer who is not known.
    """
    if case.state in CLOSED_STATES:
        return case.satisfied_by_message_id == heard.message_id
    cancel_pending(session, case, now)
    case.state, case.closed_at, case.satisfied_by_message_id = "satisfied", now, heard.message_id
    case.next_followup_id = case.next_followup_state = None
    session.flush()
    record(session, case, now, "customer", "satisfied", {"text": heard.text}, heard.message_id)
    # Who gave a rating of this case already (a bad one, that opened it again) is asked no more.
    rated = session.scalar(select(Survey.id).where(Survey.case_id == case.id, Survey.state == "rated"))
    step = step_after_end(plan_of(session, case, now), now, "survey" if rated else "", now, timezone_of(session, case, timezone))
    if step is not None:
        add_after_end(session, case, step, now)
    return True


def add_after_end(session: Session, case: Case, step: NextStep, now: datetime) -> Followup:
    """What comes after the end: the survey, the last word. A closed case needs no next step, so it names none."""
    followup = Followup(
        id=new_id(), case_id=case.id, kind=step.kind, owner=step.owner, due_at=step.due_at, note=step.note,
        purpose=step.purpose, created_at=now,
    )  # fmt: skip
    session.add(followup)
    return followup


def not_solved(session: Session, case: Case, heard: Heard, now: datetime) -> None:
    """The customer says that it is not right: (re)opened, with a higher priority, and a person's task within the hour."""
    if not record(session, case, now, "customer", "not_solved", {"text": heard.text}, heard.message_id):
        return
    pending = session.scalar(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending"))
    case.mood = angrier(case.mood, heard.mood)
    case.hazard = case.hazard or heard.hazard
    case.priority = priority_of("furious", heard.hazard, case.priority)
    if not case.is_open:
        reopen(session, case, step_after_not_solved(now), now)
        return
    assert pending is not None, "an open case has a next step"
    case.state = "open"
    if pending.kind == "check_in":
        set_next_step(session, case, step_after_not_solved(now), now, who="desk")


def reopen(session: Session, case: Case, step: NextStep, now: datetime, keep_survey: str = "") -> None:
    """Open a closed case again, with its next step, in one change: neither is without the other. Its survey is void."""
    session.execute(
        update(Survey)
        .where(Survey.case_id == case.id, Survey.state.in_(("asked", "rated")), Survey.id != keep_survey)
        .values(state="void")
    )
    cancel_pending(session, case, now)  # the survey, the last word: not of a case that is open
    followup = Followup(
        id=new_id(), case_id=case.id, kind=step.kind, owner=step.owner, due_at=step.due_at, note=step.note,
        purpose=step.purpose, created_at=now,
    )  # fmt: skip
    case.state, case.closed_reason = "open", ""
    case.closed_at = case.satisfied_by_message_id = case.closed_by_id = None
    case.next_followup_id, case.next_followup_state = followup.id, "pending"
    session.add(followup)
    session.flush()
    record(session, case, now, "desk", "reopened", {}, None)


def close_unconfirmed(session: Session, case: Case, agent: Agent, reason: str, now: datetime) -> None:
    """An agent closes a case without the customer's word, with a reason and his name to it."""
    reason = reason.strip()
    if not reason:
        raise WrongInput("Closing without the customer's word needs a reason.")
    if case.state in CLOSED_STATES:
        raise Conflict("This case is closed already.")
    pending = session.scalar(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending"))
    if pending is not None and pending.promise == "open":
        raise Conflict("The customer has been promised a time. Keep it, or move it with his consent, before you close.")
    cancel_pending(session, case, now)
    case.state, case.closed_at, case.closed_reason, case.closed_by_id = "closed_unconfirmed", now, reason, agent.id
    case.next_followup_id = case.next_followup_state = None
    session.flush()
    record(session, case, now, agent.login, "closed_unconfirmed", {"reason": reason}, None)
    announce(session, "cases", str(case.id))


def case_by_number(session: Session, number: str) -> Case:
    """The case with this number (F-100001), locked; raises NotFound."""
    match = re.fullmatch(r"[Ff]-?([0-9]{6,9})", number.strip())
    case = session.scalar(select(Case).where(Case.id == int(match[1]) - 100000).with_for_update()) if match else None
    if case is None:
        raise NotFound("There is no such case.")
    return case
