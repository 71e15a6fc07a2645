# ruff: noqa: ASYNC110, ASYNC220, ASYNC240
"""How quickly the desk answers in Telegram: `python -m tests.bench.telegram [--seconds 180] [--rate 20] [--chats 1000]`.

The real channel in a process of its own, against the fake Telegram; the bot echoes, so that the channel is measured, not Rasa.
"""

import argparse
import asyncio
import os
import random
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import ROOT
from desk.simulator.bot_api import bot_api
from desk.simulator.chats import Chat, Json
from desk.simulator.telegram import FakeTelegram
from tests.desk.channels.telegram.conftest import served


class Timed(FakeTelegram):
    """Notes when an update came to be and when its answer arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.said_at: dict[str, float] = {}
        self.took: list[float] = []

    def receive(self, chat_id: int, reply_markup: Json | None = None, **content: object) -> Json:
        text = str(content.get("text", "")).removeprefix("re: ")
        if text in self.said_at:
            self.took.append(time.monotonic() - self.said_at.pop(text))
        return super().receive(chat_id, reply_markup, **content)


async def measure(seconds: float, rate: float, chats: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        database = Database(os.environ.get("FUBB_DATABASE_URL") or f"sqlite:///{folder}/fubb.sqlite")
        create_schema(database)
        database.dispose()
        fake = Timed()
        people: list[Chat] = [fake.person(f"Customer {n}") for n in range(chats)]
        async with served(bot_api(fake)) as url:
            environment = {
                **os.environ, "FUBB_DATA_DIR": folder, "FUBB_SECRET": "s" * 43, "FUBB_TELEGRAM_TOKEN": fake.token,
                "FUBB_TELEGRAM_BASE_URL": url, "FUBB_LOG_LEVEL": "ERROR",
            }  # fmt: skip
            desk = subprocess.Popen([sys.executable, "-m", "tests.system.telegram_desk"], cwd=ROOT, env=environment)
            try:
                await _load(fake, people, seconds, rate)
                memory = Path(f"/proc/{desk.pid}/status").read_text().split("VmRSS:")[1].split("kB")[0].strip()
                cpu = sum(int(n) for n in Path(f"/proc/{desk.pid}/stat").read_text().split()[13:15]) / os.sysconf("SC_CLK_TCK")
            finally:
                desk.kill()
                desk.wait()
    took = sorted(fake.took)
    p = statistics.quantiles(took, n=100)
    print(
        f"{len(took)} answered, {len(fake.said_at)} not; p50 {p[49]:.3f} s, p95 {p[94]:.3f} s, p99 {p[98]:.3f} s, longest {took[-1]:.3f} s"
    )
    print(f"desk: {int(memory) // 1024} MB, {cpu:.0f} s of CPU in {seconds:.0f} s; Bot API calls {fake.calls}")


async def _load(fake: Timed, people: list[Chat], seconds: float, rate: float) -> None:
    while "getUpdates" not in fake.calls:
        await asyncio.sleep(0.1)
    begun = time.monotonic()
    for n in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, begun + n / rate - time.monotonic()))
        text = f"message {n}"
        fake.said_at[text] = time.monotonic()
        fake.say(random.choice(people), text)
    end = time.monotonic() + 20
    while fake.said_at and time.monotonic() < end:
        await asyncio.sleep(0.1)


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=180)
    options.add_argument("--rate", type=float, default=20)
    options.add_argument("--chats", type=int, default=1000)
    given = options.parse_args()
    asyncio.run(measure(given.seconds, given.rate, given.chats))
