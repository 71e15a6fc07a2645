"""What changes is told to the open pages at once, and only to those that show it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager

import pytest

from desk.agents.service import end_all_sessions, start_session
from desk.console import events
from desk.console.doors import SignedIn
from desk.console.live import holdings_of
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
        monkeypatch.setattr(events, "PACE", 0.0)


@asynccontextmanager
async def open_page(
    parts: Parts, me: SignedIn, conversation: str = "", after: int = events.HIGHEST_SEQ, is_back: bool = False
) -> AsyncIterator[asyncio.Queue[str]]:
    """An open page: the names of the events that reach it."""
    heard: asyncio.Queue[str] = asyncio.Queue()

    async def listen() -> None:
        async for event in events.page_events(parts, me, conversation, after, is_back):
            if event.name == "hello":
                continue
            heard.put_nowait(event.name if event.data == "changed" else f"{event.name} {event.data}")

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
        (said,) = await heard_within(heard)
        assert said.startswith("said ")
        assert "Hello?" in said
        with database.writing() as session:
            promise_call(session, session.merge(case), cast.anna, NOW)
        assert {"conversation", "followups", "cases"} <= await heard_within(heard)


async def test_burst_of_news_becomes_one_event(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    with database.writing() as session:
        conversation = talk(session, "Hello")
    async with open_page(parts, me, conversation.id) as heard:
        for number in range(20):
            parts.database.hub.publish("notes", conversation.id)
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
        assert await heard_within(heard, 0) == {"queue", "counts"}
        await asyncio.sleep(2.5)
        assert sorted(heard.get_nowait() for _ in range(heard.qsize())) == ["counts", "queue"]


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


async def test_words_come_as_they_are_each_once_and_none_is_missed(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    with database.writing() as session:
        conversation = talk(session, "Hello")
        take_as_agent(session, cast.anna, conversation.id, NOW)
        shown = conversation.last_seq
        receive_message(session, conversation.id, "gap", NOW, text="Said before the page listened")
    async with open_page(parts, me, conversation.id, after=shown) as heard:
        (first,) = await heard_within(heard)
        assert "Said before the page listened" in first
        for number in range(3):
            with database.writing() as session:
                receive_message(session, conversation.id, f"b{number}", NOW, text=f"<b>word {number}</b>")
            await asyncio.sleep(0.15)
        later = [heard.get_nowait() for _ in range(heard.qsize())]
        spoken = "".join(one for one in later if one.startswith("said"))
        assert [spoken.count(f"&lt;b&gt;word {n}&lt;/b&gt;") for n in range(3)] == [1, 1, 1]
        assert "before the page" not in spoken
        assert not any(one.startswith("conversation") for one in later)  # a customer's words change nothing beside them


async def test_fifty_pages_with_the_same_news_cause_one_reading(database: Database, parts: Parts, cast: Cast) -> None:
    me, readings = session_for(database, cast), 0
    async with AsyncExitStack() as pages:
        heard = [await pages.enter_async_context(open_page(parts, me)) for _ in range(5)]
        shared = holdings_of(database)
        read = shared._read

        def counted():  # type: ignore[no-untyped-def]
            nonlocal readings
            readings += 1
            return read()

        shared._read = counted  # type: ignore[method-assign]
        with database.writing() as session:
            hand_off(session, talk(session, "A person, please"))
        assert all(["queue" in await heard_within(one, 0.4) for one in heard])
        assert readings == 1


async def test_a_page_that_was_cut_off_fetches_everything_again(database: Database, parts: Parts, cast: Cast) -> None:
    me = session_for(database, cast)
    with database.writing() as session:
        conversation = talk(session, "Hello")
    async with open_page(parts, me, conversation.id, after=1, is_back=True) as heard:
        names = await heard_within(heard)
    assert {name for name in names if not name.startswith("said")} == events.PACED
    assert sum("I have read: Hello" in name for name in names) == 1
