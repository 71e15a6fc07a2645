"""Hearing what a text says of time: patterns are taken away one after the other, from the surest on."""

import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import lru_cache

from desk.followups.time_text import prepare
from desk.followups.time_words import TimeWords

_WEAK_WORDS = 8
"""In a longer text "now" or "later" says when something happened rather than when to call."""
_GONE = " § "
_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
_PM = r"(?P<pm> ?(?:a\.?m\.?|p\.?m\.?))"


@dataclass(frozen=True, slots=True)
class Said:
    """What a text says of time, before it is put together."""

    moment: datetime | None = None
    delta: timedelta | None = None
    day: date | None = None
    day_sure: bool = True  # False: a weekday or date that may be moved on
    weekday: int | None = None
    weekday_next: bool = False
    week: str = ""
    minutes: int | None = None  # of the day, as said
    half_day_sure: bool = False
    not_before: int | None = None
    not_after: int | None = None
    part: str = ""
    open_end: bool = False  # as soon as possible, any time
    taken: int = 0

    @property
    def empty(self) -> bool:
        return self == Said(taken=self.taken)


class _Listener:
    """A text from which one pattern after the other is taken away."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.taken = 0

    def take(self, pattern: str) -> re.Match[str] | None:
        match = _compiled(pattern).search(self.text)
        if match:
            self.taken += len(re.sub(r"[\W_]", "", match[0]))
            self.text = self.text[: match.start()] + _GONE + self.text[match.end() :]
        return match


@lru_cache(maxsize=2048)
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<!\w)(?:{pattern})(?!\w)", re.ASCII)


def listen(text: str, words: TimeWords, local_now: datetime) -> Said:
    prepared = prepare(text, words)
    listener = _Listener(prepared)
    _drop_what_is_not_meant(listener, words)
    listener.taken = 0
    said = _moment_said(listener, words, local_now)
    if said.moment is None:
        said = _clock_said(listener, words, said, prefixed=True)
        said = _day_said(listener, words, said, local_now)
        said = _clock_said(listener, words, said, prefixed=False)
        said = _part_said(listener, words, said, local_now)
        said = _bare_hour(listener, words, said)
        few = len(text.split()) <= _WEAK_WORDS
        if said.empty and few and (listener.take(words.any_time) or listener.take(words.soon)):
            said = replace(said, open_end=True)
        if said.week == "later" and not few:
            said = replace(said, week="")
    return replace(said, taken=listener.taken)


def _drop_what_is_not_meant(listener: _Listener, words: TimeWords) -> None:
    days = [p for p, _ in words.days] + [p for p, _ in words.parts] + [p for p, _ in words.weeks] + list(words.weekdays)
    listener.take(rf"(?:{words.not_}) (?:pa )?(?:{'|'.join(days)})")


def _moment_said(listener: _Listener, words: TimeWords, local_now: datetime) -> Said:
    """ISO moments, and durations from now."""
    iso = listener.take(r"(\d{4}-\d\d-\d\d)(?:[t ]+(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(z|[+-]\d\d:?\d\d)?)?")
    if iso:
        try:
            day = date.fromisoformat(iso[1])
            if not iso[2]:
                return Said(day=day)
            moment = datetime.fromisoformat(f"{iso[1]}T{iso[2]}{(iso[3] or '').upper()}")
        except ValueError:
            return Said()
        return Said(moment=moment if moment.tzinfo else moment.replace(tzinfo=local_now.tzinfo))
    if listener.take(words.hour_and_half):
        return Said(delta=timedelta(minutes=90))
    if listener.take(words.half_hour):
        return Said(delta=timedelta(minutes=30))
    if found := listener.take(words.duration):
        groups = found.groupdict()
        number, unit = groups["n"] or groups.get("n2"), str(groups["u"] or groups.get("u2"))
        amount = int(number) if number and number.isdigit() else 1
        name = next(name for start, name in words.units if re.match(start, unit))
        if name in ("minutes", "hours"):
            return Said(delta=timedelta(**{name: amount}))
        return Said(day=local_now.date() + timedelta(**{name: amount}))
    return Said()


def _day_said(listener: _Listener, words: TimeWords, said: Said, local_now: datetime) -> Said:
    if said.day or said.delta:
        return said
    today = local_now.date()
    if (day := _date_said(listener, words, today, clock_known=said.minutes is not None)) is not None:
        return replace(said, day=day)
    week = next((name for pattern, name in words.weeks if listener.take(pattern)), "")
    for pattern, away in words.days:
        if listener.take(pattern):
            return replace(said, day=today + timedelta(days=away))
    for number, pattern in enumerate(words.weekdays):
        if found := listener.take(rf"(?P<next>(?:{words.next_weekday}) )?{pattern}"):
            return replace(said, week=week, weekday=number, weekday_next=bool(found["next"]))
    if found := listener.take(words.ordinal):
        return replace(said, day=_day_of_month(int(found["d"]), today))
    return replace(said, week=week)


def _date_said(listener: _Listener, words: TimeWords, today: date, *, clock_known: bool) -> date | None:
    months = "|".join(f"(?P<m{n}>{pattern})" for n, pattern in enumerate(words.months, 1))
    year = r"(?:,? (?P<y>20\d\d))?"
    for pattern in (
        rf"(?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th|:?[ea]|\.)? ?(?:of )?(?:{months}){year}",
        rf"(?:{months}) (?:the )?(?P<d>\d{{1,2}})(?:st|nd|rd|th)?{year}",
    ):
        if found := listener.take(pattern):
            month = next(n for n in range(1, 13) if found[f"m{n}"])
            return _future_date(int(found["d"]), month, found["y"], today)
    found = listener.take(r"(?P<d>\d{1,2})/(?P<m>\d{1,2})(?:[/-](?P<y>\d{4}|\d\d))?") or listener.take(
        r"(?P<d>[0-3]?\d)\. ?(?P<m>0?[1-9]|1[0-2])\. ?(?P<y>20\d\d|\d\d(?=$| §))?(?!\d)"
    )
    if not found:
        # "24.11" is a date, "9.30" a time: a date where a time is known already or it cannot be one.
        found = _compiled(r"(?P<d>[0-3]?\d)\.(?P<m>0?[1-9]|1[0-2])(?P<y>)").search(listener.text)
        if not found or not (clock_known or int(found["d"]) > 24 or int(found["m"]) % 5 or len(found["m"]) == 1):
            return None
        found = listener.take(r"(?P<d>[0-3]?\d)\.(?P<m>0?[1-9]|1[0-2])(?P<y>)")
    if not found:
        return None
    day, month = int(found["d"]), int(found["m"])
    if month > 12 >= day:
        day, month = month, day
    return _future_date(day, month, found["y"], today)


def _future_date(day: int, month: int, year: str | None, today: date) -> date | None:
    """The date, in the coming twelve months when no year was said; None when there is none such."""
    try:
        if year:
            return date(int(year) + (2000 if len(year) == 2 else 0), month, day)
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else date(today.year + 1, month, day)
    except ValueError:
        return None


def _day_of_month(day: int, today: date) -> date | None:
    for months in range(3):
        year, month = divmod(today.year * 12 + today.month - 1 + months, 12)
        try:
            found = date(year, month + 1, day)
        except ValueError:
            continue
        if found >= today:
            return found
    return None


def _clock_said(listener: _Listener, words: TimeWords, said: Said, *, prefixed: bool) -> Said:
    """Hours with a word before them, and ranges of them; with `prefixed` false also those that stand alone."""
    if said.minutes is not None or said.not_before is not None or said.not_after is not None or said.delta:
        return said
    if prefixed:
        return _range_said(listener, words, said) or _spoken_hour(listener, words, said) or said
    found = listener.take(rf"{_HOUR}[:.](?P<minute>[0-5]\d){_PM}?h?") or listener.take(rf"{_HOUR}{_PM}")
    return _clock(found, said) if found else said


def _range_said(listener: _Listener, words: TimeWords, said: Said) -> Said | None:
    dash = r"(?<![\d-])(?P<a>\d{1,2}(?:[:.]\d\d)?) ?- ?(?P<b>\d{1,2}(?:[:.]\d\d)?)(?! ?-)"
    for pattern in (words.between, rf"(?:(?:{words.at}) ?)?{dash}"):
        if found := listener.take(rf"{pattern}{_PM}?"):
            begin, end = _minutes(found["a"], found["pm"]), _minutes(found["b"], found["pm"])
            if end <= begin and end + 720 <= 1440:
                end += 720
            return replace(said, not_before=begin, not_after=end) if begin < end <= 1440 else None
    if found := listener.take(rf"{words.after}{_PM}?"):
        return replace(said, not_before=_minutes(found["h"] or found["h2"], found["pm"]))
    if found := listener.take(rf"{words.before}{_PM}?"):
        return replace(said, not_after=_minutes(found["h"], found["pm"]))
    return None


def _spoken_hour(listener: _Listener, words: TimeWords, said: Said) -> Said | None:
    for pattern, offset in words.half:
        if found := listener.take(rf"{pattern}{_PM}?"):
            return _beside_hour(found["h"], offset, found["pm"], said)
    for pattern, sign in ((words.past, 1), (words.to, -1)):
        if found := listener.take(rf"{pattern}{_PM}?"):
            return _beside_hour(found["h"], sign * int(found["m"]), found["pm"], said)
    months = "|".join(words.months)
    hour = rf"{_HOUR}(?:[:.]?(?P<minute>[0-5]\d))?{_PM}?h?(?![/]\d|[.:]\d|(?:st|nd|rd|th)\b|\.? (?:{months})\b)"
    found = listener.take(rf"(?:{words.at}) ?{hour}")
    return _clock(found, said) if found else None


def _clock(found: re.Match[str], said: Said) -> Said:
    hour, minute = int(found["hour"]), int(found.groupdict().get("minute") or 0)
    if hour > 24 or (hour == 24 and minute):
        return said
    sure = found["hour"].startswith("0") or hour > 12
    if pm := re.sub(r"[ .]", "", found["pm"] or ""):
        if hour > 12:
            return said
        hour, sure = hour % 12 + (12 if pm == "pm" else 0), True
    return replace(said, minutes=hour % 24 * 60 + minute, half_day_sure=sure)


def _beside_hour(hour: str, offset: int, pm: str | None, said: Said) -> Said:
    """Half past, a quarter to, ten past an hour. Before one o'clock is after noon."""
    named = int(re.split(r"[:.]", hour)[0])
    minutes = named * 60 + offset
    if minutes < 60 or (named == 12 and offset > 0 and pm and "p" in pm):
        minutes = 720 + minutes % 60
    elif pm and "p" in pm and minutes < 720:
        minutes += 720
    if minutes >= 1440:
        return said
    return replace(said, minutes=minutes, half_day_sure=bool(pm) or hour.startswith("0") or named > 12)


