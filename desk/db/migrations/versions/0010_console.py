"""Private notes, canned replies, the audit trail; an agent's calendar address and one-time codes."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import Json, UtcDateTime

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SQLITE = """CREATE TRIGGER audit_entries_{what} BEFORE {what} ON audit_entries
BEGIN SELECT RAISE(ABORT, 'audit_entries is append-only'); END"""
POSTGRES = """CREATE FUNCTION refuse_audit_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'audit_entries is append-only'; END $$;
CREATE TRIGGER audit_entries_append_only BEFORE UPDATE OR DELETE ON audit_entries
FOR EACH ROW EXECUTE FUNCTION refuse_audit_change()"""


def upgrade() -> None:
    on_postgres = op.get_bind().dialect.name == "postgresql"
    op.create_table(
        "notes",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_notes_agent_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_notes_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_notes"),
    )
    op.create_index("ix_notes_conversation", "notes", ["conversation_id", "at"])
    op.create_table(
        "canned_replies",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("texts", Json, nullable=False),
        sa.Column("changed_at", UtcDateTime, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_canned_replies"),
        sa.UniqueConstraint("title", name="uq_canned_replies_title"),
    )
    op.create_table(
        "audit_entries",
        sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("detail", Json, nullable=False),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_audit_entries_agent_id"),
        sa.PrimaryKeyConstraint("id", name="pk_audit_entries"),
    )
    op.create_index("ix_audit_entries_about", "audit_entries", ["about", "id"])
    if on_postgres:
        op.execute(POSTGRES)
    else:
        for what in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(what=what))
    op.execute("ALTER TABLE agents ADD COLUMN calendar_hash VARCHAR")
    op.execute("ALTER TABLE agents ADD COLUMN totp_secret VARCHAR NOT NULL DEFAULT ''")
    op.execute("ALTER TABLE agents ADD COLUMN totp_on BOOLEAN NOT NULL DEFAULT false")
    op.execute("ALTER TABLE agents ADD COLUMN totp_last INTEGER NOT NULL DEFAULT 0")
    op.create_index("uq_agents_calendar_hash", "agents", ["calendar_hash"], unique=True)


def downgrade() -> None:
    op.drop_index("uq_agents_calendar_hash", "agents")
    for column in ("calendar_hash", "totp_secret", "totp_on", "totp_last"):
        op.drop_column("agents", column)
    op.drop_table("audit_entries")
    if op.get_bind().dialect.name == "postgresql":
        op.execute("DROP FUNCTION refuse_audit_change()")
    op.drop_table("canned_replies")
    op.drop_table("notes")
