"""A shop in use keeps its rows when the schema changes under it, up and down, on both databases."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, column, insert, inspect, select, table, text
from sqlalchemy.exc import IntegrityError

from desk.cases.tables import Case
from desk.console.searching import search
from desk.conversations.tables import Message
from desk.db.engine import Database
from desk.db.schema import MIGRATIONS, change_schema, create_schema, is_described
from desk.db.tables import Base
from desk.followups.tables import Followup
from desk.settings import Settings
from desk.words import load_words
from desk.worker.watch import Watch
from tests.conftest import NOW, POSTGRES
from tests.desk.cast import gather, hand_off, promise_call, smelling_tv, talk
from tests.system.stack import empty_postgres

Rows = dict[str, list[dict[str, Any]]]
FIRST = "0001"
REVISIONS = sorted(path.stem.partition("_")[0] for path in MIGRATIONS.glob("versions/0*.py"))


@pytest.fixture
def old(database: Database, tmp_path: Path) -> Iterator[Database]:
    """A database of the same kind at the first revision, with the rows of a shop in use as far as it has columns for them."""
    with database.writing() as session:
        cast = gather(session)
        smelling_tv(session, cast, arranged=True)
        promise_call(session, smelling_tv(session, cast), cast.anna, NOW + timedelta(days=2))
        hand_off(session, talk(session, "I want to talk to a person."))
    if database.is_sqlite:
        early = Database(f"sqlite:///{tmp_path}/old.sqlite")
        yield fill(early, database)
        early.dispose()
        return
    with empty_postgres(POSTGRES) as url:
        early = Database(url)
        yield fill(early, database)
        early.dispose()


def fill(early: Database, source: Database) -> Database:
    change_schema(early, lambda config: command.upgrade(config, FIRST))
    columns = columns_of(early)
    with source.engine.connect() as connection:
        rows = read(connection, columns)
    with early.writing() as session:
        # A message names another one, whatever order they come in.
        session.execute(text("PRAGMA defer_foreign_keys=ON" if early.is_sqlite else "SET LOCAL session_replication_role = replica"))
        for name in [t.name for t in Base.metadata.sorted_tables if rows.get(t.name)]:
            known = [column(c, Base.metadata.tables[name].columns[c].type) for c in columns[name]]
            session.execute(insert(table(name, *known)), rows[name])
        if not early.is_sqlite:  # the ids were given, so the counters do not know of them
            for name in (n for n in rows if rows[n] and isinstance(rows[n][0].get("id"), int)):
                session.execute(text(f"SELECT setval(pg_get_serial_sequence('{name}', 'id'), (SELECT max(id) FROM {name}))"))
    return early


def columns_of(database: Database) -> dict[str, list[str]]:
    """The tables and columns that there are."""
    found = inspect(database.engine)
    return {name: [c["name"] for c in found.get_columns(name)] for name in found.get_table_names() if name in Base.metadata.tables}


def read(connection: Connection, columns: dict[str, list[str]]) -> Rows:
    """All rows, of these tables and columns."""
    rows: Rows = {}
    for name, names in columns.items():
        known = [column(c, Base.metadata.tables[name].columns[c].type) for c in names]
        found = connection.execute(select(*known).select_from(table(name))).mappings()
        rows[name] = sorted((dict(row) for row in found), key=str)
    return rows


def rows_of(database: Database, columns: dict[str, list[str]]) -> Rows:
    with database.engine.connect() as connection:
        return read(connection, columns)


def test_every_migration_keeps_the_rows_up_and_down_again(old: Database) -> None:
    columns = columns_of(old)
    before = rows_of(old, columns)
    assert len(before["cases"]) == 3
    assert len(before["followups"]) > 3
    for revision in REVISIONS[1:]:
        change_schema(old, lambda config, to=revision: command.upgrade(config, to))  # type: ignore[misc]
        assert rows_of(old, columns) == before, f"after {revision}"
    with old.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": not old.is_sqlite, "include_name": is_described})
        assert compare_metadata(context, Base.metadata) == []
    for revision in reversed(REVISIONS[:-1]):
        change_schema(old, lambda config, to=revision: command.downgrade(config, to))  # type: ignore[misc]
        assert rows_of(old, columns) == before, f"down to {revision}"
    assert columns_of(old) == columns
    create_schema(old)
    assert rows_of(old, columns) == before


def test_the_desk_goes_on_with_the_cases_of_before(old: Database) -> None:
    create_schema(old)
    due = NOW + timedelta(days=1, minutes=1)
    Watch(old, Settings(secret="s"), load_words()).step(due)  # type: ignore[arg-type]
    with old.reading() as session:
        asked = session.scalars(select(Followup).where(Followup.outcome == "asked")).all()
        assert len(asked) == 1
        case = session.get_one(Case, asked[0].case_id)
        assert case.state == "waiting_for_word"
        said = select(Message.text).where(
            Message.conversation_id == case.conversation_id, Message.author == "bot", Message.at == due
        )
        assert case.number in session.scalars(said).one()


def test_what_the_database_holds_it_holds_for_the_cases_of_before(old: Database) -> None:
    create_schema(old)
    with old.reading() as session:
        step = session.scalars(select(Case.next_followup_id).where(Case.next_followup_id.is_not(None))).first()
    with pytest.raises(IntegrityError), old.writing() as session:
        session.execute(text("UPDATE followups SET state = 'done', promise = 'none' WHERE id = :step"), {"step": step})
    with pytest.raises(Exception, match="append-only"), old.writing() as session:
        session.execute(text("DELETE FROM case_events"))


def test_what_was_written_before_the_index_is_found(old: Database) -> None:
    create_schema(old)
    with old.reading() as session:
        for query, found in (
            ("smells stran", "conversations"),
            ("erik lund", "customers"),
            ("10023847", "orders"),
            ("funny", "cases"),
        ):
            answer = search(session, query)
            assert answer is not None
            assert getattr(answer, found), query
