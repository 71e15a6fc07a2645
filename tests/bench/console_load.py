"""The console under load: 200 wait, 50 agents' pages are open and live, 20 messages a second come in.

`python -m tests.bench.console_load [SECONDS]`: the real desk process on SQLite (or PG: FUBB_BENCH_POSTGRES, the address of a
server), no Rasa: people hold the conversations. Every agent has his own conversation open, and does what the page does: hears
the stream, fetches what it says has changed, and everything again every 20 seconds. Five leads look at the queue besides, and
one message in twenty is of a customer who waits. A message is on the page when the stream has brought it there.

Then pages are timed with 100 and with 10,000 conversations in the database: two desks, asked in turn, so that whatever else
the machine does falls on both.
"""

import asyncio
import json
import os
import random
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import httpx
from sqlalchemy import insert
from sqlalchemy.orm import Session

from desk.agents.service import start_session
from desk.agents.tables import Agent
from desk.cases.tables import Case
from desk.console.doors import COOKIE
from desk.conversations.access import take_as_agent
from desk.conversations.service import hash_token, lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import ROOT
from tests.desk.cast import add_agent, hand_off, talk
from tests.system.stack import empty_postgres, free_ports

T = TypeVar("T")
AGENTS, LEADS, WAITING, RATE = 50, 5, 200, 20
PAGES = ("/desk/", "/desk/conversations/{}", "/desk/cases", "/desk/followups", "/desk/search?q=kettle", "/desk/search?q=order")
"""Nobody has said the first word that is searched for, everybody the second."""
POLL = 20.0
"""Seconds after which a page fetches everything again, whatever it has heard."""


class Page:
    """An agent's open page: hears the stream, fetches what changed, notes when a message was there."""

    def __init__(self, client: httpx.AsyncClient, conversation: str, seq: int, arrived: dict[str, float]) -> None:
        self.client, self.conversation, self.arrived = client, conversation, arrived
        self.stream = f"/desk/events?conversation={conversation}&after={seq}" if conversation else "/desk/events"

    async def live(self) -> None:
        poll = asyncio.create_task(self.poll())
        try:
            async with self.client.stream("GET", self.stream, timeout=None) as stream:
                event = ""
                async for line in stream.aiter_lines():
                    if line.startswith("event: "):
                        event = line.removeprefix("event: ")
                        await self.fetch(event)
                    elif event == "said" and "bench-" in line:
                        for word in line.split("bench-")[1:]:
                            self.arrived.setdefault(word[:16], time.monotonic())
        finally:
            poll.cancel()

    async def poll(self) -> None:
        await asyncio.sleep(POLL * random.random())
        while True:
            await self.fetch("conversation" if self.conversation else "queue")
            await asyncio.sleep(POLL)

    async def fetch(self, event: str) -> None:
        if event == "conversation":
            await self.client.get(f"/desk/conversations/{self.conversation}/live?stance=me")
        elif event == "queue" and not self.conversation:
            await self.client.get("/desk/queue")
        elif event in ("counts", "followups", "alerts"):
            await self.client.get("/desk/nav?place=queue")


@dataclass(frozen=True)
class Desk:
    """An agent at work: his cookie, the conversation that he has open (none: the queue), its customer's token and last seq."""

    cookie: str
    conversation: str = ""
    token: str = ""
    seq: int = 0


def prepare(database: Database, waiting: int, agents: int = AGENTS) -> tuple[list[Desk], list[str]]:
    """Agents who hold a conversation each, leads who look at the queue, and those who wait: their customers' tokens."""
    now, desks, tokens = datetime.now(UTC), [], []
    with database.writing() as session:
        people = [
            add_agent(session, f"agent{n}", f"Agent {n}", ["en"], role="agent" if n < agents else "lead", now=now)
            for n in range(agents + LEADS)
        ]
    for number, agent in enumerate(people):
        with database.writing() as session:
            known = session.get_one(Agent, agent.id)
            cookie, _ = start_session(session, known, now, 12)
            if number >= agents:
                desks.append(Desk(cookie))
                continue
            conversation, token = with_token(session, now)
            take_as_agent(session, known, conversation.id, now)
            desks.append(Desk(cookie, conversation.id, token, conversation.last_seq))
    for _ in range(waiting):
        with database.writing() as session:
            conversation, token = with_token(session, now)
            hand_off(session, conversation, now=now)
            tokens.append(token)
    return desks, tokens


