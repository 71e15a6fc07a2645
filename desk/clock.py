"""The clock: an object, so that tests and simulations can hold time in their hands."""

from datetime import UTC, datetime, timedelta


class Clock:
    """The real time, shifted by a fixed amount (zero but in simulations)."""

    def __init__(self, shift: timedelta = timedelta()) -> None:
        self._shift = shift

    def now(self) -> datetime:
        return datetime.now(UTC) + self._shift
