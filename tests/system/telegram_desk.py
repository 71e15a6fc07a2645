"""A desk process with Telegram and a bot that echoes, to be killed: `python -m tests.system.telegram_desk`."""

import asyncio
import os
import sys

from desk.app import make_parts
from desk.channels.telegram.receiving import Receiver
from desk.channels.telegram.service import run_telegram
from desk.settings import Settings
from desk.words import Said
from desk.worker.bot import Read, Reply, Turn
from desk.worker.loop import run_worker


class Echo:
    """Answers every message with itself, in two parts now and then."""

    async def read(self, text: str, language: str) -> Read:
        return Read()

    async def answer(self, turn: Turn) -> Reply:
        said = [Said(f"re: {turn.text}", [])]
        return Reply([*said, Said(f"more: {turn.text}", [])] if turn.text.endswith("5") else said)


def die_where_told() -> None:
    """Die in the middle: after receiving (before storing), or after storing (before the offset moves)."""
    where, after = os.environ.get("DIE", ""), int(os.environ.get("DIE_AFTER", "3"))
    store, stored = Receiver.store, 0

    async def deadly(self: Receiver, bodies: list[dict[str, object]]) -> None:
        nonlocal stored
        stored += bool(bodies)
        if bodies and where == "received" and stored >= after:
            os._exit(9)
        await store(self, bodies)
        if bodies and where == "stored" and stored >= after:
            os._exit(9)

    if where:
        Receiver.store = deadly  # type: ignore[method-assign, assignment]


async def main() -> None:
    sys.setswitchinterval(0.0005)  # as desk.serve
    parts = make_parts(Settings.load())
    await asyncio.gather(run_worker(parts, Echo()), run_telegram(parts))


if __name__ == "__main__":
    die_where_told()
    sys.exit(asyncio.run(main()))
