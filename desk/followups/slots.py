"""When an agent can call: free half hours within working hours, no holidays, nobody booked twice."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import NamedTuple
from zoneinfo import ZoneInfo

import holidays

LENGTH = timedelta(minutes=30)
NOTICE = timedelta(hours=2)
HORIZON_DAYS = 14
GRID = timedelta(minutes=30)
APART = timedelta(hours=3)
"""Spread offers lie at least so far from one another."""
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_MIDDAY = 12
_ANCHORS = {False: time(10, 0), True: time(14, 0)}
"""The civil hour of a morning and of an afternoon."""

Taken = tuple[int, datetime, datetime]
"""An agent's id and the start and end of what he is booked for."""


@dataclass(frozen=True, slots=True)
class AgentHours:
    """When an agent works: local times by day (`{"mon": [["09:00", "17:00"]]}`), never on his country's public holidays."""

    agent_id: int
    timezone: str
    country: str
    hours: Mapping[str, Sequence[Sequence[str]]]
    days_off: Collection[date] = ()


@dataclass(frozen=True, slots=True, order=True)
class Slot:
    """A time at which the agent can call; in his time zone."""

    start: datetime
    end: datetime
    agent_id: int


class Span(NamedTuple):
    """From the first to before the last moment, in UTC."""

    start: datetime
    end: datetime


@lru_cache(maxsize=256)
def public_holidays(country: str, year: int) -> frozenset[date]:
    """The days on which offices are closed. Raises ValueError for a country that is not known."""
    try:
        known = holidays.country_holidays(country, years=year)
    except NotImplementedError as error:
        raise ValueError(f"no public holidays are known for {country!r}") from error
    if "de_facto" in known.supported_categories:  # Sweden's Midsummer and Christmas Eve are only there
        known = holidays.country_holidays(country, years=year, categories=("public", "de_facto"))
    closed = set(known)
    if country in ("NO", "DK"):
        closed.add(date(year, 12, 24))  # not in the law, but nobody answers
    return frozenset(closed)


def free_slots(
    now: datetime,
    agents: Sequence[AgentHours],
    taken: Sequence[Taken],
    *,
    length: timedelta = LENGTH,
    notice: timedelta = NOTICE,
    count: int = 3,
    spread: bool = True,
    horizon_days: int = HORIZON_DAYS,
    skip: Collection[datetime] = (),
    within: tuple[datetime, datetime] | None = None,
    timezone: str | None = None,
) -> list[Slot]:
    """At most `count` slots in order of time, none of those that start at a moment of `skip`.

    `within`: only slots that start in it (a TimeReading's start and end). With `spread` the offers differ: the next one
    possible, then another half of a day each (about 10:00 or 14:00 in `timezone`, the customer's); without it they are
    the first ones.
    """
    free = _free_starts(now, agents, taken, length, notice, horizon_days)
    starts = [s for s in sorted(free) if s not in skip and (within is None or within[0] <= s < within[1])]
    zone = ZoneInfo(timezone or agents[0].timezone) if agents else ZoneInfo("UTC")
    chosen = _spread(starts, zone, count) if spread else starts[: max(0, count)]
    return _assign(chosen, free, taken, length)


def slot_at(
    now: datetime,
    agents: Sequence[AgentHours],
    taken: Sequence[Taken],
    wanted: datetime,
    *,
    length: timedelta = LENGTH,
    notice: timedelta = NOTICE,
    horizon_days: int = HORIZON_DAYS,
) -> Slot | None:
    """The slot that starts at `wanted`; None when nobody is free then or it is not on the half hour."""
    free = _free_starts(now, agents, taken, length, notice, horizon_days)
    found = _assign([wanted.astimezone(UTC)] if wanted.astimezone(UTC) in free else [], free, taken, length)
    return found[0] if found else None


def nearest_slots(
    now: datetime,
    agents: Sequence[AgentHours],
    taken: Sequence[Taken],
    wanted: datetime,
    *,
    length: timedelta = LENGTH,
    notice: timedelta = NOTICE,
    count: int = 3,
    horizon_days: int = HORIZON_DAYS,
    skip: Collection[datetime] = (),
) -> list[Slot]:
    """The slots nearest to `wanted`, before or after it, in order of time."""
    free = _free_starts(now, agents, taken, length, notice, horizon_days)
    by_distance = sorted((s for s in free if s not in skip), key=lambda s: (abs(s - wanted), s))
    return _assign(sorted(by_distance[: max(0, count)]), free, taken, length)


def is_open(now: datetime, agents: Sequence[AgentHours]) -> bool:
    """Somebody is at work."""
    return any(span.start <= now < span.end for agent in agents for span in working_spans(agent, now, now + GRID))


