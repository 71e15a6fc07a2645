"""Slots for calls: what always holds, and what is offered on an ordinary Wednesday."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from desk.followups.slots import (
    DAYS,
    LENGTH,
    NOTICE,
    AgentHours,
    Slot,
    Taken,
    free_slots,
    is_open,
    nearest_slots,
    next_opening,
    public_holidays,
    slot_at,
    within_a_working_day,
)

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
WEEK = {day: [["09:00", "17:00"]] for day in DAYS[:5]}
EVERY_NIGHT = {day: [["00:00", "24:00"]] for day in DAYS}
MAJA = AgentHours(1, "Europe/Stockholm", "SE", WEEK)
TIMO = AgentHours(2, "Europe/Helsinki", "FI", WEEK)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def said(slots: list[Slot]) -> list[str]:
    return [slot.start.astimezone(STOCKHOLM).strftime("%m-%d %H:%M") for slot in slots]


def at(text: str) -> datetime:
    return datetime.strptime(f"2026 {text}", "%Y %m-%d %H:%M").replace(tzinfo=STOCKHOLM)


@pytest.mark.parametrize(
    ("asked", "by"),
    [
        ("11-18 10:00", "11-19 10:00"),
        ("11-18 23:00", "11-19 17:00"),
        ("11-20 16:00", "11-20 17:00"),
        ("11-20 18:00", "11-23 11:00"),
    ],
)
def test_what_needs_a_person_is_promised_for_a_time_at_which_somebody_works(asked: str, by: str) -> None:
    assert within_a_working_day(at(asked), [MAJA]).astimezone(STOCKHOLM) == at(by)


def test_offers_are_the_next_possible_then_tomorrow_morning_and_afternoon() -> None:
    assert said(free_slots(NOW, [MAJA], [])) == ["11-18 12:00", "11-19 10:00", "11-19 14:00"]


def test_early_in_the_day_one_offer_is_later_the_same_day() -> None:
    assert said(free_slots(at("11-18 06:00"), [MAJA], [])) == ["11-18 09:00", "11-18 14:00", "11-19 10:00"]


def test_offers_after_friday_are_on_monday() -> None:
    assert said(free_slots(at("11-20 16:00"), [MAJA], [])) == ["11-23 09:00", "11-23 14:00", "11-24 10:00"]


def test_offers_without_spread_are_the_first_ones() -> None:
    assert said(free_slots(NOW, [MAJA], [], spread=False, count=2)) == ["11-18 12:00", "11-18 12:30"]


def test_offers_are_filled_up_when_only_one_half_day_is_left() -> None:
    only_friday = AgentHours(1, "Europe/Stockholm", "SE", {"fri": [["09:00", "11:00"]]})
    assert said(free_slots(NOW, [only_friday], [], horizon_days=5)) == ["11-20 09:00", "11-20 09:30", "11-20 10:00"]


def test_what_the_customer_refused_is_not_offered_again() -> None:
    first = free_slots(NOW, [MAJA], [])
    again = free_slots(NOW, [MAJA], [], skip=[slot.start for slot in first])
    assert len(again) == 3
    assert not {slot.start for slot in first} & {slot.start for slot in again}


def test_offers_keep_to_the_time_the_customer_named() -> None:
    offers = free_slots(NOW, [MAJA], [], within=(at("11-19 12:00"), at("11-19 18:00")))
    assert said(offers) == ["11-19 12:00", "11-19 12:30", "11-19 13:00"]


def test_calls_are_shared_fairly_among_agents() -> None:
    hers = [(MAJA.agent_id, at("11-23 09:00"), at("11-23 12:00"))]
    offers = free_slots(NOW, [MAJA, TIMO], hers, count=1)
    assert offers[0].agent_id == TIMO.agent_id
    assert {slot.agent_id for slot in free_slots(NOW, [MAJA, TIMO], [])} == {1, 2}


def test_another_agent_takes_the_time_when_one_is_booked() -> None:
    booked = [(TIMO.agent_id, at("11-19 10:15"), at("11-19 10:45"))]
    for wanted in ("11-19 10:00", "11-19 10:30"):
        slot = slot_at(NOW, [MAJA, TIMO], booked, at(wanted))
        assert slot
        assert slot.agent_id == MAJA.agent_id
    assert slot_at(NOW, [TIMO], booked, at("11-19 10:00")) is None


@pytest.mark.parametrize("wanted", ["11-19 08:30", "11-19 17:00", "11-21 10:00", "11-19 10:10", "11-18 11:00", "12-24 10:00"])
def test_time_outside_hours_grid_notice_or_on_a_holiday_is_no_slot(wanted: str) -> None:
    assert slot_at(NOW, [MAJA], [], at(wanted), horizon_days=60) is None


def test_nearest_slots_lie_around_the_wanted_time() -> None:
    assert said(nearest_slots(NOW, [MAJA], [], at("11-19 10:10"))) == ["11-19 09:30", "11-19 10:00", "11-19 10:30"]
    assert said(nearest_slots(NOW, [MAJA], [], at("11-21 20:00"), count=2)) == ["11-20 16:00", "11-20 16:30"]


def test_midsummer_and_christmas_eve_are_free_in_sweden() -> None:
    closed = public_holidays("SE", 2026)
    assert {date(2026, 6, 19), date(2026, 12, 24), date(2026, 12, 31), date(2026, 5, 1)} <= closed
    assert date(2026, 5, 17) in public_holidays("NO", 2026)
    assert date(2026, 12, 6) in public_holidays("FI", 2026)


def test_unknown_country_is_said_aloud() -> None:
    with pytest.raises(ValueError, match="'XX'"):
        public_holidays("XX", 2026)


def test_days_off_are_kept_free() -> None:
    away = AgentHours(1, "Europe/Stockholm", "SE", WEEK, frozenset({date(2026, 11, 18), date(2026, 11, 19)}))
    assert said(free_slots(NOW, [away], [], count=1)) == ["11-20 09:00"]


def test_nobody_there_means_no_offers() -> None:
    assert free_slots(NOW, [], []) == []
    assert nearest_slots(NOW, [], [], NOW) == []
    assert not is_open(NOW, [])
    assert next_opening(NOW, []) is None


def test_desk_is_open_in_hours_and_says_when_it_opens_again() -> None:
    assert is_open(NOW, [MAJA])
    assert next_opening(NOW, [MAJA]) == NOW
    assert not is_open(at("11-18 17:00"), [MAJA])
    assert next_opening(at("11-20 17:00"), [MAJA, TIMO]) == at("11-23 08:00")
    assert next_opening(at("12-23 18:00"), [MAJA]) == at("12-28 09:00")


def test_clock_change_neither_loses_nor_doubles_a_slot() -> None:
    night = AgentHours(1, "Europe/Stockholm", "SE", EVERY_NIGHT)
    for day, hours in ((date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 10, 26), 24)):
        start = datetime.combine(day, datetime.min.time(), STOCKHOLM)
        within = (start, datetime.combine(day + timedelta(days=1), datetime.min.time(), STOCKHOLM))
        slots = free_slots(start - timedelta(days=1), [night], [], count=99, spread=False, within=within)
        starts = [slot.start.astimezone(UTC) for slot in slots]
        assert len(set(starts)) == len(starts) == 2 * hours


CLOCKS = st.integers(0, 48).map(lambda half: f"{half // 2:02}:{half % 2 * 30:02}")
SPANS = st.tuples(CLOCKS, CLOCKS).filter(lambda s: s[0] < s[1]).map(list)
ZONES = st.sampled_from(
    [
        ("Europe/Stockholm", "SE"),
        ("Europe/Oslo", "NO"),
        ("Europe/Helsinki", "FI"),
        ("Asia/Kathmandu", "SE"),
        ("Australia/Lord_Howe", "SE"),
    ]
)
AGENTS = st.lists(
    st.tuples(ZONES, st.dictionaries(st.sampled_from(DAYS), st.lists(SPANS, max_size=2), max_size=7)), min_size=1, max_size=3
).map(lambda drawn: [AgentHours(n, zone, country, hours) for n, ((zone, country), hours) in enumerate(drawn, 1)])
# Near the changes of the clock, Midsummer, Christmas, and any other day.
NEAR = st.sampled_from([datetime(2026, 3, 28, tzinfo=UTC), datetime(2026, 10, 24, tzinfo=UTC), datetime(2026, 6, 17, tzinfo=UTC)])
MOMENTS = st.one_of(
    st.datetimes(datetime(2025, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC)),  # noqa: DTZ001
    st.builds(lambda near, minutes: near + timedelta(minutes=minutes), NEAR, st.integers(0, 4000)),
)
BOOKED = st.lists(st.tuples(st.integers(1, 3), st.integers(0, 20_000), st.integers(1, 600)), max_size=8)


@settings(max_examples=150, deadline=None)
@given(
    now=MOMENTS,
    agents=AGENTS,
    booked=BOOKED,
    length=st.sampled_from([15, 30, 45, 60, 90]).map(lambda m: timedelta(minutes=m)),
    spread=st.booleans(),
)
def test_slot_is_always_within_hours_free_on_the_grid_and_on_no_holiday(
    now: datetime, agents: list[AgentHours], booked: list[tuple[int, int, int]], length: timedelta, spread: bool
) -> None:
    taken: list[Taken] = [(n, now + timedelta(minutes=a), now + timedelta(minutes=a + b)) for n, a, b in booked]
    slots = free_slots(now, agents, taken, length=length, count=8, spread=spread, horizon_days=9)
    slots += nearest_slots(now, agents, taken, now + timedelta(days=3), length=length, horizon_days=9)
    for slot in slots:
        agent = agents[slot.agent_id - 1]
        zone = ZoneInfo(agent.timezone)
        start, end = slot.start.astimezone(UTC), slot.end.astimezone(UTC)
        local = start.astimezone(zone)
        assert slot.start.tzinfo is not None
        assert end - start == length
        assert now + NOTICE <= start <= now + timedelta(days=9)
        assert local.minute in (0, 30)
        assert local.date() not in public_holidays(agent.country, local.year)
        assert not any(n == slot.agent_id and start < until and since < end for n, since, until in taken)
        minutes = [start + timedelta(minutes=m) for m in range(0, int(length.total_seconds() // 60), 5)]
        clocks = [m.astimezone(zone).strftime("%H:%M") for m in minutes]
        assert any(all(a <= c < b for c in clocks) for a, b in agent.hours.get(DAYS[local.weekday()], ()))
        assert slot_at(now, agents, taken, slot.start, length=length, horizon_days=9) is not None
    for slots_of_one in (free_slots(now, agents, taken, count=5), nearest_slots(now, agents, taken, now, count=5)):
        starts = [s.start.astimezone(UTC) for s in slots_of_one]  # in UTC: an hour of the autumn night comes twice
        assert starts == sorted(set(starts))


@settings(max_examples=100, deadline=None)
@given(now=MOMENTS, agents=AGENTS)
def test_desk_is_open_at_its_next_opening(now: datetime, agents: list[AgentHours]) -> None:
    opening = next_opening(now, agents)
    assert opening is None or (opening >= now and is_open(opening, agents))
    assert not is_open(now, agents) or opening == now


def test_default_length_is_half_an_hour() -> None:
    assert timedelta(minutes=30) == LENGTH
