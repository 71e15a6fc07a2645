"""What changes, told to the open pages at once as server-sent events: new words as they are, all else to be fetched anew."""

import asyncio
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Header, Query
from sse_starlette import EventSourceResponse, ServerSentEvent

from desk.console.doors import PageSession, SignedIn, TheParts, find_session
from desk.console.live import holdings_of
from desk.console.reading import cases_beside
from desk.console.rendering import PageRoute
from desk.console.transcript import said_after
from desk.console.translating import gettext as _
from desk.console.translating import language_of, later, speak
from desk.conversations.tables import Conversation
from desk.errors import NotLoggedIn
from desk.parts import Parts

router = APIRouter(route_class=PageRoute)
GATHER = 0.05
"""Seconds in which news are gathered into one event of each name."""
LOOK_UP = 30.0
"""Seconds after which the session is looked up again."""
PACED = frozenset({"queue", "counts", "cases", "followups", "alerts", "conversation"})
PACE = 2.0
"""Seconds between two events of these names; new words in the open conversation are told at once."""
HOLDERS = ("queue", "presence")
"""News of who waits and who holds what."""
HIGHEST_SEQ = 2**31 - 1
AT_WORK = (later("%(name)s is writing here."), later("%(name)s looks at this conversation too."))


@dataclass(frozen=True)
class Event:
    """One event of a page; `seq` is the last message that it holds."""

    name: str
    data: str = "changed"
    seq: int | None = None


@router.get("/events")
async def events(
    me: PageSession,
    parts: TheParts,
    conversation: Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")] = "",
    after: Annotated[int, Query(ge=0, le=HIGHEST_SEQ)] = HIGHEST_SEQ,
    last_event_id: Annotated[str, Header()] = "",
) -> EventSourceResponse:
    """Events 'queue', 'counts', 'cases', 'followups'; of the conversation that the page shows 'said' and 'conversation'."""
    is_back = last_event_id.isascii() and last_event_id.isdigit()
    if is_back:
        after = min(int(last_event_id), HIGHEST_SEQ)

    async def stream() -> AsyncIterator[ServerSentEvent]:
        async for event in page_events(parts, me, conversation, after, is_back):
            yield ServerSentEvent(event=event.name, data=event.data, id=None if event.seq is None else str(event.seq))

    return EventSourceResponse(stream(), ping=15)


async def page_events(
    parts: Parts, me: SignedIn, conversation: str = "", after: int = HIGHEST_SEQ, is_back: bool = False
) -> AsyncIterator[Event]:
    """Events as they come, until the session ends (the last one is 'signed-out') or the desk stops.

    `is_back`: the connection was lost, so that everything may have changed.
    """
    loop = asyncio.get_running_loop()
    speak(language_of(me.agent))  # for as long as the page is open
    told: dict[str, float] = {}  # when those with a pace were last told
    held: set[str] = set()  # told a little later
    page = Page(me.agent.id, conversation)
    async with parts.database.hub.listen("*", wants=page.wants) as news:
        await page.look(parts)
        looked_up = loop.time()
        yield Event("hello", seq=0 if after == HIGHEST_SEQ else after)  # so that the browser says where it was
        names = set(PACED) if is_back else set[str]()
        names, is_first = names | ({"said"} if conversation else set()), True  # what came before we listened
        while not parts.stopping.is_set():
            if not names:
                names = await _next_names(news, page)
            if "holders" in names:
                await page.look(parts)
            if "said" in names:
                said = await asyncio.to_thread(said_after, parts, me.agent, conversation, after)
                after = said.seq
                if said.html:
                    yield Event("said", said.html, said.seq)
                if not said.only_customer and (said.html or not is_first):
                    names.add("conversation")  # the customer's own words change nothing else on the page
            is_first = False
            now, names = loop.time(), (names | held) - {"holders", "said"}
            held = {n for n in names & PACED if now - told.get(n, -PACE) < PACE}
            for name in sorted(names - held):
                told[name] = now
                event, _, data = name.partition(" ")
                yield Event(event, data or "changed")
            names = set()
            if loop.time() - looked_up > LOOK_UP:
                looked_up = loop.time()
                if not await asyncio.to_thread(_still_signed_in, parts, me):
                    yield Event("signed-out")
                    return


async def _next_names(news: asyncio.Queue[tuple[str, str]], page: "Page") -> set[str]:
    """The events of the news that come next, gathered for a moment; none when none come within a second."""
    try:
        async with asyncio.timeout(1.0):
            names = page.names(*await news.get())
    except TimeoutError:
        return set()
    await asyncio.sleep(GATHER)
    while not news.empty():
        names |= page.names(*news.get_nowait())
    return names


class Page:
    """An open page: what it shows, so that it hears of nothing else."""

    def __init__(self, agent_id: int, conversation: str) -> None:
        self._agent_id = agent_id
        self._conversation = conversation
        self._changed_at = time.monotonic()
        self._in_lists: frozenset[str] = frozenset()
        self._cases: frozenset[str] = frozenset()

    async def look(self, parts: Parts) -> None:
        """Look again at what it shows, after a change of who holds what."""
        holding = await holdings_of(parts.database).since(self._changed_at)
        self._in_lists = holding.lists_of(self._agent_id)
        if self._conversation:
            self._cases = await asyncio.to_thread(self._cases_shown, parts)

    def wants(self, topic: str, detail: str) -> bool:
        """Whether this piece of news is for this page; called as it is told, in any thread."""
        if topic in HOLDERS:
            self._changed_at = time.monotonic()
        return bool(self.names(topic, detail))

    def names(self, topic: str, detail: str) -> set[str]:
        """The events that a piece of news becomes on this page."""
        shown = self._conversation
        if topic == "conversation":
            return ({"queue"} if detail in self._in_lists else set()) | ({"said"} if detail == shown else set())
        if topic.startswith("writing:") and detail == shown:
            _, writer, name, does = topic.split(":", 3)
            return {f"writing {_say_at_work(name, does)}"} if writer != str(self._agent_id) else set()
        if topic == "notes":
            return {"conversation"} if detail == shown else set()
        if topic == "assigned":
            return {"assigned", "queue"} if detail == str(self._agent_id) else set()
        if topic == "customer_typing":
            return {"typing"} if detail == shown else set()
        if topic in ("cases", "followups"):
            return {topic, "conversation"} if detail in self._cases else {topic}
        if topic in HOLDERS:
            return {"queue", "counts", "holders"} | ({"conversation"} if shown and detail == shown else set())
        return {topic} if topic == "alerts" else set()

    def _cases_shown(self, parts: Parts) -> frozenset[str]:
        with parts.database.reading() as session:
            found = session.get(Conversation, self._conversation)
            return frozenset(str(case.id) for case in cases_beside(session, found)) if found is not None else frozenset()


def _say_at_work(name: str, does: str) -> str:
    """A colleague is in this conversation too."""
    return _(f"%(name)s {does}.", name=name)


def _still_signed_in(parts: Parts, me: SignedIn) -> bool:
    try:
        find_session(parts, me.token)
    except NotLoggedIn:
        return False
    return True
