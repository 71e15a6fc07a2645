"""What moment a customer means by "tomorrow at ten", "på torsdag halv fyra", "om en timme", "huomenna iltapäivällä"."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from desk.followups.time_words import ENGLISH, PARTS, SWEDISH, TimeWords
from desk.followups.time_words_nb_fi import FINNISH, NORWEGIAN

WORDS: Mapping[str, TimeWords] = {"en": ENGLISH, "sv": SWEDISH, "nb": NORWEGIAN, "fi": FINNISH}
ANY_TIME = timedelta(days=14)
"""As far as "any time" and "as soon as possible" reach."""
_LONGEST = 300
_WEAK_WORDS = 8
"""In a longer text "now" or "later" says when something happened rather than when to call."""
_GONE = " § "
_HOUR = r"(?P<hour>[01]?\d|2[0-4])"
_PM = r"(?P<pm> ?(?:a\.?m\.?|p\.?m\.?))"


@dataclass(frozen=True, slots=True)
class TimeReading:
    """A moment (`exact`, start == end) or a stretch of time to choose in. Aware, in the customer's zone, never past."""

    start: datetime
    end: datetime
    exact: bool


@dataclass(frozen=True, slots=True)
class _Said:
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
        return self == _Said(taken=self.taken)


def parse_time(text: str, language: str, now: datetime, timezone: str) -> TimeReading | None:
    """The time that `text` names, or None. Hours 1-7 are afternoon unless said otherwise; days come before months.

    The conversation's language is tried first; another one only wins when it explains more of the text.
    """
    zone = ZoneInfo(timezone)
    order = sorted(WORDS, key=lambda known: known != language)
    best: tuple[int, TimeReading] | None = None
    for known in order:
        said = _listen(text[:_LONGEST], WORDS[known], now.astimezone(zone))
        if said.empty or (known != language and said.taken < 3):
            continue
        if best and said.taken <= best[0]:
            continue
        try:
            reading = _put_together(said, now, zone)
        except (ValueError, OverflowError):  # 30 February, year 10000
            continue
        if reading:
            best = (said.taken, reading)
    return best[1] if best else None


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


