"""Remedies: what the shop's rules allow is offered and arranged; what goes beyond them waits for a person."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.history import record
from desk.cases.rules import NextStep, step_after_accepting, step_after_arranging, step_after_declining
from desk.cases.tables import Case, Remedy
from desk.followups.plan_store import plan_of
from desk.followups.service import set_next_step
from desk.followups.tables import Followup
from desk.shop.rules import RemedyOffer, remedies_for
from desk.shop.service import age_days
from desk.shop.service import rules as shop_rules
from desk.shop.tables import Order, OrderLine, Product

COMES_WITH = {"replacement": ("return", "replacement"), "refund": ("return", "refund")}
"""A replacement or a refund for goods delivered has the return of the old ones with it."""
CHANGES_WITHIN = timedelta(hours=1)
"""So soon after it was arranged nobody has begun with it: the customer may still change his mind by himself."""


@dataclass(frozen=True)
class Arrangement:
    """What came of a choice: arranged at once, or for a person to decide."""

    kinds: tuple[str, ...]
    needs_human: bool


def offers_for(session: Session, case: Case, now: datetime) -> list[RemedyOffer]:
    """What the rules allow for this case, in order of preference; empty while order or product is not known."""
    if case.order_number is None or case.product_sku is None or case.kind == "late_delivery":
        return []
    order = session.get_one(Order, case.order_number)
    line = session.get(OrderLine, (case.order_number, case.product_sku))
    product = session.get_one(Product, case.product_sku)
    if line is None:
        return []
    offers = remedies_for(
        shop_rules(session),
        fault=is_our_fault(case),
        price=line.price,
        age_days=age_days(order, now),
        warranty_months=product.warranty_months,
        hazard=case.hazard,
        stock=product.stock,
        now=now,
    )
    # Another one in place of one that works is for a person: the customer may mean another size or colour.
    return offers if is_our_fault(case) else [o for o in offers if o.kind != "replacement"]


def is_our_fault(case: Case) -> bool:
    """Whether the shop answers for it, and pays for all: a fault, a danger or the wrong article; not a change of mind."""
    return case.hazard or case.kind in ("fault", "wrong_item")


def choices_among(offers: list[RemedyOffer]) -> list[RemedyOffer]:
    """What the customer may choose from: sending it back is part of the others where there are others."""
    return [o for o in offers if o.kind != "return" and not o.needs_human]


def offer_remedies(session: Session, case: Case, now: datetime, message_id: str) -> list[RemedyOffer]:
    """Offer what the rules allow, and keep it with the case."""
    offers = offers_for(session, case, now)
    known = {r.kind for r in remedies_of(session, case)}
    for offer in offers:
        if offer.kind not in known:
            session.add(Remedy(case_id=case.id, kind=offer.kind, offered_at=now, changed_at=now, source_message_id=message_id))
    session.flush()
    if offers and case.state in ("open", "acknowledged"):
        case.state = "remedy_offered"
        record(session, case, now, "bot", "remedies_offered", {"kinds": [o.kind for o in offers]}, message_id)
    return offers


def accept_remedy(session: Session, case: Case, kind: str, now: datetime, message_id: str, check_in_days: int) -> Arrangement:
    """The customer accepts a remedy: arranged when the rules allow it, else a person decides. Idempotent."""
    offers = {o.kind: o for o in offers_for(session, case, now)}
    kinds = tuple(k for k in COMES_WITH.get(kind, (kind,)))
    needs_human = kind not in offers or offers[kind].needs_human
    known = {r.kind: r for r in remedies_of(session, case)}
    for each in kinds:
        remedy = known.get(each)
        if remedy is None:
            remedy = Remedy(
                case_id=case.id, kind=each, state="offered", offered_at=now, changed_at=now, source_message_id=message_id
            )
            session.add(remedy)
        if remedy.state in ("offered", "declined"):
            remedy.state, remedy.changed_at = ("needs_human" if needs_human else "arranged"), now
    for other in known.values():
        if other.kind not in kinds and other.state == "offered":
            other.state, other.changed_at = "declined", now
    session.flush()
    detail = {"kinds": list(kinds), "needs_human": needs_human}
    if record(session, case, now, "customer", "remedy_accepted", detail, message_id):
        case.state = "accepted" if needs_human else "arranged"
        case.delivered_at = None
        hours = plan_of(session, case, now).first_hours[case.priority]  # type: ignore[index]
        step = step_after_accepting(hours, now) if needs_human else step_after_arranging(check_in_days, now)
        set_unless_promised(session, case, step, now)
    return Arrangement(kinds, needs_human)


def change_remedy(
    session: Session, case: Case, kind: str, now: datetime, message_id: str
) -> Literal["same", "changed", "needs_human"]:
    """He would rather have another remedy than the one arranged. Changed within CHANGES_WITHIN, later a person sees to it."""
    known = {r.kind: r for r in remedies_of(session, case)}
    arranged = [r for r in known.values() if r.state == "arranged"]
    if kind in known and known[kind].state in ("arranged", "done"):
        return "same"
    offers = {o.kind: o for o in offers_for(session, case, now)}
    in_time = bool(arranged) and case.state == "arranged" and all(now - r.changed_at <= CHANGES_WITHIN for r in arranged)
    allowed = in_time and kind in offers and not offers[kind].needs_human
    kinds = COMES_WITH.get(kind, (kind,))
    for remedy in arranged if allowed else []:
        if remedy.kind not in kinds:
            remedy.state, remedy.changed_at = "declined", now
    for each in kinds:
        remedy = known.get(each) or Remedy(case_id=case.id, kind=each, offered_at=now, source_message_id=message_id)
        if remedy.state not in ("arranged", "done"):
            remedy.state, remedy.changed_at = ("arranged" if allowed else "needs_human"), now
        session.add(remedy)
    session.flush()
    record(session, case, now, "customer", "remedy_changed", {"kinds": list(kinds), "needs_human": not allowed}, message_id)
    return "changed" if allowed else "needs_human"


def decline_remedies(session: Session, case: Case, now: datetime, message_id: str) -> None:
    """The customer wants none of them: a person sees what else can be done."""
    for remedy in remedies_of(session, case):
        if remedy.state == "offered":
            remedy.state, remedy.changed_at = "declined", now
    if record(session, case, now, "customer", "remedies_declined", {}, message_id) and case.is_open:
        case.state = "declined"
        hours = plan_of(session, case, now).first_hours[case.priority]  # type: ignore[index]
        set_unless_promised(session, case, step_after_declining(hours, now), now)


def remedies_of(session: Session, case: Case) -> list[Remedy]:
    return list(session.scalars(select(Remedy).where(Remedy.case_id == case.id).order_by(Remedy.id)))


def set_unless_promised(session: Session, case: Case, step: NextStep, now: datetime) -> None:
    """Set the next step; a time promised to the customer stays as it is."""
    pending = session.scalar(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending"))
    if pending is None or pending.promise == "none":
        set_next_step(session, case, step, now, who="desk")
