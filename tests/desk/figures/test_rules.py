"""Periods by the shop's clock, shares with their uncertainty, times, who bought again, what rework costs."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.figures.periods import Period, WrongPeriod, period_asked_for
from desk.figures.rules import Share, Times, Trouble, Worth, is_first_contact, retention, rework_of, wilson
from desk.figures.service import assumptions_of
from desk.settings import Settings

SHOP = "Europe/Stockholm"
DAYS = st.dates(date(2001, 1, 1), date(2100, 1, 1))
COSTS = assumptions_of(Settings(secret="s"))  # type: ignore[arg-type]
START = datetime(2026, 9, 1, 12, 0, tzinfo=UTC)
MONTH = timedelta(days=30)


@given(day=DAYS, kind=st.sampled_from(["week", "month", "quarter"]))
def test_periods_of_a_kind_follow_each_other_without_a_gap(day: date, kind: str) -> None:
    period = Period.around(kind, day, SHOP)
    assert period.first <= day <= period.last
    assert period.later.since == period.until
    assert period.earlier.until == period.since
    assert period.earlier.later == period


@given(first=DAYS, days=st.integers(0, 400))
def test_from_a_day_to_a_day_has_both_days_in_it_and_neighbours_of_its_length(first: date, days: int) -> None:
    period = Period.between(first, first + timedelta(days=days), SHOP)
    assert period.until - period.since >= timedelta(days=days, hours=23)  # a day may lack an hour
    assert period.later.first == period.last + timedelta(days=1)
    assert period.earlier.later == period


@pytest.mark.parametrize(
    ("kind", "day", "name", "first", "last"),
    [
        ("week", "2027-01-01", "2026-W53", "2026-12-28", "2027-01-03"),
        ("month", "2028-02-29", "2028-02", "2028-02-01", "2028-02-29"),
        ("quarter", "2026-11-18", "2026-Q4", "2026-10-01", "2026-12-31"),
    ],
)
def test_periods_are_called_as_people_call_them(kind: str, day: str, name: str, first: str, last: str) -> None:
    period = period_asked_for(kind, day, "", "", date(2026, 11, 18), SHOP)
    assert (period.name, period.first.isoformat(), period.last.isoformat()) == (name, first, last)


@pytest.mark.parametrize(
    ("kind", "day", "first", "last"),
    [
        ("year", "", "", ""), ("week", "tomorrow", "", ""), ("days", "", "", ""), ("days", "", "2026-11-02", "2026-11-01"),
        ("days", "", "2020-01-01", "2026-01-01"), ("week", "0001-01-01", "", ""), ("month", "9999-12-31", "", ""),
    ],
)  # fmt: skip
def test_what_makes_no_period_is_said(kind: str, day: str, first: str, last: str) -> None:
    with pytest.raises(WrongPeriod):
        period_asked_for(kind, day, first, last, date(2026, 11, 18), SHOP)


def test_a_day_is_by_the_shops_clock_when_the_clock_is_moved_too() -> None:
    october = Period.around("month", date(2026, 10, 5), SHOP)
    assert (october.since.isoformat(), october.until.isoformat()) == ("2026-09-30T22:00:00+00:00", "2026-10-31T23:00:00+00:00")


@given(of=st.integers(1, 10_000), data=st.data())
def test_wilsons_interval_holds_the_share_and_stays_between_none_and_all(of: int, data: st.DataObject) -> None:
    count = data.draw(st.integers(0, of))
    low, high = wilson(count, of) or (1.0, 0.0)
    assert 0 <= low <= count / of <= high <= 1 or low == pytest.approx(count / of) or high == pytest.approx(count / of)
    mirrored = wilson(of - count, of)
    assert mirrored == (pytest.approx(1 - high), pytest.approx(1 - low))


def test_wilsons_interval_is_that_of_the_books() -> None:
    assert wilson(0, 0) is None
    assert wilson(9, 10) == (pytest.approx(0.5958, abs=1e-4), pytest.approx(0.9821, abs=1e-4))  # Newcombe 1998
    assert wilson(0, 20) == (0.0, pytest.approx(0.1611, abs=1e-4))


@given(st.lists(st.floats(0, 1e6), min_size=1))
def test_nine_of_ten_waited_no_longer_than_the_ninth_decile(seconds: list[float]) -> None:
    times = Times(tuple(seconds), len(seconds))
    assert times.p90 is not None
    assert sum(s <= times.p90 for s in seconds) >= 0.9 * len(seconds)
    assert sum(s < times.p90 for s in seconds) < 0.9 * len(seconds)
    assert sum(times.steps) == len(seconds)


def test_who_had_to_come_back_was_not_helped_at_first_contact() -> None:
    added = ("customer_added", START + timedelta(minutes=59))
    assert is_first_contact("satisfied", START, [added])
    for later in (("customer_added", START + timedelta(minutes=61)), ("not_solved", START), ("reopened", START)):
        assert not is_first_contact("satisfied", START, [added, later])
    assert not is_first_contact("closed_unconfirmed", START, [])


def bought(*days: float) -> list[datetime]:
    return [START + timedelta(days=d) for d in days]


def test_customers_count_by_their_first_order_whose_days_ended_in_the_period() -> None:
    orders = {
        1: bought(0, 10),  # again
        2: bought(1),  # not
        3: bought(2, 25),  # with a case that ended well, and again
        4: bought(3, 40),  # with one that did not; too late
        5: bought(4, 6),  # told us of it after he had bought again: without a case
        6: bought(29),  # his days are not over
    }
    cases = {
        3: [Trouble(START + timedelta(days=5), True)],
        4: [Trouble(START + timedelta(days=5), False)],
        5: [Trouble(START + timedelta(days=7), True)],
    }
    found = retention(orders, cases, START + MONTH, START + MONTH + timedelta(days=20), MONTH)
    assert found.without == Share(2, 3)
    assert (found.with_case, found.satisfied, found.unsatisfied) == (Share(1, 2), Share(1, 1), Share(0, 1))


@given(
    st.dictionaries(st.integers(1, 9), st.lists(st.integers(0, 90), max_size=6)),
    st.lists(st.tuples(st.integers(1, 9), st.integers(0, 90))),
)
def test_every_customer_with_a_first_order_of_the_period_is_in_one_group(
    orders: dict[int, list[int]], told: list[tuple[int, int]]
) -> None:
    placed = {c: bought(*days) for c, days in orders.items()}
    cases = {c: [Trouble(START + timedelta(days=d), d % 2 == 0) for x, d in told if x == c] for c in orders}
    since, until = START + timedelta(days=40), START + timedelta(days=80)
    found = retention(placed, cases, since, until, MONTH)
    counted = sum(any(since <= at + MONTH < until for at in days) for days in placed.values())
    assert found.without.of + found.with_case.of == counted
    assert found.satisfied.of + found.unsatisfied.of == found.with_case.of


def test_the_cost_of_a_case_is_freight_goods_refund_and_time() -> None:
    cost = rework_of(["return", "replacement"], Decimal(9000), messages=2, calls=1, tasks=0, costs=COSTS)
    assert (cost.freight, cost.goods, cost.refunds) == (298, 6300, 0)
    assert (cost.minutes, cost.work, cost.total) == (18, 108, 6706)
    assert rework_of(["return", "refund"], Decimal(500), 0, 0, 0, COSTS).total == 649
    assert rework_of(["repair"], Decimal(500), 0, 0, 1, COSTS).total == 298 + 600 + 48


@given(customers=st.integers(0, 10_000), more=st.integers(0, 10_000), sales=st.integers(0, 10**7))
def test_the_range_of_one_percent_is_in_order(customers: int, more: int, sales: int) -> None:
    orders = customers + more if customers else 0
    worth = Worth(customers, orders, Decimal(sales if orders else 0), Decimal("0.25"), Decimal(3))
    assert 0 <= worth.low <= worth.middle <= worth.high


def test_one_percent_is_worth_what_the_assumptions_say() -> None:
    worth = Worth(customers=1000, orders=2000, sales=Decimal(8_000_000), margin=Decimal("0.25"), years=Decimal(3))
    assert (worth.low, worth.middle, worth.high) == (10_000, 20_000, 60_000)
