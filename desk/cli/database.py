"""The database of the settings, for commands that use it; the desk may run beside."""

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy.exc import OperationalError

from desk.cli.errors import fail, told_in_one_line
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import Settings


@contextmanager
def open_database() -> Iterator[Database]:
    """The database with its current schema; its errors are told in one line."""
    with told_in_one_line():
        database = Database(Settings.load().url)
        try:
            create_schema(database)
            yield database
        except OperationalError as error:
            fail(f"the database does not answer (FUBB_DATABASE_URL, FUBB_DATA_DIR): {str(error.orig).strip()}")
        finally:
            database.dispose()
