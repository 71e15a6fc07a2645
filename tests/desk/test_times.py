"""How times and prices are said."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from desk.times import say_clock, say_date, say_day_time, say_price

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
TOMORROW = NOW + timedelta(days=1)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        ("en", "tomorrow, Thursday 19 November at 10:00"),
        ("sv", "i morgon, torsdag 19 november kl. 10.00"),
        ("nb", "i morgen, torsdag 19. november kl. 10.00"),
        ("fi", "huomenna, torstaina 19. marraskuuta klo 10.00"),
    ],
)
def test_tomorrow_is_called_so_in_every_language(language: str, said: str) -> None:
    assert say_day_time(TOMORROW, language, "Europe/Stockholm", NOW) == said


def test_today_and_later_days() -> None:
    assert say_day_time(NOW, "sv", "Europe/Stockholm", NOW) == "i dag, onsdag 18 november kl. 10.00"
    assert say_day_time(NOW + timedelta(days=2), "en", "Europe/Stockholm", NOW) == "Friday 20 November at 10:00"


def test_clock_and_day_are_those_of_the_customers_zone() -> None:
    late = datetime(2026, 11, 18, 22, 30, tzinfo=UTC)
    assert say_day_time(late, "fi", "Europe/Helsinki", NOW) == "huomenna, torstaina 19. marraskuuta klo 0.30"
    assert say_clock(late, "sv", "Europe/Stockholm") == "23.30"


def test_year_is_said_when_it_is_another() -> None:
    assert say_date(date(2027, 1, 7), "en", NOW.date()) == "Thursday 7 January 2027"
    assert say_date(date(2026, 12, 1), "nb") == "tirsdag 1. desember"


@pytest.mark.parametrize(
    ("language", "amount", "currency", "said"),
    [
        ("en", Decimal("8990.00"), "SEK", "SEK 8,990"),
        ("sv", Decimal("8990"), "SEK", "8 990 kr"),
        ("nb", Decimal("8990"), "NOK", "8 990 kr"),
        ("fi", Decimal("49.9"), "EUR", "49,90 €"),
        ("en", 5, "EUR", "€5"),
    ],
)
def test_price_is_written_as_the_language_does(language: str, amount: Decimal, currency: str, said: str) -> None:
    assert say_price(amount, currency, language).replace("\u00a0", " ") == said


def test_unknown_language_falls_back_to_english() -> None:
    assert say_day_time(TOMORROW, "de", "Europe/Stockholm", NOW).startswith("tomorrow")
