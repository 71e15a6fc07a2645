"""News between sessions and processes: what changed, told after the commit, never before."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

from sqlalchemy import text
from sqlalchemy.orm import Session

NOTIFY_CHANNEL = "fubb"


def announce(session: Session, topic: str, detail: str = "") -> None:
    """Tell `topic` (and `detail`, e.g. a conversation's id) to all listeners once this session has committed."""
    session.info.setdefault("announced", []).append((topic, detail))


def send_announcements(session: Session) -> None:
    """Put the announcements into the transaction (PostgreSQL delivers them at commit, to every process)."""
    if session.get_bind().dialect.name == "postgresql":
        news = [json.dumps(one) for one in dict.fromkeys(session.info.get("announced", ()))]
        if news:
            session.execute(
                text("SELECT pg_notify(:c, n) FROM unnest(CAST(:news AS text[])) AS n"), {"c": NOTIFY_CHANNEL, "news": news}
            )


@dataclass(frozen=True, eq=False)
class Waiter:
    """One who waits for news, and for which."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[tuple[str, str]]
    topic: str
    detail: str
    wants: Callable[[str, str], bool] | None

    def is_for(self, topic: str, detail: str) -> bool:
        wanted = self.topic in (topic, "*") and self.detail in ("", detail)
        return wanted and (self.wants is None or self.wants(topic, detail))


class Hub:
    """Hands news to the waiters of this process. Safe to publish from any thread."""

    def __init__(self) -> None:
        self._waiters: set[Waiter] = set()

    def publish_all(self, news: Iterable[tuple[str, str]]) -> None:
        for topic, detail in dict.fromkeys(news):
            self.publish(topic, detail)

    def publish(self, topic: str, detail: str = "") -> None:
        for waiter in tuple(self._waiters):
            if waiter.is_for(topic, detail) and not waiter.loop.is_closed():
                waiter.loop.call_soon_threadsafe(_put, waiter.queue, (topic, detail))

    @asynccontextmanager
    async def listen(
        self, topic: str, detail: str = "", wants: Callable[[str, str], bool] | None = None
    ) -> AsyncIterator[asyncio.Queue[tuple[str, str]]]:
        """A queue of news on `topic` ("*": all), from now on; with `wants` only of those that it says yes to, in any thread.

        News may be dropped when nobody reads: look at the database.
        """
        queue: asyncio.Queue[tuple[str, str]] = asyncio.Queue(maxsize=1000)
        waiter = Waiter(asyncio.get_running_loop(), queue, topic, detail, wants)
        self._waiters.add(waiter)
        try:
            yield queue
        finally:
            self._waiters.discard(waiter)


async def wait_for_news(news: asyncio.Queue[tuple[str, str]], seconds: float) -> tuple[str, str] | None:
    """The first of the news, all of which are taken; None when none come in time."""
    # asyncio.wait_for may swallow a cancellation that comes together with news
    first = None
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            first = await news.get()
    while not news.empty():
        news.get_nowait()
    return first


def _put(queue: asyncio.Queue[tuple[str, str]], news: tuple[str, str]) -> None:
    if not queue.full():
        queue.put_nowait(news)
