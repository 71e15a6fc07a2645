"""An index of words for the search, filled for what is there, and kept true by the database itself.

PostgreSQL indexes the expressions: nothing else is to be kept. SQLite has a table of its own for the words (FTS5), which triggers
keep. Who makes one of the tables below anew on SQLite (a batch) loses its triggers: `index_on_sqlite` makes them again.
"""

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

SOURCES = {  # name: table, key, expression (with the row's name for {row}), columns in it
    "messages": ("messages", "id", "{row}.text", "text"),
    "notes": ("notes", "id", "{row}.text", "text"),
    "customers": ("customers", "id", "{row}.name || ' ' || {row}.email", "name, email"),
    "cases": ("cases", "id", "{row}.summary", "summary"),
    "orders": ("orders", "number", "{row}.number", "number"),
}
"""What can be searched by words. A sixth, "phones", is made below: of a phone number, each end of five digits and more."""

POSTGRES = (
    # Words are letters and digits: else the parser takes e-mail addresses, URLs and compounds for one word.
    r"""CREATE FUNCTION search_words(said text) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT to_tsvector('pg_catalog.simple'::regconfig,
        regexp_replace(said, '[!-/:-@\[-`{-~\u00A0-\u00BF\u2000-\u206F\u3000-\u303F]+', ' ', 'g')) $$""",
    """CREATE FUNCTION phone_endings(phone text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
    $$ SELECT coalesce(string_agg(substr(digits, n), ' '), '')
        FROM (SELECT regexp_replace(phone, '[^0-9]', '', 'g') AS digits) AS number,
            generate_series(1, length(digits) - 4) AS n $$""",
)

SQLITE = (
    "CREATE TABLE search_entries (id INTEGER PRIMARY KEY, source TEXT NOT NULL, key NOT NULL, UNIQUE (source, key))",
    "CREATE VIRTUAL TABLE search_index USING fts5 (key UNINDEXED, messages, notes, customers, cases, orders, phones, "
    "tokenize = 'unicode61 remove_diacritics 0', columnsize = 0)",
)
FOR_A_TABLE = (
    "INSERT INTO search_entries (source, key) SELECT '{name}', {key} FROM {table} ORDER BY {order}",
    """INSERT INTO search_index (rowid, key, {name}) SELECT e.id, e.key, {r_words}
    FROM search_entries AS e JOIN {table} AS r ON r.{key} = e.key WHERE e.source = '{name}'""",
    """CREATE TRIGGER search_{name}_insert AFTER INSERT ON {table} BEGIN
    INSERT INTO search_entries (source, key) VALUES ('{name}', new.{key});
    INSERT INTO search_index (rowid, key, {name}) SELECT id, key, {new_words}
        FROM search_entries WHERE source = '{name}' AND key = new.{key}; END""",
    """CREATE TRIGGER search_{name}_update AFTER UPDATE OF {changed} ON {table} BEGIN
    UPDATE search_index SET {name} = {new_words}
        WHERE rowid = (SELECT id FROM search_entries WHERE source = '{name}' AND key = new.{key}); END""",
    """CREATE TRIGGER search_{name}_delete AFTER DELETE ON {table} BEGIN
    DELETE FROM search_index WHERE rowid = (SELECT id FROM search_entries WHERE source = '{name}' AND key = old.{key});
    DELETE FROM search_entries WHERE source = '{name}' AND key = old.{key}; END""",
)


def upgrade() -> None:
    op.create_index("ix_conversations_customer", "conversations", ["customer_id", "changed_at"])
    op.create_index("ix_cases_customer", "cases", ["customer_id", "id"])
    op.create_index("ix_cases_product", "cases", ["product_sku", "id"])
    if op.get_bind().dialect.name == "postgresql":
        for statement in POSTGRES:
            op.get_bind().exec_driver_sql(statement)
        for name, (table, _, expression, _) in SOURCES.items():
            index_on_postgres(name, table, expression.format(row=table))
        index_on_postgres("phones", "customers", "phone_endings(customers.phone)")
        return
    for statement in SQLITE:
        op.execute(statement)
    for name, (table, key, expression, changed) in SOURCES.items():
        index_on_sqlite(name, table, key, expression, changed)
    index_on_sqlite("phones", "customers", "id", phone_endings("{row}.phone"), "phone")


def index_on_postgres(name: str, table: str, expression: str) -> None:
    """Without fastupdate: a list of what is still to be put in would be read through by every search."""
    op.execute(f"CREATE INDEX search_{name} ON {table} USING gin (search_words({expression})) WITH (fastupdate = off)")


def index_on_sqlite(name: str, table: str, key: str, expression: str, changed: str) -> None:
    """Take in what the table has, in the order in which it was written, and keep it so."""
    order = "at" if table in ("messages", "notes") else key
    words = {f"{row}_words": expression.format(row=row) for row in ("r", "new")}
    for statement in FOR_A_TABLE:
        op.get_bind().exec_driver_sql(statement.format(name=name, table=table, key=key, changed=changed, order=order, **words))


def phone_endings(phone: str) -> str:
    """The same for SQLite, which has no loop there: E.164 has fifteen digits at most."""
    digits = phone
    for other in " -+()/.":
        digits = f"replace({digits}, '{other}', '')"
    return " || ' ' || ".join(f"CASE WHEN length({digits}) >= {n + 4} THEN substr({digits}, {n}) ELSE '' END" for n in range(1, 12))


def downgrade() -> None:
    if op.get_bind().dialect.name == "postgresql":
        for name in (*SOURCES, "phones"):
            op.execute(f"DROP INDEX search_{name}")
        op.execute("DROP FUNCTION phone_endings(text)")
        op.execute("DROP FUNCTION search_words(text)")
    else:
        for name in (*SOURCES, "phones"):
            for what in ("insert", "update", "delete"):
                op.execute(f"DROP TRIGGER search_{name}_{what}")
        op.execute("DROP TABLE search_index")
        op.execute("DROP TABLE search_entries")
    op.drop_index("ix_cases_product", "cases")
    op.drop_index("ix_cases_customer", "cases")
    op.drop_index("ix_conversations_customer", "conversations")
