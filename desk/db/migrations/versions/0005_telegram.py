"""Telegram: what comes in, what goes out, and whether an address is still used."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import Json, UtcDateTime, where

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    with op.batch_alter_table("identities") as identities:
        identities.add_column(sa.Column("name", sa.String(), nullable=False, server_default=""))
        identities.add_column(sa.Column("wrote_at", UtcDateTime(), nullable=True))
        identities.add_column(sa.Column("ended_at", UtcDateTime(), nullable=True))
        identities.add_column(sa.Column("ended_why", sa.String(), nullable=False, server_default=""))
    op.create_index("ix_conversations_identity_id", "conversations", ["identity_id"])
    op.create_table(
        "telegram_updates",
        sa.Column("update_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("chat_id", sa.BigInteger(), nullable=True),
        sa.Column("message_id", sa.BigInteger(), nullable=True),
        sa.Column("body", Json, nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("received_at", UtcDateTime(), nullable=False),
        sa.CheckConstraint("state in ('waiting', 'done', 'failed')", name=op.f("ck_telegram_updates_state")),
        sa.PrimaryKeyConstraint("update_id", name=op.f("pk_telegram_updates")),
    )
    op.create_index("ix_telegram_updates_waiting", "telegram_updates", ["update_id"], **where("state = 'waiting'"))
    op.create_index("ix_telegram_updates_message", "telegram_updates", ["chat_id", "message_id"])
    op.create_table(
        "deliveries",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("message_id", sa.String(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("identity_id", sa.Integer(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("references", Json, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("uncertain", sa.Integer(), nullable=False),
        sa.Column("fence", sa.Integer(), nullable=False),
        sa.Column("next_try_at", UtcDateTime(), nullable=False),
        sa.Column("lease_until", UtcDateTime(), nullable=True),
        sa.Column("why", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("settled_at", UtcDateTime(), nullable=True),
        sa.CheckConstraint("state in ('waiting', 'sending', 'sent', 'failed')", name=op.f("ck_deliveries_state")),
        sa.CheckConstraint("(state in ('sent', 'failed')) = (settled_at is not null)", name=op.f("ck_deliveries_settled")),
        sa.ForeignKeyConstraint(["message_id"], ["messages.id"], name=op.f("fk_deliveries_message_id")),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_deliveries_conversation_id")),
        sa.ForeignKeyConstraint(["identity_id"], ["identities.id"], name=op.f("fk_deliveries_identity_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deliveries")),
        sa.UniqueConstraint("message_id", name=op.f("uq_deliveries_message_id")),
    )
    op.create_index("ix_deliveries_unsettled", "deliveries", ["identity_id", "id"], **where("settled_at is null"))
    op.create_index("ix_deliveries_due", "deliveries", ["channel", "next_try_at"], **where("settled_at is null"))


def downgrade() -> None:
    op.drop_table("deliveries")
    op.drop_table("telegram_updates")
    op.drop_index("ix_conversations_identity_id", "conversations")
    with op.batch_alter_table("identities") as identities:
        for column in ("name", "wrote_at", "ended_at", "ended_why"):
            identities.drop_column(column)
