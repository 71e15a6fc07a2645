"""A worker to be killed, by a clock that the test moves: `python -m tests.system.followup_worker CLOCK READY`."""

import asyncio
import json
import os
import sys
import time
from datetime import datetime, timedelta
from pathlib import Path

from desk.app import make_parts
from desk.clock import Clock
from desk.settings import Settings
from desk.worker import loop
from desk.worker.bot import Read, Reply, Turn


class HoppingClock(Clock):
    """Goes at the pace of the real one, and hops to where the test puts it: for all processes at once."""

    def __init__(self, path: Path) -> None:
        super().__init__()
        self._path = path

    def now(self) -> datetime:
        hop = json.loads(self._path.read_text())
        return datetime.fromisoformat(hop["to"]) + timedelta(seconds=time.monotonic() - hop["at"])

    def hop_to(self, moment: datetime) -> None:
        new = self._path.with_suffix(".new")
        new.write_text(json.dumps({"to": moment.isoformat(), "at": time.monotonic()}))
        os.replace(new, self._path)


class Nobody:
    """Nobody writes, so no bot is asked."""

    async def answer(self, turn: Turn) -> Reply:
        raise AssertionError(turn)

    async def read(self, text: str, language: str) -> Read:
        raise AssertionError(text)


async def main(clock: HoppingClock, ready: Path) -> None:
    loop.POLL = 0.05  # what half a second is in a day is a month in a year of minutes
    parts = make_parts(Settings.load(), clock=clock)
    with parts.database.reading(), ready.open("a") as file:
        file.write(f"{os.getpid()} {clock.now().isoformat()}\n")
    await loop.run_worker(parts, Nobody())


if __name__ == "__main__":
    sys.exit(asyncio.run(main(HoppingClock(Path(sys.argv[1])), Path(sys.argv[2]))))
