"""The lead is told of a follow-up that could not be delivered."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import Json, UtcDateTime

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None

KINDS = (
    "'promise_soon', 'promise_at_risk', 'promise_broken', 'danger', 'pattern', 'low_rating', 'week', "
    "'handoff_late', 'agent_silent', 'approval_wanted'"
)


def upgrade() -> None:
    _allow_kinds_of_alerts(f"{KINDS}, 'followup_failed'")


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE kind = 'followup_failed'")
    _allow_kinds_of_alerts(KINDS)


def _allow_kinds_of_alerts(kinds: str) -> None:
    """A check cannot be changed in place on SQLite: there the table is made anew. Nothing points at it."""
    condition = f"kind in ({kinds})"
    if op.get_bind().dialect.name == "postgresql":
        op.execute("ALTER TABLE alerts DROP CONSTRAINT ck_alerts_kind")
        op.execute(f"ALTER TABLE alerts ADD CONSTRAINT ck_alerts_kind CHECK ({condition})")
        return
    op.drop_index("ix_alerts_agent", "alerts")
    op.execute("ALTER TABLE alerts RENAME TO old_alerts")
    op.create_table(
        "alerts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("key", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("detail", Json, nullable=False),
        sa.Column("seen_at", UtcDateTime, nullable=True),
        sa.Column("seen_by_id", sa.Integer(), nullable=True),
        sa.CheckConstraint(condition, name=op.f("ck_alerts_kind")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_alerts_agent_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alerts_case_id"),
        sa.ForeignKeyConstraint(["seen_by_id"], ["agents.id"], name="fk_alerts_seen_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.UniqueConstraint("key", name="uq_alerts_key"),
    )
    columns = "id, key, kind, at, agent_id, case_id, detail, seen_at, seen_by_id"
    op.execute(f"INSERT INTO alerts ({columns}) SELECT {columns} FROM old_alerts")  # noqa: S608
    op.execute("DROP TABLE old_alerts")
    op.create_index("ix_alerts_agent", "alerts", ["agent_id", "at"])
