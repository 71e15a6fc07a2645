"""The lead's board, live, with what he does there: give to somebody, mark an alert seen."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.alerts.service import mark_seen
from desk.console.board import read_board
from desk.console.doors import LeadSession, TheParts
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.conversations.access import find_active_agent
from desk.conversations.people import give_as_lead
from desk.errors import WrongInput

router = APIRouter(prefix="/lead", route_class=PageRoute)


@router.get("", response_class=HTMLResponse)
def board_page(me: LeadSession, parts: TheParts) -> HTMLResponse:
    now = parts.clock.now()
    with parts.database.reading() as session:
        board, counts = read_board(session, me.agent, now), counts_for(session, me.agent, now)
    return page("lead.html", me.agent, now, csrf=me.csrf, counts=counts, place="lead", watched="", board=board)


@router.get("/board", response_class=HTMLResponse)
def board_fragment(me: LeadSession, parts: TheParts) -> HTMLResponse:
    now = parts.clock.now()
    with parts.database.reading() as session:
        board = read_board(session, me.agent, now)
    return page("_board.html", me.agent, now, csrf=me.csrf, board=board)


@router.post("/give/{conversation_id}")
def give(conversation_id: str, me: LeadSession, parts: TheParts, to: Annotated[str, Form(max_length=100)] = "") -> Response:
    """Whose turn it is, the lead decides."""
    with parts.database.writing() as session:
        agent = find_active_agent(session, to)
        if agent is None:
            raise WrongInput("Choose an agent first.")
        give_as_lead(session, me.agent, conversation_id, agent, parts.settings.shop_timezone, parts.clock.now())
    return RedirectResponse("/desk/lead", 303)


@router.post("/alerts/{alert_id}/seen")
def seen(alert_id: int, me: LeadSession, parts: TheParts) -> Response:
    with parts.database.writing() as session:
        mark_seen(session, me.agent, alert_id, parts.clock.now())
    return RedirectResponse("/desk/lead", 303)
