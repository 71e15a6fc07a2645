"""Logging in and out."""

from typing import Annotated
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.agents.errors import TooManyAttempts, WrongLogin
from desk.agents.logins import log_in
from desk.agents.service import end_session, start_session
from desk.audit.service import audit
from desk.console.doors import COOKIE, PageSession, TheParts, find_session
from desk.console.rendering import PageRoute, page
from desk.console.translating import gettext as _
from desk.console.translating import later, ngettext
from desk.errors import NotAllowed, NotLoggedIn

router = APIRouter(route_class=PageRoute)
HOME = "/desk/"
DO_NOT_FIT = later("Login and password do not fit. Check both, and the code if you use one, or ask your lead for a new password.")


@router.get("/login")
def login_page(request: Request, parts: TheParts, next: str = HOME) -> Response:
    """The login form; who is logged in already goes on."""
    try:
        find_session(parts, request.cookies.get(COOKIE))
    except NotLoggedIn:
        return _form(parts, next)
    return RedirectResponse(_inside(next), 303)


@router.post("/login")
def login(
    request: Request,
    parts: TheParts,
    login: Annotated[str, Form(max_length=200)] = "",
    password: Annotated[str, Form(max_length=1000)] = "",
    code: Annotated[str, Form(max_length=20)] = "",
    next: Annotated[str, Form(max_length=500)] = HOME,
) -> Response:
    """Check login and password and start a session."""
    if request.headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        raise NotAllowed("Log in from this page only.")  # another site would log you in as somebody else
    name = "".join(c for c in login if c.isprintable() and c.isascii())
    address = request.client.host if request.client else ""
    now = parts.clock.now()
    try:
        agent = log_in(parts.database, name, password, address, now, parts.settings, code)
    except WrongLogin:
        return _form(parts, next, login, _(DO_NOT_FIT), 401)
    except TooManyAttempts as error:
        wait = max(1, round((error.retry_after or 60) / 60))
        text = ngettext(
            "Too many tries from here. Wait %(num)s minute, then try again.",
            "Too many tries from here. Wait %(num)s minutes, then try again.", wait,
        )  # fmt: skip
        response = _form(parts, next, login, text, 429)
        response.headers["Retry-After"] = str(round(error.retry_after or 60))
        return response
    with parts.database.writing() as session:
        token, _csrf = start_session(session, agent, now, parts.settings.session_hours)
        audit(session, agent, "logged_in", f"agent:{agent.login}", now, address=address)
    answer = RedirectResponse(_inside(next), 303)
    answer.set_cookie(
        COOKIE, token, max_age=parts.settings.session_hours * 3600, httponly=True, samesite="lax",
        secure=request.url.scheme == "https", path="/",
    )  # fmt: skip
    return answer


@router.post("/logout")
def logout(me: PageSession, parts: TheParts) -> Response:
    """End this session."""
    with parts.database.writing() as session:
        end_session(session, me.token)
    response = RedirectResponse("/desk/login", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _form(parts: TheParts, next: str, login: str = "", problem: str = "", status: int = 200) -> HTMLResponse:
    return page("login.html", None, parts.clock.now(), status, next=_inside(next), login=login, problem=problem)


def _inside(address: str) -> str:
    """Only our own pages: a login must not send anybody elsewhere."""
    split = urlsplit(address) if address.isascii() and address.isprintable() else None
    if split is None or split.scheme or split.netloc or "\\" in address or not split.path.startswith(HOME):
        return HOME
    return split.path
