"""`fubb report ...`: the week, and the figures."""

import json
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from desk.cli.agents import Json
from desk.cli.errors import fail

report_app = typer.Typer(help="The week in view, and the figures.", no_args_is_help=True)


@report_app.command()
def week(
    agent: Annotated[str, typer.Option(help="The login of an agent, for his own week; without it everybody's.")] = "",
    as_json: Json = False,
) -> None:
    """Every open case with its next step, lapsed ones first; promises broken; who waits; who is satisfied."""
    from sqlalchemy import select

    from desk.agents.service import normal_login
    from desk.agents.tables import Agent
    from desk.cli.database import open_database
    from desk.settings import Settings
    from desk.week.report import as_data, as_text
    from desk.week.service import read_week

    with open_database() as database, database.reading() as session:
        settings = Settings.load()
        who = session.scalar(select(Agent).where(Agent.login == normal_login(agent))) if agent else None
        if agent and who is None:
            fail(f"there is no agent with the login {agent}.")
        now = datetime.now(UTC) + timedelta(seconds=settings.clock_shift)
        found = read_week(session, who, now, settings.shop_timezone)
        shown = json.dumps(as_data(found), ensure_ascii=False) if as_json else as_text(found, settings.shop_timezone)
    typer.echo(shown)
    if not found.nobody_forgotten:
        fail("an open case has no next step: this must not be. Look at the case list.")


@report_app.command()
def figures(
    period: Annotated[str, typer.Option(help="week, month or quarter: the one that --day lies in.")] = "month",
    day: Annotated[str, typer.Option(help="A day, as 2026-11-30; without it today.")] = "",
    first: Annotated[str, typer.Option("--from", help="Instead of a period: the first day.")] = "",
    last: Annotated[str, typer.Option("--to", help="And the last day, included.")] = "",
    as_json: Json = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print CSV.")] = False,
) -> None:
    """The figures of a period: answers, satisfaction, promises, cost of rework, customers who stay."""
    from zoneinfo import ZoneInfo

    from desk.cli.database import open_database
    from desk.figures import report
    from desk.figures.periods import Period, period_asked_for
    from desk.figures.service import read_figures
    from desk.settings import Settings

    settings = Settings.load()
    now = datetime.now(UTC) + timedelta(seconds=settings.clock_shift)
    today = now.astimezone(ZoneInfo(settings.shop_timezone)).date()
    try:
        kind = "days" if first or last else period
        chosen: Period = period_asked_for(kind, day, first, last, today, settings.shop_timezone)
    except ValueError as error:
        fail(str(error), code=2)
    with open_database() as database, database.reading() as session:
        found = read_figures(session, chosen, now, settings)
        if as_json:
            shown = json.dumps(report.as_data(found), ensure_ascii=False)
        else:
            shown = report.as_csv(found).rstrip() if as_csv else report.as_text(found)
    typer.echo(shown)
