"""A customer of the website chat, over the public API: he sends again what was not acknowledged, and reads in order."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

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


def connect(base: str, connections: int = 200) -> httpx.AsyncClient:
    """A client that all customers of a test share."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=connections)
    return httpx.AsyncClient(base_url=base, timeout=httpx.Timeout(30.0, connect=5.0), limits=limits)


class Customer:
    """One conversation. `heard` is all that he has read, by seq, read once each with nothing missing."""

    def __init__(self, client: httpx.AsyncClient, name: str) -> None:
        self.name = name
        self.id = ""
        self.sent: list[Sent] = []
        self.heard: list[dict[str, Any]] = []
        self.retries = 0
        self._said = 0
        self._client = client
        self._headers: dict[str, str] = {}

    async def open(self) -> None:
        session = (await self._ask("POST", "/api/chat/sessions", json={"language": "en", "identity": None})).json()
        self.id, self._headers = session["conversation"], {"Authorization": f"Bearer {session['token']}"}

    async def say(self, said: str) -> Sent:
        """Send a text, or press the latest button that has "@..." in its title; until it is acknowledged."""
        body = {"payload": self._payload(said[1:])} if said.startswith("@") else {"text": said}
        self._said += 1
        client_id = f"{self.name}-{self._said}"
        answer = (await self._ask("POST", "/api/chat/messages", json={"client_id": client_id, **body})).json()
        self.sent.append(Sent(client_id, said, answer["id"], answer["seq"], time.monotonic()))
        return self.sent[-1]

    async def read(self, wait: float = 0) -> None:
        """Read what is new."""
        after = self.heard[-1]["seq"] if self.heard else 0
        news = (await self._ask("GET", "/api/chat/messages", params={"after": after, "wait": wait})).json()["messages"]
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

    async def _ask(self, method: str, path: str, **what: Any) -> httpx.Response:
        """A request, again and again while nobody answers it."""
        loop = asyncio.get_running_loop()
        started = loop.time()
        while True:
            try:
                response = await self._client.request(method, path, headers=self._headers, **what)
            except httpx.TransportError:
                assert loop.time() - started < PATIENCE, f"{self.name}: nobody answers"
                self.retries += 1
                await asyncio.sleep(0.2)
                continue
            assert response.is_success, f"{self.name}: {response.status_code} {response.text} to {what}"
            return response
