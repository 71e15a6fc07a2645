"""Alembic's door to our tables; the connection comes from desk.db.schema."""

from alembic import context

from desk.db.schema import is_described
from desk.db.tables import Base

connection = context.config.attributes["connection"]
context.configure(
    connection=connection, target_metadata=Base.metadata, render_as_batch=True, transactional_ddl=True, include_name=is_described
)
context.run_migrations()
