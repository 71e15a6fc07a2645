"""The agents' API: follow-ups."""

from datetime import timedelta
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy import select

from desk.console.cursors import read_moment, read_time_cursor, write_cursor
from desk.console.doors import CurrentAgent, TheParts
from desk.console.schemas import problems
from desk.console.schemas_cases import DueFollowup, Followups, Outcome, followups_out
from desk.conversations.rules import clean_text
from desk.errors import NotFound
from desk.followups.service import due_followups, mark_done
from desk.followups.tables import Followup

router = APIRouter(prefix="/followups", tags=["agents: follow-ups"])
FAR = timedelta(days=3660)


@router.get("", operation_id="listFollowups", responses=problems(422))
def list_followups(
    agent: CurrentAgent,
    parts: TheParts,
    due_before: Annotated[str | None, Query(max_length=64, examples=["2026-11-18T17:00:00+01:00"])] = None,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Annotated[int, Query(ge=1, le=200)] = 50,
) -> Followups:
    """Pending follow-ups that are due before a time (ISO 8601 with zone; all without it), the soonest first."""
    until = read_moment(due_before) if due_before is not None else parts.clock.now() + FAR
    after = None
    if cursor is not None:
        moment, identifier = read_time_cursor(cursor)
        after = f"{moment.isoformat()}~{identifier}"
    with parts.database.reading() as session:
        found = due_followups(session, until, limit + 1, after)
        shown = found[:limit]
        following = write_cursor(shown[-1].due_at.isoformat(), shown[-1].id) if len(found) > limit else None
        return Followups(followups=followups_out(session, shown), next=following)


@router.post("/{followup_id}/done", operation_id="markFollowupDone", responses=problems(403, 404, 409, 413, 422))
def mark_followup_done(followup_id: str, body: Outcome, agent: CurrentAgent, parts: TheParts) -> DueFollowup:
    """Mark a follow-up done, with its outcome. The customer has the last word: the bot asks him next."""
    if not (followup_id.isascii() and followup_id.isprintable()):
        raise NotFound("There is no such follow-up.")
    now, days = parts.clock.now(), parts.settings.check_in_days
    with parts.database.writing() as session:
        mark_done(
            session, agent, followup_id, clean_text(body.outcome), now, days,
            reached=body.reached, timezone=parts.settings.shop_timezone,
        )  # fmt: skip
        done = session.scalars(select(Followup).where(Followup.id == followup_id)).all()
        return followups_out(session, done)[0]