def with_token(session: Session, now: datetime) -> tuple[Conversation, str]:
    """A conversation, and the token by which its customer writes."""
    conversation, token = lock_conversation(session, talk(session, "A person, please", now=now).id), secrets.token_urlsafe(16)
    conversation.token_hash = hash_token(token)
    return conversation, token


def fill(database: Database, count: int) -> None:
    """So many more conversations with the bot, each with two messages, and every other one with a closed case."""
    now = datetime.now(UTC) - timedelta(days=2)
    ids = [secrets.token_hex(13) for _ in range(count)]
    common = {"channel": "website", "created_at": now, "changed_at": now, "next_try_at": now, "last_seq": 2}
    with database.writing() as session:
        session.execute(insert(Conversation), [{"id": i, **common} for i in ids])
        said = {"text": "Where is my order?", "at": now, "buttons": [], "attachments": []}
        session.execute(
            insert(Message),
            [{"id": f"c{i}", "conversation_id": i, "seq": 1, "author": "customer", "state": "answered", **said} for i in ids],
        )
        session.execute(insert(Message), [{"conversation_id": i, "seq": 2, "author": "bot", **said} for i in ids])
        closed = {
            "kind": "request", "summary": "Where is my order?", "state": "closed_unconfirmed", "opened_at": now, "closed_at": now,
            "closed_reason": "He did not answer.", "closed_by_id": 1,
        }  # fmt: skip
        session.execute(insert(Case), [{"conversation_id": i, "source_message_id": f"c{i}", **closed} for i in ids[::2]])
    with database.engine.begin() as connection:
        connection.exec_driver_sql("ANALYZE")


