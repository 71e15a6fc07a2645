"""The pages of many conversations are read by indexes: no query of theirs goes through all messages or conversations."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, insert, update

from desk.agents.tables import Agent
from desk.conversations.access import take_as_agent
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.db.engine import Database
from desk.parts import Parts
from tests.conftest import NOW
from tests.desk.cast import hand_off, talk
from tests.desk.console.conftest import Client, signed_in
from tests.desk.crowd import Wanted, add_crowd

COUNT, SAID = 2000, 10
WATCHED = ("messages", "conversations")
"""The tables that grow with every day."""
Asked = list[tuple[str, Any]]


@pytest.fixture
def held(database: Database) -> str:
    """The conversation that Anna holds, of a customer who is known, among two thousand others; some wait."""
    with database.writing() as session:
        add_crowd(session, [Wanted(n, NOW + timedelta(days=1)) for n in range(COUNT)], NOW)
    with database.writing() as session:
        more = {"author": "bot", "text": "We are looking into it.", "at": NOW, "buttons": [], "attachments": []}
        session.execute(
            insert(Message),
            [{"conversation_id": f"talk{n:06}", "seq": seq, **more} for n in range(COUNT) for seq in range(3, SAID + 1)],
        )
        session.execute(update(Conversation).values(last_seq=SAID))
        anna = session.get_one(Agent, 1)
        for number in range(5):
            hand_off(session, talk(session, f"A person for my kettle, please ({number})"))
        conversation = lock_conversation(session, "talk000007")
        take_as_agent(session, anna, conversation.id, NOW)
    with database.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")
    return "talk000007"


PATHS = (
    "/desk/", "/desk/queue", "/desk/conversations/{}", "/desk/conversations/{}/live?stance=me", "/desk/search?q=kettle",
    "/desk/search?q=kim+ek+7", "/desk/search?q=nobody@nowhere.example", "/desk/search?q=4670123456", "/desk/search?q=10023847",
)  # fmt: skip


async def test_no_query_of_a_page_reads_all_messages_or_conversations(
    database: Database, parts: Parts, client: Client, held: str
) -> None:
    with database.reading() as session:
        browser, _ = signed_in(database, client, session.get_one(Agent, 1))
    for path in PATHS:
        with asked(database) as queries:
            answer = await browser.get(path.format(held))
        assert answer.status_code == 200, path
        assert "A person for my kettle" in answer.text or "kettle" not in path
        plans = explained(database, [q for q in queries if q[0].lstrip().upper().startswith(("SELECT", "WITH"))])
        assert len(plans) > 3
        whole = {query: plan for query, plan in plans.items() if scans(plan)}
        assert not whole, (path, whole)


@contextmanager
def asked(database: Database) -> Iterator[Asked]:
    """The statements that are executed meanwhile, with their parameters."""
    queries: Asked = []

    def note(_c: object, _cursor: object, statement: str, parameters: Any, _context: object, many: bool) -> None:
        if not many:
            queries.append((statement, parameters))

    event.listen(database.engine, "before_cursor_execute", note)
    try:
        yield queries
    finally:
        event.remove(database.engine, "before_cursor_execute", note)


def explained(database: Database, queries: Asked) -> dict[str, list[str]]:
    """How the database goes about each query, line by line."""
    prefix = "EXPLAIN QUERY PLAN " if database.is_sqlite else "EXPLAIN "
    with database.engine.connect() as connection:
        if not database.is_sqlite:  # as PostgreSQL's manual has it for disks without moving parts
            connection.exec_driver_sql("SET LOCAL random_page_cost = 1.1")
        return {
            statement: [str(row[-1]) for row in connection.exec_driver_sql(prefix + statement, given)]
            for statement, given in queries
        }


def scans(plan: list[str]) -> list[str]:
    """Lines that read a whole table, in SQLite's words and in PostgreSQL's."""
    names = "|".join(WATCHED)
    whole = re.compile(rf"^SCAN (?:{names})\b(?!.* USING (?:COVERING )?INDEX)|Seq Scan on (?:{names})\b")
    return [line for line in plan if whole.search(line)]
