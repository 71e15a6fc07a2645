"""Presence and care of agents, whom a hand-off is given to, since when a customer awaits an answer, more alerts."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import Json, UtcDateTime, where

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

KINDS = "'promise_soon', 'promise_at_risk', 'promise_broken', 'danger', 'pattern', 'low_rating', 'week'"
MORE_KINDS = f"{KINDS}, 'handoff_late', 'agent_silent', 'approval_wanted'"


def upgrade() -> None:
    on_postgres = op.get_bind().dialect.name == "postgresql"
    moment, json = ("TIMESTAMP WITH TIME ZONE", "JSONB") if on_postgres else ("VARCHAR(32)", "JSON")
    added = {
        "agents": [
            "presence VARCHAR NOT NULL DEFAULT 'online' "
            "CONSTRAINT ck_agents_presence CHECK (presence in ('online', 'busy', 'away'))",
            f"seen_at {moment}",
            f"breathes_until {moment}",
            "given_hard BOOLEAN NOT NULL DEFAULT false",
            f"given_at {moment}",
            f"skills {json} NOT NULL DEFAULT '[]'",
            f"days_off {json} NOT NULL DEFAULT '[]'",
        ],
        "handoffs": [
            "assigned_to_id INTEGER CONSTRAINT fk_handoffs_assigned_to_id REFERENCES agents (id)",
            f"assigned_at {moment}",
            f"passed {json} NOT NULL DEFAULT '[]'",
        ],
        "conversations": [f"awaiting_since {moment}", "agreed VARCHAR NOT NULL DEFAULT ''", f"agreed_at {moment}"],
    }
    for table, columns in added.items():
        for column in columns:  # in place: a copied table would lose who points at it
            op.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    op.create_index("ix_conversations_awaiting", "conversations", ["awaiting_since"], **where("holder = 'agent'"))
    _allow_kinds_of_alerts(MORE_KINDS)


def _allow_kinds_of_alerts(kinds: str) -> None:
    """A check cannot be changed in place on SQLite: there the table is made anew. Nothing points at it."""
    condition = f"kind in ({kinds})"
    if op.get_bind().dialect.name == "postgresql":
        for name in ("ck_alerts_kind", "ck_alerts_ck_alerts_kind"):  # the migration before named it by the convention, twice
            op.execute(f"ALTER TABLE alerts DROP CONSTRAINT IF EXISTS {name}")
        op.execute(f"ALTER TABLE alerts ADD CONSTRAINT ck_alerts_kind CHECK ({condition})")
        return
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


def downgrade() -> None:
    op.execute("DELETE FROM alerts WHERE kind in ('handoff_late', 'agent_silent', 'approval_wanted')")
    _allow_kinds_of_alerts(KINDS)
    op.drop_index("ix_conversations_awaiting", "conversations")
    gone = {
        "agents": ("presence", "seen_at", "breathes_until", "given_hard", "given_at", "skills", "days_off"),
        "handoffs": ("assigned_to_id", "assigned_at", "passed"),
        "conversations": ("awaiting_since", "agreed", "agreed_at"),
    }
    for table, columns in gone.items():
        for column in columns:
            op.drop_column(table, column)
