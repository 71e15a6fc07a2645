"""When the desk may speak first: the customer's quiet hours, holidays, his weekly budget, his wish for none. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk.followups.slots import public_holidays

WEEK = timedelta(days=7)
REASONS = ("opt_out", "quiet_hours", "holiday", "budget")


@dataclass(frozen=True, slots=True)
class ContactRules:
    """Quiet from one local time until another (past midnight too), on the public holidays of `country`, and a budget."""

    quiet_from: time = time(20, 0)
    quiet_until: time = time(8, 0)
    per_week: int = 3
    country: str = "SE"


@dataclass(frozen=True, slots=True)
class Verdict:
    """May it be said now? If not: why, and the first moment at which it may (None: not before he wishes it)."""

    allowed: bool
    why: str = ""
    until: datetime | None = None


ALLOWED = Verdict(True)


def may_speak(
    now: datetime,
    timezone: str,
    said: Sequence[datetime],
    rules: ContactRules,
    *,
    opted_out: bool = False,
    urgent: bool = False,
) -> Verdict:
    """Whether we may begin to speak. `said`: when we did so before; `urgent`: a matter of safety, which nothing holds back."""
    if urgent:
        return ALLOWED
    if opted_out:
        return Verdict(False, "opt_out")
    # Another worker may have spoken a moment after this one looked at the clock: that counts too.
    why, moment, earlier = "", now, sorted(min(s, now) for s in said)
    while True:
        later, reason = _next_civil(moment, ZoneInfo(timezone), rules)
        if later == moment:
            later, reason = _next_in_budget(moment, earlier, rules.per_week), "budget"
        if later == moment:
            return Verdict(False, why, moment) if why else ALLOWED
        why, moment = why or reason, later


def _next_civil(moment: datetime, zone: ZoneInfo, rules: ContactRules) -> tuple[datetime, str]:
    """The moment itself, or the next end of what keeps us quiet."""
    local = moment.astimezone(zone)
    if local.date() in public_holidays(rules.country, local.year):
        return _at(local.date() + timedelta(days=1), time(0), zone), "holiday"
    clock, begins, ends = local.time(), rules.quiet_from, rules.quiet_until
    if begins <= ends:
        quiet, day = begins <= clock < ends, local.date()
    else:
        quiet = clock >= begins or clock < ends
        day = local.date() + timedelta(days=clock >= begins)
    return (_at(day, ends, zone), "quiet_hours") if quiet else (moment, "")


def _next_in_budget(moment: datetime, said: Sequence[datetime], per_week: int) -> datetime:
    """When fewer than `per_week` contacts lie in the seven days before."""
    recent = [s for s in said if s > moment - WEEK]
    return moment if len(recent) < per_week else recent[-per_week] + WEEK


def days_later(moment: datetime, days: int, timezone: str) -> datetime:
    """The same local time, so many days later by the calendar; an hour that the clock leaves out is the next one."""
    zone = ZoneInfo(timezone)
    local = moment.astimezone(zone)
    return _at(local.date() + timedelta(days=days), local.time(), zone)


def _at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """A local time in UTC; where the clock is moved it may be two moments, or none: then the later one."""
    local = datetime.combine(day, clock.replace(fold=0), zone)
    return max(local.astimezone(UTC), local.replace(fold=1).astimezone(UTC))
