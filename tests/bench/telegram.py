"""How quickly the desk answers in Telegram: `python -m tests.bench.telegram [--seconds 180] [--rate 20] [--chats 1000] [--rasa]`.

The real channel in a process of its own, against the fake Telegram; the bot echoes, so that the channel is measured, not Rasa.
With `--rasa` the whole desk runs, Rasa and its actions too. The fake answers at once, so that no latency is its own.
"""

import argparse
import asyncio
import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections import defaultdict, deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import ROOT
from desk.simulator.bot_api import bot_api
from desk.simulator.chats import Chat, Json
from desk.simulator.telegram import FakeTelegram
from tests.desk.channels.telegram.conftest import served
from tests.system.stack import running

QUESTIONS = (
    "Hello!", "What are your opening hours?", "How much is the Aurora P50?", "Is the Nordvik W7 in stock?",
    "How long is the warranty?", "Do you deliver to Norway?", "How can I pay?", "Thank you",
)  # fmt: skip


class Timed(FakeTelegram):
    """Notes of each chat when something was said in it and when the answer arrived."""

    def __init__(self) -> None:
        super().__init__()
        self.waiting: dict[int, deque[float]] = defaultdict(deque)
        self.took: list[float] = []

    def ask(self, chat: Chat, text: str) -> None:
        self.waiting[chat.id].append(time.monotonic())
        self.say(chat, text)

    def receive(self, chat_id: int, reply_markup: Json | None = None, **content: object) -> Json:
        is_second_part = str(content.get("text", "")).startswith("more: ")
        if self.waiting[chat_id] and not is_second_part:
            self.took.append(time.monotonic() - self.waiting[chat_id].popleft())
        return super().receive(chat_id, reply_markup, **content)

    def unanswered(self) -> int:
        return sum(len(asked) for asked in self.waiting.values())


@contextmanager
def echoing(folder: Path, fake: FakeTelegram, url: str) -> Iterator[dict[str, int]]:
    """The desk's channel and worker with a bot that echoes."""
    database = Database(os.environ.get("FUBB_DATABASE_URL") or f"sqlite:///{folder}/fubb.sqlite")
    create_schema(database)
    database.dispose()
    environment = {
        **os.environ, "FUBB_DATA_DIR": str(folder), "FUBB_SECRET": "s" * 43, "FUBB_TELEGRAM_TOKEN": fake.token,
        "FUBB_TELEGRAM_BASE_URL": url, "FUBB_LOG_LEVEL": "ERROR",
    }  # fmt: skip
    desk = subprocess.Popen([sys.executable, "-m", "tests.system.telegram_desk"], cwd=ROOT, env=environment)
    try:
        yield {"desk": desk.pid}
    finally:
        desk.kill()
        desk.wait()


@contextmanager
def with_rasa(folder: Path, fake: FakeTelegram, url: str) -> Iterator[dict[str, int]]:
    """All that `fubb up` starts."""
    with running(folder, telegram_token=fake.token, telegram_base_url=url) as stack:
        yield {name: stack.pid(name) for name in ("desk", "rasa", "actions")}


async def measure(seconds: float, rate: float, chats: int, rasa: bool) -> None:
    fake = Timed()
    people = [fake.person(f"Customer {n}") for n in range(chats)]
    with tempfile.TemporaryDirectory() as folder:
        async with served(bot_api(fake)) as url:
            desk = (with_rasa if rasa else echoing)(Path(folder), fake, url)
            pids = await asyncio.to_thread(desk.__enter__)
            try:
                while "getUpdates" not in fake.calls:  # noqa: ASYNC110 (another process does it)
                    await asyncio.sleep(0.1)
                before = {name: cpu_of(pid) for name, pid in pids.items()}
                load = os.getloadavg()[0]
                await put_load(fake, people, seconds, rate, rasa)
                used = {name: cpu_of(pid) - before[name] for name, pid in pids.items()}
                memory = {name: memory_of(pid) for name, pid in pids.items()}
            finally:
                await asyncio.to_thread(desk.__exit__, None, None, None)
    took = sorted(fake.took)
    p = statistics.quantiles(took, n=100)
    print(
        f"{len(took)} answered, {fake.unanswered()} not; p50 {p[49]:.3f} s, p95 {p[94]:.3f} s, p99 {p[98]:.3f} s, "
        f"longest {took[-1]:.3f} s; load of the machine {load:.1f} before, {os.getloadavg()[0]:.1f} after"
    )
    for name in pids:
        each = used[name] / len(took) * 1000
        print(f"{name}: {memory[name]} MB, {used[name]:.1f} s of CPU in {seconds:.0f} s ({each:.1f} ms a message)")
    print(f"Bot API calls {fake.calls}")


async def put_load(fake: Timed, people: list[Chat], seconds: float, rate: float, rasa: bool) -> None:
    begun = time.monotonic()
    for n in range(int(seconds * rate)):
        await asyncio.sleep(max(0.0, begun + n / rate - time.monotonic()))
        fake.ask(people[n * 7 % len(people)], QUESTIONS[n % len(QUESTIONS)] if rasa else f"message {n}")
    end = time.monotonic() + 20
    while fake.unanswered() and time.monotonic() < end:  # noqa: ASYNC110
        await asyncio.sleep(0.1)


def cpu_of(pid: int) -> float:
    """Seconds of processor time that a process has used."""
    return sum(int(n) for n in Path(f"/proc/{pid}/stat").read_text().split()[13:15]) / os.sysconf("SC_CLK_TCK")


def memory_of(pid: int) -> int:
    """Megabytes that a process holds."""
    return int(Path(f"/proc/{pid}/status").read_text().split("VmRSS:")[1].split("kB")[0]) // 1024


if __name__ == "__main__":
    options = argparse.ArgumentParser()
    options.add_argument("--seconds", type=float, default=180)
    options.add_argument("--rate", type=float, default=20)
    options.add_argument("--chats", type=int, default=1000)
    options.add_argument("--rasa", action="store_true")
    given = options.parse_args()
    asyncio.run(measure(given.seconds, given.rate, given.chats, given.rasa))
