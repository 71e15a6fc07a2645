"""Plans of follow-ups, when we spoke first or held back, alerts; more states of a case."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import Json, UtcDateTime

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

STATES = (
    "state in ('open', 'acknowledged', 'remedy_offered', 'accepted', 'declined', 'arranged', 'collected', 'delivered',"
    " 'waiting_for_word', 'satisfied', 'closed_unconfirmed')"
)
STATES_BEFORE = "state in ('open', 'remedy_offered', 'arranged', 'waiting_for_word', 'satisfied', 'closed_unconfirmed')"


def upgrade() -> None:
    op.create_table(
        "followup_plans",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("plan", Json, nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["made_by_id"], ["agents.id"], name="fk_followup_plans_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_followup_plans"),
        sa.UniqueConstraint("kind", "version", name="uq_followup_plans_kind_version"),
    )
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
        sa.CheckConstraint(
            "kind in ('promise_soon', 'promise_at_risk', 'promise_broken', 'danger', 'pattern', 'low_rating', 'week')",
            name="ck_alerts_kind",
        ),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_alerts_agent_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_alerts_case_id"),
        sa.ForeignKeyConstraint(["seen_by_id"], ["agents.id"], name="fk_alerts_seen_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_alerts"),
        sa.UniqueConstraint("key", name="uq_alerts_key"),
    )
    op.create_index("ix_alerts_agent", "alerts", ["agent_id", "at"])
    op.create_table(
        "contacts",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("followup_id", sa.String(), nullable=True),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("who", sa.String(), nullable=False),
        sa.Column("what", sa.String(), nullable=False),
        sa.Column("held_because", sa.String(), nullable=True),
        sa.Column("held_until", UtcDateTime, nullable=True),
        sa.CheckConstraint("who in ('bot', 'desk', 'agent')", name="ck_contacts_who"),
        sa.CheckConstraint(
            "held_because is null or held_because in ('opt_out', 'quiet_hours', 'holiday', 'budget', 'person_talks')",
            name="ck_contacts_held",
        ),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_contacts_customer_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_contacts_conversation_id"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_contacts_case_id"),
        sa.ForeignKeyConstraint(["followup_id"], ["followups.id"], name="fk_contacts_followup_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_contacts_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_contacts"),
    )
    op.create_index("ix_contacts_customer", "contacts", ["customer_id", "at"])
    op.create_index("ix_contacts_conversation", "contacts", ["conversation_id", "at"])
    op.create_index("ix_contacts_case", "contacts", ["case_id", "at"])
    with op.batch_alter_table("cases") as cases:
        cases.add_column(sa.Column("plan_id", sa.Integer(), nullable=True))
        cases.add_column(sa.Column("delivered_at", UtcDateTime, nullable=True))
        cases.create_foreign_key("fk_cases_plan_id", "followup_plans", ["plan_id"], ["id"])
        cases.drop_constraint(op.f("ck_cases_state"), type_="check")
        cases.create_check_constraint(op.f("ck_cases_state"), STATES)
    with op.batch_alter_table("followups") as followups:
        followups.add_column(sa.Column("purpose", sa.String(), nullable=False, server_default=""))
        followups.add_column(sa.Column("lead_warned_at", UtcDateTime, nullable=True))
        followups.add_column(sa.Column("hold_until", UtcDateTime, nullable=True))


def downgrade() -> None:
    with op.batch_alter_table("followups") as followups:
        for column in ("purpose", "lead_warned_at", "hold_until"):
            followups.drop_column(column)
    with op.batch_alter_table("cases") as cases:
        cases.drop_constraint(op.f("ck_cases_state"), type_="check")
        cases.create_check_constraint(op.f("ck_cases_state"), STATES_BEFORE)
        cases.drop_constraint("fk_cases_plan_id", type_="foreignkey")
        cases.drop_column("delivered_at")
        cases.drop_column("plan_id")
    for table in ("contacts", "alerts", "followup_plans"):
        op.drop_table(table)
