"""Is this machine ready? Each examination says what it found, and what to do when it is not well."""

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import make_url
from sqlalchemy.exc import SQLAlchemyError

from desk.checking.telegram import examine_telegram
from desk.db.engine import Database
from desk.db.schema import MIGRATIONS
from desk.settings import ROOT, Settings
from desk.supervisor.checks import port_problem
from desk.supervisor.readiness import reachable
from desk.training import NotSetUp, bot_python, fitting_model

EARLIEST = datetime(2026, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Finding:
    """One examination: whether all is well, and what was found."""

    name: str
    ok: bool
    found: str


def examine(settings: Settings, root: Path = ROOT) -> Iterator[Finding]:
    """Examine everything; one failing examination does not stop the others."""
    examinations: tuple[tuple[str, Callable[[], tuple[bool, str]]], ...] = (
        ("python", _python),
        ("rasa", lambda: _rasa(root)),
        ("model", lambda: _model(root)),
        ("data folder", lambda: _data_folder(settings)),
        ("database", lambda: _database(settings)),
        ("port of the desk", lambda: _port(settings.host, settings.port, "FUBB_PORT", "/healthz")),
        ("port of rasa", lambda: _port("127.0.0.1", settings.rasa_port, "FUBB_RASA_PORT", "/")),
        ("port of actions", lambda: _port("127.0.0.1", settings.actions_port, "FUBB_ACTIONS_PORT", "/health")),
        ("telegram", lambda: examine_telegram(settings)),
        ("clock", lambda: _clock(settings)),
    )
    for name, examination in examinations:
        ok, found = examination()
        yield Finding(name, ok, found)


def _python() -> tuple[bool, str]:
    version = ".".join(str(n) for n in sys.version_info[:3])
    return sys.version_info[:2] == (3, 11), f"CPython {version} in {sys.prefix}"


def _rasa(root: Path) -> tuple[bool, str]:
    try:
        command = [str(bot_python(root)), "-c", "import importlib.metadata as m; print(m.version('rasa'))"]
    except NotSetUp as error:
        return False, str(error)
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)  # noqa: S603 (our own)
    if done.returncode != 0:
        return False, "Rasa's environment is broken: remove bot/.venv, then `make setup`."
    return True, f"Rasa {done.stdout.strip()}"


def _model(root: Path) -> tuple[bool, str]:
    model = fitting_model(root)
    return (True, f"{model.name} fits") if model else (False, "No model fits the present data: `fubb train` makes it.")


def _data_folder(settings: Settings) -> tuple[bool, str]:
    folder = settings.data_dir
    nearest = next(p for p in (folder, *folder.resolve().parents) if p.exists())
    if not (nearest.is_dir() and os.access(nearest, os.W_OK)):
        return False, f"{folder} cannot be written: set FUBB_DATA_DIR to a folder that can."
    free = os.statvfs(nearest)
    megabytes = free.f_bavail * free.f_frsize // 2**20
    return megabytes > 100, f"{folder} can be written, {megabytes} MB free"


def _database(settings: Settings) -> tuple[bool, str]:
    url = make_url(settings.url)
    if url.get_backend_name() == "sqlite" and not (url.database and Path(url.database).exists()):
        return True, "SQLite, made at the first start"
    newest = ScriptDirectory(str(MIGRATIONS)).get_current_head()
    shown = url.render_as_string(hide_password=True)
    database = Database(settings.url)
    try:
        with database.reading() as session:
            present = MigrationContext.configure(session.connection()).get_current_revision()
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", None) or error).strip().splitlines()
        return False, f"{shown} does not answer (FUBB_DATABASE_URL): {reason[0] if reason else type(error).__name__}"
    finally:
        database.dispose()
    if present == newest:
        return True, f"{shown}, schema {present}"
    if present is None:
        return True, f"{shown} is empty; the first start makes the schema"
    return True, f"{shown} has schema {present}; the next start brings it to {newest}"


def _port(host: str, port: int, setting: str, path: str) -> tuple[bool, str]:
    if port == 0:
        return True, "0: a free one is chosen at the start"
    problem = port_problem(host, port)
    if problem is None:
        return True, f"{port} is free"
    if _answers_as_ours(host, port, path):
        return True, f"{port} is in use by Fubb"
    return False, f"{port} {problem}: set {setting}."


def _answers_as_ours(host: str, port: int, path: str) -> bool:
    """Whether what listens there looks like our program (Rasa greets by name; the others know their health path)."""
    try:
        answer = httpx.get(f"http://{reachable(host)}:{port}{path}", timeout=2, trust_env=False)
    except (httpx.HTTPError, httpx.InvalidURL):
        return False
    return answer.status_code == 200 and (path != "/" or "Rasa" in answer.text)


def _clock(settings: Settings) -> tuple[bool, str]:
    now = datetime.now(UTC)
    there = now.astimezone(ZoneInfo(settings.shop_timezone))
    if now < EARLIEST:
        return False, f"it is {now:%Y-%m-%d} here: set the clock of this machine."
    return True, f"{there:%Y-%m-%d %H:%M} in {settings.shop_timezone}"
