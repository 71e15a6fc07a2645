"""Every route tried as nobody, as a customer, as another agent, as the agent, as a lead.

Complete by construction: a route of the app without a row here fails, and so does a row without a route.
"""

from dataclasses import dataclass
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from desk.alerts.service import tell
from desk.attachments.pictures import clean_picture
from desk.attachments.service import keep_picture
from desk.canned.service import load_starters
from desk.console.doors import COOKIE
from desk.console.examples_team import TEAM_EXAMPLES
from desk.conversations.access import take_as_agent
from desk.conversations.service import hash_token, lock_conversation
from desk.db.engine import Database
from desk.followups.calls import offered_slots
from tests.conftest import NOW
from tests.desk.attachments.drawing import jpeg
from tests.desk.cast import Cast, token_of
from tests.desk.console.conftest import Client, signed_in
from tests.desk.console.test_pages import waiting_tv

ANYONE, CHAT, SECRET = "anyone", "customer", "whoever knows the secret"
READS, HOLDS, DOES, LEADS, STREAM = "agents read", "only the holder", "agents do", "only leads", "agents hear"
TOLD, NAMES = "whom it was told", "agents, if there is such a message"
C, A, P = "/api/desk/conversations/{conversation_id}", "/api/desk", "/desk"
PAGE_C = "/desk/conversations/{conversation_id}"
JPEG = jpeg()

