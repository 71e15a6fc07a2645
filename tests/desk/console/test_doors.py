"""Who comes in: every route tried as nobody, as a customer, and by cookie without the CSRF token."""

import httpx
import pytest
from fastapi import FastAPI

from desk.console import routes
from desk.conversations.service import hash_token
from desk.db.engine import Database
from tests.desk.cast import Cast, hand_off, talk
from tests.desk.console.conftest import Client, signed_in

API = {
    ("GET", "/api/desk/conversations"),
    ("GET", "/api/desk/conversations/{conversation_id}"),
    ("POST", "/api/desk/conversations/{conversation_id}/take"),
    ("POST", "/api/desk/conversations/{conversation_id}/messages"),
    ("POST", "/api/desk/conversations/{conversation_id}/hand-back"),
    ("POST", "/api/desk/conversations/{conversation_id}/transfer"),
    ("POST", "/api/desk/conversations/{conversation_id}/attachments"),
    ("GET", "/api/desk/conversations/{conversation_id}/attachments/{attachment_id}"),
    ("GET", "/api/desk/cases"),
    ("GET", "/api/desk/cases/{number}"),
    ("POST", "/api/desk/cases/{number}/close"),
    ("POST", "/api/desk/cases/{number}/collected"),
    ("POST", "/api/desk/cases/{number}/delivered"),
    ("GET", "/api/desk/followups"),
    ("POST", "/api/desk/followups/{followup_id}/done"),
}
PAGES = {
    ("POST", "/desk/logout"),
    ("GET", "/desk/"),
    ("GET", "/desk/queue"),
    ("GET", "/desk/nav"),
    ("GET", "/desk/events"),
    ("GET", "/desk/conversations/{conversation_id}"),
    ("GET", "/desk/conversations/{conversation_id}/live"),
    ("GET", "/desk/conversations/{conversation_id}/stand"),
    ("POST", "/desk/conversations/{conversation_id}/take"),
    ("POST", "/desk/conversations/{conversation_id}/say"),
    ("POST", "/desk/conversations/{conversation_id}/typing"),
    ("POST", "/desk/conversations/{conversation_id}/hand-back"),
    ("POST", "/desk/conversations/{conversation_id}/transfer"),
    ("GET", "/desk/cases"),
    ("GET", "/desk/cases/{number}"),
    ("POST", "/desk/cases/{number}/close"),
    ("GET", "/desk/followups"),
    ("GET", "/desk/followups/list"),
    ("GET", "/desk/followups/{followup_id}"),
    ("POST", "/desk/followups/{followup_id}/done"),
    ("POST", "/desk/cases/{number}/{what}"),
    ("GET", "/desk/week"),
    ("GET", "/desk/week.md"),
    ("GET", "/desk/news"),
    ("POST", "/desk/news/{alert_id}/seen"),
    ("GET", "/desk/plans"),
    ("POST", "/desk/plans/{kind}"),
    ("GET", "/desk/surveys"),
    ("POST", "/desk/surveys"),
}
OPEN = {("GET", "/desk/login"), ("POST", "/desk/login")}
BODY = {"client_id": "a1", "text": "Hello", "reason": "so", "outcome": "so", "to": None}
FORM = {k: v for k, v in BODY.items() if v is not None}


FILLED = {"what": "delivered", "alert_id": "1", "kind": "fault"}


def filled(path: str) -> str:
    return path.format(conversation_id="f" * 26, attachment_id="f" * 26, number="F-100001", followup_id="f" * 26, **FILLED)


def test_every_route_is_in_a_table_here(app: FastAPI) -> None:
    """A new route is tried as nobody and without the CSRF token, or this fails."""
    spoken = {(m, p) for r in (routes.api, routes.pages) for m, p in _routes(r.routes, r.prefix)}
    assert spoken == API | PAGES | OPEN


