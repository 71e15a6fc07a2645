"""The first tables, and the triggers that keep a case's history append-only.

Frozen as they were: later changes are migrations of their own.
"""

import sqlalchemy as sa
from alembic import op

from desk.db.base import Json, UtcDateTime, where

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

SQLITE = """CREATE TRIGGER case_events_{what} BEFORE {what} ON case_events
BEGIN SELECT RAISE(ABORT, 'case_events is append-only'); END"""
POSTGRES = """CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'case_events is append-only'; END $$;
CREATE TRIGGER case_events_append_only BEFORE UPDATE OR DELETE ON case_events
FOR EACH ROW EXECUTE FUNCTION refuse_change()"""


def upgrade() -> None:
    bind = op.get_bind()
    first.create_all(bind)
    if bind.dialect.name == "postgresql":
        op.execute(POSTGRES)
    else:
        for what in ("UPDATE", "DELETE"):
            op.execute(SQLITE.format(what=what))


def downgrade() -> None:
    first.drop_all(op.get_bind())


first = sa.MetaData()


def _index(name: str, table: str, columns: list[str], unique: bool, only: str | None = None) -> None:
    sa.Index(name, *(first.tables[table].c[each] for each in columns), unique=unique, **(where(only) if only else {}))


sa.Table(
    "agents",
    first,
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("login", sa.String(), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("role", sa.String(), nullable=False),
    sa.Column("languages", Json, nullable=False),
    sa.Column("timezone", sa.String(), nullable=False),
    sa.Column("country", sa.String(), nullable=False),
    sa.Column("hours", Json, nullable=False),
    sa.Column("password_hash", sa.String(), nullable=False),
    sa.Column("token_hash", sa.String(), nullable=True),
    sa.Column("active", sa.Boolean(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("role in ('agent', 'lead', 'admin')", name="ck_agents_role"),
    sa.PrimaryKeyConstraint("id", name="pk_agents"),
    sa.UniqueConstraint("login", name="uq_agents_login"),
    sa.UniqueConstraint("token_hash", name="uq_agents_token_hash"),
)
sa.Table(
    "customers",
    first,
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("email", sa.String(), nullable=False),
    sa.Column("phone", sa.String(), nullable=False),
    sa.Column("language", sa.String(), nullable=False),
    sa.Column("timezone", sa.String(), nullable=False),
    sa.Column("no_messages_since", UtcDateTime, nullable=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_customers"),
    sa.UniqueConstraint("email", name="uq_customers_email"),
)
sa.Table(
    "failed_logins",
    first,
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("address", sa.String(), nullable=False),
    sa.Column("login", sa.String(), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_failed_logins"),
)
_index("ix_failed_logins_address", "failed_logins", ["address"], unique=False)
sa.Table(
    "products",
    first,
    sa.Column("sku", sa.String(), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("kind", sa.String(), nullable=False),
    sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
    sa.Column("currency", sa.String(), nullable=False),
    sa.Column("stock", sa.Integer(), nullable=False),
    sa.Column("warranty_months", sa.Integer(), nullable=False),
    sa.Column("screen_inches", sa.Integer(), nullable=True),
    sa.Column("features", Json, nullable=False),
    sa.Column("description", Json, nullable=False),
    sa.Column("image", sa.String(), nullable=False),
    sa.PrimaryKeyConstraint("sku", name="pk_products"),
    sa.UniqueConstraint("name", name="uq_products_name"),
)
_index("ix_products_kind", "products", ["kind"], unique=False)
sa.Table(
    "shop_rules",
    first,
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("rules", Json, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.PrimaryKeyConstraint("id", name="pk_shop_rules"),
)
sa.Table(
    "agent_sessions",
    first,
    sa.Column("token_hash", sa.String(), nullable=False),
    sa.Column("agent_id", sa.Integer(), nullable=False),
    sa.Column("csrf_token", sa.String(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
    sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_agent_sessions_agent_id"),
    sa.PrimaryKeyConstraint("token_hash", name="pk_agent_sessions"),
)
sa.Table(
    "identities",
    first,
    sa.Column("id", sa.Integer(), nullable=False),
    sa.Column("channel", sa.String(), nullable=False),
    sa.Column("address", sa.String(), nullable=False),
    sa.Column("customer_id", sa.Integer(), nullable=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_identities_customer_id"),
    sa.PrimaryKeyConstraint("id", name="pk_identities"),
    sa.UniqueConstraint("channel", "address", name="uq_identities_channel_address"),
)
sa.Table(
    "orders",
    first,
    sa.Column("number", sa.String(), nullable=False),
    sa.Column("customer_id", sa.Integer(), nullable=False),
    sa.Column("status", sa.String(), nullable=False),
    sa.Column("ordered_at", UtcDateTime, nullable=False),
    sa.Column("promised_day", sa.Date(), nullable=True),
    sa.Column("delivered_at", UtcDateTime, nullable=True),
    sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_orders_customer_id"),
    sa.PrimaryKeyConstraint("number", name="pk_orders"),
)
_index("ix_orders_customer_id", "orders", ["customer_id"], unique=False)
sa.Table(
    "conversations",
    first,
    sa.Column("id", sa.String(), nullable=False),
    sa.Column("channel", sa.String(), nullable=False),
    sa.Column("language", sa.String(), nullable=False),
    sa.Column("holder", sa.String(), nullable=False),
    sa.Column("agent_id", sa.Integer(), nullable=True),
    sa.Column("version", sa.Integer(), nullable=False),
    sa.Column("token_hash", sa.String(), nullable=True),
    sa.Column("identity_id", sa.Integer(), nullable=True),
    sa.Column("customer_id", sa.Integer(), nullable=True),
    sa.Column("verified_at", UtcDateTime, nullable=True),
    sa.Column("verify_failures", sa.Integer(), nullable=False),
    sa.Column("verify_failed_at", UtcDateTime, nullable=True),
    sa.Column("last_seq", sa.Integer(), nullable=False),
    sa.Column("asked", sa.String(), nullable=True),
    sa.Column("asked_case_id", sa.Integer(), nullable=True),
    sa.Column("quiet_since", UtcDateTime, nullable=True),
    sa.Column("fresh", sa.Boolean(), nullable=False),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("waiting", sa.Integer(), nullable=False),
    sa.Column("next_try_at", UtcDateTime, nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("lease_until", UtcDateTime, nullable=True),
    sa.Column("fence", sa.Integer(), nullable=False),
    sa.Column("notice_sent", sa.Boolean(), nullable=False),
    sa.Column("mood", sa.String(), nullable=False),
    sa.Column("hazard", sa.Boolean(), nullable=False),
    sa.CheckConstraint("(holder = 'agent') = (agent_id is not null)", name="ck_conversations_agent_holds"),
    sa.CheckConstraint("holder in ('bot', 'queue', 'agent')", name="ck_conversations_holder"),
    sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_conversations_agent_id"),
    sa.ForeignKeyConstraint(["asked_case_id"], ["cases.id"], name="fk_conversations_asked_case_id", use_alter=True),
    sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_conversations_customer_id"),
    sa.ForeignKeyConstraint(["identity_id"], ["identities.id"], name="fk_conversations_identity_id"),
    sa.PrimaryKeyConstraint("id", name="pk_conversations"),
    sa.UniqueConstraint("token_hash", name="uq_conversations_token_hash"),
)
_index("ix_conversations_created", "conversations", ["created_at", "id"], unique=False)
_index("ix_conversations_held", "conversations", ["holder", "created_at", "id"], unique=False)
_index("ix_conversations_holder", "conversations", ["holder", "changed_at"], unique=False)
_index("ix_conversations_work", "conversations", ["next_try_at"], unique=False, only="waiting > 0")
sa.Table(
    "order_lines",
    first,
    sa.Column("order_number", sa.String(), nullable=False),
    sa.Column("sku", sa.String(), nullable=False),
    sa.Column("quantity", sa.Integer(), nullable=False),
    sa.Column("price", sa.Numeric(precision=10, scale=2), nullable=False),
    sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name="fk_order_lines_order_number"),
    sa.ForeignKeyConstraint(["sku"], ["products.sku"], name="fk_order_lines_sku"),
    sa.PrimaryKeyConstraint("order_number", "sku", name="pk_order_lines"),
)
sa.Table(
    "messages",
    first,
    sa.Column("id", sa.String(), nullable=False),
    sa.Column("conversation_id", sa.String(), nullable=False),
    sa.Column("seq", sa.Integer(), nullable=False),
    sa.Column("author", sa.String(), nullable=False),
    sa.Column("name", sa.String(), nullable=False),
    sa.Column("agent_id", sa.Integer(), nullable=True),
    sa.Column("text", sa.String(), nullable=False),
    sa.Column("payload", sa.String(), nullable=True),
    sa.Column("buttons", Json, nullable=False),
    sa.Column("attachments", Json, nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("client_id", sa.String(), nullable=True),
    sa.Column("body_hash", sa.String(), nullable=True),
    sa.Column("state", sa.String(), nullable=True),
    sa.Column("reply_to", sa.String(), nullable=True),
    sa.Column("part", sa.Integer(), nullable=True),
    sa.Column("understood", Json, nullable=True),
    sa.CheckConstraint("(author = 'agent') = (agent_id is not null)", name="ck_messages_agent_said"),
    sa.CheckConstraint("(author = 'customer') = (state is not null)", name="ck_messages_state_of_customers"),
    sa.CheckConstraint("author in ('customer', 'bot', 'agent', 'system')", name="ck_messages_author"),
    sa.CheckConstraint("state in ('waiting', 'answered', 'for_human')", name="ck_messages_state"),
    sa.ForeignKeyConstraint(["agent_id"], ["agents.id"], name="fk_messages_agent_id"),
    sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_messages_conversation_id"),
    sa.ForeignKeyConstraint(["reply_to"], ["messages.id"], name="fk_messages_reply_to"),
    sa.PrimaryKeyConstraint("id", name="pk_messages"),
    sa.UniqueConstraint("conversation_id", "client_id", name="uq_messages_conversation_id_client_id"),
    sa.UniqueConstraint("conversation_id", "seq", name="uq_messages_conversation_id_seq"),
    sa.UniqueConstraint("reply_to", "part", name="uq_messages_reply_to_part"),
)
_index("ix_messages_waiting", "messages", ["conversation_id", "seq"], unique=False, only="state = 'waiting'")
sa.Table(
    "cases",
    first,
    sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
    sa.Column("kind", sa.String(), nullable=False),
    sa.Column("state", sa.String(), nullable=False),
    sa.Column("priority", sa.String(), nullable=False),
    sa.Column("hazard", sa.Boolean(), nullable=False),
    sa.Column("mood", sa.String(), nullable=False),
    sa.Column("summary", sa.String(), nullable=False),
    sa.Column("conversation_id", sa.String(), nullable=False),
    sa.Column("customer_id", sa.Integer(), nullable=True),
    sa.Column("product_sku", sa.String(), nullable=True),
    sa.Column("order_number", sa.String(), nullable=True),
    sa.Column("source_message_id", sa.String(), nullable=True),
    sa.Column("apologised_at", UtcDateTime, nullable=True),
    sa.Column("apology_message_id", sa.String(), nullable=True),
    sa.Column("next_followup_id", sa.String(), nullable=True),
    sa.Column("next_followup_state", sa.String(), nullable=True),
    sa.Column("opened_at", UtcDateTime, nullable=False),
    sa.Column("closed_at", UtcDateTime, nullable=True),
    sa.Column("satisfied_by_message_id", sa.String(), nullable=True),
    sa.Column("closed_reason", sa.String(), nullable=False),
    sa.Column("closed_by_id", sa.Integer(), nullable=True),
    sa.CheckConstraint("(state = 'satisfied') = (satisfied_by_message_id is not null)", name="ck_cases_i2_satisfied"),
    sa.CheckConstraint("(state in ('satisfied', 'closed_unconfirmed')) = (next_followup_id is null)", name="ck_cases_i1_next_step"),
    sa.CheckConstraint(
        "kind in ('complaint', 'fault', 'late_delivery', 'wrong_item', 'suggestion', 'request')", name="ck_cases_kind"
    ),
    sa.CheckConstraint("mood in ('calm', 'annoyed', 'furious')", name="ck_cases_mood"),
    sa.CheckConstraint("next_followup_state = 'pending'", name="ck_cases_i1_pending"),
    sa.CheckConstraint("priority in ('normal', 'high', 'urgent')", name="ck_cases_priority"),
    sa.CheckConstraint(
        "state != 'closed_unconfirmed' or (closed_reason != '' and closed_by_id is not null)", name="ck_cases_i2_unconfirmed"
    ),
    sa.CheckConstraint(
        "state in ('open', 'remedy_offered', 'arranged', 'waiting_for_word', 'satisfied', 'closed_unconfirmed')",
        name="ck_cases_state",
    ),
    sa.CheckConstraint("(next_followup_id is null) = (next_followup_state is null)", name="ck_cases_i1_both"),
    sa.ForeignKeyConstraint(["apology_message_id"], ["messages.id"], name="fk_cases_apology_message_id"),
    sa.ForeignKeyConstraint(["closed_by_id"], ["agents.id"], name="fk_cases_closed_by_id"),
    sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_cases_conversation_id"),
    sa.ForeignKeyConstraint(["customer_id"], ["customers.id"], name="fk_cases_customer_id"),
    sa.ForeignKeyConstraint(
        ["next_followup_id", "id", "next_followup_state"],
        ["followups.id", "followups.case_id", "followups.state"],
        name="fk_cases_next_followup",
        initially="DEFERRED",
        deferrable=True,
        use_alter=True,
    ),
    sa.ForeignKeyConstraint(["order_number"], ["orders.number"], name="fk_cases_order_number"),
    sa.ForeignKeyConstraint(["product_sku"], ["products.sku"], name="fk_cases_product_sku"),
    sa.ForeignKeyConstraint(["satisfied_by_message_id"], ["messages.id"], name="fk_cases_satisfied_by_message_id"),
    sa.ForeignKeyConstraint(["source_message_id"], ["messages.id"], name="fk_cases_source_message_id"),
    sa.PrimaryKeyConstraint("id", name="pk_cases"),
    sa.UniqueConstraint("source_message_id", "kind", name="uq_cases_source_message_id_kind"),
)
_index("ix_cases_conversation", "cases", ["conversation_id"], unique=False)
_index("ix_cases_state", "cases", ["state", "id"], unique=False)
sa.Table(
    "case_events",
    first,
    sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("at", UtcDateTime, nullable=False),
    sa.Column("who", sa.String(), nullable=False),
    sa.Column("what", sa.String(), nullable=False),
    sa.Column("detail", Json, nullable=False),
    sa.Column("source_message_id", sa.String(), nullable=True),
    sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_case_events_case_id"),
    sa.PrimaryKeyConstraint("id", name="pk_case_events"),
    sa.UniqueConstraint("case_id", "what", "source_message_id", name="uq_case_events_case_id_what_source_message_id"),
)
_index("ix_case_events_case", "case_events", ["case_id", "id"], unique=False)
sa.Table(
    "followups",
    first,
    sa.Column("id", sa.String(), nullable=False),
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("kind", sa.String(), nullable=False),
    sa.Column("state", sa.String(), nullable=False),
    sa.Column("owner", sa.String(), nullable=False),
    sa.Column("owner_agent_id", sa.Integer(), nullable=True),
    sa.Column("due_at", UtcDateTime, nullable=False),
    sa.Column("ends_at", UtcDateTime, nullable=True),
    sa.Column("promise", sa.String(), nullable=False),
    sa.Column("note", sa.String(), nullable=False),
    sa.Column("tries", sa.Integer(), nullable=False),
    sa.Column("delivered_at", UtcDateTime, nullable=True),
    sa.Column("warned_at", UtcDateTime, nullable=True),
    sa.Column("broken_at", UtcDateTime, nullable=True),
    sa.Column("done_at", UtcDateTime, nullable=True),
    sa.Column("done_by_id", sa.Integer(), nullable=True),
    sa.Column("outcome", sa.String(), nullable=False),
    sa.Column("source_message_id", sa.String(), nullable=True),
    sa.Column("created_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("(owner = 'agent') = (owner_agent_id is not null)", name="ck_followups_owner_agent"),
    sa.CheckConstraint("kind in ('check_in', 'call', 'task', 'survey')", name="ck_followups_kind"),
    sa.CheckConstraint("owner in ('bot', 'team', 'agent')", name="ck_followups_owner"),
    sa.CheckConstraint("promise in ('none', 'open', 'kept', 'moved', 'broken', 'released')", name="ck_followups_promise"),
    sa.CheckConstraint("state != 'pending' or promise in ('none', 'open', 'broken')", name="ck_followups_promise_pending"),
    sa.CheckConstraint("state in ('pending', 'done', 'cancelled')", name="ck_followups_state"),
    sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_followups_case_id"),
    sa.ForeignKeyConstraint(["done_by_id"], ["agents.id"], name="fk_followups_done_by_id"),
    sa.ForeignKeyConstraint(["owner_agent_id"], ["agents.id"], name="fk_followups_owner_agent_id"),
    sa.PrimaryKeyConstraint("id", name="pk_followups"),
    sa.UniqueConstraint("case_id", "source_message_id", "kind", name="uq_followups_case_id_source_message_id_kind"),
    sa.UniqueConstraint("id", "case_id", "state", name="uq_followups_next_step"),
)
_index("ix_followups_due", "followups", ["due_at"], unique=False, only="state = 'pending'")
_index("uq_followups_one_pending", "followups", ["case_id"], unique=True, only="state = 'pending'")
sa.Table(
    "handoffs",
    first,
    sa.Column("id", sa.String(), nullable=False),
    sa.Column("conversation_id", sa.String(), nullable=False),
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("state", sa.String(), nullable=False),
    sa.Column("reason", sa.String(), nullable=False),
    sa.Column("summary", sa.String(), nullable=False),
    sa.Column("mood", sa.String(), nullable=False),
    sa.Column("hazard", sa.Boolean(), nullable=False),
    sa.Column("answered_by", sa.String(), nullable=False),
    sa.Column("answer_by", UtcDateTime, nullable=False),
    sa.Column("times_late", sa.Integer(), nullable=False),
    sa.Column("requested_at", UtcDateTime, nullable=False),
    sa.Column("taken_at", UtcDateTime, nullable=True),
    sa.Column("taken_by_id", sa.Integer(), nullable=True),
    sa.Column("answered_at", UtcDateTime, nullable=True),
    sa.Column("ended_at", UtcDateTime, nullable=True),
    sa.Column("source_message_id", sa.String(), nullable=True),
    sa.CheckConstraint("(state = 'taken') <= (taken_by_id is not null)", name="ck_handoffs_taken_by"),
    sa.CheckConstraint("state in ('requested', 'queued', 'taken', 'ended')", name="ck_handoffs_state"),
    sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_handoffs_case_id"),
    sa.ForeignKeyConstraint(["conversation_id"], ["conversations.id"], name="fk_handoffs_conversation_id"),
    sa.ForeignKeyConstraint(["source_message_id"], ["messages.id"], name="fk_handoffs_source_message_id"),
    sa.ForeignKeyConstraint(["taken_by_id"], ["agents.id"], name="fk_handoffs_taken_by_id"),
    sa.PrimaryKeyConstraint("id", name="pk_handoffs"),
    sa.UniqueConstraint("source_message_id", name="uq_handoffs_source_message_id"),
)
_index("ix_handoffs_promised", "handoffs", ["answer_by"], unique=False, only="state = 'queued'")
_index("uq_handoffs_one_open", "handoffs", ["conversation_id"], unique=True, only="state != 'ended'")
sa.Table(
    "remedies",
    first,
    sa.Column("id", sa.Integer(), autoincrement=True, nullable=False),
    sa.Column("case_id", sa.Integer(), nullable=False),
    sa.Column("kind", sa.String(), nullable=False),
    sa.Column("state", sa.String(), nullable=False),
    sa.Column("offered_at", UtcDateTime, nullable=False),
    sa.Column("changed_at", UtcDateTime, nullable=False),
    sa.Column("source_message_id", sa.String(), nullable=True),
    sa.CheckConstraint("kind in ('return', 'replacement', 'refund', 'repair')", name="ck_remedies_kind"),
    sa.CheckConstraint("state in ('offered', 'accepted', 'declined', 'needs_human', 'arranged', 'done')", name="ck_remedies_state"),
    sa.ForeignKeyConstraint(["case_id"], ["cases.id"], name="fk_remedies_case_id"),
    sa.PrimaryKeyConstraint("id", name="pk_remedies"),
    sa.UniqueConstraint("case_id", "kind", name="uq_remedies_case_id_kind"),
)
