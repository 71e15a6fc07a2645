"""When a hand-off is answered at the latest, and what a customer asks while he waits. Pure."""

import re
from datetime import datetime, timedelta


def answer_by(now: datetime, open_now: bool, next_opening: datetime | None, within: timedelta) -> datetime:
    """The time that is promised: within minutes in opening hours, else so long after the next opening."""
    if open_now:
        return now + within
    return (next_opening or now + timedelta(days=1)) + within


def next_answer_by(times_late: int, now: datetime, open_now: bool, next_opening: datetime | None, within: timedelta) -> datetime:
    """A new honest time after one has passed: twice as long each time, at most eight times."""
    return answer_by(now, open_now, next_opening, within * 2 ** min(times_late, 3))


_PLACE = re.compile(
    r"\b(queue|in line|how long|my (place|turn)|before me"  # English
    r"|kö|kön|köplats|hur länge|hur lång tid|min tur|före mig"  # Swedish
    r"|køen?|køplass|hvor lenge|hvor lang tid|foran meg"  # Norwegian
    r"|jono\w*|kuinka kauan|kauanko|vuoro\w*|ennen minua)\b",  # Finnish
    re.IGNORECASE,
)


def asks_for_place(text: str) -> bool:
    """Whether a customer who waits asks how long, or how many are before him; in any of our languages."""
    return len(text) <= 200 and _PLACE.search(text) is not None
