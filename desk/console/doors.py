"""Who comes in: an agent by his API token or his session cookie, and with the cookie only with the CSRF token too."""

import hmac
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBearer

from desk.agents.errors import CodesNeeded
from desk.agents.presence import is_news, note_seen
from desk.agents.roles import must_lead
from desk.agents.service import agent_of_token, session_of
from desk.agents.tables import LEADS, Agent
from desk.errors import NotAllowed, NotLoggedIn
from desk.parts import Parts, parts_of

COOKIE = "fubb_agent"
CSRF_HEADER = "x-csrf-token"
CSRF_FIELD = "csrf"
WITHOUT_CODES = ("/desk/me", "/desk/logout", "/desk/events", "/desk/nav")
"""Pages that a lead sees before he has turned his one-time codes on."""
SAFE_METHODS = ("GET", "HEAD", "OPTIONS")

TheParts = Annotated[Parts, Depends(parts_of)]

bearer = HTTPBearer(auto_error=False, scheme_name="API token", description="From `fubb agent add LOGIN --json`.")
cookie = APIKeyCookie(
    name=COOKIE, auto_error=False, scheme_name="Console session", description="Changes need the X-CSRF-Token header too."
)


@dataclass(frozen=True)
class SignedIn:
    """The agent of a browser session, and the token his forms carry."""

    agent: Agent
    csrf: str
    token: str


def current_agent(
    request: Request,
    parts: TheParts,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)],
    session_token: Annotated[str | None, Depends(cookie)],
) -> Agent:
    """The agent who calls the API. Raises NotLoggedIn, NotAllowed without the CSRF token."""
    if "authorization" in request.headers:
        with parts.database.reading() as session:
            agent = agent_of_token(session, credentials.credentials) if credentials else None
        if agent is None:
            raise NotLoggedIn("This API token is not known here.")
        keep_present(parts, agent)
        return agent
    signed_in = find_session(parts, session_token)
    check_csrf(request, signed_in.csrf, request.headers.get(CSRF_HEADER))
    if must_turn_codes_on(parts, signed_in.agent):
        raise CodesNeeded
    return signed_in.agent


async def csrf_given(request: Request) -> str | None:
    """The CSRF token of a page's request: htmx sends it as a header, a plain form as a field."""
    if CSRF_HEADER in request.headers or request.method in SAFE_METHODS:
        return request.headers.get(CSRF_HEADER)
    field = (await request.form()).get(CSRF_FIELD)
    return field if isinstance(field, str) else None


def page_session(request: Request, parts: TheParts, given: Annotated[str | None, Depends(csrf_given)]) -> SignedIn:
    """Who looks at a page. Raises NotLoggedIn, NotAllowed without the CSRF token."""
    signed_in = find_session(parts, request.cookies.get(COOKIE))
    check_csrf(request, signed_in.csrf, given)
    if must_turn_codes_on(parts, signed_in.agent) and not request.url.path.startswith(WITHOUT_CODES):
        raise CodesNeeded
    return signed_in


def must_turn_codes_on(parts: Parts, agent: Agent) -> bool:
    """Whether this lead has no one-time codes where leads need them."""
    return parts.settings.leads_need_codes and agent.role in LEADS and not agent.totp_on


def find_session(parts: Parts, token: str | None) -> SignedIn:
    """The session of this cookie; raises NotLoggedIn."""
    if token:
        with parts.database.reading() as session:
            found = session_of(session, token, parts.clock.now())
        if found is not None:
            keep_present(parts, found[0])
            return SignedIn(found[0], found[1].csrf_token, token)
    raise NotLoggedIn


def keep_present(parts: Parts, agent: Agent) -> None:
    """He is heard of: written down twice a minute at most."""
    now = parts.clock.now()
    if is_news(agent, now):
        with parts.database.writing() as session:
            note_seen(session, agent.id, now)


def check_csrf(request: Request, expected: str, given: str | None) -> None:
    """A change by cookie must show that it comes from our own page; raises NotAllowed."""
    if request.method not in SAFE_METHODS and not hmac.compare_digest(expected.encode(), (given or "").encode()):
        raise NotAllowed("This page is too old. Load it again and repeat what you did.")


CurrentAgent = Annotated[Agent, Depends(current_agent)]
PageSession = Annotated[SignedIn, Depends(page_session)]


def current_lead(agent: CurrentAgent) -> Agent:
    """A lead or admin who calls the API; raises NotAllowed for anybody else."""
    must_lead(agent)
    return agent


CurrentLead = Annotated[Agent, Depends(current_lead)]


def lead_session(me: PageSession) -> SignedIn:
    """A lead or admin; raises NotAllowed for anybody else."""
    if me.agent.role not in LEADS:
        raise NotAllowed("This page is for leads.")
    return me


LeadSession = Annotated[SignedIn, Depends(lead_session)]
