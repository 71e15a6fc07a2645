"""Pages from templates, in the language of who reads them: the environment, errors as pages."""

import hashlib
from collections.abc import Callable, Coroutine
from datetime import datetime
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from desk.agents.errors import CodesNeeded
from desk.agents.service import agent_of_session
from desk.agents.tables import Agent
from desk.console import translating
from desk.console.catalogues import catalogues, translations_of
from desk.console.doors import COOKIE
from desk.console.names import field_named, named
from desk.console.retelling import retell, retell_summary
from desk.console.saying import FILTERS, locale
from desk.console.script_words import words_of_scripts
from desk.conversations.languages import LANGUAGES
from desk.errors import DeskError, NotLoggedIn, WrongInput
from desk.parts import parts_of

HERE = Path(__file__).parent
STATIC_PATH = "/desk/static"


def _words(code: str) -> str:
    """A code without a name of its own, as people read it."""
    return code.replace("_", " ")


def _asset(name: str) -> str:
    """The address of a file of ours; it changes when the file does."""
    digest = hashlib.sha256((HERE / "static" / name).read_bytes()).hexdigest()[:12]
    return f"{STATIC_PATH}/{name}?v={digest}"


ASSETS = {
    name: _asset(name)
    for name in (
        "console.css", "week.css", "figures.css", "tools.css", "words.js", "console.js", "pictures.js", "keys.js", "bell.js",
        "vendor/htmx-2.0.11.min.js", "vendor/htmx-ext-sse-2.2.4.min.js",
    )
}  # fmt: skip

_env = Environment(
    loader=FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
    extensions=["jinja2.ext.i18n"],
)
_env.install_gettext_callables(  # type: ignore[attr-defined]
    translating.translate, translating.translate_number, newstyle=True, pgettext=translating.translate_in,
    npgettext=translating.translate_number_in,
)  # fmt: skip
for _language in catalogues():  # read now: nobody waits for it, and the log says at the start what cannot be read
    translations_of(_language)
_env.filters.update(FILTERS, words=_words, retold=retell, summary_lines=retell_summary, field=field_named)
_env.globals.update(
    assets=ASSETS, languages=LANGUAGES, spoken=translating.language, script_words=words_of_scripts, locale=locale,
)  # fmt: skip


def render(template: str, agent: Agent | None, now: datetime, **context: Any) -> str:
    """A template as this agent reads it: in his language, by his clock."""
    timezone = agent.timezone if agent else "UTC"
    with translating.spoken_to(agent):
        if isinstance(context.get("problem"), DeskError):
            context["problem"] = say_problem(context["problem"])
        return _env.get_template(template).render(agent=agent, now=now, timezone=timezone, **context)


def page(template: str, agent: Agent | None, now: datetime, status: int = 200, **context: Any) -> HTMLResponse:
    return HTMLResponse(render(template, agent, now, **context), status)


def by_htmx(request: Request) -> bool:
    return request.headers.get("hx-request") == "true"


class PageRoute(APIRoute):
    """A route that speaks the browser's language, and whose errors are pages: to the login, or what went wrong and what to do."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        answer = super().get_route_handler()

        async def answer_with_pages(request: Request) -> Response:
            translating.speak(translating.language_of_browser(request.headers.get("accept-language", "")))
            try:
                return await answer(request)
            except NotLoggedIn:
                return _to_login(request)
            except CodesNeeded:
                return RedirectResponse("/desk/me", 303)
            except RequestValidationError:
                return _problem_page(request, WrongInput())
            except DeskError as error:
                return _problem_page(request, error)

        return answer_with_pages


def _to_login(request: Request) -> Response:
    if by_htmx(request):
        return Response(status_code=401, headers={"HX-Redirect": "/desk/login", "Content-Type": "text/html"})
    if request.method != "GET":
        return RedirectResponse("/desk/login", 303)
    return RedirectResponse(f"/desk/login?next={quote(request.url.path)}", 303)


def say_problem(error: DeskError) -> str:
    """What went wrong, in the language that is spoken now."""
    return translating.fill(error.text, error.values)


def _problem_page(request: Request, error: DeskError) -> Response:
    with translating.spoken_to(_who_asks(request)):
        title, status = say_problem(error), error.status
        if by_htmx(request):
            text = Markup("<p>{}</p>").format(title)
            return HTMLResponse(text, status, {"HX-Retarget": "#problem", "HX-Reswap": "innerHTML"})
        back = request.url.path.rsplit("/", 1)[0] if request.method == "POST" else ""
        phrase = named(str(status), "problem")
        html = _env.get_template("problem.html").render(status=status, phrase=phrase, title=title, back=back)
        return HTMLResponse(html, status)


def _who_asks(request: Request) -> Agent | None:
    """The agent of this browser, whose language a problem is said in."""
    parts, token = parts_of(request), request.cookies.get(COOKIE)
    if not token:
        return None
    with parts.database.reading() as session:
        return agent_of_session(session, token, parts.clock.now())
