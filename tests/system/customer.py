"""A customer of the website chat, over the public API: he sends again what was not acknowledged, and reads in order."""

import asyncio
import contextlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.system.wire import NobodyAnswers, Wire

LONG_POLL = 10.0
PATIENCE = 300.0
"""Seconds without any answer after which something is broken."""


@dataclass(frozen=True)
class Sent:
    """A message that the desk has acknowledged."""

    client_id: str
    said: str
    id: str
    seq: int
    at: float  # of the acknowledgement, by time.monotonic()


class Customer:
    """One conversation. `heard` is all that he has read, by seq, read once each with nothing missing."""

    def __init__(self, port: int, name: str) -> None:
        self.name = name
        self.id = ""
        self.sent: list[Sent] = []
        self.heard: list[dict[str, Any]] = []
        self.retries = 0
        self._said = 0
        self._token = ""
        self._sending, self._reading = Wire(port), Wire(port)

    async def open(self) -> None:
        session = await self._ask(self._sending, "POST", "/api/chat/sessions", {"language": "en", "identity": None})
        self.id, self._token = session["conversation"], session["token"]

    async def say(self, said: str) -> Sent:
        """Send a text, or press the latest button that has "@..." in its title; until it is acknowledged."""
        self._said += 1
        client_id = f"{self.name}-{self._said}"
        body = {"payload": self._payload(said[1:])} if said.startswith("@") else {"text": said}
        answer = await self._ask(self._sending, "POST", "/api/chat/messages", {"client_id": client_id, **body})
        self.sent.append(Sent(client_id, said, answer["id"], answer["seq"], time.monotonic()))
        return self.sent[-1]

    async def read(self, wait: float = 0) -> None:
        """Read what is new."""
        after = self.heard[-1]["seq"] if self.heard else 0
        news = (await self._ask(self._reading, "GET", f"/api/chat/messages?after={after}&wait={wait}"))["messages"]
        assert [m["seq"] for m in news] == list(range(after + 1, after + 1 + len(news))), f"{self.name}: a gap after {after}"
        self.heard += news

    async def read_until(self, enough: Callable[[], bool]) -> None:
        """Read until what was heard is enough. Raises AssertionError when nothing comes any more."""
        loop = asyncio.get_running_loop()
        since = loop.time()
        while not enough():
            before = len(self.heard)
            await self.read(LONG_POLL)
            if len(self.heard) > before:
                since = loop.time()
            assert loop.time() - since < PATIENCE, f"{self.name} ({self.id}) waits in vain after: {self.heard[-1:]}"

    async def hear_answers(self, count: int) -> None:
        """Read until the bot has answered so many of the messages; what it says to one is said at one moment."""
        await self.read_until(lambda: len({m["at"] for m in self.heard if m["author"] == "bot"}) >= count)

    def _payload(self, title: str) -> str:
        for message in reversed(self.heard):
            for button in message["buttons"]:
                if re.search(title, button["title"], re.IGNORECASE):
                    return str(button["payload"])
        raise AssertionError(f"{self.name} was shown no button {title!r}; last heard: {self.heard[-2:]}")

    def hang_up(self) -> None:
        self._sending.close()
        self._reading.close()

    async def _ask(self, wire: Wire, method: str, path: str, body: object = None) -> Any:
        """A request, again and again while nobody answers it."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        while True:
            try:
                status, answer = await wire.ask(method, path, self._token, body)
            except NobodyAnswers:
                assert loop.time() - started < PATIENCE, f"{self.name}: nobody answers"
                self.retries += 1
                await asyncio.sleep(0.2)
                continue
            assert status in (200, 201, 202), f"{self.name}: {status} {answer} to {method} {path} {body}"
            return answer


@contextlib.contextmanager
def customers(port: int, name: str, count: int) -> Iterator[list[Customer]]:
    """So many customers, who hang up at the end."""
    made = [Customer(port, f"{name}{number}") for number in range(count)]
    try:
        yield made
    finally:
        for each in made:
            each.hang_up()
