"""What the actions of a turn came to, while it may be tried again."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import Json

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "action_outcomes",
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("step", sa.String(), nullable=False),
        sa.Column("said", Json, nullable=False),
        sa.Column("events", Json, nullable=False),
        sa.PrimaryKeyConstraint("message_id", "step", name="pk_action_outcomes"),
    )


def downgrade() -> None:
    op.drop_table("action_outcomes")
