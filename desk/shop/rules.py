"""The shop's rules: what may be promised for a faulty or unwanted product."""

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Literal, NamedTuple, Self
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict, Field, NonNegativeInt, field_validator

from desk.shop.advice import Advice as Advice
from desk.shop.advice import advise as advise

RemedyKind = Literal["return", "replacement", "refund", "repair"]
DeliveryKind = Literal["home", "carried_in", "pickup_point", "store"]
Why = Literal[
    "danger",  # the product is dangerous: out of the house at the shop's cost
    "within_days",  # as new: within the days of rules.yml
    "within_warranty",
    "within_complaint_right",
    "within_return_days",  # a change of mind
    "over_price",  # from here on a person decides
    "over_days",
    "burden_passed",  # the customer would have to show that the fault was there from the start
    "not_covered",  # neither warranty nor law nor return days
    "out_of_stock",
    "age_unknown",  # not delivered yet, or we do not know the order
]


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Returns(_Part):
    """Taking back what works but is not wanted."""

    days: NonNegativeInt
    opened_ok: bool
    customer_pays: Decimal = Field(ge=0)
    refund_within_days: NonNegativeInt


class Faults(_Part):
    """What the law and the shop say about a broken product."""

    complaint_years: NonNegativeInt
    burden_years: NonNegativeInt
    shop_pays_freight: bool
    refund_within_days: NonNegativeInt
    repair_within_days: NonNegativeInt
    replacement_within_days: NonNegativeInt


class Limit(_Part):
    """May be promised within `days` of delivery for an article of at most `max_price`."""

    days: NonNegativeInt
    max_price: Decimal = Field(ge=0)


class Promises(_Part):
    """What the bot may promise by itself, by kind of remedy. A kind that is missing is always a person's decision."""

    return_: Limit | None = Field(None, alias="return")
    replacement: Limit | None = None
    refund: Limit | None = None
    repair: Limit | None = None

    def limit(self, kind: RemedyKind) -> Limit | None:
        return {"return": self.return_, "replacement": self.replacement, "refund": self.refund, "repair": self.repair}[kind]


class DeliveryOption(_Part):
    kind: DeliveryKind
    price: Decimal = Field(ge=0)
    days_from: NonNegativeInt
    days_to: NonNegativeInt
    max_kg: int | None = None


class Delivery(_Part):
    free_from: Decimal | None = None
    options: list[DeliveryOption] = []


class Cancelling(_Part):
    fee: Decimal = Field(Decimal(0), ge=0)
    fee_after_sent: Decimal = Field(Decimal(0), ge=0)


class Payment(_Part):
    methods: list[Literal["card", "invoice", "instalments", "swish", "vipps", "mobilepay", "bank"]] = []
    invoice_days: NonNegativeInt = 0
    instalment_months: list[int] = []


class Contact(_Part):
    store: str = ""
    phone: str = ""
    email: str = ""


