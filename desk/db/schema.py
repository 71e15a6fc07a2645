"""Bring a database to the current schema."""

from collections.abc import Callable
from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, text

from desk.db.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"
WORD_INDEX = "search_"
"""How everything of the index of words is named: migrations make it, no table of the code describes it."""
_MIGRATION_LOCK = 4_822_001  # PostgreSQL advisory lock: several desks may start at once


def create_schema(database: Database) -> None:
    """Run the migrations that are missing (all of them on an empty database)."""
    change_schema(database, lambda config: command.upgrade(config, "head"))


def change_schema(database: Database, change: Callable[[Config], None]) -> None:
    """Run a command of Alembic's in one transaction, alone."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        if database.is_sqlite:
            _keep_references(connection, False)  # SQLite makes a changed table anew; what points at it stays as it is
        else:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        try:
            change(config)
            connection.commit()
        finally:
            if database.is_sqlite:
                connection.rollback()
                _keep_references(connection, True)


def _keep_references(connection: Connection, wanted: bool) -> None:
    """Foreign keys of this SQLite connection on or off; it works only outside a transaction."""
    raw = connection.connection.driver_connection
    assert raw is not None
    raw.execute(f"PRAGMA foreign_keys={'ON' if wanted else 'OFF'}")


def is_described(name: str | None, kind: str, parents: object) -> bool:
    """Whether Alembic is to find it among the tables of the code."""
    return not (name or "").startswith(WORD_INDEX)
