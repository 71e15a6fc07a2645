"""Agents: adding, passwords, tokens, sessions."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.agents.errors import LoginTaken, UnknownAgent, WeakPassword, WrongAgent
from desk.agents.service import (
    add_agent,
    agent_of_session,
    agent_of_token,
    change_password,
    end_all_sessions,
    end_session,
    list_agents,
    retire,
    session_of,
    start_session,
)
from desk.agents.tables import Agent, AgentSession
from desk.db.engine import Database
from tests.conftest import NOW


def test_new_agent_has_a_random_password_and_a_token_that_are_not_stored(database: Database) -> None:
    with database.writing() as session:
        new = add_agent(session, " Maja@shop.example ", "Maja Berg", ["sv", "en", "sv"], "lead", NOW)
    with database.reading() as session:
        agent = session.scalars(select(Agent)).one()
        assert (agent.login, agent.name, agent.role, agent.languages) == (
            "maja@shop.example",
            "Maja Berg",
            "lead",
            ["sv", "en"],
        )
        assert agent.hours["mon"] == [["09:00", "17:00"]]
        assert agent.password_hash.startswith("$argon2id$")
        assert new.password not in agent.password_hash
        assert agent.token_hash != new.token
        assert len(new.password) == 19
        assert agent_of_token(session, new.token) is agent
        assert agent_of_token(session, new.token + "x") is None


def test_login_is_taken_whatever_its_capitals(database: Database) -> None:
    with database.writing() as session:
        add_agent(session, "maja", "Maja", ["en"], "agent", NOW)
    with pytest.raises(LoginTaken), database.writing() as session:
        add_agent(session, "MAJA", "Another", ["en"], "agent", NOW)


@pytest.mark.parametrize(
    ("login", "name", "languages", "role"),
    [
        ("", "Maja", ["en"], "agent"),
        ("maja berg", "Maja", ["en"], "agent"),
        ("x" * 65, "Maja", ["en"], "agent"),
        ("maja", "  ", ["en"], "agent"),
        ("maja", "Ma\x00ja", ["en"], "agent"),
        ("maja", "Maja", ["de"], "agent"),
        ("maja", "Maja", [], "agent"),
        ("maja", "Maja", ["en"], "boss"),
    ],
)
def test_wrong_agent_is_refused(database: Database, login: str, name: str, languages: list[str], role: str) -> None:
    with pytest.raises(WrongAgent), database.writing() as session:
        add_agent(session, login, name, languages, role, NOW)


def test_short_password_is_refused(database: Database) -> None:
    with pytest.raises(WeakPassword), database.writing() as session:
        add_agent(session, "maja", "Maja", ["en"], "agent", NOW, password="short")


def test_session_ends_at_its_time(database: Database) -> None:
    with database.writing() as session:
        agent = add_agent(session, "maja", "Maja", ["en"], "agent", NOW).agent
        token, csrf = start_session(session, agent, NOW, 12)
    with database.reading() as session:
        found = session_of(session, token, NOW + timedelta(hours=11, minutes=59))
        assert found is not None
        assert (found[0].login, found[1].csrf_token) == ("maja", csrf)
        assert agent_of_session(session, token, NOW + timedelta(hours=12)) is None
        assert agent_of_session(session, csrf, NOW) is None


def test_expired_sessions_are_cleared_at_the_next_login(database: Database) -> None:
    with database.writing() as session:
        agent = add_agent(session, "maja", "Maja", ["en"], "agent", NOW).agent
        start_session(session, agent, NOW, 1)
        start_session(session, agent, NOW + timedelta(hours=2), 1)
    with database.reading() as session:
        assert len(session.scalars(select(AgentSession)).all()) == 1


def test_logging_out_ends_one_session_or_all(database: Database) -> None:
    with database.writing() as session:
        agent = add_agent(session, "maja", "Maja", ["en"], "agent", NOW).agent
        desk, phone, tablet = (start_session(session, agent, NOW, 1)[0] for _ in range(3))
    with database.writing() as session:
        end_session(session, desk)
        assert agent_of_session(session, desk, NOW) is None
        assert agent_of_session(session, phone, NOW) is not None
        end_all_sessions(session, agent)
        assert agent_of_session(session, phone, NOW) is None
        assert agent_of_session(session, tablet, NOW) is None


def test_new_password_ends_all_sessions(database: Database) -> None:
    with database.writing() as session:
        agent = add_agent(session, "maja", "Maja", ["en"], "agent", NOW).agent
        token, _ = start_session(session, agent, NOW, 1)
    with database.writing() as session:
        assert change_password(session, "Maja", "correct horse battery") == "correct horse battery"
    with database.reading() as session:
        assert agent_of_session(session, token, NOW) is None
    with pytest.raises(UnknownAgent), database.writing() as session:
        change_password(session, "nobody")


def test_retired_agent_has_neither_session_nor_token(database: Database) -> None:
    with database.writing() as session:
        new = add_agent(session, "maja", "Maja", ["en"], "agent", NOW)
        token, _ = start_session(session, new.agent, NOW, 1)
        retire(session, new.agent)
    with database.reading() as session:
        assert agent_of_session(session, token, NOW) is None
        assert agent_of_token(session, new.token) is None
        assert [a.login for a in list_agents(session)] == ["maja"]
