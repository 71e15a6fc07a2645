"""What the bot says at its time, of many follow-ups at once: read together, said in order, written together."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.history import record
from desk.cases.service import add_after_end
from desk.cases.tables import Case
from desk.conversations.rules import BOT_NAME
from desk.conversations.service import put_message
from desk.conversations.tables import Conversation, Message
from desk.customers.reaching import Reach, read_reach
from desk.customers.tables import Customer
from desk.deliveries.service import queue_delivery
from desk.followups.contacts import SaidFirst, new_contact, said_first
from desk.followups.ladder import step_after_end, step_after_question
from desk.followups.plan_store import plan_of
from desk.followups.plans import Plan
from desk.followups.rules import kept_until
from desk.followups.sayings import what_to_say
from desk.followups.service import put_next_step, settle_done
from desk.followups.tables import Contact, Followup, FollowupPlan
from desk.settings import Settings
from desk.shop.tables import Product
from desk.surveys.service import ask_about_case
from desk.words import Said, Words


@dataclass(frozen=True)
class Due:
    """A claimed follow-up with its case and the conversation of the case, all three locked."""

    followup: Followup
    case: Case
    conversation: Conversation


@dataclass(frozen=True)
class Spoken:
    """What was said about one, and where."""

    due: Due
    where: Conversation
    message: Message
    contact: Contact


@dataclass(frozen=True)
class Matters:
    """What matters for several due follow-ups, read at once. The customers are locked, the places too."""

    customers: Mapping[int, Customer]
    plans: Mapping[int, Plan]
    products: Mapping[str, Product]  # named by the words; kept here, the session finds them without asking again
    reach: Reach
    places: Mapping[str, Conversation]  # by follow-up: elsewhere than in the conversation of its case
    said: SaidFirst

    def customer_of(self, case: Case) -> Customer | None:
        return self.customers.get(case.customer_id or 0)

    def where(self, due: Due) -> Conversation:
        return self.places.get(due.followup.id, due.conversation)


def read_what_matters(session: Session, claimed: Sequence[Due], now: datetime) -> Matters:
    """Lock the customers, in a fixed order, and the places; read the rest. A few queries, however many are claimed."""
    customers = _lock_customers(session, claimed)
    reach = read_reach(session, [(d.conversation, customers.get(d.case.customer_id or 0)) for d in claimed])
    plans = select(FollowupPlan).where(FollowupPlan.id.in_({d.case.plan_id for d in claimed if d.case.plan_id}))
    products = select(Product).where(Product.sku.in_({d.case.product_sku for d in claimed if d.case.product_sku}))
    return Matters(
        customers=customers,
        plans={row.id: Plan.model_validate(row.plan) for row in session.scalars(plans)},
        products={product.sku: product for product in session.scalars(products)},
        reach=reach,
        places=_lock_places(session, claimed, customers, reach),
        said=said_first(session, {d.conversation.id for d in claimed}, set(customers), now),
    )


def say(session: Session, due: Due, where: Conversation, matters: Matters, now: datetime, words: Words) -> Spoken:
    """Say it; what follows from it is written down for all that was said at once (`write_down`)."""
    followup, case = due.followup, due.case
    survey = ask_about_case(session, case, where, now) if followup.kind == "survey" else None
    if survey is not None:
        said = words.say("utter_survey", where.language, case=case.number, survey=survey.id)
    else:
        said = what_to_say(session, followup, case, where.language, words)
    if followup.promise == "open" and now > kept_until(followup.kind, followup.due_at, None):
        said = Said(f"{words.say('utter_later_than_said', where.language).text} {said.text}", said.buttons)
    message = put_message(session, where, "bot", said.text, now, name=BOT_NAME, buttons=said.buttons)
    contact = new_contact(where, case, now, "bot", followup.purpose or followup.kind, followup, message)
    matters.said.add(contact)
    where.asked, where.asked_case_id = followup.kind, case.id
    where.fresh = True  # a form left open days ago is not what he answers
    followup.delivered_at = now
    settle_done(session, followup, now, "asked")
    return Spoken(due, where, message, contact)


def write_down(session: Session, spoken: Sequence[Spoken], matters: Matters, now: datetime, settings: Settings) -> None:
    """The contacts, the history and each case's next step. The old steps are settled first: a case has one pending step."""
    session.flush()
    for each in spoken:
        followup, case = each.due.followup, each.due.case
        session.add(each.contact)
        queue_delivery(session, each.where, each.message, now)
        what = "last_word" if followup.purpose == "last_word" else followup.kind
        record(session, case, now, "bot", f"{what}_said", {}, None)
        customer = matters.customers.get(case.customer_id or 0)
        zone = customer.timezone if customer else settings.shop_timezone
        plan = matters.plans.get(case.plan_id or 0) or plan_of(session, case, now)
        if case.is_open:
            case.state = "waiting_for_word"
            step = step_after_question(plan, followup.tries + 1, case.delivered_at, now, zone)
            put_next_step(session, case, step, now, who="desk")
        elif (after := step_after_end(plan, case.closed_at or now, followup.purpose, now, zone)) is not None:
            add_after_end(session, case, after, now)
    session.flush()


def _lock_customers(session: Session, claimed: Sequence[Due]) -> dict[int, Customer]:
    """Two workers may have cases of one customer: his budget is counted by one at a time."""
    ids = {d.case.customer_id for d in claimed if d.case.customer_id is not None}
    if not ids:
        return {}
    query = select(Customer).where(Customer.id.in_(ids)).order_by(Customer.id).with_for_update()
    return {c.id: c for c in session.scalars(query.execution_options(populate_existing=True))}


def _lock_places(
    session: Session, claimed: Sequence[Due], customers: Mapping[int, Customer], reach: Reach
) -> dict[str, Conversation]:
    """Where to say what is not said in the conversation of its case: another that the bot holds and that is free now."""
    wanted: dict[str, list[str]] = {}
    for due in claimed:
        customer = customers.get(due.case.customer_id or 0)
        best = [reach.place(due.conversation, customer)]
        if due.followup.tries and customer is not None:  # the second question goes over another channel
            other = [c for c in reach.ranked(reach.verified(customer)) if c.channel != due.conversation.channel]
            best = [*sorted(other, key=lambda c: c.changed_at, reverse=True), *best]
        wanted[due.followup.id] = [c.id for c in best]
    own = {d.followup.id: d.conversation.id for d in claimed}
    elsewhere = {place for step, places in wanted.items() for place in places if place != own[step]}
    if not elsewhere:
        return {}
    free = select(Conversation).where(Conversation.id.in_(elsewhere), Conversation.holder == "bot").order_by(Conversation.id)
    locked = {c.id: c for c in session.scalars(free.with_for_update(skip_locked=True).execution_options(populate_existing=True))}
    return {
        step: locked[place]
        for step, places in wanted.items()
        if (place := next((p for p in places if p == own[step] or p in locked), own[step])) != own[step]
    }
