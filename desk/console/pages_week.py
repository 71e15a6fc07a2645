"""The week in view, and the messages of the desk to its people."""

from datetime import datetime
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response

from desk.agents.tables import LEADS
from desk.alerts.service import alerts_for, mark_all_seen, mark_seen
from desk.console.doors import PageSession, SignedIn, TheParts
from desk.console.names import named
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.console.translating import language, spoken_to, translate
from desk.errors import NotAllowed
from desk.parts import Parts
from desk.times import say_short_day_time
from desk.week.report import Speech, as_text, closing_line
from desk.week.service import Week, read_week

router = APIRouter(route_class=PageRoute)


def week_of(me: SignedIn, parts: Parts, whose: str) -> Week:
    """His own week, or everybody's for a lead. Raises NotAllowed."""
    if whose == "all" and me.agent.role not in LEADS:
        raise NotAllowed("Everybody's week is for the lead.")
    with parts.database.reading() as session:
        return read_week(session, None if whose == "all" else me.agent, parts.clock.now(), parts.settings.shop_timezone)


@router.get("/week", response_class=HTMLResponse)
def week_page(me: PageSession, parts: TheParts, whose: Literal["", "mine", "all"] = "") -> HTMLResponse:
    """Without a choice the lead sees everybody's week, an agent his own."""
    now, lead = parts.clock.now(), me.agent.role in LEADS
    chosen = whose or ("all" if lead else "mine")
    week = week_of(me, parts, chosen)
    with parts.database.reading() as session:
        counts = counts_for(session, me.agent, now)
    return page(
        "week.html", me.agent, now, csrf=me.csrf, counts=counts, place="week", watched="", week=week, whose=chosen, lead=lead,
        closing=closing_line(week),
    )  # fmt: skip


@router.get("/week.md", response_class=PlainTextResponse)
def week_file(me: PageSession, parts: TheParts, whose: Literal["mine", "all"] = "mine") -> PlainTextResponse:
    """The same as a file."""
    week = week_of(me, parts, whose)
    name = f"week-{week.name}.md"
    with spoken_to(me.agent):
        text = as_text(week, parts.settings.shop_timezone, Speech(translate, _named, _at))
    return PlainTextResponse(
        text,
        media_type="text/markdown; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )


def _named(code: str, kind: str) -> str:
    """In the middle of a sentence."""
    return named(code, kind) if kind == "owner" else named(code, kind).lower()


def _at(moment: datetime, timezone: str) -> str:
    return say_short_day_time(moment, language(), timezone)


@router.get("/news", response_class=HTMLResponse)
def news_page(me: PageSession, parts: TheParts) -> HTMLResponse:
    """What the desk told him: promises at risk, dangers, patterns of faults, bad ratings, the week."""
    now = parts.clock.now()
    with parts.database.reading() as session:
        alerts, counts = alerts_for(session, me.agent), counts_for(session, me.agent, now)
    return page(
        "news.html",
        me.agent,
        now,
        csrf=me.csrf,
        counts=counts,
        place="week",
        watched="",
        alerts=alerts,
        unseen=counts.news,
        lead=me.agent.role in LEADS,
    )


@router.post("/news/seen")
def seen_all(me: PageSession, parts: TheParts, until: Annotated[int, Form(ge=1)]) -> Response:
    """All up to the newest one on the page he saw: what came since stays."""
    with parts.database.writing() as session:
        mark_all_seen(session, me.agent, until, parts.clock.now())
    return RedirectResponse("/desk/news", 303)


@router.post("/news/{alert_id}/seen")
def seen(alert_id: int, me: PageSession, parts: TheParts) -> Response:
    with parts.database.writing() as session:
        mark_seen(session, me.agent, alert_id, parts.clock.now())
    return RedirectResponse("/desk/news", 303)
