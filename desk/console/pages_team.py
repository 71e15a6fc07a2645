"""What leads look after: agents and their hours, canned replies, the shop's rules, and who changed what."""

from typing import Annotated

from fastapi import APIRouter, Form, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.agents.editing import DAYS, AgentChange, add_agent_as_lead, agent_for_lead, change_agent, renew_password
from desk.agents.service import ROLES, list_agents
from desk.audit.service import trail
from desk.canned.service import find_reply, list_replies, remove_reply, write_reply
from desk.canned.tables import CannedReply
from desk.console.cursors import read_number_cursor, write_cursor
from desk.console.doors import LeadSession, TheParts
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.conversations.languages import LANGUAGES
from desk.errors import DeskError
from desk.parts import Parts
from desk.shop.editing import change_rules, editable_rules

router = APIRouter(prefix="/team", route_class=PageRoute)
PAGE = 50


@router.get("", response_class=HTMLResponse)
def team_page(me: LeadSession, parts: TheParts) -> HTMLResponse:
    return _team(me, parts)


@router.post("/agents", response_class=HTMLResponse)
def add(
    me: LeadSession,
    parts: TheParts,
    login: Annotated[str, Form(max_length=100)] = "",
    name: Annotated[str, Form(max_length=200)] = "",
    languages: Annotated[list[str], Form()] = [],  # noqa: B006
) -> HTMLResponse:
    """Add an agent; password and API token are shown once."""
    try:
        with parts.database.writing() as session:
            new = add_agent_as_lead(session, me.agent, login, name, languages, parts.clock.now())
            shown = {"login": new.agent.login, "password": new.password, "token": new.token}
    except DeskError as error:
        return _team(me, parts, error=error)
    return _team(me, parts, shown=shown)


@router.get("/agents/{login}", response_class=HTMLResponse)
def agent_page(login: str, me: LeadSession, parts: TheParts) -> HTMLResponse:
    return _agent(login, me, parts)


@router.post("/agents/{login}")
async def change(login: str, request: Request, me: LeadSession, parts: TheParts) -> Response:
    """Change an agent: name, role, languages, hours, days off, subjects, whether he is still here."""
    form = await request.form()

    def given(name: str) -> str:
        value = form.get(name, "")
        return value if isinstance(value, str) else ""

    wanted = AgentChange(
        name=given("name"), role=given("role"), languages=[v for v in form.getlist("languages") if isinstance(v, str)],
        timezone=given("timezone"), country=given("country"), hours={day: given(f"hours-{day}") for day in DAYS},
        days_off=given("days_off"), skills=given("skills"), active="active" in form,
    )  # fmt: skip
    try:
        with parts.database.writing() as session:
            change_agent(session, me.agent, login, wanted, parts.clock.now())
    except DeskError as error:
        return _agent(login, me, parts, error=error, draft=wanted)
    return RedirectResponse("/desk/team", 303)


@router.post("/agents/{login}/password", response_class=HTMLResponse)
def new_password(login: str, me: LeadSession, parts: TheParts) -> HTMLResponse:
    """A new password, shown once."""
    with parts.database.writing() as session:
        shown = {"login": login, "password": renew_password(session, me.agent, login, parts.clock.now()), "token": ""}
    return _team(me, parts, shown=shown)


@router.get("/replies", response_class=HTMLResponse)
def replies_page(me: LeadSession, parts: TheParts) -> HTMLResponse:
    return _page(me, parts, "team_replies.html", replies=_replies(parts), problem="", draft=None)


@router.get("/replies/{reply_id}", response_class=HTMLResponse)
def reply_page(reply_id: int, me: LeadSession, parts: TheParts) -> HTMLResponse:
    with parts.database.reading() as session:
        reply = find_reply(session, reply_id)
    draft = {"id": reply.id, "title": reply.title, "texts": reply.texts}
    return _page(me, parts, "team_replies.html", replies=_replies(parts), problem="", draft=draft)


