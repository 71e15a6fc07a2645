"""The first tables, and the triggers that keep a case's history append-only."""

from alembic import op

from desk.db.tables import Base

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE = """CREATE TRIGGER case_events_{what} BEFORE {what} ON case_events
BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END"""
POSTGRES = """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'case_events is append-only'; END $$;
CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE ON case_events
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def upgrade() -> None:
    bind = op.get_bind()
    Base.metadata.create_all(bind)
    if bind.dialect.name == "postgresql":
        op.execute(POSTGRES)
    else:
        for what in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(what=what))


def downgrade() -> None:
    Base.metadata.drop_all(op.get_bind())
