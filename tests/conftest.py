"""Shared by all tests: a real database of each kind, a fixed moment, a fixed cast."""

import os
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import settings
from sqlalchemy import create_engine, make_url, text
from sqlalchemy.exc import OperationalError

from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.db.tables import Base

POSTGRES = os.environ.get("FUBB_TEST_POSTGRES", "postgresql+psycopg://postgres@127.0.0.1:5432/test")
NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
"""A Wednesday, 10:00 in Stockholm."""
settings.register_profile("fubb", deadline=None)  # a busy machine is not a fault
settings.load_profile("fubb")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The long ones first."""
    items.sort(key=lambda item: item.get_closest_marker("long") is None)


@pytest.fixture
def now() -> datetime:
    return NOW


def _postgres_for(worker: str) -> str | None:
    """Address of a PostgreSQL database of this test worker's own, or None where there is no server."""
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT", connect_args={"connect_timeout": 2})
    name = f"fubb_test_{worker}_{os.getpid()}"  # two runs at once do not meet
    try:
        with admin.connect() as connection:
            connection.execute(text(f'CREATE DATABASE "{name}"'))
            # A test's commit need not outlive a crash of the machine: not to wait for the disk makes the tests faster.
            connection.execute(text(f'ALTER DATABASE "{name}" SET synchronous_commit = off'))
    except OperationalError:
        return None
    finally:
        admin.dispose()
    return str(admin.url.set(database=name).render_as_string(hide_password=False))


@pytest.fixture(scope="session")
def postgres_url(worker_id: str) -> Iterator[str]:
    url = _postgres_for(worker_id)
    if url is None:
        if os.environ.get("CI"):
            pytest.fail("CI needs PostgreSQL on 127.0.0.1:5432")
        pytest.skip("no PostgreSQL on 127.0.0.1:5432")
    yield url
    admin = create_engine(POSTGRES, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.execute(text(f'DROP DATABASE IF EXISTS "{make_url(url).database}" WITH (FORCE)'))
    admin.dispose()


@pytest.fixture(scope="session")
def postgres_database(postgres_url: str) -> Iterator[Database]:
    database = Database(postgres_url)
    create_schema(database)
    yield database
    database.dispose()


@pytest.fixture(scope="session")
def empty_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with the schema and nothing in it, to be copied."""
    path = tmp_path_factory.mktemp("sqlite") / "empty.sqlite"
    template = Database(f"sqlite:///{path}")
    create_schema(template)
    template.dispose()  # the last connection to close puts the log into the file
    return path


@pytest.fixture(params=["sqlite", "postgresql"])
def database(request: pytest.FixtureRequest, tmp_path: Path, empty_sqlite: Path) -> Iterator[Database]:
    """An empty database; every test that uses it runs on SQLite and on PostgreSQL."""
    if request.param == "sqlite":
        path = shutil.copy(empty_sqlite, tmp_path / "fubb.sqlite")
        sqlite = Database(f"sqlite:///{path}")
        yield sqlite
        sqlite.dispose()
        return
    postgres: Database = request.getfixturevalue("postgres_database")
    names = ", ".join(f'"{t.name}"' for t in Base.metadata.sorted_tables)
    with postgres.writing() as session:
        session.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield postgres
