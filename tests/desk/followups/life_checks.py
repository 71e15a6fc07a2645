"""What must hold in every state of a case's life: I1, I2, I6, I7, I8, each read from the rows, by no rule of the desk's own."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays
from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session, aliased

from desk.alerts.tables import Alert
from desk.cases.tables import OPEN_STATES, Case, CaseEvent
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.followups.tables import Contact, Followup
from desk.handoffs.tables import Handoff

WEEK = timedelta(days=7)
GRACE = timedelta(minutes=10)
QUIET_FROM, QUIET_UNTIL = time(20), time(8)


@dataclass
class Known:
    """What the machine knows of a sequence by itself."""

    per_week: int
    apologies: Counter[int] = field(default_factory=Counter)  # turns that apologised, by case
    opted_out: dict[int, datetime] = field(default_factory=dict)  # since when, by customer
    checked: set[str] = field(default_factory=set)  # messages


_His = aliased(Conversation)
_STEPS = (
    select(Case.id, Case.state, Case.next_followup_id, Followup.id, Followup.owner, Followup.owner_agent_id, Followup.purpose)
    .outerjoin(Followup, and_(Followup.case_id == Case.id, Followup.state == "pending"))
    .order_by(Case.id)
)
_ENDS = (
    select(Case.state, Case.customer_id, Case.closed_reason, Case.closed_by_id, Message.author, _His.customer_id)
    .outerjoin(Message, Message.id == Case.satisfied_by_message_id)
    .outerjoin(_His, _His.id == Message.conversation_id)
    .where(Case.state.in_(("satisfied", "closed_unconfirmed")))
)
_APOLOGIES = select(
    func.max(select(func.count()).where(CaseEvent.what == "apologised").group_by(CaseEvent.case_id).subquery().c[0])
)
_SAID = (
    select(Message.id, Message.author, Message.at, Customer.id, Customer.timezone, Contact.id, Contact.what, Case.hazard,
           Followup.promise, Handoff.id)
    .join(Conversation, Conversation.id == Message.conversation_id)
    .join(Customer, Customer.id == Conversation.customer_id)
    .outerjoin(Contact, and_(Contact.message_id == Message.id, Contact.held_because.is_(None)))
    .outerjoin(Case, Case.id == Contact.case_id)
    .outerjoin(Followup, Followup.id == Contact.followup_id)
    .outerjoin(Handoff, Handoff.conversation_id == Conversation.id)
    .where(Message.author.in_(("bot", "system")))
    .order_by(Message.at)
)  # fmt: skip
_CONTACTS = select(Contact.id, Contact.customer_id, Contact.at).where(Contact.held_because.is_(None))
_BROKEN = select(
    select(func.count()).where(Followup.promise == "broken").scalar_subquery(),
    select(func.count()).where(CaseEvent.what == "promise_broken").scalar_subquery(),
)


def check(session: Session, known: Known) -> None:
    """Every invariant, on the state as it is now."""
    _every_open_case_has_one_next_step(session)
    _only_his_word_or_an_agent_closes_a_case(session)
    assert all(turns == 1 for case, turns in known.apologies.items() if turns), "I6: one apology for a case"
    assert (session.scalar(_APOLOGIES) or 0) <= 1
    _nobody_is_pestered(session, known)
    broken, on_record = session.execute(_BROKEN).one()
    assert broken == on_record, "I8: every broken promise is on record"


def nothing_is_left_to_do(session: Session, now: datetime) -> None:
    """After the worker has looked: nothing due is forgotten, no promise is missed in silence, nothing failed."""
    ends = func.coalesce(Followup.ends_at, Followup.due_at)
    missed = and_(Followup.promise == "open", ends <= now - GRACE)
    untold = and_(
        Followup.promise == "broken", Followup.broken_at.is_(None), or_(Followup.hold_until.is_(None), Followup.hold_until <= now)
    )
    late = and_(Followup.owner == "bot", Followup.due_at <= now, Followup.delivered_at.is_(None))
    left = select(Followup.id).where(Followup.state == "pending", or_(missed, untold, late))
    failed = select(Alert.id).where(Alert.kind == "followup_failed")
    is_left, has_failed = session.execute(select(left.exists(), failed.exists())).one()
    assert not is_left, "I8: missed in silence, or due and forgotten"
    assert not has_failed


def _every_open_case_has_one_next_step(session: Session) -> None:
    steps: Counter[int] = Counter()
    for case, state, named, step, owner, owner_agent, purpose in session.execute(_STEPS):
        steps[case] += 1
        assert steps[case] == 1, "I1: one pending step"
        if state in OPEN_STATES:
            assert named is not None
            assert named == step, "I1: an open case has its next step"
        else:  # what comes after the end is the bot's, and asks no more than how it was
            assert named is None
            assert purpose in (None, "survey", "last_word")
        assert step is None or owner in ("bot", "team") or owner_agent is not None


def _only_his_word_or_an_agent_closes_a_case(session: Session) -> None:
    for state, customer, reason, closed_by, author, his in session.execute(_ENDS):
        if state == "satisfied":
            assert author == "customer", "I2: by his own word"
            assert his == customer
        else:
            assert reason, "I2: with a reason"
            assert closed_by is not None


def _nobody_is_pestered(session: Session, known: Known) -> None:
    """I7, from the messages themselves: whatever bot or desk says here, it says first."""
    contacts = session.execute(_CONTACTS).all()
    for message, author, at, customer, zone, contact, what, hazard, promise, handoff in session.execute(_SAID).all():
        if message in known.checked:
            continue
        known.checked.add(message)
        if contact is None:
            assert author == "system", "what the bot says first is on record as a contact"
            assert handoff is not None  # who answers now: news of a person whom he was promised
            continue
        if what == "promise_broken" and hazard:
            continue  # a matter of safety
        out = known.opted_out.get(customer)
        assert out is None or at < out or (at == out and what), "I7: he wanted no messages"
        local = at.astimezone(ZoneInfo(zone))
        assert QUIET_UNTIL <= local.time() < QUIET_FROM, "I7: in his quiet hours"
        assert local.date() not in holidays_of(local.year), "I7: on a holiday"
        if what != "promise_broken" and promise == "none":  # what he is owed the budget lets through
            week = [c for c in contacts if c.customer_id == customer and at - WEEK < c.at <= at and c.id <= contact]
            assert len(week) <= known.per_week, "I7: more than his week's budget"


@lru_cache
def holidays_of(year: int) -> holidays.HolidayBase:
    return holidays.country_holidays("SE", years=year, categories=("public", "de_facto"))
