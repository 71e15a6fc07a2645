"""Surveys and rounds of them."""

import sqlalchemy as sa
from alembic import op

from desk.db.base import UtcDateTime, where

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "survey_rounds",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("product_sku", sa.String(), nullable=True),
        sa.Column("days", sa.Integer(), nullable=False),
        sa.Column("made_at", UtcDateTime, nullable=False),
        sa.Column("made_by_id", sa.Integer(), nullable=False),
        sa.CheckConstraint("about in ('new_product', 'left')", name="ck_survey_rounds_about"),
        sa.CheckConstraint("(about = 'new_product') = (product_sku is not null)", name="ck_survey_rounds_product"),
        sa.ForeignKeyConstraint(["product_sku"], ["products.sku"], name="fk_survey_rounds_product_sku"),
        sa.ForeignKeyConstraint(["made_by_id"], ["agents.id"], name="fk_survey_rounds_made_by_id"),
        sa.PrimaryKeyConstraint("id", name="pk_survey_rounds"),
    )
    op.create_table(
        "surveys",
        sa.Column("id", sa.String(), nullable=False),
        sa.Column("case_id", sa.Integer(), nullable=True),
        sa.Column("round_id", sa.Integer(), nullable=True),
        sa.Column("customer_id", sa.Integer(), nullable=True),
        sa.Column("conversation_id", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("due_at", UtcDateTime, nullable=False),
        sa.Column("asked_at", UtcDateTime, nullable=True),
        sa.Column("expires_at", UtcDateTime, nullable=True),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("rated_at", UtcDateTime, nullable=True),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("words_at", UtcDateTime, nullable=True),
        sa.Column("recommend_asked_at", UtcDateTime, nullable=True),
        sa.Column("recommend", sa.Integer(), nullable=True),
        sa.Column("created_at", UtcDateTime, nullable=False),
        sa.CheckConstraint("state in ('planned', 'asked', 'rated', 'void', 'dropped')", name="ck_surveys_state"),
        sa.CheckConstraint("rating is null or rating between 1 and 5", name="ck_surveys_rating"),
        sa.CheckConstraint("recommend is null or recommend between 0 and 10", name="ck_surveys_recommend"),
        sa.CheckConstraint("state != 'rated' or rating is not null", name="ck_surveys_rated"),
        sa.CheckConstraint("(case_id is null) = (round_id is not null)", name="ck_surveys_of_case_or_round"),
        sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_surveys_case_id"),
        sa.ForeignKeyConstraint(["round_id"], ["survey_rounds.id"], name="fk_surveys_round_id"),
        sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_surveys_customer_id"),
        sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_surveys_conversation_id"),
        sa.PrimaryKeyConstraint("id", name="pk_surveys"),
    )
    op.create_index("uq_surveys_one_of_case", "surveys", ["case_id"], unique=True, **where("state in ('asked', 'rated')"))
    op.create_index("ix_surveys_planned", "surveys", ["due_at"], **where("state = 'planned'"))
    op.create_index("ix_surveys_customer", "surveys", ["customer_id"])


def downgrade() -> None:
    op.drop_table("surveys")
    op.drop_table("survey_rounds")
