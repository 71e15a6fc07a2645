"""What goes wrong at a call of the Bot API: planned for a method, or by chance."""

import asyncio
import random
from collections import defaultdict, deque
from dataclasses import dataclass, field

from desk.simulator.errors import ApiError, Cut, too_many


@dataclass(frozen=True)
class Fault:
    """One thing that goes wrong: an answer takes time, is an error, or does not come."""

    delay: float = 0.0
    error: ApiError | None = None
    cut: bool = False
    done: bool = False
    """Whether what was asked for is done although the connection is cut."""


@dataclass
class Faults:
    """Planned faults are used up one by one; those by chance happen as often as they should."""

    planned: dict[str, deque[Fault]] = field(default_factory=lambda: defaultdict(deque))
    chance: random.Random = field(default_factory=random.Random)
    cuts: float = 0.0
    refusals: float = 0.0
    repeats: float = 0.0
    latency: float = 0.0
    happened: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def plan(self, method: str, *faults: Fault) -> None:
        """These happen at the next calls of this method, in this order."""
        self.planned[method].extend(faults)

    async def before(self, method: str) -> Fault | None:
        """Wait, fail, or tell what is to happen after the call."""
        if self.latency:
            await asyncio.sleep(self.latency)
        fault = self.planned[method].popleft() if self.planned[method] else self._by_chance(method)
        if fault is None:
            return None
        if fault.delay:
            await asyncio.sleep(fault.delay)
        if fault.error is not None:
            self.happened[f"{fault.error.code}"] += 1
            raise fault.error
        if fault.cut:
            self.happened["cut, done" if fault.done else "cut"] += 1
            if not fault.done:
                raise Cut(done=False)
            return fault
        return None

    def repeats_now(self) -> bool:
        """Whether a batch of updates comes twice."""
        is_now = self.repeats > 0 and self.chance.random() < self.repeats
        self.happened["repeat"] += is_now
        return is_now

    def _by_chance(self, method: str) -> Fault | None:
        if self.cuts and self.chance.random() < self.cuts:
            return Fault(cut=True, done=self.chance.random() < 0.5)
        if self.refusals and method.startswith("send") and self.chance.random() < self.refusals:
            return Fault(error=too_many(1))
        return None
