"""The desk's own app over a real database, a clock that stands, and a browser-like client for each of the cast."""

from collections.abc import AsyncIterator, Callable
from datetime import datetime
from pathlib import Path

import httpx
import pytest
from fastapi import FastAPI

from desk.agents.service import start_session
from desk.agents.tables import Agent
from desk.app import make_app, make_parts
from desk.clock import Clock
from desk.console.doors import COOKIE
from desk.db.engine import Database
from desk.parts import Parts
from desk.settings import Settings
from tests.conftest import NOW
from tests.desk.cast import Cast, gather, token_of


class StandingClock(Clock):
    """Shows the time it was set to."""

    def __init__(self) -> None:
        super().__init__()
        self.time = NOW

    def now(self) -> datetime:
        return self.time


@pytest.fixture
def clock() -> StandingClock:
    return StandingClock()


@pytest.fixture
def parts(database: Database, clock: StandingClock, tmp_path: Path) -> Parts:
    return make_parts(Settings(data_dir=tmp_path, secret="x" * 43, run_worker=False, logins_per_minute=3), database, clock)


@pytest.fixture
def app(parts: Parts) -> FastAPI:
    return make_app(parts)


@pytest.fixture
def cast(database: Database) -> Cast:
    with database.writing() as session:
        return gather(session)


Client = Callable[..., httpx.AsyncClient]


@pytest.fixture
async def client(app: FastAPI) -> AsyncIterator[Client]:
    """Makes a client with these headers or cookies."""
    made: list[httpx.AsyncClient] = []

    def make(**options: object) -> httpx.AsyncClient:
        one = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test", **options)  # type: ignore[arg-type]
        made.append(one)
        return one

    yield make
    for one in made:
        await one.aclose()


@pytest.fixture
def nobody(client: Client) -> httpx.AsyncClient:
    return client()


@pytest.fixture
def anna(client: Client, cast: Cast) -> httpx.AsyncClient:
    """Anna by her API token."""
    return client(headers={"Authorization": f"Bearer {token_of(cast.anna)}"})


@pytest.fixture
def mikko(client: Client, cast: Cast) -> httpx.AsyncClient:
    """Mikko by his API token."""
    return client(headers={"Authorization": f"Bearer {token_of(cast.mikko)}"})


@pytest.fixture
def siv(client: Client, cast: Cast) -> httpx.AsyncClient:
    """Siv, the lead, by her API token."""
    return client(headers={"Authorization": f"Bearer {token_of(cast.siv)}"})


def signed_in(database: Database, client: Client, agent: Agent) -> tuple[httpx.AsyncClient, str]:
    """A browser in which this agent is logged in, and his CSRF token."""
    with database.writing() as session:
        token, csrf = start_session(session, agent, NOW, 12)
    return client(cookies={COOKIE: token}), csrf


@pytest.fixture
def browser(database: Database, client: Client, cast: Cast) -> tuple[httpx.AsyncClient, str]:
    """Anna's browser, and her CSRF token."""
    return signed_in(database, client, cast.anna)
