"""The database: one engine, sessions that read and sessions that write."""

import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event, make_url
from sqlalchemy.orm import Session

from desk.db.events import Hub, send_announcements

BUSY_TIMEOUT = 15_000
"""Milliseconds a SQLite writer waits for another one."""


class Database:
    """The desk's database. `reading()` never blocks a writer; `writing()` commits at its end or undoes all."""

    def __init__(self, url: str, hub: Hub | None = None) -> None:
        self.url = make_url(url)
        self.hub = hub or Hub()
        self.engine = _make_engine(url)
        # SQLite lets writers wait by sleeping, longer each time, in no order: ours queue up here instead.
        self._one_writer: AbstractContextManager[object] = threading.Lock() if self.is_sqlite else nullcontext()
        self._for_reading = self.engine.execution_options(fubb_begin="BEGIN")

    @property
    def is_sqlite(self) -> bool:
        return self.engine.dialect.name == "sqlite"

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """A transaction that may write: committed at the end, rolled back at an error."""
        with Session(self.engine, expire_on_commit=False) as session:
            with self._one_writer, session.begin():
                yield session
                session.flush()
                send_announcements(session)
            self.hub.publish_all(session.info.pop("announced", ()))

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """A transaction that only reads."""
        with Session(self._for_reading, expire_on_commit=False) as session, session.begin():
            yield session

    def dispose(self) -> None:
        self.engine.dispose()


def _make_engine(url: str) -> Engine:
    if url.startswith("sqlite"):
        path = make_url(url).database
        if path and path != ":memory:":
            Path(path).parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(url, pool_size=20, max_overflow=20, connect_args={"check_same_thread": False})
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
        return engine
    return create_engine(url, pool_size=20, max_overflow=10, pool_pre_ping=True)


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    cursor = connection.cursor()
    cursor.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT}")
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.execute("PRAGMA foreign_keys=ON")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    # A writer takes the lock at once: a lock taken half-way cannot wait and fails with "database is locked".
    connection.exec_driver_sql(connection.get_execution_options().get("fubb_begin", "BEGIN IMMEDIATE"))
