"""The customer's own page for his case: reached by its signed link alone, changed only by its buttons."""

from pathlib import Path
from typing import Annotated, Literal

from fastapi import APIRouter, Depends, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from desk.attachments.service import picture_of
from desk.attachments.serving import show_picture
from desk.cases.tables import Case
from desk.channels.casepage.links import case_of_link
from desk.channels.casepage.service import move_call, read_page, say_not_right, say_satisfied, set_messages
from desk.channels.casepage.wording import say
from desk.conversations.languages import LANGUAGES
from desk.errors import Conflict, NotFound
from desk.pages import language_of
from desk.parts import Parts, parts_of
from desk.times import say_day_time

router = APIRouter(prefix="/case", include_in_schema=False)
TheParts = Annotated[Parts, Depends(parts_of)]
_pages = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=select_autoescape(), undefined=StrictUndefined,
    trim_blocks=True, lstrip_blocks=True,
)  # fmt: skip
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex, nofollow", "Referrer-Policy": "no-referrer"}


@router.get("/{token}", response_class=HTMLResponse)
def case_page(token: str, request: Request, parts: TheParts, said: Literal["", "thanks"] = "") -> HTMLResponse:
    """How his case stands. Looking changes nothing: a link in a message may be opened by a machine first."""
    return _page(token, request, parts, notice=said)


@router.post("/{token}/{what}")
def change(
    token: str,
    what: Literal["satisfied", "not-right", "call", "stop", "resume"],
    request: Request,
    parts: TheParts,
    text: Annotated[str, Form(max_length=2000)] = "",
    start: Annotated[str, Form(max_length=40)] = "",
) -> Response:
    """A button of the page."""
    now, words, settings = parts.clock.now(), parts.words, parts.settings
    try:
        case_id = case_of_link(token, settings, now)
        with parts.database.writing() as session:
            if what == "satisfied":
                say_satisfied(session, case_id, now, words, settings)
            elif what == "not-right":
                say_not_right(session, case_id, text, now, words, settings)
            elif what == "call":
                move_call(session, case_id, start, now, words, settings)
            else:
                set_messages(session, case_id, what == "resume", now)
    except NotFound:
        return _gone(request)
    except Conflict as error:
        return _page(token, request, parts, notice=error.title, status=409)
    return RedirectResponse(f"/case/{token}?said=thanks", 303)


@router.get("/{token}/pictures/{picture_id}")
def picture(token: str, picture_id: str, parts: TheParts) -> Response:
    """A picture that he sent."""
    case_id = case_of_link(token, parts.settings, parts.clock.now())
    with parts.database.reading() as session:
        return show_picture(*picture_of(session, session.get_one(Case, case_id).conversation_id, picture_id))


def _page(token: str, request: Request, parts: Parts, notice: str = "", status: int = 200) -> HTMLResponse:
    now = parts.clock.now()
    try:
        case_id = case_of_link(token, parts.settings, now)
        with parts.database.reading() as session:
            page = read_page(session, case_id, now, parts.words, parts.settings)
    except NotFound:
        return _gone(request)
    language = page.language if page.language in LANGUAGES else "en"
    html = _pages.get_template("case.html").render(
        page=page, token=token, language=language, notice=say("thanks", language) if notice == "thanks" else notice,
        say=lambda name, **values: say(name, language, **values),
        at=lambda moment: say_day_time(moment, language, parts.settings.shop_timezone, now),
    )  # fmt: skip
    return HTMLResponse(html, status, _PRIVATE)


def _gone(request: Request) -> HTMLResponse:
    """A link that leads nowhere, in the language of his browser."""
    language = language_of(request.headers.get("accept-language", ""))
    html = _pages.get_template("gone.html").render(language=language, say=lambda name: say(name, language))
    return HTMLResponse(html, 404, _PRIVATE)
