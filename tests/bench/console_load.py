"""The console under load: 200 wait, 50 agents' pages are open and live, 20 messages a second come in.

`python -m tests.bench.console_load [SECONDS]`: the real desk process on SQLite (or FUBB_DATABASE_URL), no Rasa: people hold
all conversations. A message is on an agent's page when, told by the stream, the page has fetched it. Then the time that the
queue page takes with 100 and with 10,000 conversations.
"""

import asyncio
import json
import os
import resource
import secrets
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
from sqlalchemy import insert

from desk.agents.service import start_session
from desk.agents.tables import Agent
from desk.console.doors import COOKIE
from desk.conversations.access import take_as_agent
from desk.conversations.service import hash_token, lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import ROOT
from tests.desk.cast import add_agent, hand_off, talk
from tests.system.stack import free_ports

AGENTS, WAITING, RATE = 50, 200, 20


class Page:
    """An agent's open page: hears the stream, fetches what changed, notes when a message was there."""

    def __init__(self, client: httpx.AsyncClient, conversation: str, arrived: dict[str, float]) -> None:
        self.client, self.conversation, self.arrived = client, conversation, arrived

    async def live(self) -> None:
        async with self.client.stream("GET", f"/desk/events?conversation={self.conversation}", timeout=None) as stream:
            async for line in stream.aiter_lines():
                if line == "event: conversation":
                    await self.fetch()
                elif line == "event: queue":
                    await self.client.get("/desk/nav?place=conversation")

    async def fetch(self) -> None:
        text = (await self.client.get(f"/desk/conversations/{self.conversation}/live?stance=me")).text
        now = time.monotonic()
        for word in text.split("bench-")[1:]:
            self.arrived.setdefault(word[:16], now)


def prepare(database: Database) -> tuple[list[tuple[str, str, str]], list[str]]:
    """Agents with a session and a held conversation each, and the waiting ones; (cookie, conversation, chat token)."""
    now, desks, queued = datetime.now(UTC), [], []
    with database.writing() as session:
        agents = [add_agent(session, f"agent{n}", f"Agent {n}", ["en"], now=now) for n in range(AGENTS)]
    for agent in agents:
        with database.writing() as session:
            known = session.get_one(Agent, agent.id)
            cookie, _ = start_session(session, known, now, 12)
            conversation = lock_conversation(session, talk(session, "A person, please", now=now).id)
            token = secrets.token_urlsafe(16)
            conversation.token_hash = hash_token(token)
            take_as_agent(session, known, conversation.id, now)
            desks.append((cookie, conversation.id, token))
    for _ in range(WAITING):
        with database.writing() as session:
            queued.append(hand_off(session, talk(session, "A person, please", now=now), now=now).conversation_id)
    return desks, queued


def fill(database: Database, count: int) -> None:
    """So many more conversations, each with two messages."""
    now = datetime.now(UTC) - timedelta(days=2)
    ids = [secrets.token_hex(13) for _ in range(count)]
    common = {"channel": "website", "created_at": now, "changed_at": now, "next_try_at": now, "last_seq": 2}
    with database.writing() as session:
        session.execute(insert(Conversation), [{"id": i, **common} for i in ids])
        said = {"text": "Where is my order?", "at": now, "buttons": [], "attachments": []}
        rows = [{"conversation_id": i, "seq": 1, "author": "customer", "state": "answered", **said} for i in ids]
        session.execute(insert(Message), rows)
        session.execute(insert(Message), [{"conversation_id": i, "seq": 2, "author": "bot", **said} for i in ids])


async def load(base: str, desks: list[tuple[str, str, str]], seconds: int) -> list[float]:
    """Seconds from a customer's sending until the message was on his agent's page."""
    arrived: dict[str, float] = {}
    sent: dict[str, float] = {}
    clients = [httpx.AsyncClient(base_url=base, cookies={COOKIE: cookie}, timeout=30) for cookie, _, _ in desks]
    pages = [asyncio.create_task(Page(c, d[1], arrived).live()) for c, d in zip(clients, desks, strict=True)]
    await asyncio.sleep(3)
    sends = set()
    async with httpx.AsyncClient(base_url=base, timeout=30) as customers:

        async def send(number: int) -> None:
            word = secrets.token_hex(8)
            sent[word] = time.monotonic()
            token = desks[number % len(desks)][2]
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
    lost = sent.keys() - arrived.keys()
    if lost:
        print(f"{len(lost)} messages never came to a page", file=sys.stderr)
    return sorted(arrived[w] - sent[w] for w in sent.keys() & arrived.keys())


def time_of_page(base: str, cookie: str, path: str, times: int = 30) -> float:
    """Median seconds of a page."""
    with httpx.Client(base_url=base, cookies={COOKIE: cookie}) as client:
        taken = []
        for _ in range(times):
            begin = time.monotonic()
            client.get(path).raise_for_status()
            taken.append(time.monotonic() - begin)
        return statistics.median(taken[3:])


def main() -> None:
    seconds = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    with tempfile.TemporaryDirectory() as folder:
        (port,) = free_ports(1)
        environment = {**os.environ, "FUBB_DATA_DIR": folder, "FUBB_PORT": str(port), "FUBB_MESSAGES_PER_MINUTE": "100000"}
        database = Database(os.environ.get("FUBB_DATABASE_URL") or f"sqlite:///{Path(folder) / 'fubb.sqlite'}")
        create_schema(database)
        desks, _ = prepare(database)
        desk = subprocess.Popen([sys.executable, "-m", "desk.serve"], cwd=ROOT, env=environment)
        try:
            base = f"http://127.0.0.1:{port}"
            _wait(base)
            paths = ("/desk/", f"/desk/conversations/{desks[0][1]}", "/desk/cases")
            few = {p: time_of_page(base, desks[0][0], p) for p in paths}
            before = _cpu(desk.pid)
            took = asyncio.run(load(base, desks, seconds))
            used, memory = _cpu(desk.pid) - before, _memory(desk.pid)
            fill(database, 10_000)
            many = {p: time_of_page(base, desks[0][0], p) for p in paths}
        finally:
            desk.terminate()
            desk.wait()
            database.dispose()
    print(json.dumps({
        "messages": len(took), "p50_ms": round(took[len(took) // 2] * 1000), "p95_ms": round(took[int(len(took) * 0.95)] * 1000),
        "max_ms": round(took[-1] * 1000), "desk_cpu_percent_of_a_core": round(100 * used / (seconds + 6)), "desk_memory_mb": round(memory),
        "page_ms_few": {p: round(t * 1000, 1) for p, t in few.items()}, "page_ratio_10000": {p: round(many[p] / few[p], 2) for p in paths},
        "bench_cpu_s": round(sum(resource.getrusage(resource.RUSAGE_SELF)[:2])),
    }, indent=2))  # fmt: skip


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
