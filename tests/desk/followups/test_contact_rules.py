"""When the desk may speak first: what must hold for every moment, every zone, every rule."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from desk.followups.contact_rules import WEEK, ContactRules, days_later, may_speak
from desk.followups.slots import public_holidays

ZONES = ["Europe/Stockholm", "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Kiritimati"]
moments = st.datetimes(datetime(2026, 1, 1), datetime(2029, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001
clocks = st.times().map(lambda t: t.replace(microsecond=0, tzinfo=None))
rules = st.builds(
    ContactRules, quiet_from=clocks, quiet_until=clocks, per_week=st.integers(1, 4), country=st.sampled_from(["SE", "NO", "FI"])
)
PLAIN = ContactRules()


def is_civil(moment: datetime, zone: str, rules: ContactRules) -> bool:
    """Said anew, in other words than the code's: not on a holiday, not between the two clocks."""
    local = moment.astimezone(ZoneInfo(zone))
    if local.date() in public_holidays(rules.country, local.year):
        return False
    begins, ends, clock = rules.quiet_from, rules.quiet_until, local.time()
    return not (begins <= clock < ends) if begins <= ends else ends <= clock < begins


@given(now=moments, zone=st.sampled_from(ZONES), rules=rules, ago=st.lists(st.integers(0, 14 * 1440), max_size=8))
def test_what_is_allowed_is_civil_and_within_the_budget(now: datetime, zone: str, rules: ContactRules, ago: list[int]) -> None:
    said = [now - timedelta(minutes=m) for m in ago]
    verdict = may_speak(now, zone, said, rules)
    moment = now if verdict.allowed else verdict.until
    assert moment is not None
    assert moment >= now
    assert is_civil(moment, zone, rules)
    assert sum(moment - WEEK < s <= moment for s in said) < rules.per_week
    assert verdict.allowed or moment > now


@given(now=moments, zone=st.sampled_from(ZONES), ago=st.lists(st.integers(0, 14 * 1440), max_size=8), minutes=st.integers(0, 20000))
def test_it_is_held_back_no_longer_than_needed(now: datetime, zone: str, ago: list[int], minutes: int) -> None:
    said = [now - timedelta(minutes=m) for m in ago]
    verdict = may_speak(now, zone, said, PLAIN)
    earlier = now + timedelta(minutes=minutes)
    if not verdict.allowed and verdict.until is not None and earlier < verdict.until:
        full = sum(earlier - WEEK < s <= earlier for s in said) >= PLAIN.per_week
        assert full or not is_civil(earlier, zone, PLAIN)


@given(now=moments, zone=st.sampled_from(ZONES), rules=rules)
def test_nothing_holds_back_a_matter_of_safety(now: datetime, zone: str, rules: ContactRules) -> None:
    assert may_speak(now, zone, [now] * 9, rules, opted_out=True, urgent=True).allowed


@given(now=moments, zone=st.sampled_from(ZONES))
def test_he_who_wants_no_messages_is_never_written_to_first(now: datetime, zone: str) -> None:
    verdict = may_speak(now, zone, [], PLAIN, opted_out=True)
    assert (verdict.allowed, verdict.why, verdict.until) == (False, "opt_out", None)


@given(now=moments, zone=st.sampled_from(ZONES), days=st.integers(0, 400))
def test_days_later_is_the_same_clock_on_that_day(now: datetime, zone: str, days: int) -> None:
    later, local = days_later(now, days, zone).astimezone(ZoneInfo(zone)), now.astimezone(ZoneInfo(zone))
    assert later.date() == local.date() + timedelta(days=days)
    assert abs(datetime.combine(date.min, later.time()) - datetime.combine(date.min, local.time())) <= timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "until", "why"),
    [
        ("2026-11-18T21:30:00+01:00", "2026-11-19T08:00:00+01:00", "quiet_hours"),
        ("2027-03-27T23:00:00+01:00", "2027-03-30T08:00:00+02:00", "quiet_hours"),  # Easter, and the clock goes forward
        ("2026-10-24T22:00:00+02:00", "2026-10-25T08:00:00+01:00", "quiet_hours"),  # the clock goes back
        ("2026-12-24T10:00:00+01:00", "2026-12-27T08:00:00+01:00", "holiday"),
        ("2028-02-29T20:00:00+01:00", "2028-03-01T08:00:00+01:00", "quiet_hours"),
        ("2026-12-31T23:59:00+01:00", "2027-01-02T08:00:00+01:00", "holiday"),
    ],
)
def test_nights_holidays_and_moved_clocks(now: str, until: str, why: str) -> None:
    verdict = may_speak(datetime.fromisoformat(now), "Europe/Stockholm", [], PLAIN)
    assert (verdict.until, verdict.why) == (datetime.fromisoformat(until), why)


def test_a_full_week_waits_until_its_first_contact_is_a_week_old() -> None:
    now = datetime(2026, 11, 18, 12, tzinfo=UTC)
    said = [now - timedelta(days=d) for d in (1, 3, 6)]
    verdict = may_speak(now, "Europe/Stockholm", said, PLAIN)
    assert (verdict.why, verdict.until) == ("budget", now + timedelta(days=1))


def test_what_another_worker_said_a_moment_later_counts_too() -> None:
    now = datetime(2026, 11, 18, 9, tzinfo=UTC)
    said = [now - timedelta(days=1), now + timedelta(milliseconds=8)]
    verdict = may_speak(now, "Europe/Stockholm", said, ContactRules(per_week=2))
    assert (verdict.allowed, verdict.why) == (False, "budget")


def test_quiet_hours_may_lie_within_one_day() -> None:
    siesta = ContactRules(quiet_from=time(13), quiet_until=time(15))
    now = datetime(2026, 11, 18, 12, 30, tzinfo=UTC)  # 13:30 in Stockholm
    assert may_speak(now, "Europe/Stockholm", [], siesta).until == datetime(2026, 11, 18, 14, tzinfo=UTC)
