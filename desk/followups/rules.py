"""When a promise is about to break, and when it counts as broken. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

WARN_BEFORE = timedelta(minutes=15)
"""How long before a promised time its owner is told."""
LEAD_BEFORE = timedelta(minutes=5)
"""How long before the end of a promised time the lead is told, when it is still not kept."""
GRACE = timedelta(minutes=10)
"""How long after a promised slot its promise counts as broken."""

TRY_AGAIN_AFTER = timedelta(minutes=15)
"""How long a follow-up that could not be delivered is put aside."""


def kept_until(kind: str, due_at: datetime, ends_at: datetime | None) -> datetime:
    """Done until then, a promise is kept. What the bot says at its time may come with a little delay."""
    return due_at + GRACE if kind in ("check_in", "survey") else ends_at or due_at


@dataclass(frozen=True)
class Kept:
    """How many promises were kept, and how many broken."""

    kept: int
    broken: int

    @property
    def rate(self) -> float | None:
        """From 0 to 1; None when there was none."""
        return self.kept / (self.kept + self.broken) if self.kept + self.broken else None


def count_kept(promises: Iterable[str]) -> Kept:
    """Of promises by their state: what was moved with consent, released or is still open does not count."""
    found = list(promises)
    return Kept(found.count("kept"), found.count("broken"))
