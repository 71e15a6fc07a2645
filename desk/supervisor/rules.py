"""When a process that died is started again."""

SHORTEST_WAIT = 0.2
LONGEST_WAIT = 10.0
LONG_ENOUGH = 30.0
"""Seconds; who lived that long is started again at once, whatever happened before."""


def next_wait(last_wait: float | None, lived: float) -> float:
    """Seconds until the next start: 0.2, doubled at each short life up to 10."""
    if last_wait is None or lived >= LONG_ENOUGH:
        return SHORTEST_WAIT
    return min(LONGEST_WAIT, last_wait * 2)
