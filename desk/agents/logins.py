"""Logging in: a failed attempt is counted by address and by address with login, and slows only that address."""

from datetime import datetime, timedelta

from sqlalchemy import Select, delete, func, select
from sqlalchemy.orm import Session

from desk.agents.codes import use_code
from desk.agents.errors import TooManyAttempts, WrongLogin
from desk.agents.passwords import password_fits
from desk.agents.service import normal_login
from desk.agents.tables import Agent, FailedLogin
from desk.db.engine import Database
from desk.settings import Settings

ADDRESS_WINDOW = timedelta(minutes=1)
LOGIN_WINDOW = timedelta(hours=1)
LOGIN_FACTOR = 3
"""An address may fail three times as often in an hour at one login as in a minute at all of them."""
LONGEST_PASSWORD = 200


def log_in(database: Database, login: str, password: str, address: str, now: datetime, settings: Settings, code: str = "") -> Agent:
    """Check a login at the edge, in transactions of its own. Raises WrongLogin, TooManyAttempts.

    The failure is counted first and taken back when the password fits: many attempts at once cannot slip past the
    limit, a raised error undoes no count, and no lock is held during argon2's tenth of a second.
    """
    with database.writing() as session:
        attempt = count_attempt(session, login, address, now, settings).id
    with database.reading() as session:
        agent = _active_agent(session, login)
    if not _fits(agent, password) or agent is None:
        raise WrongLogin
    with database.writing() as session:
        locked = session.get_one(Agent, agent.id, with_for_update=True)
        if not locked.totp_on or use_code(locked, code, now):
            session.execute(delete(FailedLogin).where(FailedLogin.id == attempt))
            return agent
    raise WrongLogin


def authenticate(session: Session, login: str, password: str, address: str, now: datetime, settings: Settings) -> Agent:
    """Check a login within a transaction. Raises WrongLogin, TooManyAttempts: commit then too, so that it counts."""
    attempt = count_attempt(session, login, address, now, settings)
    agent = _active_agent(session, login)
    if not _fits(agent, password) or agent is None:
        raise WrongLogin
    session.delete(attempt)
    return agent


def count_attempt(session: Session, login: str, address: str, now: datetime, settings: Settings) -> FailedLogin:
    """Put a failure on record in advance. Raises TooManyAttempts."""
    if session.get_bind().dialect.name == "postgresql":  # attempts of one address queue up, as they do on SQLite
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(address))))
    session.execute(delete(FailedLogin).where(FailedLogin.at <= now - LOGIN_WINDOW))
    name = normal_login(login)[:64]
    of_address = select(FailedLogin.at).where(FailedLogin.address == address)
    _refuse(session, of_address, settings.logins_per_minute, ADDRESS_WINDOW, now)
    _refuse(session, of_address.where(FailedLogin.login == name), settings.logins_per_minute * LOGIN_FACTOR, LOGIN_WINDOW, now)
    attempt = FailedLogin(address=address, login=name, at=now)
    session.add(attempt)
    session.flush()
    return attempt


def _refuse(session: Session, failures: Select[datetime], limit: int, window: timedelta, now: datetime) -> None:
    """Raise TooManyAttempts when the window holds `limit` failures; it opens when the oldest of them leaves it."""
    recent = failures.where(FailedLogin.at > now - window).order_by(FailedLogin.at.desc()).limit(limit)
    times = session.scalars(recent).all()
    if len(times) >= limit:
        raise TooManyAttempts(retry_after=max(1.0, (times[-1] + window - now).total_seconds()))


def _active_agent(session: Session, login: str) -> Agent | None:
    return session.scalar(select(Agent).where(Agent.login == normal_login(login), Agent.active))


def _fits(agent: Agent | None, password: str) -> bool:
    # A password longer than any we accept is not worth hashing, whoever's it is.
    return len(password) <= LONGEST_PASSWORD and password_fits(agent.password_hash if agent else None, password)
