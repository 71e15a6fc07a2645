"""What an agent has at hand in a conversation: notes, canned replies, remedies, calls, swap, undo; presence and search."""

from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.agents.presence import set_presence, skip_pause
from desk.canned.service import suggest
from desk.cases.decisions import decide_remedy
from desk.cases.service import case_by_number
from desk.console.cursors import read_moment
from desk.console.doors import PageSession, TheParts
from desk.console.nav import counts_for
from desk.console.pages_cases import rows
from desk.console.rendering import PageRoute, by_htmx, page
from desk.console.searching import search
from desk.console.translating import later
from desk.conversations.access import access_conversation
from desk.conversations.people import schedule_call_as_agent, swap_as_agent, take_back_as_agent
from desk.notes.service import keep_note

router = APIRouter(route_class=PageRoute)
ONE = "/conversations/{conversation_id}"


@router.post(f"{ONE}/note")
def note(request: Request, conversation_id: str, me: PageSession, parts: TheParts, text: Annotated[str, Form()] = "") -> Response:
    """Keep a private note."""
    with parts.database.writing() as session:
        keep_note(session, me.agent, conversation_id, text, parts.clock.now())
    if by_htmx(request):
        return Response(status_code=204, headers={"HX-Trigger": "noted"})
    return RedirectResponse(f"/desk/conversations/{conversation_id}", 303)


@router.get(f"{ONE}/replies", response_class=HTMLResponse)
def replies(conversation_id: str, me: PageSession, parts: TheParts, q: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """Canned replies for this conversation that fit what is typed."""
    with parts.database.reading() as session:
        conversation = access_conversation(session, me.agent, conversation_id)
        found = suggest(session, conversation, me.agent, q)
    return page("_replies.html", me.agent, parts.clock.now(), replies=found, query=q, language=conversation.language)


@router.post(f"{ONE}/swap")
def swap(conversation_id: str, me: PageSession, parts: TheParts) -> Response:
    """Let it pass to a colleague; no reason is asked."""
    with parts.database.writing() as session:
        conversation = swap_as_agent(session, me.agent, conversation_id, parts.settings.shop_timezone, parts.clock.now())
    return RedirectResponse(f"/desk/?undo={conversation.id}&version={conversation.version}&did=swap", 303)


@router.post(f"{ONE}/undo")
def undo(conversation_id: str, me: PageSession, parts: TheParts, version: Annotated[int, Form(ge=0, le=2**31 - 1)]) -> Response:
    """Take back what was handed back, transferred or swapped a moment ago."""
    with parts.database.writing() as session:
        take_back_as_agent(session, me.agent, conversation_id, version, parts.clock.now())
    return RedirectResponse(f"/desk/conversations/{conversation_id}", 303)


@router.post(f"{ONE}/call")
def call(conversation_id: str, me: PageSession, parts: TheParts, start: Annotated[str, Form(max_length=64)] = "") -> Response:
    """Promise the customer a call at a free time."""
    moment: datetime = read_moment(start, later("Choose a time first."))
    with parts.database.writing() as session:
        schedule_call_as_agent(session, me.agent, conversation_id, moment, parts.settings.shop_timezone, parts.clock.now())
    return RedirectResponse(f"/desk/conversations/{conversation_id}", 303)


@router.post("/cases/{number}/remedy")
def remedy(
    number: str,
    me: PageSession,
    parts: TheParts,
    kind: Annotated[str, Form(max_length=20)],
    decision: Annotated[str, Form(max_length=20)] = "arrange",
    back: Annotated[str, Form(max_length=100)] = "",
) -> Response:
    """Arrange a remedy, decline it, or mark it done."""
    now = parts.clock.now()
    with parts.database.writing() as session:
        case = case_by_number(session, number)
        decide_remedy(session, me.agent, case, kind, decision, now, parts.settings.check_in_days)
    return RedirectResponse(f"/desk/conversations/{case.conversation_id}" if back else f"/desk/cases/{number}", 303)


@router.post("/presence", status_code=204)
def presence(me: PageSession, parts: TheParts, presence: Annotated[str, Form(max_length=20)]) -> None:
    """Online, busy or away."""
    with parts.database.writing() as session:
        set_presence(session, me.agent, presence, parts.clock.now())


@router.post("/pause")
def pause(me: PageSession, parts: TheParts) -> Response:
    """Skip the pause."""
    with parts.database.writing() as session:
        skip_pause(session, me.agent)
    return RedirectResponse("/desk/", 303)


@router.get("/search", response_class=HTMLResponse)
def search_page(me: PageSession, parts: TheParts, q: Annotated[str, Query(max_length=100)] = "") -> HTMLResponse:
    """Everything that has these words."""
    now = parts.clock.now()
    with parts.database.reading() as session:
        found = search(session, q)
        cases = rows(session, list(found.cases)) if found else []
        counts = counts_for(session, me.agent, now)
    return page(
        "search.html", me.agent, now, csrf=me.csrf, counts=counts, place="search", watched="", query=q, found=found, cases=cases
    )
