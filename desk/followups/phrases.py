"""What moment a customer means by "tomorrow at ten", "på torsdag halv fyra", "om en timme", "huomenna iltapäivällä"."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from desk.followups.hearing import Said, listen
from desk.followups.time_words import ENGLISH, PARTS, SWEDISH, TimeWords
from desk.followups.time_words_nb_fi import FINNISH, NORWEGIAN

WORDS: Mapping[str, TimeWords] = {"en": ENGLISH, "sv": SWEDISH, "nb": NORWEGIAN, "fi": FINNISH}
ANY_TIME = timedelta(days=14)
"""As far as "any time" and "as soon as possible" reach."""
_LONGEST = 300
_OTHER_LANGUAGE = 3
"""Letters that must make sense before another language than the conversation's is believed."""


@dataclass(frozen=True, slots=True)
class TimeReading:
    """A moment (`exact`, start == end) or a stretch of time to choose in. Aware, in the customer's zone, never past."""

    start: datetime
    end: datetime
    exact: bool


def parse_time(text: str, language: str, now: datetime, timezone: str) -> TimeReading | None:
    """The time that `text` names, or None. Hours 1-7 are afternoon unless said otherwise; days come before months.

    The conversation's language is tried first; another one only wins when it explains more of the text.
    """
    zone = ZoneInfo(timezone)
    order = sorted(WORDS, key=lambda known: known != language)
    most, best = 0, None
    for known in order:
        said = listen(text[:_LONGEST], WORDS[known], now.astimezone(zone))
        if said.empty or said.taken <= most or (known != language and said.taken < _OTHER_LANGUAGE):
            continue
        most = said.taken
        try:
            best = _put_together(said, now, zone)
        except (ValueError, OverflowError):  # year 10000
            best = None
    if best and best.start.astimezone(UTC) < now:  # the hour that comes twice in autumn
        return None if best.exact else TimeReading(now.astimezone(zone), best.end, False)
    return best


def _put_together(said: Said, now: datetime, zone: ZoneInfo) -> TimeReading | None:
    local = now.astimezone(zone)
    if said.moment:
        moment = said.moment.astimezone(UTC).astimezone(zone)  # by UTC: an hour that the clock leaves out is the next
        return TimeReading(moment, moment, True) if moment > now else None
    if said.delta:
        late = local.astimezone(UTC) + said.delta
        moment = (late.replace(second=0, microsecond=0) + timedelta(minutes=bool(late.second or late.microsecond))).astimezone(zone)
        return TimeReading(moment, moment, True) if moment > now else None
    if said.open_end:
        return TimeReading(local, local + ANY_TIME, False)
    day = said.day or _day_of(said, local.date())
    if day is None and said.week:
        begin, end = _week(said.week, local)
        return _window(begin, end, now, zone)
    if said.minutes is not None:
        return _exact(said, day, local, zone)
    return _stretch(said, day, local, zone)


def _day_of(said: Said, today: date) -> date | None:
    if said.weekday is None:
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = {"this_week": 0, "week_after": 2}.get(said.week, 1 if said.weekday_next or "next" in said.week else None)
    if weeks is not None:
        return monday + timedelta(days=7 * weeks + said.weekday)
    return today + timedelta(days=(said.weekday - today.weekday() - 1) % 7 + 1)


def _exact(said: Said, day: date | None, local: datetime, zone: ZoneInfo) -> TimeReading | None:
    minutes = said.minutes or 0
    if not said.half_day_sure and minutes < 720:
        late = said.part in ("afternoon", "after_lunch", "late_afternoon", "after_work", "evening", "night", "lunch")
        early = said.part in ("early", "morning", "forenoon")
        # Nobody is called at three in the night, and nobody says "half seven" of the evening without saying so... but
        # shops do open late: hours up to seven are taken as afternoon.
        if (late and minutes >= 60) or (not early and 60 <= minutes < 480):
            minutes += 720
    moment = _at(day or local.date(), minutes, zone)
    if moment <= local and day in (None, local.date()):
        later = _at(local.date(), minutes + 720, zone) if minutes < 720 and not said.half_day_sure and not said.part else None
        if day is None:
            moment = _at(local.date() + timedelta(days=1), minutes, zone)
        elif later and later > local:
            moment = later
    return TimeReading(moment, moment, True) if moment > local else None


def _stretch(said: Said, day: date | None, local: datetime, zone: ZoneInfo) -> TimeReading | None:
    first, last = PARTS.get(said.part, (0, 24))
    begin = said.not_before if said.not_before is not None else int(first * 60)
    end = said.not_after if said.not_after is not None else int(last * 60)
    if begin >= end:  # "in the evening after six" where the part says less
        begin, end = (begin, 1440) if said.not_before is not None else (0, end)
    if not begin < end <= 1440:
        return None
    chosen = day or local.date()
    if day is None and _at(chosen, end, zone) - local < timedelta(hours=1):
        chosen += timedelta(days=1)
    return _window(_at(chosen, begin, zone), _at(chosen, end, zone), local, zone)


def _week(name: str, local: datetime) -> tuple[datetime, datetime]:
    today = local.date()
    monday = today - timedelta(days=today.weekday())
    from_to = {
        "early_next_week": (7, 10),
        "late_next_week": (10, 13),
        "next_week": (7, 14),
        "week_after": (14, 21),
        "late_this_week": (3, 7),
        "this_week": (0, 7),
        "weekend": (5, 7),
        "next_weekend": (12, 14),
    }
    if name in from_to:
        first, last = (monday + timedelta(days=n) for n in from_to[name])
    elif name == "few_days":
        first, last = today + timedelta(days=2), today + timedelta(days=6)
    elif name == "next_month":
        first = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
        last = (first + timedelta(days=32)).replace(day=1)
    else:  # later
        tomorrow = datetime.combine(today + timedelta(days=1), time(), local.tzinfo)
        begin = local + timedelta(hours=1)
        return (begin, tomorrow) if begin < tomorrow else (begin, begin + timedelta(days=1))
    return datetime.combine(first, time(), local.tzinfo), datetime.combine(last, time(), local.tzinfo)


def _window(begin: datetime, end: datetime, now: datetime, zone: ZoneInfo) -> TimeReading | None:
    start = max(begin, now.astimezone(zone))
    return TimeReading(start.astimezone(zone), end.astimezone(zone), False) if start < end else None


def _at(day: date, minutes: int, zone: ZoneInfo) -> datetime:
    """So many minutes into the day by the clock; an hour that the clock leaves out is the one after it."""
    local = datetime.combine(day + timedelta(days=minutes // 1440), time(minutes // 60 % 24, minutes % 60), zone)
    return local.astimezone(UTC).astimezone(zone)
