"""What the database itself refuses, whatever the code does: I1, I2, one holder, the append-only history."""

from collections.abc import Callable

import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from desk.cases.tables import Case
from desk.db.engine import Database
from tests.conftest import NOW
from tests.desk.cast import Cast, gather, promise_call, smelling_tv


def refused(database: Database, wrong: Callable[[Session, Case, Cast], object]) -> None:
    """The change is refused at once or at the commit, and nothing of it stays."""
    with database.writing() as session:
        cast = gather(session)
        case = smelling_tv(session, cast)
    with pytest.raises(DBAPIError), database.writing() as session:
        wrong(session, session.get_one(Case, case.id), cast)
    with database.reading() as session:
        kept = session.get_one(Case, case.id)
        assert (kept.state, kept.next_followup_id) == (case.state, case.next_followup_id)


def run(sql: str) -> Callable[[Session, Case, Cast], object]:
    return lambda session, case, cast: session.execute(text(sql), {"case": case.id, "step": case.next_followup_id})


WRONG = {
    "an open case without a next step": "UPDATE cases SET next_followup_id = NULL, next_followup_state = NULL WHERE id = :case",
    "a done follow-up as next step": "UPDATE followups SET state = 'done' WHERE id = :step",
    "a cancelled follow-up as next step": "UPDATE followups SET state = 'cancelled' WHERE id = :step",
    "a deleted follow-up as next step": "DELETE FROM followups WHERE id = :step",
    "a next step that does not exist": "UPDATE cases SET next_followup_id = 'nothing' WHERE id = :case",
    "a next step said to be done": "UPDATE cases SET next_followup_state = 'done' WHERE id = :case",
    "satisfied without the customer's word": "UPDATE cases SET state = 'satisfied', next_followup_id = NULL,"
    " next_followup_state = NULL WHERE id = :case",
    "closed without a reason": "UPDATE cases SET state = 'closed_unconfirmed', next_followup_id = NULL,"
    " next_followup_state = NULL, closed_by_id = 1 WHERE id = :case",
    "closed without an agent's name": "UPDATE cases SET state = 'closed_unconfirmed', next_followup_id = NULL,"
    " next_followup_state = NULL, closed_reason = 'x' WHERE id = :case",
    "a state that is none": "UPDATE cases SET state = 'forgotten' WHERE id = :case",
    "a rewritten history": "UPDATE case_events SET who = 'nobody' WHERE case_id = :case",
    "a deleted history": "DELETE FROM case_events WHERE case_id = :case",
    "a conversation held by no agent": "UPDATE conversations SET holder = 'agent'",
    "an agent who holds what the bot holds": "UPDATE conversations SET agent_id = 1",
    "a second message with one seq": "UPDATE messages SET seq = 1",
    "a follow-up with no owner": "UPDATE followups SET owner = 'nobody' WHERE id = :step",
    "a follow-up with no time": "UPDATE followups SET due_at = NULL WHERE id = :step",
}


@pytest.mark.parametrize("sql", WRONG.values(), ids=WRONG.keys())
def test_the_database_refuses(database: Database, sql: str) -> None:
    refused(database, run(sql))


def test_the_database_refuses_two_pending_follow_ups_of_one_case(database: Database) -> None:
    def wrong(session: Session, case: Case, cast: Cast) -> None:
        step = promise_call(session, case, cast.anna, NOW)
        session.execute(text("UPDATE followups SET state = 'pending', promise = 'none' WHERE id != :step"), {"step": step.id})

    refused(database, wrong)