ROUTES: dict[tuple[str, str], tuple[str, Any]] = {
    # the chat, the shop, health: open, or with the chat's own token
    ("GET", "/"): (ANYONE, None),
    ("GET", "/widget.js"): (ANYONE, None),
    ("GET", "/favicon.ico"): (ANYONE, None),
    ("GET", "/healthz"): (ANYONE, None),
    ("GET", "/openapi.json"): (ANYONE, None),
    ("POST", "/api/chat/sessions"): (ANYONE, {"language": "en"}),
    ("POST", "/api/chat/messages"): (CHAT, {"client_id": "r1", "text": "Hello"}),
    ("GET", "/api/chat/messages"): (CHAT, None),
    ("POST", "/api/chat/attachments"): (CHAT, JPEG),
    ("GET", "/api/chat/attachments/{attachment_id}"): (CHAT, None),
    ("GET", "/calendar/{secret}.ics"): (SECRET, None),
    # the agents' API
    ("GET", f"{A}/conversations"): (READS, None),
    ("GET", C): (READS, None),
    ("POST", f"{C}/take"): (HOLDS, {}),
    ("POST", f"{C}/messages"): (HOLDS, {"client_id": "a1", "text": "Hello"}),
    ("POST", f"{C}/hand-back"): (HOLDS, {}),
    ("POST", f"{C}/transfer"): (HOLDS, {"to": None}),
    ("POST", f"{C}/undo"): (DOES, {"version": 99}),
    ("POST", f"{C}/attachments"): (HOLDS, JPEG),
    ("GET", f"{C}/attachments/{{attachment_id}}"): (READS, None),
    ("GET", f"{C}/notes"): (READS, None),
    ("POST", f"{C}/notes"): (DOES, {"text": "A note"}),
    ("GET", f"{C}/replies"): (READS, None),
    ("POST", f"{C}/swap"): (HOLDS, {}),
    ("POST", f"{C}/give"): (LEADS, {"to": "mikko"}),
    ("POST", f"{C}/language"): (HOLDS, {"language": "sv"}),
    ("GET", f"{C}/calls"): (READS, None),
    ("POST", f"{C}/calls"): (HOLDS, {"start": "{slot}"}),
    ("GET", f"{A}/cases"): (READS, None),
    ("GET", f"{A}/cases/{{number}}"): (READS, None),
    ("POST", f"{A}/cases/{{number}}/close"): (DOES, {"reason": "He moved away."}),
    ("POST", f"{A}/cases/{{number}}/remedies"): (DOES, {"kind": "return", "decision": "arrange"}),
    ("POST", f"{A}/cases/{{number}}/collected"): (DOES, {}),
    ("POST", f"{A}/cases/{{number}}/delivered"): (DOES, {}),
    ("GET", f"{A}/followups"): (READS, None),
    ("POST", f"{A}/followups/{{followup_id}}/done"): (DOES, {"outcome": "Called."}),
    ("GET", f"{A}/me"): (READS, None),
    ("PUT", f"{A}/me/presence"): (DOES, {"presence": "busy"}),
    ("DELETE", f"{A}/me/pause"): (DOES, None),
    ("GET", f"{A}/search"): (READS, None),
    ("GET", f"{A}/board"): (LEADS, None),
    ("GET", f"{A}/alerts"): (READS, None),
    ("POST", f"{A}/alerts/seen"): (DOES, {"until": 1}),
    ("GET", f"{A}/alerts/{{alert_id}}"): (TOLD, None),
    ("POST", f"{A}/alerts/{{alert_id}}/seen"): (TOLD, {}),
    ("GET", f"{A}/unanswered"): (READS, None),
    ("GET", f"{A}/unanswered/{{message_id}}"): (NAMES, None),
    ("PUT", f"{A}/unanswered/{{message_id}}/label"): (NAMES, {"label": None}),
    ("GET", f"{A}/team/agents"): (LEADS, None),
    ("POST", f"{A}/team/agents"): (LEADS, {"login": "new", "name": "New", "languages": ["en"]}),
    ("GET", f"{A}/team/agents/{{login}}"): (LEADS, None),
    ("PUT", f"{A}/team/agents/{{login}}"): (LEADS, TEAM_EXAMPLES["MemberIn"]),
    ("POST", f"{A}/team/agents/{{login}}/password"): (LEADS, {}),
    ("GET", f"{A}/team/replies"): (LEADS, None),
    ("POST", f"{A}/team/replies"): (LEADS, {"title": "Hi", "texts": {"en": "Hello"}}),
    ("GET", f"{A}/team/replies/{{reply_id}}"): (LEADS, None),
    ("PUT", f"{A}/team/replies/{{reply_id}}"): (LEADS, {"title": "Hi", "texts": {"en": "Hello"}}),
    ("DELETE", f"{A}/team/replies/{{reply_id}}"): (LEADS, None),
    ("GET", f"{A}/team/rules"): (LEADS, None),
    ("PATCH", f"{A}/team/rules"): (LEADS, {"values": {"returns.days": 20}}),
    ("GET", f"{A}/team/audit"): (LEADS, None),
    # the agents' pages
    ("GET", f"{P}/login"): (ANYONE, None),
    ("POST", f"{P}/login"): (ANYONE, {"login": "x", "password": "y"}),
    ("POST", f"{P}/logout"): (DOES, {}),
    ("GET", f"{P}/"): (READS, None),
    ("GET", f"{P}/queue"): (READS, None),
    ("GET", f"{P}/nav"): (READS, None),
    ("GET", f"{P}/events"): (STREAM, None),
    ("GET", PAGE_C): (READS, None),
    ("GET", f"{PAGE_C}/live"): (READS, None),
    ("GET", f"{PAGE_C}/stand"): (READS, None),
    ("POST", f"{PAGE_C}/take"): (HOLDS, {}),
    ("POST", f"{PAGE_C}/say"): (HOLDS, {"client_id": "p1", "text": "Hello"}),
    ("POST", f"{PAGE_C}/typing"): (DOES, {}),
    ("POST", f"{PAGE_C}/hand-back"): (HOLDS, {}),
    ("POST", f"{PAGE_C}/transfer"): (HOLDS, {"to": ""}),
    ("POST", f"{PAGE_C}/note"): (DOES, {"text": "A note"}),
    ("GET", f"{PAGE_C}/replies"): (READS, None),
    ("POST", f"{PAGE_C}/swap"): (HOLDS, {}),
    ("POST", f"{PAGE_C}/undo"): (DOES, {"version": "{version}"}),
    ("POST", f"{PAGE_C}/call"): (HOLDS, {"start": "{slot}"}),
    ("GET", f"{P}/cases"): (READS, None),
    ("GET", f"{P}/cases/{{number}}"): (READS, None),
    ("POST", f"{P}/cases/{{number}}/close"): (DOES, {"reason": "He moved away."}),
    ("POST", f"{P}/cases/{{number}}/remedy"): (DOES, {"kind": "return", "decision": "arrange"}),
    ("POST", f"{P}/cases/{{number}}/{{what}}"): (DOES, {}),
    ("GET", f"{P}/week"): (READS, None),
    ("GET", f"{P}/week.md"): (READS, None),
    ("GET", f"{P}/news"): (READS, None),
    ("POST", f"{P}/news/{{alert_id}}/seen"): (TOLD, {}),
    ("POST", f"{P}/news/seen"): (DOES, {"until": "1"}),
    ("GET", f"{P}/unanswered"): (READS, None),
    ("POST", f"{P}/unanswered/{{message_id}}"): (NAMES, {"topic": "greet"}),
    ("GET", f"{P}/plans"): (LEADS, None),
    ("POST", f"{P}/plans/{{kind}}"): (LEADS, {}),
    ("GET", f"{P}/surveys"): (LEADS, None),
    ("POST", f"{P}/surveys"): (LEADS, {"about": "left", "days": "30"}),
    ("GET", f"{P}/figures"): (LEADS, None),
    ("GET", f"{P}/figures.csv"): (LEADS, None),
    ("GET", f"{P}/followups"): (READS, None),
    ("GET", f"{P}/followups/list"): (READS, None),
    ("GET", f"{P}/followups/{{followup_id}}"): (READS, None),
    ("POST", f"{P}/followups/{{followup_id}}/done"): (DOES, {"outcome": "Called."}),
    ("POST", f"{P}/presence"): (DOES, {"presence": "busy"}),
    ("POST", f"{P}/pause"): (DOES, {}),
    ("GET", f"{P}/search"): (READS, None),
    ("GET", f"{P}/calendar"): (READS, None),
    ("POST", f"{P}/calendar/feed"): (DOES, {}),
    ("POST", f"{P}/calendar/revoke"): (DOES, {}),
    ("GET", f"{P}/me"): (READS, None),
    ("POST", f"{P}/me/codes"): (DOES, {}),
    ("POST", f"{P}/me/codes/confirm"): (DOES, {"code": "000000"}),
    ("POST", f"{P}/me/codes/end"): (DOES, {"code": "000000"}),
    ("POST", f"{P}/me/password"): (DOES, {"old": "wrong", "new": "another password"}),
    ("POST", f"{P}/me/token"): (DOES, {}),
    ("POST", f"{P}/me/language"): (DOES, {"language": "en"}),
    ("POST", f"{P}/me/logout-everywhere"): (DOES, {}),
    ("GET", f"{P}/lead"): (LEADS, None),
    ("GET", f"{P}/lead/board"): (LEADS, None),
    ("POST", f"{P}/lead/give/{{conversation_id}}"): (LEADS, {"to": "mikko"}),
    ("POST", f"{P}/lead/alerts/{{alert_id}}/seen"): (LEADS, {}),
    ("GET", f"{P}/team"): (LEADS, None),
    ("POST", f"{P}/team/agents"): (LEADS, {"login": "new", "name": "New", "languages": "en"}),
    ("GET", f"{P}/team/agents/{{login}}"): (LEADS, None),
    ("POST", f"{P}/team/agents/{{login}}"): (LEADS, {"name": "Mikko", "role": "agent", "languages": "fi", "timezone": "Europe/Helsinki", "country": "FI", "active": "1"}),
    ("POST", f"{P}/team/agents/{{login}}/password"): (LEADS, {}),
    ("GET", f"{P}/team/replies"): (LEADS, None),
    ("GET", f"{P}/team/replies/{{reply_id}}"): (LEADS, None),
    ("POST", f"{P}/team/replies"): (LEADS, {"title": "Hi", "text-en": "Hello {customer}"}),
    ("POST", f"{P}/team/replies/{{reply_id}}/remove"): (LEADS, {}),
    ("GET", f"{P}/team/rules"): (LEADS, None),
    ("POST", f"{P}/team/rules"): (LEADS, {"returns.days": "20"}),
    ("GET", f"{P}/team/audit"): (LEADS, None),
}  # fmt: skip
ELSEWHERE = {("GET", "/readyz"), ("POST", "/api/telegram/webhook")}
"""Tried where Rasa, and Telegram, are at hand."""


