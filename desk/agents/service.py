"""Agents: adding them, their passwords, their tokens and their sessions."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from desk.agents.errors import LoginTaken, UnknownAgent, WeakPassword, WrongAgent
from desk.agents.passwords import hash_password, hash_token, new_password, new_token
from desk.agents.tables import Agent, AgentSession
from desk.conversations.languages import LANGUAGES

ROLES = ("agent", "lead", "admin")
OFFICE_HOURS: dict[str, Any] = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
_LOGIN = re.compile(r"[a-z0-9][a-z0-9._@-]{0,63}")


@dataclass(frozen=True, slots=True)
class NewAgent:
    """An agent just added, with what is shown once and stored only as a hash."""

    agent: Agent
    password: str
    token: str


def add_agent(
    session: Session,
    login: str,
    name: str,
    languages: Sequence[str],
    role: str,
    now: datetime,
    password: str | None = None,
) -> NewAgent:
    """Add an agent with office hours; without a password one is made. Raises LoginTaken, WrongAgent, WeakPassword."""
    login, name = normal_login(login), name.strip()
    if not _LOGIN.fullmatch(login):
        raise WrongAgent("A login has 1 to 64 letters a-z, digits, dots, dashes, underscores or @.")
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise WrongAgent("A name has 1 to 100 characters.")
    unknown = [language for language in languages if language not in LANGUAGES]
    if unknown or not languages:
        raise WrongAgent(
            "Languages are %(languages)s, not %(unknown)s.", languages=", ".join(LANGUAGES), unknown=", ".join(unknown) or "none"
        )
    if role not in ROLES:
        raise WrongAgent("Roles are %(roles)s, not %(role)s.", roles=", ".join(ROLES), role=role)
    if session.scalar(select(Agent.id).where(Agent.login == login)) is not None:
        raise LoginTaken("There is already an agent with the login %(login)s.", login=login)
    chosen, token = _usable(password), new_token()
    agent = Agent(
        login=login,
        name=name,
        role=role,
        languages=list(dict.fromkeys(languages)),
        hours=OFFICE_HOURS,
        password_hash=hash_password(chosen),
        token_hash=hash_token(token),
        created_at=now,
    )
    session.add(agent)
    session.flush()
    return NewAgent(agent, chosen, token)


def list_agents(session: Session) -> Sequence[Agent]:
    return session.scalars(select(Agent).order_by(Agent.login)).all()


def change_password(session: Session, login: str, password: str | None = None) -> str:
    """Give an agent a new password (made if not given) and end all his sessions. Raises UnknownAgent, WeakPassword."""
    agent = session.scalar(select(Agent).where(Agent.login == normal_login(login)))
    if agent is None:
        raise UnknownAgent("There is no agent with the login %(login)s.", login=login)
    chosen = _usable(password)
    agent.password_hash = hash_password(chosen)
    end_all_sessions(session, agent)
    return chosen


def normal_login(login: str) -> str:
    """Logins are the same in capitals and with spaces around."""
    return login.strip().lower()


def start_session(session: Session, agent: Agent, now: datetime, hours: float) -> tuple[str, str]:
    """Log the agent in for some hours: the token for his cookie and the CSRF token of his forms."""
    session.execute(delete(AgentSession).where(AgentSession.expires_at <= now))
    token, csrf = new_token(), new_token()
    session.add(
        AgentSession(
            token_hash=hash_token(token),
            agent_id=agent.id,
            csrf_token=csrf,
            created_at=now,
            expires_at=now + timedelta(hours=hours),
        )
    )
    session.flush()
    return token, csrf


def session_of(session: Session, token: str, now: datetime) -> tuple[Agent, AgentSession] | None:
    """Who is logged in with this cookie, and his session (it holds the CSRF token)."""
    return session.execute(
        select(Agent, AgentSession)
        .join(AgentSession, AgentSession.agent_id == Agent.id)
        .where(AgentSession.token_hash == hash_token(token), AgentSession.expires_at > now, Agent.active)
    ).one_or_none()


def agent_of_session(session: Session, token: str, now: datetime) -> Agent | None:
    """Who is logged in with this cookie."""
    found = session_of(session, token, now)
    return found[0] if found else None


def agent_of_token(session: Session, token: str) -> Agent | None:
    """Whose API token this is."""
    return session.scalar(select(Agent).where(Agent.token_hash == hash_token(token), Agent.active))


def renew_token(session: Session, agent: Agent) -> str:
    """A new API token, shown once; the one before it does not work any more."""
    token = new_token()
    session.execute(update(Agent).where(Agent.id == agent.id).values(token_hash=hash_token(token)))
    return token


def end_session(session: Session, token: str) -> None:
    session.execute(delete(AgentSession).where(AgentSession.token_hash == hash_token(token)))


def end_all_sessions(session: Session, agent: Agent) -> None:
    session.execute(delete(AgentSession).where(AgentSession.agent_id == agent.id))


def retire(session: Session, agent: Agent) -> None:
    """The agent leaves: neither password nor token nor an open session works from now on."""
    session.execute(update(Agent).where(Agent.id == agent.id).values(active=False, token_hash=None))
    end_all_sessions(session, agent)


def _usable(password: str | None) -> str:
    if password is None:
        return new_password()
    if not 10 <= len(password) <= 200:
        raise WeakPassword
    return password
