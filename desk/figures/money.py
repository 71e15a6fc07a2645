"""Figures of money: what rework costs by product, who bought again, and what a kept customer is worth."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from desk.cases.rules import APOLOGY_KINDS
from desk.cases.tables import Case, Remedy
from desk.conversations.tables import Message
from desk.figures.rules import Assumptions, Retention, Rework, Trouble, Worth, retention, rework_of
from desk.followups.tables import Followup
from desk.shop.tables import Order, OrderLine, Product

FAULTY = ("fault", "wrong_item")
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class ProductRework:
    """A product's cases, and their cost; `sold`: how many were ordered in the period. Without a sku: not known which."""

    sku: str
    name: str
    sold: int
    cases: int
    dangers: int
    rework: Rework


def rework_by_product(session: Session, since: datetime, until: datetime, costs: Assumptions) -> list[ProductRework]:
    """What the faults of the period have cost, the dearest product first."""
    faulty = and_(Case.kind.in_(FAULTY), Case.opened_at >= since, Case.opened_at < until)
    cases = session.execute(
        select(Case.id, Case.product_sku, Case.hazard, func.coalesce(OrderLine.price, Product.price))
        .outerjoin(OrderLine, and_(OrderLine.order_number == Case.order_number, OrderLine.sku == Case.product_sku))
        .outerjoin(Product, Product.sku == Case.product_sku)
        .where(faulty)
    ).all()
    remedies = _remedies(session, faulty)
    messages, done = _messages(session, faulty), _done(session, faulty)
    found: dict[str, list[tuple[bool, Rework]]] = {}
    for case_id, sku, hazard, price in cases:
        calls, tasks = done.get((case_id, "call"), 0), done.get((case_id, "task"), 0)
        cost = rework_of(remedies.get(case_id, []), Decimal(price or 0), messages.get(case_id, 0), calls, tasks, costs)
        found.setdefault(sku or "", []).append((hazard, cost))
    names = {p.sku: p.name for p in session.scalars(select(Product).where(Product.sku.in_(found)))}
    sold = _sold(session, found, since, until)
    products = [
        ProductRework(
            sku, names.get(sku, "Product not known"), sold.get(sku, 0), len(his), sum(hazard for hazard, _ in his),
            sum((cost for _, cost in his), Rework()),
        )
        for sku, his in found.items()
    ]  # fmt: skip
    return sorted(products, key=lambda p: (-p.rework.total, -p.cases, p.name))


def customers_kept(session: Session, since: datetime, until: datetime, within: timedelta) -> Retention:
    """Who bought again: those whose days after an order ended in this time."""
    bought: dict[int, list[datetime]] = {}
    placed = and_(Order.status != "cancelled", Order.ordered_at >= since - within, Order.ordered_at < until)
    for customer_id, at in session.execute(select(Order.customer_id, Order.ordered_at).where(placed)):
        bought.setdefault(customer_id, []).append(at)
    told: dict[int, list[Trouble]] = {}
    trouble = and_(Case.customer_id.is_not(None), Case.kind.in_(APOLOGY_KINDS))
    opened = and_(Case.opened_at >= since - within, Case.opened_at < until)
    for whose, at, state in session.execute(select(Case.customer_id, Case.opened_at, Case.state).where(trouble, opened)):
        told.setdefault(whose or 0, []).append(Trouble(at, state == "satisfied"))
    return retention(bought, told, since, until, within)


def worth_of_one_percent(session: Session, until: datetime, assumptions: Assumptions) -> Worth:
    """From the orders of the year before."""
    placed = and_(Order.status != "cancelled", Order.ordered_at >= until - YEAR, Order.ordered_at < until)
    customers, orders = session.execute(
        select(func.count(Order.customer_id.distinct()), func.count(Order.number)).where(placed)
    ).one()
    lines = select(OrderLine.price, func.sum(OrderLine.quantity)).join(Order, Order.number == OrderLine.order_number)
    sales = sum(
        (price * quantity for price, quantity in session.execute(lines.where(placed).group_by(OrderLine.price))), Decimal(0)
    )
    return Worth(customers, orders, sales, assumptions.margin, assumptions.years)


def _remedies(session: Session, which: ColumnElement[bool]) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    under_way = Remedy.state.in_(("arranged", "done"))
    for case_id, kind in session.execute(
        select(Remedy.case_id, Remedy.kind).join(Case, Case.id == Remedy.case_id).where(which, under_way)
    ):
        found.setdefault(case_id, []).append(kind)
    return found


def _messages(session: Session, which: ColumnElement[bool]) -> dict[int, int]:
    """What agents wrote in the conversation of a case while it was open."""
    while_open = and_(Message.at >= Case.opened_at, or_(Case.closed_at.is_(None), Message.at <= Case.closed_at))
    his = and_(Message.conversation_id == Case.conversation_id, Message.author == "agent")
    counted = select(Case.id, func.count()).join(Message, his).where(which, while_open).group_by(Case.id)
    return {case_id: int(count) for case_id, count in session.execute(counted)}


def _done(session: Session, which: ColumnElement[bool]) -> dict[tuple[int, str], int]:
    """What agents did about a case, by kind."""
    counted = (
        select(Followup.case_id, Followup.kind, func.count())
        .join(Case, Case.id == Followup.case_id)
        .where(which, Followup.done_by_id.is_not(None), Followup.state == "done")
        .group_by(Followup.case_id, Followup.kind)
    )
    return {(case_id, kind): count for case_id, kind, count in session.execute(counted)}


def _sold(session: Session, skus: Iterable[str], since: datetime, until: datetime) -> dict[str, int]:
    counted = (
        select(OrderLine.sku, func.sum(OrderLine.quantity))
        .join(Order, Order.number == OrderLine.order_number)
        .where(Order.status != "cancelled", Order.ordered_at >= since, Order.ordered_at < until, OrderLine.sku.in_(list(skus)))
        .group_by(OrderLine.sku)
    )
    return {sku: int(count) for sku, count in session.execute(counted)}