async def load(base: str, desks: list[Desk], waiting: list[str], seconds: int) -> tuple[list[float], int]:
    """Seconds from a customer's sending until the message was on his agent's page, sorted; how many never came."""
    arrived: dict[str, float] = {}
    sent: dict[str, float] = {}
    clients = [httpx.AsyncClient(base_url=base, cookies={COOKIE: d.cookie}, timeout=60) for d in desks]
    pages = [asyncio.create_task(Page(c, d.conversation, d.seq, arrived).live()) for c, d in zip(clients, desks, strict=True)]
    held = [d.token for d in desks if d.token]
    await asyncio.sleep(3)
    sends = set()
    async with httpx.AsyncClient(base_url=base, timeout=60) as customers:

        async def send(number: int) -> None:
            word, in_queue = secrets.token_hex(8), number % 20 == 0
            if not in_queue:
                sent[word] = time.monotonic()
            token = waiting[number // 20 % len(waiting)] if in_queue else held[number % len(held)]
            body = {"client_id": word, "text": f"bench-{word}"}
            (await customers.post("/api/chat/messages", json=body, headers={"Authorization": f"Bearer {token}"})).raise_for_status()

        start = time.monotonic()
        for number in range(RATE * seconds):
            await asyncio.sleep(max(0.0, start + number / RATE - time.monotonic()))
            task = asyncio.create_task(send(number))
            sends.add(task)
            task.add_done_callback(sends.discard)
        await asyncio.gather(*sends)
    await asyncio.sleep(3)
    for page in pages:
        page.cancel()
    await asyncio.gather(*pages, return_exceptions=True)
    for client in clients:
        await client.aclose()
    return sorted(arrived[w] - sent[w] for w in sent.keys() & arrived.keys()), len(sent.keys() - arrived.keys())


@contextmanager
def running_desk(folder: Path, server: str, prepared: Callable[[Database], T]) -> Iterator[tuple[str, int, T]]:
    """The desk's process on a database so prepared: its address, its pid, and what was prepared."""
    (port,) = free_ports(1)
    with ExitStack() as ends:
        url = ends.enter_context(empty_postgres(server, folder.name)) if server else f"sqlite:///{folder / 'fubb.sqlite'}"
        database = Database(url)
        ends.callback(database.dispose)
        create_schema(database)
        found = prepared(database)
        environment = {
            **{k: v for k, v in os.environ.items() if k != "FUBB_BENCH_POSTGRES"}, "FUBB_DATA_DIR": str(folder), "FUBB_PORT": str(port), "FUBB_DATABASE_URL": url,
            "FUBB_MESSAGES_PER_MINUTE": "100000", "FUBB_ANSWER_WITHIN_MINUTES": "600",
        }  # fmt: skip
        desk = subprocess.Popen([sys.executable, "-m", "desk.serve"], cwd=ROOT, env=environment)
        try:
            _wait(f"http://127.0.0.1:{port}")
            yield f"http://127.0.0.1:{port}", desk.pid, found
        finally:
            desk.terminate()
            desk.wait()


def under_load(folder: Path, server: str, seconds: int) -> dict[str, object]:
    with running_desk(folder, server, lambda d: prepare(d, WAITING)) as (base, pid, (desks, waiting)):
        before = _cpu(pid)
        took, lost = asyncio.run(load(base, desks, waiting, seconds))
        return {
            "messages": len(took), "never_came": lost, "p50_ms": round(took[len(took) // 2] * 1000),
            "p95_ms": round(took[int(len(took) * 0.95)] * 1000), "max_ms": round(took[-1] * 1000),
            "desk_cpu_percent_of_a_core": round(100 * (_cpu(pid) - before) / (seconds + 6)), "desk_memory_mb": round(_memory(pid)),
        }  # fmt: skip


def pages_few_and_many(folder: Path, server: str, times: int = 40) -> dict[str, object]:
    """Median milliseconds of pages with 100 and with 10,000 conversations, and how many times as long."""

    def some(database: Database, count: int) -> list[Desk]:
        desks, _ = prepare(database, 20, agents=10)
        fill(database, count - 30)
        return desks

    few, many = folder / "few", folder / "many"
    few.mkdir()
    many.mkdir()
    with (
        running_desk(few, server, lambda d: some(d, 100)) as (base_few, _, desks_few),
        running_desk(many, server, lambda d: some(d, 10_000)) as (base_many, _, desks_many),
        httpx.Client(base_url=base_few, cookies={COOKIE: desks_few[0].cookie}) as ask_few,
        httpx.Client(base_url=base_many, cookies={COOKIE: desks_many[0].cookie}) as ask_many,
    ):
        found: dict[str, object] = {}
        for path in PAGES:
            taken: tuple[list[float], list[float]] = ([], [])
            for _ in range(times):
                for client, desks, times_taken in ((ask_few, desks_few, taken[0]), (ask_many, desks_many, taken[1])):
                    begin = time.monotonic()
                    client.get(path.format(desks[0].conversation)).raise_for_status()
                    times_taken.append(time.monotonic() - begin)
            a, b = (statistics.median(t[3:]) * 1000 for t in taken)
            found[path] = {"ms_100": round(a, 1), "ms_10000": round(b, 1), "ratio": round(b / a, 2)}
        return found


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    server = os.environ.get("FUBB_BENCH_POSTGRES", "")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "load"
        folder.mkdir()
        found = {"database": "postgresql" if server else "sqlite", "load_average": os.getloadavg()[0]}
        found |= under_load(folder, server, seconds) if seconds else {}
        print(json.dumps({**found, "pages": pages_few_and_many(Path(name), server)}, indent=2))


def _wait(base: str) -> None:
    for _ in range(200):
        try:
            if httpx.get(f"{base}/healthz").status_code == 200:
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    raise SystemExit("the desk did not come up")


def _cpu(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _memory(pid: int) -> float:
    line = next(x for x in Path(f"/proc/{pid}/status").read_text().splitlines() if x.startswith("VmRSS"))
    return int(line.split()[1]) / 1024


if __name__ == "__main__":
    main()