def _minutes(clock: str, pm: str | None = None) -> int:
    """Minutes of the day of "10", "14.30", "3": an hour of 1-7 is in the afternoon. Raises nothing; 25 is past the day."""
    hour, _, minute = clock.replace(".", ":").partition(":")
    number = int(hour)
    if (pm and "p" in pm and number < 12) or (not pm and 1 <= number <= 7 and not hour.startswith("0")):
        number += 12
    return number * 60 + int(minute or 0)


def _part_said(listener: _Listener, words: TimeWords, said: Said, local_now: datetime) -> Said:
    for pattern, name in words.parts:
        if not (found := listener.take(rf"(?P<today>(?:{words.today_part}) ?)?{pattern}")):
            continue
        today = name == "tonight" or bool(found["today"])
        if today and said.day is None and said.weekday is None:
            said = replace(said, day=local_now.date())
        return replace(said, part="evening" if name == "tonight" else name)
    for pattern, hour in words.exact:
        if said.minutes is None and listener.take(pattern):
            return replace(said, minutes=hour * 60, half_day_sure=True)
    return said


def _bare_hour(listener: _Listener, words: TimeWords, said: Said) -> Said:
    """A number beside a day, or that is all there is: "tomorrow 10", "torsdag 14", "10"."""
    if said.minutes is not None or said.not_before is not None or said.not_after is not None or said.delta:
        return said
    filler = rf"(?:(?:{words.fillers})\b|[\s,.!?])*"
    hour = r"(?P<hour>[01]?\d|2[0-3])(?P<minute>[0-5]\d)?(?P<pm>)(?![\d:./-]\d)"
    for pattern in (rf"§[\s,]*{hour}(?={filler}(?:$|§))", rf"^{filler}{hour}{filler}(?=$|§)"):
        found = re.search(pattern, listener.text, re.ASCII)
        if found and (bare := _clock(found, said)) is not said:
            listener.taken += len(found["hour"])
            return bare
    return said
