"""What articles may say of the shop: its rules, each in the words and figures of a language. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from itertools import groupby

from babel import Locale
from babel.lists import format_list

from desk.shop.rules import ShopRulesModel
from desk.times import LOCALES, say_price

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_TO = {"en": "{} to {}", "sv": "{} till {}", "nb": "{} til {}", "fi": "{}–{}"}
_METHODS = {
    "en": {"card": "card", "invoice": "invoice", "instalments": "instalments", "bank": "bank transfer"},
    "sv": {"card": "kort", "invoice": "faktura", "instalments": "delbetalning", "bank": "banköverföring"},
    "nb": {"card": "kort", "invoice": "faktura", "instalments": "delbetaling", "bank": "bankoverføring"},
    "fi": {"card": "kortti", "invoice": "lasku", "instalments": "osamaksu", "bank": "tilisiirto"},
}
_BRANDS = {"swish": "Swish", "vipps": "Vipps", "mobilepay": "MobilePay"}

NAMES = frozenset({
    "opening_hours", "store", "phone", "email", "return_days", "return_freight", "return_refund_days", "complaint_years",
    "burden_years", "fault_refund_days", "repair_days", "replacement_days", "free_delivery_from", "cancel_fee",
    "cancel_fee_sent", "payment_methods", "invoice_days", "instalment_months", "least_warranty_years", "home_price",
    "home_days", "carried_in_price", "carried_in_days", "pickup_point_price", "pickup_point_days", "store_price",
    "store_days",
})  # fmt: skip
"""The facts that there are; an article may name no others."""


def facts_of(rules: ShopRulesModel, language: str, least_warranty_months: int | None = None) -> dict[str, str]:
    """Each fact that this shop has, ready to be said; what it does not have (no such way of delivery) is missing."""
    return {name: value for name, value in _all(rules, language, least_warranty_months) if value}


def _all(rules: ShopRulesModel, language: str, least_warranty_months: int | None) -> Iterator[tuple[str, str]]:
    def price(amount: Decimal) -> str:
        return say_price(amount, rules.currency, language)

    yield "opening_hours", say_opening_hours(dict(rules.opening_hours.items()), language)
    yield "store", rules.contact.store
    yield "phone", rules.contact.phone
    yield "email", rules.contact.email
    yield "return_days", str(rules.returns.days)
    yield "return_freight", price(rules.returns.customer_pays)
    yield "return_refund_days", str(rules.returns.refund_within_days)
    yield "complaint_years", str(rules.faults.complaint_years)
    yield "burden_years", str(rules.faults.burden_years)
    yield "fault_refund_days", str(rules.faults.refund_within_days)
    yield "repair_days", str(rules.faults.repair_within_days)
    yield "replacement_days", str(rules.faults.replacement_within_days)
    if rules.delivery.free_from is not None:
        yield "free_delivery_from", price(rules.delivery.free_from)
    for option in rules.delivery.options:
        yield f"{option.kind}_price", price(option.price)
        same = option.days_from == option.days_to
        yield f"{option.kind}_days", str(option.days_to) if same else f"{option.days_from}–{option.days_to}"
    yield "cancel_fee", price(rules.cancelling.fee)
    yield "cancel_fee_sent", price(rules.cancelling.fee_after_sent)
    methods = [_BRANDS.get(m) or _METHODS[language][m] for m in rules.payment.methods]
    yield "payment_methods", _or(methods, language)
    yield "invoice_days", str(rules.payment.invoice_days or "")
    yield "instalment_months", _or([str(m) for m in rules.payment.instalment_months], language)
    if least_warranty_months:
        yield "least_warranty_years", str(least_warranty_months // 12)


def _or(items: list[str], language: str) -> str:
    return format_list(items, style="or", locale=LOCALES[language]) if items else ""


def say_opening_hours(hours: Mapping[str, Sequence[tuple[str, str]]], language: str) -> str:
    """'Monday to Friday 10-19, Saturday 10-16': days of the same hours together, closed ones left out."""
    names = Locale.parse(LOCALES[language]).days["stand-alone"]["wide"]
    runs = []
    for spans, group in groupby(range(7), key=lambda day: hours.get(DAYS[day]) or []):
        days = list(group)
        if not spans:
            continue
        first, last = names[days[0]], names[days[-1]]
        span = first if len(days) == 1 else _TO[language].format(first, last)
        clock = {"fi": "klo ", "nb": "kl. ", "sv": "kl. "}.get(language, "")
        runs.append(f"{span} {clock}" + ", ".join(f"{_short(a)}-{_short(b)}" for a, b in spans))
    return ", ".join(runs)


def _short(clock: str) -> str:
    hour, minute = clock.split(":")
    return str(int(hour)) if minute == "00" else f"{int(hour)}:{minute}"
