"""The shop's goods and orders, as conversations and pages need them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from difflib import get_close_matches

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.customers.tables import Customer
from desk.shop.importing import RULES_ROW
from desk.shop.rules import Advice, ShopRulesModel, advise
from desk.shop.tables import Order, OrderLine, Product, ShopRules

_OTHER_NAMES = {
    "television": "tv",
    "refrigerator": "fridge",
    "fridge_freezer": "fridge",
    "vacuum": "vacuum_cleaner",
    "tumble_dryer": "dryer",
    "computer": "laptop",
    "e_scooter": "scooter",
    "mobile": "phone",
    "robot": "robot_vacuum",
}


@dataclass(frozen=True, slots=True)
class PriceAndStock:
    """What one pays for a product today and whether it is there; `restock_day` when it is not and the day is known."""

    product: Product
    price: Decimal
    currency: str
    stock: int
    restock_day: date | None


@dataclass(frozen=True, slots=True)
class BoughtArticle:
    """A line of an order: the product, how many, and the price paid for one."""

    product: Product
    quantity: int
    price: Decimal


def rules(session: Session) -> ShopRulesModel:
    """The rules in force; without any the cautious ones, by which the bot promises nothing."""
    row = session.get(ShopRules, RULES_ROW)
    return ShopRulesModel.model_validate(row.rules) if row else ShopRulesModel.cautious()


def products(session: Session) -> Sequence[Product]:
    """The whole catalogue, by kind and price."""
    return session.scalars(select(Product).order_by(Product.kind, Product.price, Product.sku)).all()


def recommend(
    session: Session, kind: str, room_size: str | float | None = None, budget: Decimal | None = None, limit: int = 3
) -> list[Advice]:
    """The products of a kind (tv, plasma_tv, washing_machine, ...) that suit room and budget, best first."""
    wanted = re.sub(r"[\s-]+", "_", kind.strip().casefold())
    return advise(products(session), _OTHER_NAMES.get(wanted, wanted), room_size, budget, limit)


def find_product(session: Session, name_or_sku: str) -> Product | None:
    """The one product meant by what a customer typed ("p50", "my aurora p50", "Arora P50"); None when in doubt."""
    said = _plain(name_or_sku)
    if not said:
        return None
    catalogue = products(session)
    exact = [p for p in catalogue if said in (_plain(p.name), _plain(p.sku))]
    if exact:
        return exact[0]
    inside = [p for p in catalogue if re.search(rf"\b{re.escape(_plain(p.name))}\b", said)]
    if inside:
        return inside[0] if len(inside) == 1 else None
    words = set(said.split())
    # A model's own word ("p50"), not the brand's, which several share.
    own = [p for p in catalogue if words & (set(_plain(p.name).split()) - _shared_words(catalogue))]
    if len(own) == 1:
        return own[0]
    if own:
        return None
    near = get_close_matches(said, [_plain(p.name) for p in catalogue], n=2, cutoff=0.86)
    return next((p for p in catalogue if _plain(p.name) == near[0]), None) if len(near) == 1 else None


def _shared_words(catalogue: Sequence[Product]) -> set[str]:
    words = [word for product in catalogue for word in set(_plain(product.name).split())]
    return {word for word in words if words.count(word) > 1 or word.isdigit()}


def _plain(text: str) -> str:
    return re.sub(r"[^\w]+|_", " ", text[:200].casefold()).strip()


def price_and_stock(session: Session, name_or_sku: str) -> PriceAndStock | None:
    """Price and stock of the product meant; None when it is not clear which."""
    product = find_product(session, name_or_sku)
    if product is None:
        return None
    day = product.features.get("restock_day") if product.stock <= 0 else None
    return PriceAndStock(product, product.price, product.currency, product.stock, date.fromisoformat(day) if day else None)


def find_order(session: Session, number: str, email: str) -> Order | None:
    """The order, if number and e-mail belong together. None tells nobody which of the two was wrong."""
    said = re.sub(r"[^0-9a-z]", "", number[:100].casefold())
    digits = re.sub(r"[^0-9]", "", said)
    mine = session.scalars(
        select(Order).join(Customer, Customer.id == Order.customer_id).where(Customer.email == email.strip()[:320].casefold())
    ).all()
    for order in mine:
        known = order.number.replace("-", "").casefold()
        if said == known or (known.isdigit() and digits == known):
            return order
    return None


def orders_of(session: Session, customer_id: int) -> Sequence[Order]:
    """A customer's orders, the newest first. Only for a verified customer or an agent."""
    return session.scalars(
        select(Order).where(Order.customer_id == customer_id).order_by(Order.ordered_at.desc(), Order.number)
    ).all()


def is_meant(product: Product, sku: str | None, kind: str | None) -> bool:
    """Whether a product may be the one that a customer speaks of: by its name where he gave one, else by its kind ("my TV")."""
    if sku:
        return product.sku == sku
    wanted = _OTHER_NAMES.get(kind or "", kind)
    return wanted is not None and product.kind == wanted


def order_lines(session: Session, order: Order) -> list[BoughtArticle]:
    """What was ordered, the dearest first."""
    rows = session.execute(
        select(OrderLine, Product)
        .join(Product, Product.sku == OrderLine.sku)
        .where(OrderLine.order_number == order.number)
        .order_by(OrderLine.price.desc(), OrderLine.sku)
    )
    return [BoughtArticle(product, line.quantity, line.price) for line, product in rows]


def age_days(order: Order, now: datetime) -> int | None:
    """Days since delivery by the calendar (yesterday: 1); None when it has not been delivered."""
    return max(0, (now.astimezone(UTC).date() - order.delivered_at.date()).days) if order.delivered_at else None
