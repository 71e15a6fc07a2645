"""A database as plain rows, and a copy of it in another database."""

from typing import Any

from sqlalchemy import insert, select, text

from desk.db.engine import Database
from desk.db.tables import Base

Rows = dict[str, list[dict[str, Any]]]


def read_rows(database: Database) -> Rows:
    """Every row of every table, as dictionaries."""
    with database.reading() as session:
        tables = Base.metadata.sorted_tables
        return {t.name: [dict(row) for row in session.execute(select(t)).mappings()] for t in tables}


def copy_rows(rows: Rows, to: Database) -> None:
    """Put these rows into an empty database, as they are: cases and follow-ups name each other, so nothing is checked before the end."""
    with to.writing() as session:
        session.execute(text("PRAGMA defer_foreign_keys=ON" if to.is_sqlite else "SET LOCAL session_replication_role = replica"))
        for table in Base.metadata.sorted_tables:
            if rows[table.name]:
                session.execute(insert(table), rows[table.name])
