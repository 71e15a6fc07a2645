"""Logging in and what slows guessing down."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.agents.errors import TooManyAttempts, WrongLogin
from desk.agents.logins import authenticate, log_in
from desk.agents.service import add_agent, retire
from desk.agents.tables import FailedLogin
from desk.db.engine import Database
from desk.settings import Settings
from tests.conftest import NOW

HOME, ELSEWHERE = "192.0.2.1", "198.51.100.7"
PASSWORD = "correct horse battery"


@pytest.fixture
def settings() -> Settings:
    return Settings(logins_per_minute=3)


@pytest.fixture
def maja(database: Database) -> str:
    with database.writing() as session:
        add_agent(session, "maja", "Maja", ["en"], "agent", NOW, password=PASSWORD)
    return "maja"


def failures(database: Database) -> int:
    with database.reading() as session:
        return session.scalar(select(func.count()).select_from(FailedLogin)) or 0


def test_right_password_logs_in_and_leaves_no_failure(database: Database, settings: Settings, maja: str) -> None:
    assert log_in(database, " MAJA ", PASSWORD, HOME, NOW, settings).login == maja
    with database.writing() as session:
        assert authenticate(session, maja, PASSWORD, HOME, NOW, settings).login == maja
    assert failures(database) == 0


@pytest.mark.parametrize(("login", "password"), [("maja", "wrong"), ("nobody", PASSWORD), ("maja", ""), ("maja", "x" * 10_000)])
def test_wrong_login_is_counted(database: Database, settings: Settings, maja: str, login: str, password: str) -> None:
    with pytest.raises(WrongLogin):
        log_in(database, login, password, HOME, NOW, settings)
    assert failures(database) == 1


def test_retired_agent_cannot_log_in(database: Database, settings: Settings, maja: str) -> None:
    with database.writing() as session:
        retire(session, authenticate(session, maja, PASSWORD, HOME, NOW, settings))
    with pytest.raises(WrongLogin):
        log_in(database, maja, PASSWORD, HOME, NOW, settings)


def test_an_address_that_failed_too_often_waits_and_others_do_not(database: Database, settings: Settings, maja: str) -> None:
    for second in range(3):
        with pytest.raises(WrongLogin):
            log_in(database, f"guess{second}", "wrong", HOME, NOW + timedelta(seconds=second), settings)
    with pytest.raises(TooManyAttempts) as refused:
        log_in(database, maja, PASSWORD, HOME, NOW + timedelta(seconds=10), settings)
    assert refused.value.retry_after == 50
    assert log_in(database, maja, PASSWORD, ELSEWHERE, NOW + timedelta(seconds=10), settings).login == maja
    assert log_in(database, maja, PASSWORD, HOME, NOW + timedelta(seconds=60), settings).login == maja


def test_slow_guessing_at_one_login_is_stopped_for_that_address_only(database: Database, settings: Settings, maja: str) -> None:
    for minute in range(9):
        with pytest.raises(WrongLogin):
            log_in(database, maja, "wrong", HOME, NOW + timedelta(minutes=minute), settings)
    later = NOW + timedelta(minutes=20)
    with pytest.raises(TooManyAttempts) as refused:
        log_in(database, maja, PASSWORD, HOME, later, settings)
    assert refused.value.retry_after == 40 * 60
    assert log_in(database, maja, PASSWORD, ELSEWHERE, later, settings).login == maja
    with pytest.raises(WrongLogin):
        log_in(database, "another", "wrong", HOME, later, settings)


def test_many_attempts_at_once_do_not_slip_past_the_limit(database: Database, settings: Settings, maja: str) -> None:
    def attempt(number: int) -> str:
        try:
            log_in(database, maja, f"wrong {number}", HOME, NOW, settings)
        except (WrongLogin, TooManyAttempts) as error:
            return type(error).__name__
        return "in"

    with ThreadPoolExecutor(8) as pool:
        outcomes = list(pool.map(attempt, range(12)))
    assert sorted(outcomes) == ["TooManyAttempts"] * 9 + ["WrongLogin"] * 3


def test_unknown_login_has_the_real_cost_of_a_known_one(database: Database, maja: str) -> None:
    def seconds(login: str) -> float:
        start = time.perf_counter()
        with pytest.raises(WrongLogin):
            log_in(database, login, "wrong password", HOME, NOW, Settings(logins_per_minute=1000))
        return time.perf_counter() - start

    known = min(seconds(maja) for _ in range(5))
    unknown = min(seconds("nobody") for _ in range(5))
    assert 0.5 < known / unknown < 2


def test_old_failures_are_forgotten(database: Database, settings: Settings, maja: str) -> None:
    with pytest.raises(WrongLogin):
        log_in(database, maja, "wrong", HOME, NOW, settings)
    log_in(database, maja, PASSWORD, HOME, NOW + timedelta(hours=2), settings)
    assert failures(database) == 0
