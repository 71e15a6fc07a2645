"""What could not be answered, for the person who writes answers and training text."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import Json, UtcDateTime

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "unanswered",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("at", UtcDateTime, nullable=False),
        sa.Column("language", sa.String(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("tried", Json, nullable=False),
        sa.Column("outcome", sa.String(), nullable=False),
        sa.Column("chosen_topic", sa.String(), nullable=True),
        sa.Column("label", sa.String(), nullable=True),
        sa.Column("label_topic", sa.String(), nullable=True),
        sa.Column("labelled_by_id", sa.Integer(), nullable=True),
        sa.Column("labelled_at", UtcDateTime, nullable=True),
        sa.CheckConstraint("why in ('not_understood', 'out_of_scope', 'none_of_these')", name="ck_unanswered_why"),
        sa.CheckConstraint("outcome in ('asked', 'article', 'told', 'person')", name="ck_unanswered_outcome"),
        sa.CheckConstraint("label in ('training', 'article', 'nothing')", name="ck_unanswered_label"),
        sa.CheckConstraint("(label is null) = (labelled_at is null)", name="ck_unanswered_labelled"),
        sa.CheckConstraint("label <> 'training' or label_topic is not null", name="ck_unanswered_training_has_a_topic"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_unanswered_message_id_messages"),
        sa.ForeignKeyConstraint(["labelled_by_id"], ["agents.id"], name="fk_unanswered_labelled_by_id_agents"),
        sa.PrimaryKeyConstraint("message_id", name="pk_unanswered"),
    )
    op.create_index(
        "ix_unanswered_open",
        "unanswered",
        ["at"],
        sqlite_where=sa.text("label is null"),
        postgresql_where=sa.text("label is null"),
    )
    op.create_index("ix_unanswered_labelled", "unanswered", ["label", "at"])


def downgrade() -> None:
    op.drop_table("unanswered")
