"""The agents' API: cases."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query

from desk.cases.life import mark_collected, mark_delivered
from desk.cases.service import case_by_number, close_unconfirmed
from desk.console.cursors import read_number_cursor, write_cursor
from desk.console.doors import CurrentAgent, TheParts
from desk.console.reading import find_case, page_of_cases
from desk.console.schemas import problems
from desk.console.schemas_cases import CaseOut, Cases, CloseCase, cases_out
from desk.conversations.rules import clean_text

router = APIRouter(prefix="/cases", tags=["agents: cases"])


@router.get("", operation_id="listCases", responses=problems(422))
def list_cases(
    agent: CurrentAgent,
    parts: TheParts,
    state: Literal["open", "closed"] | None = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Cases:
    """Cases, the newest first."""
    before = read_number_cursor(cursor) if cursor is not None else None
    with parts.database.reading() as session:
        found = page_of_cases(session, state, before, limit)
        following = write_cursor(found[limit - 1].id) if len(found) > limit else None
        return Cases(cases=cases_out(session, found[:limit]), next=following)


@router.get("/{number}", operation_id="getCase", responses=problems(404))
def get_case(number: str, agent: CurrentAgent, parts: TheParts) -> CaseOut:
    """One case with remedies, follow-ups and history."""
    with parts.database.reading() as session:
        return cases_out(session, [find_case(session, number)])[0]


@router.post("/{number}/close", operation_id="closeCase", responses=problems(403, 404, 409, 413, 422))
def close_case(number: str, body: CloseCase, agent: CurrentAgent, parts: TheParts) -> CaseOut:
    """Close a case without the customer's word: as `closed_unconfirmed`, with a reason that you answer for.

    `satisfied` is not yours to say: only the customer's own message closes a case so. 409 when it is closed already,
    or while a time is promised to the customer.
    """
    with parts.database.writing() as session:
        case = case_by_number(session, number)
        close_unconfirmed(session, case, agent, clean_text(body.reason), parts.clock.now())
        return cases_out(session, [case])[0]


@router.post("/{number}/collected", operation_id="markCollected", responses=problems(403, 404, 409))
def mark_case_collected(number: str, agent: CurrentAgent, parts: TheParts) -> CaseOut:
    """The old goods are with us. 409 when nothing of this case waits to be collected."""
    with parts.database.writing() as session:
        case = case_by_number(session, number)
        mark_collected(session, case, agent.login, parts.clock.now())
        return cases_out(session, [case])[0]


@router.post("/{number}/delivered", operation_id="markDelivered", responses=problems(403, 404, 409))
def mark_case_delivered(number: str, agent: CurrentAgent, parts: TheParts) -> CaseOut:
    """The new goods are with the customer: from now on the bot asks him on the days of the plan. 409 as above."""
    with parts.database.writing() as session:
        case = case_by_number(session, number)
        mark_delivered(session, case, agent.login, parts.clock.now(), parts.settings.shop_timezone)
        return cases_out(session, [case])[0]
