"""How times, days and prices are said to people, in the four languages."""

from datetime import date, datetime, time
from decimal import Decimal
from functools import lru_cache
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_time
from babel.numbers import format_currency, get_currency_symbol

LOCALES = {"en": "en_GB", "sv": "sv_SE", "nb": "nb_NO", "fi": "fi_FI"}
_DAYS = {"en": "EEEE d MMMM", "sv": "EEEE d MMMM", "nb": "EEEE d. MMMM", "fi": "EEEE d. MMMM"}
_SHORT_DAYS = {"en": "EEE d MMM", "sv": "EEE d MMM", "nb": "EEE d. MMM", "fi": "ccc d.M."}
_CLOCKS = {"en": "HH:mm", "sv": "HH.mm", "nb": "HH.mm", "fi": "H.mm"}
_AT = {"en": "at", "sv": "kl.", "nb": "kl.", "fi": "klo"}
_NEAR = {
    "en": ("today", "tomorrow"),
    "sv": ("i dag", "i morgon"),
    "nb": ("i dag", "i morgen"),
    "fi": ("tänään", "huomenna"),
}


def say_date(day: date, language: str, today: date | None = None) -> str:
    """'Thursday 19 November', with the year when it is not that of `today`."""
    spoken = _known(language)
    year = " y" if today is not None and day.year != today.year else ""
    return format_date(day, _DAYS[spoken] + year, locale=LOCALES[spoken])


@lru_cache(maxsize=4096)  # a page says the same few days hundreds of times
def say_short_date(day: date, language: str, *, year: bool = False) -> str:
    """'Thu 19 Nov', with its year if wanted: for lists."""
    spoken = _known(language)
    return format_date(day, _SHORT_DAYS[spoken] + (("y" if spoken == "fi" else " y") if year else ""), locale=LOCALES[spoken])


def say_short_day_time(moment: datetime, language: str, timezone: str, *, year: bool = False) -> str:
    """'Thu 19 Nov, 10:00' by the clock of `timezone`: for lists."""
    local = moment.astimezone(ZoneInfo(timezone))
    between = ", " if _known(language) == "en" else f" {_AT[_known(language)]} "
    return f"{say_short_date(local.date(), language, year=year)}{between}{say_clock(local, language)}"


def say_day_time(moment: datetime, language: str, timezone: str, now: datetime) -> str:
    """'tomorrow, Thursday 19 November at 10:00', by the clock of `timezone`."""
    spoken, zone = _known(language), ZoneInfo(timezone)
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    away = (local.date() - today).days
    near = f"{_NEAR[spoken][away]}, " if away in (0, 1) else ""
    return f"{near}{say_date(local.date(), spoken, today)} {_AT[spoken]} {say_clock(local, spoken)}"


def say_clock(moment: datetime, language: str, timezone: str | None = None) -> str:
    """'10:00', '10.00': the clock of `timezone`, or of the moment's own zone."""
    spoken = _known(language)
    local = moment.astimezone(ZoneInfo(timezone)) if timezone else moment
    return _say_time(local.time().replace(second=0, microsecond=0), spoken)


@lru_cache(maxsize=4 * 24 * 60)
def _say_time(clock: time, spoken: str) -> str:
    return format_time(clock, _CLOCKS[spoken], locale=LOCALES[spoken])


def say_price(amount: Decimal | int, currency: str, language: str) -> str:
    """'SEK 4,990', '4 990 kr': without decimals when there are none, with the language's own spaces."""
    spoken = _known(language)
    number = "#,##0" if amount == int(amount) else "#,##0.00"
    if spoken == "en":
        symbol = get_currency_symbol(currency, locale=LOCALES[spoken])
        pattern = f"¤\u00a0{number}" if symbol.isalpha() else f"¤{number}"
    else:
        pattern = f"{number}\u00a0¤"
    return format_currency(amount, currency, pattern, locale=LOCALES[spoken], currency_digits=False)


def _known(language: str) -> str:
    return language if language in LOCALES else "en"