class ShopRulesModel(_Part):
    """The whole of rules.yml."""

    version: Literal[1] = 1
    currency: str = Field("SEK", pattern=r"^[A-Z]{3}$")
    country: str = Field("SE", pattern=r"^[A-Z]{2}$")
    timezone: str = "Europe/Stockholm"
    returns: Returns
    faults: Faults
    promises: Promises
    danger: Promises
    delivery: Delivery = Delivery()
    cancelling: Cancelling = Cancelling()
    payment: Payment = Payment()
    opening_hours: dict[Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"], list[tuple[str, str]]] = {}
    contact: Contact = Contact()

    @field_validator("timezone")
    @classmethod
    def _known_timezone(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (OSError, ValueError, KeyError) as error:
            raise ValueError("is not a time zone such as Europe/Stockholm") from error
        return value

    @field_validator("opening_hours")
    @classmethod
    def _ordered_hours(cls, value: dict[str, list[tuple[str, str]]]) -> dict[str, list[tuple[str, str]]]:
        for day, spans in value.items():
            for opens, closes in spans:
                if _clock(opens) >= _clock(closes):
                    raise ValueError(f"{day}: {opens} is not before {closes}")
        return value

    @classmethod
    def cautious(cls) -> Self:
        """For a shop that has imported no rules: the law's minimum, and a person decides on everything."""
        faults = Faults(
            complaint_years=3,
            burden_years=2,
            shop_pays_freight=True,
            refund_within_days=14,
            repair_within_days=14,
            replacement_within_days=14,
        )
        returns = Returns(days=14, opened_ok=True, customer_pays=Decimal(0), refund_within_days=14)
        nothing = Promises.model_validate({})
        return cls(returns=returns, faults=faults, promises=nothing, danger=nothing)


def _clock(text: str) -> time:
    return time.max if text == "24:00" else time.fromisoformat(text)


@dataclass(frozen=True, slots=True)
class RemedyOffer:
    """One way to put it right. With `needs_human` it may be asked for, but not promised, by the bot."""

    kind: RemedyKind
    needs_human: bool
    why: Why


def remedies_for(
    rules: ShopRulesModel,
    *,
    fault: bool,
    price: Decimal,
    age_days: int | None,
    warranty_months: int,
    hazard: bool,
    stock: int,
    now: datetime,
) -> list[RemedyOffer]:
    """What may be offered, the best first. `price` is of one article, `age_days` counts from delivery (None: unknown).

    A fault or danger: the product goes back (`return`), and the customer gets another one, his money or a repair.
    No fault: he may return it for his money or another one. Never empty: at the least a person may decide on a return.
    """
    kinds = _preference(fault=fault, hazard=hazard, stock=stock)
    bought = now.date() - timedelta(days=max(0, age_days)) if age_days is not None else None
    facts = _Facts(fault, price, bought, warranty_months, hazard, stock, now.date())
    return [_offer(rules, kind, facts) for kind in kinds]


def _preference(*, fault: bool, hazard: bool, stock: int) -> list[RemedyKind]:
    swap: list[RemedyKind] = ["replacement", "refund"] if stock > 0 else ["refund", "replacement"]
    if hazard:
        return ["return", *swap]  # a repair at home would leave the danger there
    if fault:
        return ["return", *swap, "repair"] if stock > 0 else ["return", "refund", "repair", "replacement"]
    return ["return", "refund", "replacement"]


class _Facts(NamedTuple):
    fault: bool
    price: Decimal
    bought: date | None
    warranty_months: int
    hazard: bool
    stock: int
    today: date


def _offer(rules: ShopRulesModel, kind: RemedyKind, facts: _Facts) -> RemedyOffer:
    def human(why: Why) -> RemedyOffer:
        return RemedyOffer(kind, True, why)

    _, price, bought, warranty_months, hazard, stock, today = facts
    if bought is None:
        return human("age_unknown")
    age = (today - bought).days
    if kind == "replacement" and stock <= 0:
        return human("out_of_stock")
    if not facts.fault and not hazard:
        return RemedyOffer(kind, False, "within_return_days") if age <= rules.returns.days else human("not_covered")
    in_warranty = today <= add_months(bought, warranty_months)
    in_law = today <= add_months(bought, 12 * rules.faults.complaint_years)
    limit = (rules.danger if hazard else rules.promises).limit(kind)
    if hazard and kind == "return" and limit and age <= limit.days and price <= limit.max_price:
        return RemedyOffer(kind, False, "danger")  # out of the house first; who pays is settled afterwards
    if not in_warranty and not in_law:
        return human("not_covered")
    if not in_warranty and today > add_months(bought, 12 * rules.faults.burden_years):
        return human("burden_passed")
    if limit is None or price > limit.max_price:
        return human("over_price")
    if age > limit.days:
        return human("over_days")
    if hazard:
        return RemedyOffer(kind, False, "danger")
    if age <= rules.returns.days:
        return RemedyOffer(kind, False, "within_days")
    return RemedyOffer(kind, False, "within_warranty" if in_warranty else "within_complaint_right")


def add_months(day: date, months: int) -> date:
    """The same day `months` later, or that month's last (31 January + 1 month = 28 February)."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


def is_late(status: str, promised_day: date | None, today: date) -> bool:
    """The promised day has passed and the order has not come."""
    return status in ("placed", "shipped") and promised_day is not None and promised_day < today
