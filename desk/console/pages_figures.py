"""The figures, for the lead: a page with plots and tables, and the same as a file."""

from typing import Annotated
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, PlainTextResponse

from desk.audit.service import audit
from desk.console import figures_plots as say
from desk.console.doors import LeadSession, TheParts
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.errors import WrongInput
from desk.figures.periods import Period, WrongPeriod, period_asked_for
from desk.figures.report import as_csv
from desk.figures.service import read_figures
from desk.parts import Parts

router = APIRouter(route_class=PageRoute)

FromDay = Annotated[str, Query(alias="from")]
ToDay = Annotated[str, Query(alias="to")]


def chosen_period(kind: str, day: str, first: str, last: str, parts: Parts) -> Period:
    """What the address asks for; without anything this month. Raises WrongPeriod."""
    zone = parts.settings.shop_timezone
    today = parts.clock.now().astimezone(ZoneInfo(zone)).date()
    return period_asked_for(kind, day, first, last, today, zone)


def address_of(period: Period, path: str = "/desk/figures") -> str:
    """The page of this period."""
    if period.kind == "days":
        return f"{path}?{urlencode({'period': 'days', 'from': period.first, 'to': period.last})}"
    return f"{path}?{urlencode({'period': period.kind, 'day': period.first})}"


@router.get("/figures", response_class=HTMLResponse)
def figures_page(
    me: LeadSession, parts: TheParts, period: str = "month", day: str = "", first: FromDay = "", last: ToDay = ""
) -> HTMLResponse:
    now = parts.clock.now()
    problem: WrongInput | None = None
    try:
        chosen = chosen_period(period, day, first, last, parts)
    except WrongPeriod as error:
        problem, chosen = WrongInput(str(error)), chosen_period("month", "", "", "", parts)
    with parts.database.reading() as session:
        found = read_figures(session, chosen, now, parts.settings)
        counts = counts_for(session, me.agent, now)
    anchor = min(chosen.last, now.astimezone(ZoneInfo(chosen.timezone)).date())
    return page(
        "figures.html", me.agent, now, 422 if problem else 200, csrf=me.csrf, counts=counts, place="week", watched="", lead=True,
        f=found, problem=problem, say=say,
        kinds=[(kind, address_of(Period.around(kind, anchor, chosen.timezone))) for kind in ("week", "month", "quarter")],
        earlier=address_of(chosen.earlier), later=address_of(chosen.later) if chosen.until <= now else "",
        file=address_of(chosen, "/desk/figures.csv"),
        shown_from=first if problem else chosen.first, shown_to=last if problem else chosen.last,
    )  # fmt: skip


@router.get("/figures.csv", response_class=PlainTextResponse)
def figures_file(
    me: LeadSession, parts: TheParts, period: str = "month", day: str = "", first: FromDay = "", last: ToDay = ""
) -> PlainTextResponse:
    """The same for a spreadsheet. It leaves the desk with customers' words in it, so it is on record."""
    try:
        chosen = chosen_period(period, day, first, last, parts)
    except WrongPeriod as error:
        raise WrongInput(str(error)) from error
    with parts.database.reading() as session:
        text = as_csv(read_figures(session, chosen, parts.clock.now(), parts.settings))
    with parts.database.writing() as session:
        audit(session, me.agent, "figures_downloaded", f"figures:{chosen.name}", parts.clock.now())
    return PlainTextResponse(
        "\ufeff" + text,  # so that a spreadsheet takes it for UTF-8
        media_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="figures-{chosen.name}.csv"'},
    )
