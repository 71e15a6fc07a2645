"""The shop's goods, orders and rules, as imported."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from sqlalchemy import ForeignKey, Numeric
from sqlalchemy.orm import Mapped, mapped_column

from desk.db.base import Base, Json, UtcDateTime


class Product(Base):
    """An article of the catalogue. Price in `currency`, sizes in inches where the kind has them."""

    __tablename__ = "products"

    sku: Mapped[str] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(index=True)  # as the bot's entity product_kind: tv, washing_machine, ...
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))
    currency: Mapped[str]
    stock: Mapped[int]
    warranty_months: Mapped[int]
    screen_inches: Mapped[int | None]
    features: Mapped[dict[str, Any]] = mapped_column(Json, default=dict)
    description: Mapped[dict[str, str]] = mapped_column(Json, default=dict)  # by language
    image: Mapped[str] = mapped_column(default="")


class Order(Base):
    """An order placed at the shop."""

    __tablename__ = "orders"

    number: Mapped[str] = mapped_column(primary_key=True)
    customer_id: Mapped[int] = mapped_column(ForeignKey("customers.id"), index=True)
    status: Mapped[str]  # placed, shipped, delivered, cancelled
    ordered_at: Mapped[datetime] = mapped_column(UtcDateTime)
    promised_day: Mapped[date | None]
    delivered_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


class OrderLine(Base):
    """One article of an order, at the price paid for one."""

    __tablename__ = "order_lines"

    order_number: Mapped[str] = mapped_column(ForeignKey("orders.number"), primary_key=True)
    sku: Mapped[str] = mapped_column(ForeignKey("products.sku"), primary_key=True)
    quantity: Mapped[int]
    price: Mapped[Decimal] = mapped_column(Numeric(10, 2))


class ShopRules(Base):
    """The shop's rules in force (one row): what may be promised without asking a person."""

    __tablename__ = "shop_rules"

    id: Mapped[int] = mapped_column(primary_key=True)
    rules: Mapped[dict[str, Any]] = mapped_column(Json)
    changed_at: Mapped[datetime] = mapped_column(UtcDateTime)
