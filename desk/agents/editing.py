"""Leads and admins change agents; every change is in the audit trail."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from itertools import pairwise
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.agents.errors import WrongAgent
from desk.agents.roles import must_lead
from desk.agents.service import ROLES, NewAgent, add_agent, change_password, end_all_sessions
from desk.agents.tables import LEADS, Agent
from desk.audit.service import audit
from desk.conversations.languages import LANGUAGES
from desk.errors import Conflict, NotAllowed, NotFound

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
LONGEST_SKILLS = 500
COUNTRIES = ("SE", "NO", "FI")
_SPAN = re.compile(r"([01]?\d|2[0-4])[:.]([0-5]\d)\s*[-–]\s*([01]?\d|2[0-4])[:.]([0-5]\d)")


@dataclass(frozen=True)
class AgentChange:
    """What a form says of an agent; hours and days as people write them."""

    name: str
    role: str
    languages: Sequence[str]
    timezone: str
    country: str
    hours: Mapping[str, str]  # "09:00-12:00, 13:00-17:00" by day
    days_off: str  # ISO days with blanks or commas between
    skills: str  # with commas between
    active: bool


def add_agent_as_lead(session: Session, lead: Agent, login: str, name: str, languages: Sequence[str], now: datetime) -> NewAgent:
    """Add an agent; password and API token are shown once. Raises NotAllowed, WrongAgent, LoginTaken."""
    must_lead(lead)
    new = add_agent(session, login, name, languages, "agent", now)
    audit(session, lead, "agent_added", f"agent:{new.agent.login}", now, name=new.agent.name)
    return new


def change_agent(session: Session, lead: Agent, login: str, change: AgentChange, now: datetime) -> Agent:
    """Change an agent. Raises NotAllowed, NotFound, WrongAgent, Conflict."""
    agent = agent_for_lead(session, lead, login)
    before = as_shown(agent)
    name = change.name.strip()
    if not 1 <= len(name) <= 100 or not name.isprintable():
        raise WrongAgent("A name has 1 to 100 characters.")
    languages = [language for language in LANGUAGES if language in change.languages]
    if not languages:
        raise WrongAgent("An agent answers in one language at least.")
    _check_role(session, lead, agent, change)
    _check_place(change)
    agent.name, agent.role, agent.languages = name, change.role, languages
    agent.timezone, agent.country = change.timezone, change.country
    agent.hours = {day: read_hours(change.hours.get(day, "")) for day in DAYS}
    agent.days_off = _read_days(change.days_off)
    agent.skills = _read_skills(change.skills)
    if agent.active and not change.active:
        agent.token_hash = None
        end_all_sessions(session, agent)
    agent.active = change.active
    session.flush()
    audit(session, lead, "agent_changed", f"agent:{agent.login}", now, before=before, after=as_shown(agent))
    return agent


def renew_password(session: Session, lead: Agent, login: str, now: datetime) -> str:
    """A new password for an agent, shown once; he is logged out everywhere, and his one-time codes are off."""
    agent = agent_for_lead(session, lead, login)
    if agent.role == "admin" and lead.role != "admin":
        raise NotAllowed("Only an admin changes an admin's password.")
    agent.totp_on, agent.totp_secret = False, ""
    audit(session, lead, "password_renewed", f"agent:{agent.login}", now)
    return change_password(session, agent.login)


def agent_for_lead(session: Session, lead: Agent, login: str) -> Agent:
    """The agent, for somebody who may change him. Raises NotAllowed, NotFound."""
    must_lead(lead)
    known = login.isascii() and login.isprintable()
    agent = session.scalar(select(Agent).where(Agent.login == login)) if known else None
    if agent is None:
        raise NotFound("There is no agent with this login.")
    return agent


def read_hours(text: str) -> list[list[str]]:
    """'9:00-12:00, 13:00-17:00' as spans in order. Raises WrongAgent."""
    spans = []
    for part in (p.strip() for p in text.replace(";", ",").split(",")):
        if not part:
            continue
        found = _SPAN.fullmatch(part)
        begin, end = (f"{int(found[1]):02}:{found[2]}", f"{int(found[3]):02}:{found[4]}") if found else ("", "")
        if not found or begin >= end or end > "24:00" or begin >= "24:00":
            raise WrongAgent("Hours look like 09:00-12:00, 13:00-17:00; “%(part)s” does not.", part=part[:20])
        spans.append([begin, end])
    spans.sort()
    if any(a[1] > b[0] for a, b in pairwise(spans)):
        raise WrongAgent("The hours of a day overlap.")
    return spans


def as_shown(agent: Agent) -> dict[str, Any]:
    """An agent as the audit trail keeps him: no hashes, no secrets."""
    fields = ("name", "role", "languages", "timezone", "country", "hours", "days_off", "skills", "active")
    return {field: getattr(agent, field) for field in fields}


def _check_role(session: Session, lead: Agent, agent: Agent, change: AgentChange) -> None:
    if change.role not in ROLES:
        raise WrongAgent("Roles are %(roles)s.", roles=", ".join(ROLES))
    if lead.role != "admin" and "admin" in {change.role, agent.role} and change.role != agent.role:
        raise NotAllowed("Only an admin makes or unmakes an admin.")
    loses = agent.role in LEADS and agent.active and (change.role not in LEADS or not change.active)
    others = select(func.count()).where(Agent.role.in_(LEADS), Agent.active, Agent.id != agent.id)
    if loses and not session.scalar(others):
        raise Conflict("He is the last one who leads. Make somebody else a lead first.")


def _check_place(change: AgentChange) -> None:
    try:
        ZoneInfo(change.timezone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise WrongAgent("A time zone looks like Europe/Stockholm.") from error
    if change.country not in COUNTRIES:
        raise WrongAgent("Countries, for public holidays, are %(countries)s.", countries=", ".join(COUNTRIES))


def _read_days(text: str) -> list[str]:
    days = set()
    for part in re.split(r"[\s,;]+", text[:5000].strip()):
        if not part:
            continue
        try:
            days.add(date.fromisoformat(part).isoformat())
        except ValueError as error:
            raise WrongAgent("A day off looks like 2026-12-23; “%(part)s” does not.", part=part[:20]) from error
    return sorted(days)


def _read_skills(text: str) -> list[str]:
    if len(text) > LONGEST_SKILLS:
        raise WrongAgent("Subjects have at most %(most)s characters together.", most=LONGEST_SKILLS)
    skills = {s for s in (" ".join(part.split()).lower() for part in text.split(",")) if s}
    if not all(s.isprintable() for s in skills):
        raise WrongAgent("Subjects are words, with commas between.")
    return sorted(skills)
