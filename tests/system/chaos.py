"""The plan of the kills, and carrying it out: only while turns are under way, and each process started anew at once."""

import asyncio
import random
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import func, select

from desk.conversations.tables import Conversation
from tests.system.stack import NAMES, Stack

TOGETHER = 0.2
"""Of the kills, how many strike together with the one before."""
LONGEST_PAUSE = 0.4


@dataclass(frozen=True)
class Strike:
    """Whom to kill, in one go, and how long after the customers were let go on."""

    victims: tuple[str, ...]
    after: float


@dataclass
class Report:
    """What was done: the number of turns under way at each strike, and the kills of each process."""

    under_way: list[int] = field(default_factory=list)
    kills: dict[str, int] = field(default_factory=lambda: dict.fromkeys(NAMES, 0))


def plan(chance: random.Random, kills: int, of_each: int) -> list[Strike]:
    """So many kills, of each process at least `of_each`, in random order at random moments."""
    victims = [name for name in NAMES for _ in range(of_each)]
    victims += [chance.choice(NAMES) for _ in range(kills - len(victims))]
    chance.shuffle(victims)
    strikes: list[Strike] = []
    for victim in victims:
        if strikes and victim not in strikes[-1].victims and chance.random() < TOGETHER:
            strikes[-1] = Strike((*strikes[-1].victims, victim), strikes[-1].after)
        else:
            strikes.append(Strike((victim,), chance.uniform(0, LONGEST_PAUSE)))
    return strikes


class Gate:
    """Lets customers take so many steps, so that some are left to be taken at the last kill."""

    def __init__(self) -> None:
        self._steps = asyncio.Semaphore(0)

    async def pass_one(self) -> None:
        await self._steps.acquire()

    def let(self, steps: int) -> None:
        for _ in range(steps):
            self._steps.release()


async def carry_out(strikes: list[Strike], stack: Stack, gate: Gate, steps: int) -> Report:
    """Let the customers take their steps between the strikes. The processes are started from this thread."""
    report, given = Report(), 0
    for number, strike in enumerate(strikes, 1):
        allowed = steps * number // len(strikes)
        gate.let(allowed - given)
        given = allowed
        await asyncio.sleep(strike.after)
        while not (under_way := turns_under_way(stack)):  # all were answered meanwhile: a step more
            gate.let(1)
            given += 1
            await asyncio.sleep(0.02)
        for victim in strike.victims:
            stack.kill(victim)
            report.kills[victim] += 1
        struck = time.monotonic()
        for victim in strike.victims:
            stack.start(victim)
        await asyncio.to_thread(stack.wait_ready)
        report.under_way.append(under_way)
        up_after = time.monotonic() - struck
        print(
            f"{number:2}. {' and '.join(strike.victims):18} {under_way} turns under way, all up after {up_after:.1f} s", flush=True
        )
    gate.let(steps)
    return report


def turns_under_way(stack: Stack) -> int:
    """Claimed messages whose first try has not failed."""
    now = datetime.now(UTC)
    with stack.database.reading() as session:
        claimed = select(func.count()).where(Conversation.lease_until > now, Conversation.holder == "bot", Conversation.tries == 0)
        return session.scalar(claimed) or 0