def fold(text: str) -> str:
    """Lower case without accents; ø is o, æ is ae."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    return re.sub(
        r"\s+", " ", "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'").replace("–", "-")
    ).strip()


_BEFORE_NUMBERS = (
    (r"\b(man|tis|tirs|ons|tors|fre|lor|son)dags?(morgon|formiddag|eftermiddag|kvall|morgen|ettermiddag|kveld)", r"\1dag \2"),
    (r"\b(maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)-?(aamu|ilta)", r"\1 \2"),
    (r"\bhuom(?:en|is)-?(aamu|ilta)", r"huomenna \1"),
    (r"\b(aamu|ilta)-?(?=(?:kymmen|yhdeks|kahdeks|seitsem|kuude|viide)\w*(?:lta|ksi))", r"\1 "),
    (r"\b(?:ett|et|a) (?:par|couple)(?: of)?\b", "2"),
    (r"\bcouple of\b", "2"),
    (r"\btwenty[ -]five\b", "25"),
    (r"\b(\w+(?:lta|ksi))\b", r"klo \1"),  # Finnish: kymmeneltä; undone below where no number follows
)
_AFTER_NUMBERS = (
    (r"\b(\d{1,2}) ?:? ?(?:lta|ksi)\b", r"klo \1"),
    (r"\b(\d{1,2}) (?:aikaan|aikoihin|maissa|tienoilla|pintaan)\b", r"klo \1"),
    (r"\bklo (?!\d)", ""),
    (r"\b(puoli|yli|vaille|vailla|klo|kello|ennen|viimeistaan|noin) klo ", r"\1 "),
    (r"(\d{1,2}[:.]?\d{0,2}) ?o'?clock\b", r"at \1"),
    (r"\bat (?=.{0,3}(?:at|around|about) \d)", ""),
    (r"(\d{1,2})ish\b", r"at \1"),
    (r"\b(?:1)? ?(\d{1,2}) (30|15|45|00)\b(?! ?(?:min|h|kr))", r"\1:\2"),  # "ten thirty"
)


def _prepare(text: str, words: TimeWords) -> str:
    text = fold(text)
    for pattern, put in _BEFORE_NUMBERS:
        if "klo" in put and words is not FINNISH:
            continue
        text = re.sub(pattern, put, text)
    text = re.sub(r"[a-z]+(?:-[a-z]+)?", lambda m: str(words.numbers.get(m[0], m[0])), text)
    if words is not FINNISH:
        return _substitute(text, _AFTER_NUMBERS[4:])
    # "klo" was put before every word in -lta or -ksi; it stays only before a number or where it was typed.
    return _substitute(text, _AFTER_NUMBERS)


def _substitute(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for pattern, put in pairs:
        text = re.sub(pattern, put, text)
    return text


def _listen(text: str, words: TimeWords, local_now: datetime) -> _Said:
    prepared = _prepare(text, words)
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


def _moment_said(listener: _Listener, words: TimeWords, local_now: datetime) -> _Said:
    """ISO moments, and durations from now."""
    iso = listener.take(r"(\d{4}-\d\d-\d\d)(?:[t ]+(\d\d:\d\d(?::\d\d)?)(?:\.\d+)?(z|[+-]\d\d:?\d\d)?)?")
    if iso:
        try:
            day = date.fromisoformat(iso[1])
            if not iso[2]:
                return _Said(day=day)
            moment = datetime.fromisoformat(f"{iso[1]}T{iso[2]}{(iso[3] or '').upper()}")
        except ValueError:
            return _Said()
        return _Said(moment=moment if moment.tzinfo else moment.replace(tzinfo=local_now.tzinfo))
    if listener.take(words.hour_and_half):
        return _Said(delta=timedelta(minutes=90))
    if listener.take(words.half_hour):
        return _Said(delta=timedelta(minutes=30))
    if found := listener.take(words.duration):
        groups = found.groupdict()
        number, unit = groups["n"] or groups.get("n2"), str(groups["u"] or groups.get("u2"))
        amount = int(number) if number and number.isdigit() else 1
        name = next(name for start, name in words.units if re.match(start, unit))
        if name in ("minutes", "hours"):
            return _Said(delta=timedelta(**{name: amount}))
        return _Said(day=local_now.date() + timedelta(**{name: amount}))
    return _Said()


def _day_said(listener: _Listener, words: TimeWords, said: _Said, local_now: datetime) -> _Said:
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


def _clock_said(listener: _Listener, words: TimeWords, said: _Said, *, prefixed: bool) -> _Said:
    """Hours with a word before them, and ranges of them; with `prefixed` false also those that stand alone."""
    if said.minutes is not None or said.not_before is not None or said.not_after is not None or said.delta:
        return said
    if prefixed:
        return _range_said(listener, words, said) or _spoken_hour(listener, words, said) or said
    found = listener.take(rf"{_HOUR}[:.](?P<minute>[0-5]\d){_PM}?h?") or listener.take(rf"{_HOUR}{_PM}")
    return _clock(found, said) if found else said


def _range_said(listener: _Listener, words: TimeWords, said: _Said) -> _Said | None:
    dash = r"(?<![\d-])(?P<a>\d{1,2}(?:[:.]\d\d)?) ?- ?(?P<b>\d{1,2}(?:[:.]\d\d)?)(?! ?-)"
    for pattern in (words.between, rf"(?:(?:{words.at}) ?)?{dash}"):
        if found := listener.take(rf"{pattern}{_PM}?"):
            begin, end = _minutes(found["a"], found["pm"]), _minutes(found["b"], found["pm"])
            if end <= begin and end + 720 <= 1440:
                end += 720
            return replace(said, not_before=begin, not_after=end) if begin < end <= 1440 else None
    if found := listener.take(rf"{words.after}{_PM}?"):
        return replace(said, not_before=_minutes(found["h"], found["pm"]))
    if found := listener.take(rf"{words.before}{_PM}?"):
        return replace(said, not_after=_minutes(found["h"], found["pm"]))
    return None


def _spoken_hour(listener: _Listener, words: TimeWords, said: _Said) -> _Said | None:
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


def _clock(found: re.Match[str], said: _Said) -> _Said | None:
    hour, minute = int(found["hour"]), int(found["minute"] or 0)
    if hour > 24 or (hour == 24 and minute):
        return said
    sure = found["hour"].startswith("0") or hour > 12
    if pm := re.sub(r"[ .]", "", found["pm"] or ""):
        if hour > 12:
            return said
        hour, sure = hour % 12 + (12 if pm == "pm" else 0), True
    return replace(said, minutes=hour % 24 * 60 + minute, half_day_sure=sure)


def _beside_hour(hour: str, offset: int, pm: str | None, said: _Said) -> _Said:
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


def _part_said(listener: _Listener, words: TimeWords, said: _Said, local_now: datetime) -> _Said:
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


def _bare_hour(listener: _Listener, words: TimeWords, said: _Said) -> _Said:
    """A number beside a day, or that is all there is: "tomorrow 10", "torsdag 14", "10"."""
    if said.minutes is not None or said.not_before is not None or said.not_after is not None or said.delta:
        return said
    filler = rf"(?:(?:{words.fillers})\b|[\s,.!?])*"
    hour = r"(?P<hour>[01]?\d|2[0-3])(?P<minute>[0-5]\d)?(?P<pm>)(?![\d:./-]\d)"
    for pattern in (rf"§[\s,]*{hour}(?={filler}(?:$|§))", rf"^{filler}{hour}{filler}(?=$|§)"):
        found = re.search(pattern, listener.text, re.ASCII)
        if found and (bare := _clock(found, said)):
            listener.taken += len(found["hour"])
            return bare
    return said


def _put_together(said: _Said, now: datetime, zone: ZoneInfo) -> TimeReading | None:
    local = now.astimezone(zone)
    if said.moment:
        moment = said.moment.astimezone(zone)
        return TimeReading(moment, moment, True) if moment > now else None
    if said.delta:
        late = local.astimezone(UTC) + said.delta
        moment = (late.replace(second=0, microsecond=0) + timedelta(minutes=bool(late.second or late.microsecond))).astimezone(
            zone
        )
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


def _day_of(said: _Said, today: date) -> date | None:
    if said.weekday is None:
        return None
    monday = today - timedelta(days=today.weekday())
    weeks = {"this_week": 0, "week_after": 2}.get(said.week, 1 if said.weekday_next or "next" in said.week else None)
    if weeks is not None:
        return monday + timedelta(days=7 * weeks + said.weekday)
    return today + timedelta(days=(said.weekday - today.weekday() - 1) % 7 + 1)


def _exact(said: _Said, day: date | None, local: datetime, zone: ZoneInfo) -> TimeReading | None:
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


def _stretch(said: _Said, day: date | None, local: datetime, zone: ZoneInfo) -> TimeReading | None:
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
        "early_next_week": (7, 10), "late_next_week": (10, 13), "next_week": (7, 14), "week_after": (14, 21), "late_this_week": (3, 7),
        "this_week": (0, 7), "weekend": (5, 7), "next_weekend": (12, 14),
    }  # fmt: skip
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
