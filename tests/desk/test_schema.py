"""The migrations make what the code expects."""

from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from desk.db.engine import Database
from desk.db.schema import is_described
from desk.db.tables import Base


def test_migrations_make_the_tables_that_the_code_works_with(database: Database) -> None:
    with database.engine.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": not database.is_sqlite, "include_name": is_described}
        )
        assert compare_metadata(context, Base.metadata) == []
