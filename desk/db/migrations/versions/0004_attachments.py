"""Pictures that customers and agents send."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import UtcDateTime, where

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "attachments",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=True),
        sa.Column("agent_id", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("kind in ('image/jpeg', 'image/png')", name=op.f("ck_attachments_kind")),
        sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_attachments_agent_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_attachments_conversation_id"),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name="fk_attachments_message_id"),
        sa.PrimaryKeyConstraint("id", name="pk_attachments"),
    )
    op.create_index("ix_attachments_conversation", "attachments", ["conversation_id", "created_at"])
    op.create_index("ix_attachments_unsent", "attachments", ["created_at"], **where("message_id is null"))
    op.create_table(
        "attachment_contents",
        sa.Column("attachment_id", sa.String(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["attachment_id"], ["attachments.id"], name="fk_attachment_contents_attachment_id"),
        sa.PrimaryKeyConstraint("attachment_id", name="pk_attachment_contents"),
    )


def downgrade() -> None:
    op.drop_table("attachment_contents")
    op.drop_table("attachments")