@router.post("/replies")
async def write(request: Request, me: LeadSession, parts: TheParts) -> Response:
    """Add or change a canned reply."""
    form = {k: v for k, v in (await request.form()).items() if isinstance(v, str)}
    number = form.get("id", "")
    reply_id = int(number) if number.isdecimal() and len(number) < 10 else None
    texts = {language: form.get(f"text-{language}", "") for language in LANGUAGES}
    try:
        with parts.database.writing() as session:
            write_reply(session, me.agent, reply_id, form.get("title", ""), texts, parts.clock.now())
    except DeskError as error:
        draft = {"id": reply_id, "title": form.get("title", ""), "texts": texts}
        return _page(me, parts, "team_replies.html", error.status, replies=_replies(parts), problem=error, draft=draft)
    return RedirectResponse("/desk/team/replies", 303)


@router.post("/replies/{reply_id}/remove")
def remove(reply_id: int, me: LeadSession, parts: TheParts) -> Response:
    with parts.database.writing() as session:
        remove_reply(session, me.agent, reply_id, parts.clock.now())
    return RedirectResponse("/desk/team/replies", 303)


@router.get("/rules", response_class=HTMLResponse)
def rules_page(me: LeadSession, parts: TheParts) -> HTMLResponse:
    with parts.database.reading() as session:
        values = editable_rules(session)
    return _page(me, parts, "team_rules.html", values=values, problem="", saved=False)


@router.post("/rules", response_class=HTMLResponse)
async def save_rules(request: Request, me: LeadSession, parts: TheParts) -> HTMLResponse:
    """Put the values of the form in force, all or none."""
    form = {k: v for k, v in (await request.form()).items() if isinstance(v, str)}
    try:
        with parts.database.writing() as session:
            change_rules(session, me.agent, form, parts.clock.now())
            values = editable_rules(session)
    except DeskError as error:
        with parts.database.reading() as session:
            known = editable_rules(session)
        values = {k: (k in form) if isinstance(v, bool) else form.get(k, v) for k, v in known.items()}
        return _page(me, parts, "team_rules.html", error.status, values=values, problem=error, saved=False)
    return _page(me, parts, "team_rules.html", values=values, problem="", saved=True)


@router.get("/audit", response_class=HTMLResponse)
def audit_page(
    me: LeadSession,
    parts: TheParts,
    cursor: Annotated[str | None, Query(max_length=300)] = None,
    about: Annotated[str, Query(max_length=100)] = "",
) -> HTMLResponse:
    """Who changed and saw what, the newest first."""
    before = read_number_cursor(cursor) if cursor is not None else None
    with parts.database.reading() as session:
        found = trail(session, before, PAGE, "".join(c for c in about if c.isprintable()))
    following = write_cursor(found[PAGE - 1][0].id) if len(found) > PAGE else None
    return _page(me, parts, "team_audit.html", entries=found[:PAGE], next=following, first=cursor is None, about=about)


def _replies(parts: Parts) -> list[CannedReply]:
    with parts.database.reading() as session:
        return list(list_replies(session))


def _team(me: LeadSession, parts: Parts, *, error: DeskError | None = None, shown: dict[str, str] | None = None) -> HTMLResponse:
    with parts.database.reading() as session:
        agents = list_agents(session)
        return _page(me, parts, "team.html", error.status if error else 200, agents=agents, problem=error, shown=shown)


def _agent(
    login: str, me: LeadSession, parts: Parts, *, error: DeskError | None = None, draft: AgentChange | None = None
) -> HTMLResponse:
    with parts.database.reading() as session:
        agent = agent_for_lead(session, me.agent, login)
    hours = {day: ", ".join("-".join(span) for span in agent.hours.get(day, [])) for day in DAYS}
    draft = draft or AgentChange(
        name=agent.name, role=agent.role, languages=agent.languages, timezone=agent.timezone, country=agent.country,
        hours=hours, days_off=" ".join(agent.days_off), skills=", ".join(agent.skills), active=agent.active,
    )  # fmt: skip
    roles = ROLES if me.agent.role == "admin" or agent.role == "admin" else ROLES[:2]
    return _page(
        me, parts, "team_agent.html", error.status if error else 200, who=agent, draft=draft, roles=roles, days=DAYS,
        problem=error,
    )  # fmt: skip


def _page(me: LeadSession, parts: Parts, template: str, status: int = 200, **context: object) -> HTMLResponse:
    now = parts.clock.now()
    with parts.database.reading() as session:
        counts = counts_for(session, me.agent, now)
    return page(template, me.agent, now, status, csrf=me.csrf, counts=counts, place="team", watched="", **context)
