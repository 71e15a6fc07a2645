"""Chats of one customer, connected with his consent; who the bot is in Telegram."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import UtcDateTime

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    # Plain ALTERs, which both databases know: a copy of the table would lose its foreign keys' names on SQLite.
    op.add_column("conversations", sa.Column("link_failures", sa.Integer(), nullable=False, server_default="0"))
    op.add_column("conversations", sa.Column("link_failed_at", UtcDateTime(), nullable=True))
    op.add_column("conversations", sa.Column("chosen_at", UtcDateTime(), nullable=True))
    op.create_table(
        "link_codes",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("code_hash", sa.String(), nullable=False),
        sa.Column("created_at", UtcDateTime(), nullable=False),
        sa.Column("expires_at", UtcDateTime(), nullable=False),
        sa.Column("used_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name=op.f("fk_link_codes_conversation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_link_codes")),
        sa.UniqueConstraint("code_hash", name=op.f("uq_link_codes_code_hash")),
    )
    op.create_index("ix_link_codes_conversation_id", "link_codes", ["conversation_id"])
    op.create_table(
        "links",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("first_id", sa.String(), nullable=False),
        sa.Column("second_id", sa.String(), nullable=False),
        sa.Column("made_at", UtcDateTime(), nullable=False),
        sa.Column("ended_at", UtcDateTime(), nullable=True),
        sa.ForeignKeyConstraint(["first_id"], ["conversations.id"], name=op.f("fk_links_first_id")),
        sa.ForeignKeyConstraint(["second_id"], ["conversations.id"], name=op.f("fk_links_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_links")),
    )
    op.create_index("ix_links_first_id", "links", ["first_id"])
    op.create_index("ix_links_second_id", "links", ["second_id"])
    op.create_table(
        "telegram_bots",
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("username", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_telegram_bots")),
    )


def downgrade() -> None:
    for table in ("telegram_bots", "links", "link_codes"):
        op.drop_table(table)
    for column in ("chosen_at", "link_failed_at", "link_failures"):
        op.drop_column("conversations", column)