def test_every_route_of_the_app_has_a_row(app: FastAPI) -> None:
    spoken = set(_routes(app.routes))
    others = {r for r in spoken if r[1].startswith(OTHERS)}
    assert spoken - ELSEWHERE - others - ROUTES.keys() == set(), "routes without a row"
    assert ROUTES.keys() - spoken == set(), "rows without a route"


OTHERS = ("/api/cases/", "/case/", "/my/", "/webhooks/")
"""Pages of customers, tried beside their own rooms."""


def _routes(found: list[Any], prefix: str = "") -> set[tuple[str, str]]:
    known: set[tuple[str, str]] = set()
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            start = getattr(getattr(route, "include_context", None), "prefix", "") or getattr(route, "prefix", "") or ""
            known |= _routes(inner.routes, prefix + start)
        elif getattr(route, "methods", None):
            known |= {(m, prefix + route.path) for m in route.methods if m not in ("HEAD", "OPTIONS")}
    return known


@dataclass
class World:
    """A held conversation with a case, and who tries."""

    path: dict[str, str]
    nobody: httpx.AsyncClient
    customer: dict[str, str]
    browsers: dict[str, tuple[httpx.AsyncClient, str]]
    tokens: dict[str, dict[str, str]]

    async def ask(self, who: str, method: str, path: str, body: Any) -> httpx.Response:
        """Ask as nobody or as the customer by a token, as an agent by his token or in his browser."""
        url = path
        for name, value in self.path.items():
            url = url.replace("{" + name + "}", value)
        if path.endswith("/search"):
            url += "?q=aurora"
        filled = (
            {k: self.path.get(v[1:-1], v) if isinstance(v, str) and v.startswith("{") else v for k, v in body.items()}
            if isinstance(body, dict)
            else body
        )
        page = path.startswith("/desk")
        client, options = self.nobody, dict[str, Any]()
        if who == "customer":
            options["headers"] = dict(self.customer)
        elif who != "nobody" and page:
            client, csrf = self.browsers[who]
            options["headers"] = {"X-CSRF-Token": csrf}
        elif who != "nobody":
            options["headers"] = dict(self.tokens[who])
        if isinstance(filled, bytes):
            options["content"] = filled
            options.setdefault("headers", {})["Content-Type"] = "image/jpeg"
        elif filled is not None:
            options["data" if page else "json"] = filled
        return await client.request(method, url, **options)


