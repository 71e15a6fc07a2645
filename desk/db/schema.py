"""Bring a database to the current schema."""

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import text

from desk.db.engine import Database

MIGRATIONS = Path(__file__).parent / "migrations"
_MIGRATION_LOCK = 4_822_001  # PostgreSQL advisory lock: several desks may start at once


def create_schema(database: Database) -> None:
    """Run the migrations that are missing (all of them on an empty database)."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    with database.engine.connect() as connection:
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:n)"), {"n": _MIGRATION_LOCK})
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
        connection.commit()
