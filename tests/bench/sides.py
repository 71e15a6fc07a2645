"""The two sides of the bench: each opens talks, and a talk says something and waits until the answer can be read."""

import contextlib
import http.client
import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol

from desk.conversations.service import open_conversation, receive_message
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import ROOT, Settings
from desk.shop.demo import load_demo_shop
from desk.supervisor.programs import shared_environment
from desk.training import QUIET_RASA, leashed
from tests.bench.stock import stock_command, stock_files
from tests.system.cast import add_agents, add_customers
from tests.system.stack import Stack, free_ports, running

CUSTOMERS = 676
SECRET = "bench" * 9
PLENTY = 1_000_000


class Talk(Protocol):
    """A conversation of one customer."""

    def say(self, turn: int) -> list[str]:
        """Say the turn's words and wait until the answer can be read; the replies."""
        ...


class Side(Protocol):
    """Ours or stock Rasa, running."""

    name: str

    def open_talk(self, sayings: list[str]) -> Talk: ...

    def pids(self) -> dict[str, int]: ...


class Line:
    """One kept-alive HTTP connection."""

    def __init__(self, port: int, headers: dict[str, str] | None = None) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        self._headers = {"Content-Type": "application/json", **(headers or {})}

    def ask(self, method: str, path: str, body: object = None) -> Any:
        self._connection.request(method, path, json.dumps(body).encode() if body is not None else None, self._headers)
        response = self._connection.getresponse()
        content = response.read()
        assert response.status < 300, f"{response.status} {content!r}"
        return json.loads(content)


class OurTalk:
    """Over the public API: sent, stored, answered, read."""

    def __init__(self, port: int, sayings: list[str]) -> None:
        session = Line(port).ask("POST", "/api/chat/sessions", {"language": "en"})
        self._line = Line(port, {"Authorization": f"Bearer {session['token']}"})
        self._sayings = sayings

    def say(self, turn: int) -> list[str]:
        seq = self._line.ask("POST", "/api/chat/messages", {"client_id": str(turn), "text": self._sayings[turn]})["seq"]
        while True:
            news = self._line.ask("GET", f"/api/chat/messages?after={seq}&wait=30")
            replies = [str(m["text"]) for m in news["messages"] if m["author"] == "bot"]
            if replies:
                return replies
            seq = news["seq"]


class Ours:
    """Rasa, actions and desk as `fubb up` runs them."""

    name = "ours"

    def __init__(self, stack: Stack) -> None:
        self._stack = stack

    def open_talk(self, sayings: list[str]) -> Talk:
        return OurTalk(self._stack.settings.port, sayings)

    def pids(self) -> dict[str, int]:
        return {name: self._stack.pid(name) for name in ("rasa", "actions", "desk")}


class StockTalk:
    """Over Rasa's REST channel. The conversation and its messages are in our database before, for the actions."""

    def __init__(self, port: int, conversation: str, messages: list[tuple[str, str]]) -> None:
        self._line = Line(port)
        self._conversation = conversation
        self._messages = messages

    def say(self, turn: int) -> list[str]:
        message_id, text = self._messages[turn]
        body = {"sender": self._conversation, "message": text, "metadata": {"message_id": message_id}}
        return [str(reply.get("text", "")) for reply in self._line.ask("POST", "/webhooks/rest/webhook", body)]


class Stock:
    """Stock Rasa and the same action server."""

    name = "stock"

    def __init__(self, database: Database, port: int, processes: dict[str, subprocess.Popen[bytes]]) -> None:
        self._database = database
        self._port = port
        self._processes = processes

    def open_talk(self, sayings: list[str]) -> Talk:
        now = datetime.now(UTC)
        with self._database.writing() as session:
            conversation, _ = open_conversation(session, "website", "en", now)
            stored = [receive_message(session, conversation.id, str(i), now, text=said) for i, said in enumerate(sayings)]
        return StockTalk(self._port, conversation.id, [(m.id, m.text) for m in stored])

    def pids(self) -> dict[str, int]:
        return {name: process.pid for name, process in self._processes.items()}


@contextlib.contextmanager
def ours(folder: Path) -> Iterator[Ours]:
    with running(folder, messages_per_minute=PLENTY, sessions_per_minute=PLENTY) as stack:
        _people(stack.database, folder)
        yield Ours(stack)


@contextlib.contextmanager
def stock(folder: Path, model: Path) -> Iterator[Stock]:
    rasa_port, actions_port, desk_port = free_ports(3)
    settings = Settings(data_dir=folder / "var", rasa_port=rasa_port, actions_port=actions_port, port=desk_port, secret=SECRET)
    database = Database(settings.url)
    create_schema(database)
    with database.writing() as session:
        load_demo_shop(session, datetime.now(UTC))
    _people(database, folder)
    stock_files(folder, settings.actions_url, SECRET)
    environment = shared_environment(settings, SECRET, verbose=False)
    actions = [sys.executable, "-m", "tests.bench.action_server"]
    with (
        process(actions, environment, folder / "actions.log") as action_server,
        process(stock_command(folder, model, rasa_port), QUIET_RASA, folder / "rasa.log") as rasa,
    ):
        wait_until(lambda: answers(actions_port, "/health") and answers(rasa_port, "/webhooks/rest/"), action_server, rasa)
        yield Stock(database, rasa_port, {"rasa": rasa, "actions": action_server})
    database.dispose()


def _people(database: Database, folder: Path) -> None:
    with database.writing() as session:
        add_customers(session, folder, CUSTOMERS)
        add_agents(session, 1)


@contextlib.contextmanager
def process(command: list[str], environment: dict[str, str], log: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that ends with the block."""
    with log.open("wb") as file:
        started = subprocess.Popen(
            leashed(command), cwd=ROOT, env={**os.environ, **environment}, stdout=file, stderr=subprocess.STDOUT
        )
        try:
            yield started
        finally:
            started.kill()
            started.wait()


def wait_until(is_so: Callable[[], bool], *processes: subprocess.Popen[bytes], longest: float = 300) -> float:
    """The seconds until it was so."""
    began = time.monotonic()
    while not is_so():
        assert all(p.poll() is None for p in processes), "a process has ended by itself"
        assert time.monotonic() - began < longest, "nothing answers"
        time.sleep(0.02)
    return time.monotonic() - began


def answers(port: int, path: str) -> bool:
    """Whether a GET is answered 200."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
    try:
        connection.request("GET", path)
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