@pytest.fixture
def world(database: Database, cast: Cast, client: Client, nobody: httpx.AsyncClient) -> World:
    case = waiting_tv(database, cast)
    with database.writing() as session:
        conversation = take_as_agent(session, cast.anna, case.conversation_id, NOW)
        lock_conversation(session, conversation.id).token_hash = hash_token("his")
        picture = keep_picture(session, conversation.id, clean_picture(JPEG), NOW)
        load_starters(session, NOW)
        tell(session, "handoff_late:x", "handoff_late", NOW, {}, case_id=case.id)
        slot = next(s for s in offered_slots(session, NOW, "en", count=40) if s.start > NOW)
    path = {
        "conversation_id": case.conversation_id, "number": case.number, "attachment_id": picture.id, "login": "mikko",
        "followup_id": str(case.next_followup_id), "reply_id": "1", "alert_id": "1", "secret": "x" * 43,
        "slot": slot.start.isoformat(), "version": "99", "what": "delivered", "kind": "fault", "message_id": "f" * 26,
    }  # fmt: skip
    people = {"anna": cast.anna, "mikko": cast.mikko, "siv": cast.siv}
    return World(
        path, nobody, {"Authorization": "Bearer his"},
        {name: signed_in(database, client, agent) for name, agent in people.items()},
        {name: {"Authorization": f"Bearer {token_of(agent)}"} for name, agent in people.items()},
    )  # fmt: skip


def is_shut_out(answer: httpx.Response) -> bool:
    """401, or the way to the login."""
    return answer.status_code == 401 or (answer.status_code == 303 and answer.headers["location"].startswith("/desk/login"))


@pytest.mark.parametrize(("method", "path"), sorted(ROUTES), ids=lambda value: str(value))
async def test_route_lets_in_whom_the_table_says(world: World, method: str, path: str) -> None:
    level, body = ROUTES[method, path]

    async def ask(who: str) -> httpx.Response:
        answer = await world.ask(who, method, path, body)
        assert answer.status_code < 500, (who, answer.text)
        return answer

    nobody, customer = await ask("nobody"), await ask("customer")
    if level == ANYONE:
        assert nobody.status_code in (200, 201, 401) if path == "/desk/login" else nobody.status_code < 400
        return
    if level == SECRET:
        assert nobody.status_code == customer.status_code == 404
        return
    assert is_shut_out(nobody)
    if level == CHAT:
        assert customer.status_code < 400
        assert is_shut_out(await ask("anna"))
        return
    assert is_shut_out(customer)
    if level == STREAM:
        return
    if level == LEADS:
        assert (await ask("anna")).status_code == 403
        assert (await ask("mikko")).status_code == 403
        hers = await ask("siv")
        assert hers.status_code != 403
        assert hers.status_code < 400 or path.startswith("/desk"), hers.text
        return
    others = [await ask("mikko"), await ask("siv")]
    if level == NAMES:
        assert all(a.status_code in (303, 404, 409, 422) for a in others)
        return
    if level == TOLD:
        assert [a.status_code for a in others] == [404, 303 if path.startswith("/desk") else 200]
        return
    if level == HOLDS:
        assert [a.status_code for a in others] == [409, 409]
        mine = await ask("anna")
        assert mine.status_code < 400, mine.text
    elif level == READS:
        assert [a.status_code for a in [*others, await ask("anna")]] == [200, 200, 200]
    else:
        for answer in [*others, await ask("anna")]:
            assert answer.status_code not in (401, 403, 404), answer.text


async def test_no_change_by_cookie_without_the_csrf_token(world: World) -> None:
    client, csrf = world.browsers["siv"]
    for method, path in sorted(ROUTES):
        level, body = ROUTES[method, path]
        if method == "GET" or level in (ANYONE, CHAT, SECRET):
            continue
        url = path
        for name, value in world.path.items():
            url = url.replace("{" + name + "}", value)
        for given in (None, csrf[:-1] + "ä"):
            headers = {"X-CSRF-Token": given.encode()} if given is not None else {}
            answer = await client.request(
                method, url, headers=headers, **({"content": body} if isinstance(body, bytes) else {"json": body})
            )
            assert answer.status_code == 403, (method, path)
    assert client.cookies[COOKIE]
