"""When a hand-off is answered at the latest. Pure."""

from datetime import datetime, timedelta


def answer_by(now: datetime, open_now: bool, next_opening: datetime | None, within: timedelta) -> datetime:
    """The time that is promised: within minutes in opening hours, else so long after the next opening."""
    if open_now:
        return now + within
    return (next_opening or now + timedelta(days=1)) + within


def next_answer_by(times_late: int, now: datetime, open_now: bool, next_opening: datetime | None, within: timedelta) -> datetime:
    """A new honest time after one has passed: twice as long each time, at most eight times."""
    return answer_by(now, open_now, next_opening, within * 2 ** min(times_late, 3))
