"""The three programs: what is run, with which environment."""

import os
import re
import sys
from pathlib import Path

from pydantic import SecretStr
from sqlalchemy import make_url

from desk.settings import PREFIX, ROOT, Settings
from desk.supervisor.program import Program
from desk.training import QUIET_RASA, bot_python

# Rasa turns warnings on again that it was told to ignore; nobody here can act on those about its libraries' code.
NOISE = re.compile(r"/site-packages/\S+:\d+: \w*Warning: |^Implementing implicit namespace packages")
_NO_NOISE = {"PYTHONWARNINGS": "ignore"}
# Rasa answers one turn at a time on one core: threads of the numeric libraries only get in each other's way.
_FAST_RASA = {
    "TF_ENABLE_ONEDNN_OPTS": "0",
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "MKL_NUM_THREADS": "1",
}


def all_programs(settings: Settings, secret: str, model: Path, *, verbose: bool) -> tuple[Program, Program, Program]:
    """Rasa, actions and desk, in the order of how long they take to start. Raises NotSetUp."""
    shared = shared_environment(settings, secret, verbose=verbose)
    told = {**shared, **QUIET_RASA, **_FAST_RASA, **({} if verbose else _NO_NOISE)}
    rasa = Program("rasa", _rasa_command(settings, model, verbose=verbose), ROOT, told, None if verbose else NOISE)
    actions = Program("actions", (sys.executable, "-m", "actions.server"), ROOT, shared)
    desk = Program("desk", (sys.executable, "-m", "desk.serve"), ROOT, shared)
    return rasa, actions, desk


def _rasa_command(settings: Settings, model: Path, *, verbose: bool) -> tuple[str, ...]:
    return (
        *(str(bot_python()), "-m", "rasa", "run"),
        *("--interface", "127.0.0.1", "--port", str(settings.rasa_port)),
        *("--model", str(model), "--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
        "--verbose" if verbose else "--quiet",
    )


def shared_environment(settings: Settings, secret: str, *, verbose: bool) -> dict[str, str]:
    """What every program is told: all settings that differ from their defaults, resolved, and how to reach the others."""
    return {
        **{PREFIX + name.upper(): _as_text(getattr(settings, name)) for name in sorted(settings.model_fields_set)},
        PREFIX + "HOST": settings.host,
        PREFIX + "PORT": str(settings.port),
        PREFIX + "RASA_PORT": str(settings.rasa_port),
        PREFIX + "ACTIONS_PORT": str(settings.actions_port),
        PREFIX + "DATA_DIR": str(settings.data_dir.resolve()),
        PREFIX + "SECRET": secret,
        PREFIX + "TRACKER_URL": tracker_url(settings),
        PREFIX + "ACTIONS_URL": f"{settings.actions_url}/webhook",
        PREFIX + "LOG_LEVEL": "INFO" if verbose else "WARNING",
        "PYTHONPATH": os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH")))),
        "PYTHONUNBUFFERED": "1",
    }


def tracker_url(settings: Settings) -> str:
    """Where Rasa keeps its trackers, as its SQLAlchemy 1.4 writes it: our PostgreSQL, or a SQLite file of its own."""
    if settings.database_url.startswith("postgresql"):
        return make_url(settings.database_url).set(drivername="postgresql").render_as_string(hide_password=False)
    return f"sqlite:///{settings.data_dir.resolve() / 'rasa.sqlite'}"


def _as_text(value: object) -> str:
    if isinstance(value, SecretStr):
        return value.get_secret_value()
    return str(value).lower() if isinstance(value, bool) else str(value)
