"""Pages from templates: the environment, times as people say them, errors as pages."""

import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime
from decimal import Decimal
from http import HTTPStatus
from pathlib import Path
from typing import Any
from urllib.parse import quote
from zoneinfo import ZoneInfo

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from desk.agents.errors import CodesNeeded
from desk.agents.tables import Agent
from desk.errors import DeskError, NotLoggedIn
from desk.times import say_price

HERE = Path(__file__).parent
STATIC_PATH = "/desk/static"
LANGUAGE_NAMES = {"en": "English", "sv": "Swedish", "nb": "Norwegian", "fi": "Finnish"}


def relative(moment: datetime, now: datetime) -> str:
    """'4 min ago', 'in 2 h', 'just now'; console.js says it in the same words while the page stands."""
    seconds = (moment - now).total_seconds()
    away = abs(seconds)
    if away < 45:
        return "just now" if seconds <= 0 else "now"
    if away < 3600:
        length = f"{round(away / 60) or 1} min"
    elif away < 2 * 86400:
        length = f"{round(away / 3600)} h"
    else:
        length = f"{round(away / 86400)} d"
    return f"{length} ago" if seconds < 0 else f"in {length}"


def exact(moment: datetime, timezone: str) -> str:
    """'Wed 18 Nov 2026, 10:00' by the agent's own clock."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%a %-d %b %Y, %H:%M}"


@pass_context
def _ago(context: Context, moment: datetime) -> Markup:
    """A time as its distance from now, the exact one in the title."""
    return Markup('<time datetime="{}" title="{}" data-relative>{}</time>').format(
        moment.isoformat(), exact(moment, context["timezone"]), relative(moment, context["now"])
    )


@pass_context
def _at(context: Context, moment: datetime) -> Markup:
    """A time as the clock says it, with the day when it is not today."""
    zone, now = ZoneInfo(context["timezone"]), context["now"]
    local = moment.astimezone(zone)
    today = local.date() == now.astimezone(zone).date()
    text = f"{local:%H:%M}" if today else f"{local:%a %-d %b, %H:%M}"
    return Markup('<time datetime="{}" title="{}">{}</time>').format(moment.isoformat(), exact(moment, context["timezone"]), text)


@pass_context
def _when(context: Context, moment: datetime) -> str:
    """'Thu 19 Nov, 10:00' by the agent's own clock, as plain text."""
    return f"{moment.astimezone(ZoneInfo(context['timezone'])):%a %-d %b, %H:%M}"


@pass_context
def _clock(context: Context, moment: datetime) -> str:
    """'10:00' by the agent's own clock."""
    return f"{moment.astimezone(ZoneInfo(context['timezone'])):%H:%M}"


def _words(name: str) -> str:
    """The name of a kind or state as people read it."""
    return name.replace("_", " ")


def _price(amount: Decimal, currency: str) -> str:
    return say_price(amount, currency, "en")


def _asset(name: str) -> str:
    """The address of a file of ours; it changes when the file does."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PATH}/{name}?v={digest}"


ASSETS = {
    name: _asset(name)
    for name in (
        "console.css", "week.css", "figures.css", "tools.css", "console.js", "pictures.js", "keys.js", "bell.js",
        "vendor/htmx-2.0.11.min.js", "vendor/htmx-ext-sse-2.2.4.min.js",
    )
}  # fmt: skip

_env = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
_env.filters.update(ago=_ago, at=_at, when=_when, clock=_clock, words=_words, price=_price, moment=datetime.fromisoformat)
_env.globals.update(assets=ASSETS, languages=LANGUAGE_NAMES)


def render(template: str, agent: Agent | None, now: datetime, **context: Any) -> str:
    timezone = agent.timezone if agent else "UTC"
    return _env.get_template(template).render(agent=agent, now=now, timezone=timezone, **context)


def page(template: str, agent: Agent | None, now: datetime, status: int = 200, **context: Any) -> HTMLResponse:
    return HTMLResponse(render(template, agent, now, **context), status)


def by_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


class PageRoute(APIRoute):
    """A route whose errors are pages: to the login, or what went wrong and what to do."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_with_pages(request: Request) -> Response:
            try:
                return await answer(request)
            except NotLoggedIn:
                return _to_login(request)
            except CodesNeeded:
                return RedirectResponse("/desk/me", 303)
            except RequestValidationError:
                return _problem_page(request, 422, "That cannot be used.")
            except DeskError as error:
                return _problem_page(request, error.status, error.title)

        return answer_with_pages


def _to_login(request: Request) -> Response:
    if by_htmx(request):
        return Response(status_code=401, headers={"HX-Redirect": "/desk/login", "Content-Type": "text/html"})
    if request.method != "GET":
        return RedirectResponse("/desk/login", 303)
    return RedirectResponse(f"/desk/login?next={quote(request.url.path)}", 303)


def _problem_page(request: Request, status: int, title: str) -> Response:
    if by_htmx(request):
        text = Markup("<p>{}</p>").format(title)
        return HTMLResponse(text, status, {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML"})
    back = request.url.path.rsplit("/", 1)[0] if request.method == "POST" else ""
    html = _env.get_template("problem.html").render(status=status, phrase=HTTPStatus(status).phrase, title=title, back=back)
    return HTMLResponse(html, status)