def _routes(found: list[object], prefix: str) -> set[tuple[str, str]]:
    known: set[tuple[str, str]] = set()
    for route in found:
        inner = getattr(route, "original_router", None)
        if inner is not None:
            known |= {(m, prefix + p if not p.startswith(prefix) else p) for m, p in _routes(inner.routes, "")}
        else:
            path = getattr(route, "path", "")
            known |= {(m, path) for m in getattr(route, "methods", ()) if m != "HEAD"}
    return known


@pytest.mark.parametrize("token", [None, "Bearer wrong", "Basic YTpi", "Bearer ", "Bearer his"])
async def test_nobody_and_no_customer_gets_into_the_api(
    database: Database, cast: Cast, nobody: httpx.AsyncClient, token: str | None
) -> None:
    with database.writing() as session:
        talk(session, "Hello").token_hash = hash_token("his")
    headers = {"Authorization": token} if token else {}
    for method, path in sorted(API):
        answer = await nobody.request(method, filled(path), headers=headers, json=BODY if method == "POST" else None)
        assert answer.status_code == 401, (method, path)
        assert answer.headers["content-type"] == "application/problem+json"


async def test_nobody_is_sent_to_the_login(cast: Cast, nobody: httpx.AsyncClient) -> None:
    for method, path in sorted(PAGES):
        answer = await nobody.request(method, filled(path), data=FORM if method == "POST" else None)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/desk/login"), (method, path)
        live = await nobody.request(method, filled(path), headers={"HX-Request": "true"})
        assert (live.status_code, live.headers["hx-redirect"]) == (401, "/desk/login"), (method, path)


async def test_no_change_by_cookie_without_the_csrf_token(browser: tuple[httpx.AsyncClient, str]) -> None:
    client, csrf = browser
    for given in (None, "", csrf[:-1] + "ä", "x" * 43):
        headers = {"X-CSRF-Token": given.encode()} if given is not None else {}
        for method, path in sorted(API):
            if method == "POST":
                assert (await client.post(filled(path), json=BODY, headers=headers)).status_code == 403, path
        for method, path in sorted(PAGES):
            if method == "POST":
                assert (await client.post(filled(path), data=FORM, headers=headers)).status_code == 403, path
                assert (await client.post(filled(path), data=FORM | {"csrf": given or ""})).status_code == 403, path


async def test_cookie_with_the_csrf_token_opens_the_api(database: Database, browser: tuple[httpx.AsyncClient, str]) -> None:
    client, csrf = browser
    with database.writing() as session:
        conversation = talk(session, "A person, please")
        hand_off(session, conversation)
    assert (await client.get("/api/desk/conversations")).status_code == 200
    taken = await client.post(f"/api/desk/conversations/{conversation.id}/take", headers={"X-CSRF-Token": csrf})
    assert (taken.status_code, taken.json()["agent"]) == (200, "anna")


async def test_csrf_token_of_another_agent_does_not_fit(
    database: Database, cast: Cast, client: Client, browser: tuple[httpx.AsyncClient, str]
) -> None:
    _, hers = browser
    his_client, _ = signed_in(database, client, cast.mikko)
    answer = await his_client.post(f"/api/desk/conversations/{'f' * 26}/take", headers={"X-CSRF-Token": hers})
    assert answer.status_code == 403


async def test_wrong_token_is_not_saved_by_a_good_cookie(browser: tuple[httpx.AsyncClient, str]) -> None:
    client, _ = browser
    assert (await client.get("/api/desk/cases", headers={"Authorization": "Bearer wrong"})).status_code == 401


async def test_openapi_documents_every_route_with_its_problems(app: FastAPI, nobody: httpx.AsyncClient) -> None:
    document = app.openapi()
    for method, path in API:
        operation = document["paths"][path][method.lower()]
        assert operation["operationId"]
        assert operation["summary"]
        assert "application/problem+json" in operation["responses"]["401"]["content"]
        assert operation["security"]
    assert not [p for p in document["paths"] if p.startswith("/desk")]
    assert document["components"]["schemas"]["Say"]["examples"]
