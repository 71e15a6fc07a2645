"""The demo's agent: made at the demo's first start; its password is kept for the owner of the data folder."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from desk.agents.passwords import password_fits
from desk.agents.service import add_agent, change_password
from desk.agents.tables import Agent
from desk.db.engine import Database
from desk.secrets import write_private

LOGIN = "demo"
NAME = "Kim Dahl"
FILE_NAME = "demo-agent.json"


@dataclass(frozen=True, slots=True)
class DemoLogin:
    """What is typed to log in; the password is None once somebody has changed it."""

    login: str
    password: str | None


def demo_login(database: Database, data_dir: Path, now: datetime) -> DemoLogin:
    """The demo agent's login, made if he does not exist yet."""
    path = data_dir / FILE_NAME
    kept = _read(path)
    with database.reading() as session:
        password_hash = session.scalar(select(Agent.password_hash).where(Agent.login == LOGIN))
    if password_hash is not None and kept is not None:
        return kept if password_fits(password_hash, kept.password or "") else DemoLogin(LOGIN, None)
    with database.writing() as session:
        if password_hash is None:
            password = add_agent(session, LOGIN, NAME, ["en", "sv", "nb", "fi"], "lead", now).password
        else:  # the file is gone: nobody knows the password any more
            password = change_password(session, LOGIN)
    made = DemoLogin(LOGIN, password)
    write_private(path, json.dumps(asdict(made)) + "\n")
    return made


def _read(path: Path) -> DemoLogin | None:
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        return DemoLogin(str(kept["login"]), str(kept["password"]))
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return None
