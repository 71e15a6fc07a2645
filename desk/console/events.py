"""What changes, told to the open pages at once as server-sent events; they fetch what they show anew."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import or_, select
from sse_starlette import EventSourceResponse, ServerSentEvent

from desk.agents.tables import Agent
from desk.console.doors import PageSession, SignedIn, TheParts, find_session
from desk.console.reading import cases_beside
from desk.console.rendering import PageRoute
from desk.conversations.tables import Conversation
from desk.errors import NotLoggedIn
from desk.parts import Parts

router = APIRouter(route_class=PageRoute)
GATHER = 0.1
"""Seconds in which news are gathered into one event of each name."""
LOOK_UP = 30.0
"""Seconds after which the session is looked up again."""
MOST_WATCHED = 500
LISTS = frozenset({"queue", "cases", "followups", "alerts"})
LISTS_EVERY = 2.0
"""Seconds between two events of a list; what is said in the open conversation is told at once."""
LOOKED_UP_AFTER = frozenset({"holders", "conversation"})
"""Events after which what the page shows may be other conversations and cases than before."""


@router.get("/events")
async def events(
    me: PageSession, parts: TheParts, conversation: Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")] = ""
) -> EventSourceResponse:
    """Events 'queue', 'cases', 'followups', and 'conversation' about the one that the page shows."""

    async def stream() -> AsyncIterator[ServerSentEvent]:
        async for name in event_names(parts, me, conversation):
            event, _, data = name.partition(" ")
            yield ServerSentEvent(event=event, data=data or "changed")

    return EventSourceResponse(stream(), ping=15)


async def event_names(parts: Parts, me: SignedIn, conversation: str) -> AsyncIterator[str]:
    """The names of events as they come, until the session ends (the last one is 'signed-out') or the desk stops."""
    loop = asyncio.get_running_loop()
    told: dict[str, float] = {}  # when lists were last said to have changed
    held: set[str] = set()  # said a little later
    async with parts.database.hub.listen("*") as news:
        watched = await asyncio.to_thread(_watched, parts, me.agent, conversation)
        looked_up = loop.time()
        while not parts.stopping.is_set():
            names: set[str] = set()
            try:
                names |= _names(await asyncio.wait_for(news.get(), 1.0), watched)
                if names:
                    await asyncio.sleep(GATHER)
                    while not news.empty():
                        names |= _names(news.get_nowait(), watched)
            except TimeoutError:
                pass
            if names & LOOKED_UP_AFTER:
                watched = await asyncio.to_thread(_watched, parts, me.agent, conversation)
            now, names = loop.time(), (names | held) - {"holders"}
            held = {n for n in names & LISTS if now - told.get(n, -LISTS_EVERY) < LISTS_EVERY}
            for name in sorted(names - held):
                told[name] = now
                yield name
            if loop.time() - looked_up > LOOK_UP:
                looked_up = loop.time()
                if not await asyncio.to_thread(_still_signed_in, parts, me):
                    yield "signed-out"
                    return


@dataclass(frozen=True)
class Watched:
    """What this agent's page shows: conversations by id, cases by the text of their id."""

    agent_id: int
    conversation: str
    in_lists: frozenset[str]
    cases: frozenset[str]


def _names(news: tuple[str, str], watched: Watched) -> set[str]:
    """The events that a piece of news becomes on this page."""
    topic, detail = news
    shown = watched.conversation
    if topic == "conversation":
        return ({"queue"} if detail in watched.in_lists else set()) | ({"conversation"} if detail == shown else set())
    if topic.startswith("writing:") and detail == shown:
        _, writer, name, does = topic.split(":", 3)
        return {f"writing {name} {does}."} if writer != str(watched.agent_id) else set()
    if topic == "notes":
        return {"conversation"} if detail == shown else set()
    if topic == "assigned":
        return {"assigned", "queue"} if detail == str(watched.agent_id) else set()
    if topic == "customer_typing":
        return {"typing"} if detail == shown else set()
    if topic in ("cases", "followups"):
        return {topic, "conversation"} if detail in watched.cases else {topic}
    if topic in ("queue", "presence"):
        return {"queue", "holders"}
    return {topic} if topic == "alerts" else set()


def _watched(parts: Parts, agent: Agent, conversation: str) -> Watched:
    """Whose words are shown in this agent's queue and among his own; the cases beside the conversation."""
    listed = or_(Conversation.holder == "queue", (Conversation.holder == "agent") & (Conversation.agent_id == agent.id))
    with parts.database.reading() as session:
        in_lists = session.scalars(select(Conversation.id).where(listed).limit(MOST_WATCHED))
        found = session.get(Conversation, conversation) if conversation else None
        cases = cases_beside(session, found) if found is not None else []
        return Watched(agent.id, conversation, frozenset(in_lists), frozenset(str(case.id) for case in cases))


def _still_signed_in(parts: Parts, me: SignedIn) -> bool:
    try:
        find_session(parts, me.token)
    except NotLoggedIn:
        return False
    return True
