"""What is to happen, and when: a heap of events, and a clock that jumps from one to the next."""

import heapq
from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

from tests.desk.worker.conftest import HandClock


class Agenda:
    """Events in the order of their times; those of one moment in the order in which they were planned."""

    def __init__(self, clock: HandClock) -> None:
        self._clock = clock
        self._heap: list[tuple[datetime, int, Callable[[], None]]] = []
        self._numbers = count()

    def at(self, moment: datetime, event: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (moment, next(self._numbers), event))

    def in_(self, event: Callable[[], None], **span: float) -> None:
        self.at(self._clock.now() + timedelta(**span), event)

    def next_before(self, end: datetime) -> Callable[[], None] | None:
        """The next event, the clock moved to it (never back: an answer takes its time); None when none is left."""
        if not self._heap or self._heap[0][0] >= end:
            return None
        moment, _, event = heapq.heappop(self._heap)
        self._clock.moment = max(self._clock.moment, moment)
        return event
