"""How times, numbers and lists are said on the pages, in the page's language: the filters of the templates."""

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date
from babel.lists import format_list
from babel.numbers import format_decimal
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from desk.console.names import named
from desk.console.translating import gettext as _
from desk.console.translating import language
from desk.times import LOCALES, say_clock, say_date, say_price, say_short_date, say_short_day_time

MONTHS = {"en": "MMMM y", "sv": "MMMM y", "nb": "MMMM y", "fi": "LLLL y"}


def locale() -> str:
    """The page's language with its country, for Babel."""
    return LOCALES[language()]


def relative(moment: datetime, now: datetime) -> str:
    """'4 min ago', 'in 2 h', 'just now'; console.js says it in the same words while the page stands."""
    seconds = (moment - now).total_seconds()
    away = abs(seconds)
    if away < 45:
        return _("just now") if seconds <= 0 else _("now")
    if away < 3600:
        n = round(away / 60) or 1
        return _("%(n)s min ago", n=n) if seconds < 0 else _("in %(n)s min", n=n)
    if away < 2 * 86400:
        n = round(away / 3600)
        return _("%(n)s h ago", n=n) if seconds < 0 else _("in %(n)s h", n=n)
    n = round(away / 86400)
    return _("%(n)s d ago", n=n) if seconds < 0 else _("in %(n)s d", n=n)


def exact(moment: datetime, timezone: str) -> str:
    """'Wed 18 Nov 2026, 10:00' by the agent's own clock."""
    return say_short_day_time(moment, language(), timezone, year=True)


def number(value: float | Decimal, decimals: int = 0) -> str:
    """'1234,5': with the language's own decimal point."""
    pattern = f"0.{'0' * decimals}" if decimals else "0"
    return format_decimal(value, pattern, locale=locale())


def plain_number(value: Decimal) -> str:
    """'4,5', '150': with as many decimals as there are."""
    return format_decimal(value, "0.####", locale=locale())


def day_of(day: date) -> str:
    """'Thu 19 Nov'."""
    return say_short_date(day, language())


def long_day(day: date) -> str:
    """'Thursday 19 November 2026'."""
    return as_heading(f"{say_date(day, language())} {day.year}")


def day_of_month(day: date) -> str:
    """'19 November 2026'."""
    pattern = "d MMMM y" if language() in ("en", "sv") else "d. MMMM y"
    return format_date(day, pattern, locale=locale())


def month_of(day: date) -> str:
    """'November 2026'."""
    return format_date(day, MONTHS[language()], locale=locale())


def month_name(day: date) -> str:
    """'November'."""
    return format_date(day, "LLLL", locale=locale())


def short_day(day: date, *, year: bool) -> str:
    """'19 Nov 2026', '19 Nov'."""
    pattern = {"en": "d MMM", "sv": "d MMM", "nb": "d. MMM", "fi": "d.M."}[language()]
    return format_date(day, pattern + (" y" if year else ""), locale=locale())


def as_heading(text: str) -> str:
    """With a capital letter first, where a language has small months and days."""
    return text[:1].upper() + text[1:]


def listed(codes: Iterable[str], kind: str) -> str:
    """'refund, repair and return': codes of one kind in the middle of a sentence."""
    names = [named(code, kind).lower() for code in codes]
    return format_list(names, locale=locale()) if names else ""


def price(amount: Decimal, currency: str) -> str:
    return say_price(amount, currency, language())


@pass_context
def ago(context: Context, moment: datetime) -> Markup:
    """A time as its distance from now, the exact one in the title."""
    return Markup('<time datetime="{}" title="{}" data-relative>{}</time>').format(
        moment.isoformat(), exact(moment, context["timezone"]), relative(moment, context["now"])
    )


@pass_context
def at(context: Context, moment: datetime) -> Markup:
    """A time as the clock says it, with the day when it is not today."""
    zone, now = context["timezone"], context["now"]
    today = moment.astimezone(ZoneInfo(zone)).date() == now.astimezone(ZoneInfo(zone)).date()
    text = say_clock(moment, language(), zone) if today else say_short_day_time(moment, language(), zone)
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), exact(moment, zone), text)


@pass_context
def when(context: Context, moment: datetime) -> str:
    """'Thu 19 Nov, 10:00' by the agent's own clock, as plain text."""
    return say_short_day_time(moment, language(), context["timezone"])


@pass_context
def clock(context: Context, moment: datetime) -> str:
    """'10:00' by the agent's own clock."""
    return say_clock(moment, language(), context["timezone"])


FILTERS = {
    "ago": ago, "at": at, "when": when, "clock": clock, "price": price, "moment": datetime.fromisoformat, "number": number,
    "day": day_of, "long_day": long_day, "day_of_month": day_of_month, "named": named, "listed": listed,
}  # fmt: skip
