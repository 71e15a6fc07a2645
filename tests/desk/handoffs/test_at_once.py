"""Two who do something at the same moment: the second waits for the first, and sees what it has done."""

from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from concurrent.futures import TimeoutError as StillWaiting
from threading import Event
from typing import TypeVar

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.conversations.access import take_as_agent
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.errors import Conflict
from desk.followups.plan_store import plan_in_force
from desk.handoffs.tables import Handoff
from tests.conftest import NOW
from tests.desk.cast import add_agent, hand_off, talk

BLINK = 0.3
"""Seconds in which the second would have come through."""


@pytest.fixture
def threads() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(2) as pool:
        yield pool


T = TypeVar("T")


def at_once(
    database: Database, threads: ThreadPoolExecutor, first: Callable[[Session], object], second: Callable[[Session], T]
) -> Future[T]:
    """The second begins when the first has done its work and not yet committed it."""
    done, may_commit = Event(), Event()

    def begin() -> None:
        with database.writing() as session:
            first(session)
            session.flush()
            done.set()
            assert may_commit.wait(10)

    def follow() -> T:
        with database.writing() as session:
            return second(session)

    begun = threads.submit(begin)
    assert done.wait(10)
    follows = threads.submit(follow)
    try:
        with pytest.raises(StillWaiting):
            follows.result(BLINK)
    finally:
        may_commit.set()
        begun.result(10)
    return follows


@pytest.fixture
def conversations(database: Database) -> list[str]:
    """Two furious customers; Anna and Mikko are there, and Mikko has more to do than one furious customer."""
    with database.writing() as session:
        for login in ("anna", "mikko"):
            add_agent(session, login, login.title(), ["en"]).seen_at = NOW
        plan_in_force(session, "request", NOW)  # the first to need it makes it, and whoever else needs it waits for that
        for number in range(3):
            take_as_agent(session, session.get_one(Agent, 2), talk(session, f"Hello ({number})").id, NOW)
        return [talk(session, f"I want a person ({n})!").id for n in range(2)]


def test_two_furious_customers_at_the_same_moment_go_to_two_agents(
    database: Database, threads: ThreadPoolExecutor, conversations: list[str]
) -> None:
    def ask(number: int) -> Callable[[Session], object]:
        def request(session: Session) -> object:
            known = session.scalars(select(Agent)).all()  # read before the other has committed
            hand_off(session, session.get_one(Conversation, conversations[number]), mood="furious")
            return known

        return request

    at_once(database, threads, ask(0), ask(1)).result(10)
    with database.reading() as session:
        assert sorted(session.scalars(select(Handoff.assigned_to_id)).all()) == [1, 2]


def test_of_two_who_take_over_at_the_same_moment_one_is_told_that_the_other_was_first(
    database: Database, threads: ThreadPoolExecutor, conversations: list[str]
) -> None:
    with database.writing() as session:
        hand_off(session, session.get_one(Conversation, conversations[0]))

    def take(agent: int) -> Callable[[Session], Conversation]:
        return lambda session: take_as_agent(session, session.get_one(Agent, agent), conversations[0], NOW)

    second = at_once(database, threads, take(1), take(2))
    with pytest.raises(Conflict, match="Anna holds this conversation"):
        second.result(10)
    with database.reading() as session:
        assert session.get_one(Conversation, conversations[0]).agent_id == 1
