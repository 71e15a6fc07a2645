"""Adding a row that another process may be adding at the same moment."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import inspect
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from desk.db.base import Base


def insert_unless_there(session: Session, table: type[Base], values: Mapping[str, Any]) -> bool:
    """Whether the row was added; False where one with the same unique key stands already, or comes first."""
    insert = postgresql.insert if session.get_bind().dialect.name == "postgresql" else sqlite.insert
    adding = insert(table).values(**values).on_conflict_do_nothing().returning(*inspect(table).primary_key)
    return session.execute(adding).first() is not None
