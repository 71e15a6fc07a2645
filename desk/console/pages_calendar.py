"""Calendar: an agent's calls by day and week, and their private feed for other calendar programs."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Annotated, Literal
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Path, Query, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.calendar.service import Call, agent_of_feed, calls_of, open_feed, revoke_feed
from desk.console.calendar_feed import feed
from desk.console.doors import PageSession, TheParts
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.parts import Parts

router = APIRouter(prefix="/calendar", route_class=PageRoute)
feeds = APIRouter(prefix="/calendar", include_in_schema=False)
EARLIEST, LATEST = date(2000, 1, 1), date(2190, 1, 1)


@dataclass(frozen=True)
class Day:
    """A day of the calendar by the agent's own clock."""

    day: date
    is_today: bool
    calls: list[Call]


@router.get("", response_class=HTMLResponse)
def calendar_page(
    me: PageSession,
    parts: TheParts,
    view: Literal["day", "week"] = "week",
    day: Annotated[date | None, Query(ge=EARLIEST, le=LATEST)] = None,
) -> HTMLResponse:
    return _calendar(me, parts, view, day)


@router.post("/feed", response_class=HTMLResponse)
def open_my_feed(request: Request, me: PageSession, parts: TheParts) -> HTMLResponse:
    """A new secret address; it is shown now and never again."""
    with parts.database.writing() as session:
        secret = open_feed(session, me.agent, parts.clock.now())
    return _calendar(me, parts, "week", None, address=f"{address_of(parts, request)}/calendar/{secret}.ics")


@router.post("/revoke")
def revoke_my_feed(me: PageSession, parts: TheParts) -> Response:
    with parts.database.writing() as session:
        revoke_feed(session, me.agent, parts.clock.now())
    return RedirectResponse("/desk/calendar", 303)


@feeds.get("/{secret}.ics")
def calendar_feed(request: Request, secret: Annotated[str, Path(pattern="^[A-Za-z0-9_-]{20,100}$")], parts: TheParts) -> Response:
    """The calls of the agent whose secret this is, as iCalendar."""
    with parts.database.reading() as session:
        content = feed(session, agent_of_feed(session, secret), parts.clock.now(), address_of(parts, request))
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex", "Referrer-Policy": "no-referrer"}
    return Response(content, media_type="text/calendar; charset=utf-8", headers=headers)


def address_of(parts: Parts, request: Request) -> str:
    """Where people reach the desk."""
    return parts.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")


def _calendar(me: PageSession, parts: Parts, view: str, day: date | None, address: str = "") -> HTMLResponse:
    now, zone = parts.clock.now(), ZoneInfo(me.agent.timezone)
    today = now.astimezone(zone).date()
    shown = day or today
    first = shown - timedelta(days=shown.weekday()) if view == "week" else shown
    length = 7 if view == "week" else 1
    begin = datetime.combine(first, time(0), zone)
    with parts.database.reading() as session:
        calls = calls_of(session, me.agent, begin, datetime.combine(first + timedelta(days=length), time(0), zone))
        counts = counts_for(session, me.agent, now)
    days = []
    for n in range(length):
        date_of = first + timedelta(days=n)
        its = [c for c in calls if c.followup.due_at.astimezone(zone).date() == date_of]
        days.append(Day(date_of, date_of == today, its))
    step = timedelta(days=length)
    return page(
        "calendar.html", me.agent, now, csrf=me.csrf, counts=counts, place="calendar", watched="", days=days, view=view,
        first=first, before=first - step, after=first + step, address=address, has_feed=bool(me.agent.calendar_hash or address),
    )  # fmt: skip
