"""A database put back, within milliseconds, to how it was: for tests that play thousands of sequences."""

import sqlite3
from collections.abc import Hashable

from sqlalchemy import text

from desk.db.engine import Database
from desk.db.tables import Base

CHANGED = (
    "agents", "alerts", "case_events", "cases", "contacts", "conversations", "customers", "followups", "handoffs", "messages",
    "orders", "remedies", "surveys",
)  # fmt: skip
"""The tables that a case's life changes; the shop and the plans stay as they are."""
VACUUM_EVERY = 200
"""Times put back: PostgreSQL keeps the rows of before until they are vacuumed, and reads past them."""


class Snapshots:
    """States of one database by a name: kept by `keep`, brought back by `put_back`."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self._numbers: dict[Hashable, int] = {}
        self._files: dict[int, sqlite3.Connection] = {}
        self._times = 0
        if database.is_sqlite:
            self._live = sqlite3.connect(str(database.url.database))
            return
        self._columns = {t: ", ".join(f'"{c.name}"' for c in Base.metadata.tables[t].columns) for t in CHANGED}
        self._run("CREATE SCHEMA kept;" + "".join(f"CREATE TABLE kept.{t} AS SELECT 0 AS kept, * FROM {t};" for t in CHANGED))

    def __contains__(self, name: Hashable) -> bool:
        return name in self._numbers

    def keep(self, name: Hashable) -> None:
        number = self._numbers[name] = len(self._numbers) + 1
        if self.database.is_sqlite:
            self._files[number] = sqlite3.connect(":memory:")
            self._live.backup(self._files[number])
        else:
            self._run("".join(f"INSERT INTO kept.{t} SELECT {number}, * FROM {t};" for t in CHANGED))

    def put_back(self, name: Hashable) -> None:
        number = self._numbers[name]
        if self.database.is_sqlite:
            self._files[number].backup(self._live)
            return
        self._run(
            "SET LOCAL session_replication_role = replica;"  # no triggers, no foreign keys
            + "".join(
                f"DELETE FROM {t}; INSERT INTO {t} ({names}) SELECT {names} FROM kept.{t} WHERE kept = {number};"
                for t, names in self._columns.items()
            )
        )
        self._times += 1
        if self._times % VACUUM_EVERY == 0:
            with self.database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.execute(text(f"VACUUM {', '.join(CHANGED)}"))

    def forget(self) -> None:
        if self.database.is_sqlite:
            for connection in (self._live, *self._files.values()):
                connection.close()
        else:
            self._run("DROP SCHEMA kept CASCADE;")

    def _run(self, statements: str) -> None:
        with self.database.writing() as session:
            session.connection().exec_driver_sql(statements)
