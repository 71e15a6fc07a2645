"""Who comes in by which key; test_routes.py tries every route."""

import httpx
from fastapi import FastAPI

from desk.db.engine import Database
from tests.desk.cast import Cast, hand_off, talk
from tests.desk.console.conftest import Client, signed_in
from tests.desk.console.test_routes import ROUTES


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
    for method, path in ROUTES:
        if not path.startswith("/api/desk"):
            continue
        operation = document["paths"][path][method.lower()]
        assert operation["operationId"]
        assert operation["summary"]
        assert "application/problem+json" in operation["responses"]["401"]["content"]
        assert operation["security"]
    assert not [p for p in document["paths"] if p.startswith("/desk")]
    assert document["components"]["schemas"]["Say"]["examples"]
