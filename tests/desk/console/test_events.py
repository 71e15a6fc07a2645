"""What changes is told to the open pages at once, and only to those that show it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from desk.agents.service import end_all_sessions, start_session
from desk.console import events
from desk.console.doors import SignedIn
from desk.conversations.access import say_as_agent, take_as_agent
from desk.conversations.service import receive_message
from desk.db.engine import Database
from desk.parts import Parts
from tests.conftest import NOW
from tests.desk.cast import Cast, hand_off, promise_call, smelling_tv, talk


@pytest.fixture(autouse=True)
def at_once(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists are told of at once, except in a test of their pace."""
    if "pace" not in request.node.name:
        monkeypatch.setattr(events, "LISTS_EVERY", 0.0)


@asynccontextmanager
async def open_page(parts: Parts, me: SignedIn, conversation: str = "") -> AsyncIterator[asyncio.Queue[str]]:
    """An open page: the names of the events that reach it."""
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def listen() -> None:
        async for name in events.event_names(parts, me, conversation):
            heard.put_nowait(name)

    task = asyncio.create_task(listen())
    await asyncio.sleep(0.3)
    try:
        yield heard
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


def session_for(database: Database, cast: Cast) -> SignedIn:
    with database.writing() as session:
        token, csrf = start_session(session, cast.anna, NOW, 12)
    return SignedIn(cast.anna, csrf, token)


async def heard_within(heard: asyncio.Queue[str], seconds: float = 0.6) -> set[str]:
    await asyncio.sleep(seconds)
    return {heard.get_nowait() for _ in range(heard.qsize())}


async def test_queue_page_hears_of_a_handoff_and_of_words_in_its_lists_only(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    with database.writing() as session:
        one, other = talk(session, "A person, please"), talk(session, "Do you sell kettles?")
    async with open_page(parts, me) as heard:
        with database.writing() as session:
            receive_message(session, other.id, "c5", NOW, text="And toasters?")
        assert await heard_within(heard) == set()
        with database.writing() as session:
            hand_off(session, one)
        assert "queue" in await heard_within(heard)
        with database.writing() as session:
            receive_message(session, one.id, "c5", NOW, text="Hello?")
        assert await heard_within(heard) == {"queue"}


async def test_open_conversation_hears_its_own_words_and_cases_only(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    with database.writing() as session:
        case = smelling_tv(session, cast)
        other = talk(session, "Do you sell kettles?")
    async with open_page(parts, me, case.conversation_id) as heard:
        with database.writing() as session:
            take_as_agent(session, cast.mikko, other.id, NOW)
            say_as_agent(session, cast.mikko, other.id, "a", "Yes", NOW)
        assert "conversation" not in await heard_within(heard)
        with database.writing() as session:
            receive_message(session, case.conversation_id, "c5", NOW, text="Hello?")
        assert "conversation" in await heard_within(heard)
        with database.writing() as session:
            promise_call(session, session.merge(case), cast.anna, NOW)
        assert {"conversation", "followups", "cases"} <= await heard_within(heard)


async def test_burst_of_news_becomes_one_event(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    with database.writing() as session:
        conversation = talk(session, "Hello")
    async with open_page(parts, me, conversation.id) as heard:
        for number in range(20):
            parts.database.hub.publish("conversation", conversation.id)
            if number == 0:
                await asyncio.sleep(0.01)
        await asyncio.sleep(0.5)
        assert heard.qsize() == 1


async def test_page_is_told_when_its_session_ends(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    events.LOOK_UP, kept = 0.0, events.LOOK_UP
    try:
        async with open_page(parts, me) as heard:
            with database.writing() as session:
                end_all_sessions(session, cast.anna)
            assert await asyncio.wait_for(heard.get(), 5) == "signed-out"
    finally:
        events.LOOK_UP = kept


async def test_lists_have_a_pace_and_the_last_change_is_never_lost(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    async with open_page(parts, me) as heard:
        for _ in range(8):
            parts.database.hub.publish("queue", "x")
            await asyncio.sleep(0.15)
        assert heard.qsize() == 1
        await asyncio.sleep(2.5)
        assert heard.qsize() == 2


async def test_agent_hears_what_is_given_to_him_and_who_writes_beside_him(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    with database.writing() as session:
        conversation = talk(session, "Hello")
    async with open_page(parts, me, conversation.id) as heard:
        parts.database.hub.publish("assigned", str(cast.mikko.id))
        parts.database.hub.publish(f"writing:{cast.mikko.id}:Mikko Laine:is writing here", conversation.id)
        assert await heard_within(heard) == {"writing Mikko Laine is writing here."}
        parts.database.hub.publish("assigned", str(cast.anna.id))
        assert await heard_within(heard) == {"assigned", "queue"}
