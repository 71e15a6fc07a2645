"""When a follow-up may be said, and when a promise counts as broken. Pure."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

WARN_BEFORE = timedelta(minutes=15)
"""How long before a promised time its owner is told."""
GRACE = timedelta(minutes=10)
"""How long after a promised slot its promise counts as broken."""
QUIET_FROM, QUIET_UNTIL = time(20, 0), time(8, 0)
"""The customer's evening and night, in his own time zone: the bot does not begin to speak then."""


def next_allowed(now: datetime, timezone: str) -> datetime:
    """`now`, or the end of the quiet hours that it falls into."""
    local = now.astimezone(ZoneInfo(timezone))
    if QUIET_UNTIL <= local.time() < QUIET_FROM:
        return now
    day = local.date() if local.time() < QUIET_UNTIL else local.date() + timedelta(days=1)
    return datetime.combine(day, QUIET_UNTIL, local.tzinfo)
