"""The agents' API: the lead's board, and what the desk tells its people."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from sqlalchemy.orm import Session

from desk.alerts.service import alerts_for, find_alert, mark_all_seen, mark_seen, unseen_count
from desk.console.api_conversations import Limit, conversation_out
from desk.console.board import Board, Member, read_board
from desk.console.cursors import read_number_cursor, write_cursor
from desk.console.doors import CurrentAgent, CurrentLead, TheParts
from desk.console.reading import Overview
from desk.console.schemas import problems
from desk.console.schemas_cases import followups_out
from desk.console.schemas_lead import AlertOut, Alerts, BoardOut, OnBoard, OnTeam, SeenOut, SeenUntil, alerts_out
from desk.console.schemas_tools import AgentOut

router = APIRouter(tags=["agents: board and alerts"])


@router.get("/board", operation_id="getBoard", responses=problems(403))
def get_board(lead: CurrentLead, parts: TheParts) -> BoardOut:
    """For leads: what needs you, who waits how long, promises about to break, how the team stands.

    Give a conversation to somebody by POST …/conversations/{id}/give, mark an alert seen by POST …/alerts/{id}/seen.
    """
    now = parts.clock.now()
    with parts.database.reading() as session:
        return _board_out(session, read_board(session, lead, now), now)


@router.get("/alerts", operation_id="listAlerts", responses=problems(422))
def list_alerts(
    agent: CurrentAgent,
    parts: TheParts,
    unseen: bool = False,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    limit: Limit = 50,
) -> Alerts:
    """What the desk told you, a lead also what it told the leads, the newest first."""
    before = read_number_cursor(cursor) if cursor is not None else None
    with parts.database.reading() as session:
        found = alerts_for(session, agent, limit + 1, unseen, before)
        following = write_cursor(found[limit - 1].id) if len(found) > limit else None
        return Alerts(alerts=alerts_out(session, found[:limit]), unseen=unseen_count(session, agent), next=following)


@router.post("/alerts/seen", operation_id="markAlertsSeen", responses=problems(403, 422))
def mark_alerts_seen(body: SeenUntil, agent: CurrentAgent, parts: TheParts) -> SeenOut:
    """Mark all as seen that you were told until then."""
    with parts.database.writing() as session:
        return SeenOut(seen=mark_all_seen(session, agent, body.until, parts.clock.now()))


@router.get("/alerts/{alert_id}", operation_id="getAlert", responses=problems(404, 422))
def get_alert(alert_id: int, agent: CurrentAgent, parts: TheParts) -> AlertOut:
    """One alert. 404 for what was not told to you."""
    with parts.database.reading() as session:
        return alerts_out(session, [find_alert(session, agent, alert_id)])[0]


@router.post("/alerts/{alert_id}/seen", operation_id="markAlertSeen", responses=problems(403, 404, 422))
def mark_alert_seen(alert_id: int, agent: CurrentAgent, parts: TheParts) -> AlertOut:
    """Mark one as seen. 404 for what was not told to you."""
    with parts.database.writing() as session:
        return alerts_out(session, [mark_seen(session, agent, alert_id, parts.clock.now())])[0]


def _board_out(session: Session, board: Board, now: datetime) -> BoardOut:
    return BoardOut(
        alerts=alerts_out(session, [r.alert for r in board.alerts]),
        more_alerts=board.more_alerts,
        waiting=[_on_board(o) for o in board.waiting],
        held=[_on_board(o) for o in board.held],
        promises=followups_out(session, [i.followup for i in board.promises]),
        team=[_on_team(m, now) for m in board.team],
    )


def _on_board(o: Overview) -> OnBoard:
    turn_of = o.assigned.login if o.assigned else None
    return OnBoard(**conversation_out(o).model_dump(), turn_of=turn_of, awaits_since=o.conversation.awaiting_since)


def _on_team(member: Member, now: datetime) -> OnTeam:
    stands = member.stands
    return OnTeam(
        **AgentOut.of(member.agent, now).model_dump(), at_work=stands.at_work, holds=member.held, furious=member.furious,
        load=stands.load, had_a_hard_one=stands.given_hard,
    )  # fmt: skip