def next_opening(now: datetime, agents: Sequence[AgentHours], horizon_days: int = 30) -> datetime | None:
    """`now` when somebody is at work, else the next moment somebody begins; None when nobody does within the horizon."""
    until = now + timedelta(days=horizon_days)
    # The beginning is told in that agent's time zone.
    begins = [
        max(span.start, now).astimezone(ZoneInfo(agent.timezone))
        for agent in agents
        for span in working_spans(agent, now, until)
        if span.end > now
    ]
    return min(begins, default=None)


def within_a_working_day(now: datetime, agents: Sequence[AgentHours]) -> datetime:
    """By when what needs a person can honestly be done: the last working moment of 24 hours, else two hours into the next work."""
    tomorrow = now + timedelta(days=1)
    ends = [min(span.end, tomorrow) for agent in agents for span in working_spans(agent, now, tomorrow)]
    if ends:
        return max(ends)
    opening = next_opening(tomorrow, agents)
    return opening + timedelta(hours=2) if opening else tomorrow


def working_spans(agent: AgentHours, begin: datetime, end: datetime) -> Iterator[Span]:
    """The agent's working hours that overlap with `begin` to `end`."""
    zone = ZoneInfo(agent.timezone)
    day, last = begin.astimezone(zone).date(), end.astimezone(zone).date()
    while day <= last:
        if day not in agent.days_off and day not in public_holidays(agent.country, day.year):
            for opens, closes in agent.hours.get(DAYS[day.weekday()], ()):
                span = Span(_moment(day, opens, zone, latest=True), _moment(day, closes, zone, latest=False))
                if span.start < span.end and span.end > begin and span.start < end:
                    yield span
        day += timedelta(days=1)


def _moment(day: date, clock: str, zone: ZoneInfo, *, latest: bool) -> datetime:
    """A local time in UTC. Where the clock is moved it may be two moments: then the cautious one, with less work."""
    if clock == "24:00":
        day, clock = day + timedelta(days=1), "00:00"
    local = datetime.combine(day, time.fromisoformat(clock), zone)
    both = (local.replace(fold=0).astimezone(UTC), local.replace(fold=1).astimezone(UTC))
    return max(both) if latest else min(both)


def _free_starts(
    now: datetime, agents: Sequence[AgentHours], taken: Sequence[Taken], length: timedelta, notice: timedelta, horizon_days: int
) -> dict[datetime, list[AgentHours]]:
    """Who is free, by the start of a slot in UTC."""
    earliest, latest = now.astimezone(UTC) + notice, now.astimezone(UTC) + timedelta(days=horizon_days)
    free: dict[datetime, list[AgentHours]] = {}
    for agent in agents:
        zone = ZoneInfo(agent.timezone)
        booked = [(start, end) for agent_id, start, end in taken if agent_id == agent.agent_id]
        for span in working_spans(agent, earliest, latest):
            start = _on_grid(max(span.start, earliest), zone)
            while start + length <= span.end and start <= latest:
                if not any(start < until and since < start + length for since, until in booked):
                    free.setdefault(start, []).append(agent)
                start += GRID
    return free


def _on_grid(moment: datetime, zone: ZoneInfo) -> datetime:
    """This or the next moment at which the local clock shows a full or half hour."""
    local = moment.astimezone(zone)
    past = timedelta(minutes=local.minute % 30, seconds=local.second, microseconds=local.microsecond)
    return moment + (GRID - past if past else timedelta())


def _spread(starts: Sequence[datetime], zone: ZoneInfo, count: int) -> list[datetime]:
    """The first start, then one of each following half day, near its civil hour; filled up with the earliest others."""
    if not starts or count <= 0:
        return []
    chosen = [starts[0]]
    halves: dict[tuple[date, bool], list[datetime]] = {}
    for start in starts:
        local = start.astimezone(zone)
        halves.setdefault((local.date(), local.hour >= _MIDDAY), []).append(start)
    for (day, afternoon), members in halves.items():
        apart = [s for s in members if s - chosen[-1] >= APART]
        if len(chosen) >= count or not apart or members[0] == starts[0]:
            continue
        civil = datetime.combine(day, _ANCHORS[afternoon], zone)
        chosen.append(min(apart, key=lambda s: (abs(s - civil), s)))
    others = (s for s in starts if s not in chosen)
    chosen += [s for s, _ in zip(others, range(count - len(chosen)), strict=False)]
    return sorted(chosen)


def _assign(
    starts: Sequence[datetime], free: Mapping[datetime, list[AgentHours]], taken: Sequence[Taken], length: timedelta
) -> list[Slot]:
    """Give each start to the free agent with the fewest bookings, counting these offers."""
    load: dict[int, int] = {}
    for agent_id, _, _ in taken:
        load[agent_id] = load.get(agent_id, 0) + 1
    slots = []
    for start in starts:
        agent = min(free[start], key=lambda a: (load.get(a.agent_id, 0), a.agent_id))
        load[agent.agent_id] = load.get(agent.agent_id, 0) + 1
        zone = ZoneInfo(agent.timezone)
        slots.append(Slot(start.astimezone(zone), (start + length).astimezone(zone), agent.agent_id))
    return slots
