"""When a send that failed is tried again. Pure."""

from datetime import datetime, timedelta

LONGEST_WAIT = timedelta(minutes=1)
LONGEST_WAIT_UNCERTAIN = timedelta(minutes=10)
"""What may have arrived is not repeated often: nobody wants the same message sixty times an hour."""


def next_try(tries: int, now: datetime, *, uncertain: bool) -> datetime:
    """0.5 s after the first failure (2 s when uncertain), doubling up to a limit."""
    first, longest = (2.0, LONGEST_WAIT_UNCERTAIN) if uncertain else (0.5, LONGEST_WAIT)
    return now + min(longest, timedelta(seconds=first * 2 ** min(tries, 12)))
