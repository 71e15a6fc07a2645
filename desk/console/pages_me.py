"""An agent's own things: password, one-time codes, API token, sessions."""

from typing import Annotated

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from desk.agents.codes import begin_codes, codes_picture, confirm_codes, end_codes
from desk.agents.passwords import password_fits
from desk.agents.service import change_password, end_all_sessions, renew_token
from desk.audit.service import audit
from desk.console.catalogues import languages_offered
from desk.console.doors import COOKIE, PageSession, TheParts, must_turn_codes_on
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.console.speakers import OWN_NAMES, set_console_language
from desk.errors import DeskError, WrongInput
from desk.parts import Parts

router = APIRouter(prefix="/me", route_class=PageRoute)


@router.get("", response_class=HTMLResponse)
def me_page(me: PageSession, parts: TheParts) -> HTMLResponse:
    return _me(me, parts)


@router.post("/codes", response_class=HTMLResponse)
def start_codes(me: PageSession, parts: TheParts) -> HTMLResponse:
    """Show the secret for the app; it counts once a code of it has been shown."""
    with parts.database.writing() as session:
        secret = begin_codes(session, me.agent)
    return _me(me, parts, secret=secret)


@router.post("/codes/confirm")
def confirm(me: PageSession, parts: TheParts, code: Annotated[str, Form(max_length=20)] = "") -> Response:
    """A first code: from now on each login asks for one. Every session ends, this one too."""
    try:
        with parts.database.writing() as session:
            confirm_codes(session, me.agent, code, parts.clock.now())
    except WrongInput as error:
        return _me(me, parts, error=error, secret=me.agent.totp_secret)
    return _to_login()


@router.post("/codes/end")
def end(me: PageSession, parts: TheParts, code: Annotated[str, Form(max_length=20)] = "") -> Response:
    """No more codes."""
    try:
        with parts.database.writing() as session:
            end_codes(session, me.agent, code, parts.clock.now())
    except WrongInput as error:
        return _me(me, parts, error=error)
    return RedirectResponse("/desk/me", 303)


@router.post("/password")
def password(
    me: PageSession,
    parts: TheParts,
    old: Annotated[str, Form(max_length=1000)] = "",
    new: Annotated[str, Form(max_length=1000)] = "",
) -> Response:
    """Another password; every session ends, this one too."""
    try:
        if not password_fits(me.agent.password_hash, old):
            raise WrongInput("That is not your password as it was.")
        with parts.database.writing() as session:
            change_password(session, me.agent.login, new)
            audit(session, me.agent, "password_changed", f"agent:{me.agent.login}", parts.clock.now())
    except WrongInput as error:
        return _me(me, parts, error=error)
    return _to_login()


@router.post("/language")
def choose_language(me: PageSession, parts: TheParts, language: Annotated[str, Form(max_length=10)] = "") -> Response:
    """The language of his own pages; empty is that of his browser."""
    with parts.database.writing() as session:
        set_console_language(session, me.agent, language)
    return RedirectResponse("/desk/me", 303)


@router.post("/token", response_class=HTMLResponse)
def token(me: PageSession, parts: TheParts) -> HTMLResponse:
    """A new API token, shown once; the one before it does not work any more."""
    with parts.database.writing() as session:
        made = renew_token(session, me.agent)
        audit(session, me.agent, "token_renewed", f"agent:{me.agent.login}", parts.clock.now())
    return _me(me, parts, token=made)


@router.post("/logout-everywhere")
def logout_everywhere(me: PageSession, parts: TheParts) -> Response:
    """End every session of this agent."""
    with parts.database.writing() as session:
        end_all_sessions(session, me.agent)
        audit(session, me.agent, "logged_out_everywhere", f"agent:{me.agent.login}", parts.clock.now())
    return _to_login()


def _to_login() -> Response:
    response = RedirectResponse("/desk/login", 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def _me(me: PageSession, parts: Parts, *, error: DeskError | None = None, secret: str = "", token: str = "") -> HTMLResponse:
    now = parts.clock.now()
    with parts.database.reading() as session:
        counts = counts_for(session, me.agent, now)
    needs_codes = must_turn_codes_on(parts, me.agent)
    return page(
        "me.html", me.agent, now, error.status if error else 200, csrf=me.csrf, counts=counts, place="me", watched="",
        problem=error, secret=secret, token=token, needs_codes=needs_codes,
        picture=codes_picture(me.agent, secret) if secret else "", offered=languages_offered(), own_names=OWN_NAMES,
    )  # fmt: skip
