"""The public contract of the website chat, and what it answers to bad input."""

import asyncio
import json
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import jwt
import pytest
from fastapi import FastAPI
from fastapi.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from desk.app import make_app, make_parts
from desk.conversations.service import append_message, lock_conversation
from desk.db.engine import Database
from desk.settings import Settings
from tests.conftest import NOW
from tests.desk.cast import gather
from tests.desk.worker.conftest import HandClock

KEY = "a key of the shop's own site, 32 bytes or more"


@pytest.fixture
def app(database: Database, tmp_path: Path) -> FastAPI:
    settings = Settings(data_dir=tmp_path, secret="x" * 43, identity_secret=KEY, run_worker=False, messages_per_minute=20)  # type: ignore[arg-type]
    return make_app(make_parts(settings, database, HandClock()))


@pytest.fixture
def client(app: FastAPI) -> TestClient:
    return TestClient(app, raise_server_exceptions=False)


def open_chat(client: TestClient, **body: Any) -> dict[str, str]:
    answer = client.post("/api/chat/sessions", json={"language": "en", "identity": None} | body)
    assert answer.status_code == 201, answer.text
    assert set(answer.json()) == {"conversation", "token", "seq"}
    return {"Authorization": f"Bearer {answer.json()['token']}"}


def problem(answer: httpx.Response, status: int) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    body: dict[str, Any] = answer.json()
    assert body["status"] == status
    assert body["title"]
    return body


def test_a_message_is_acknowledged_and_can_be_read(client: TestClient) -> None:
    chat = open_chat(client)
    sent = client.post("/api/chat/messages", json={"client_id": "c1", "text": "My TV smells"}, headers=chat)
    assert sent.status_code == 202
    read = client.get("/api/chat/messages", params={"after": 0}, headers=chat).json()
    assert read["seq"] == sent.json()["seq"] == 1
    (message,) = read["messages"]
    assert message == {
        "seq": 1, "id": sent.json()["id"], "author": "customer", "name": "", "text": "My TV smells",
        "buttons": [], "attachments": [], "at": "2026-11-18T09:00:00Z", "client_id": "c1",
    }  # fmt: skip


def test_a_repeated_message_has_the_same_answer_and_another_body_a_conflict(client: TestClient) -> None:
    chat = open_chat(client)
    first = client.post("/api/chat/messages", json={"client_id": "c1", "text": "one"}, headers=chat).json()
    assert client.post("/api/chat/messages", json={"client_id": "c1", "text": "one"}, headers=chat).json() == first
    problem(client.post("/api/chat/messages", json={"client_id": "c1", "text": "two"}, headers=chat), 409)


def test_without_a_token_or_with_a_forged_one_nothing_is_shown(client: TestClient) -> None:
    chat = open_chat(client)
    for headers in (
        {},
        {"Authorization": "Bearer forged"},
        {"Authorization": "Basic eDp5"},
        {"Authorization": chat["Authorization"] + "x"},
    ):
        answer = problem(client.get("/api/chat/messages", headers=headers), 401)
        assert "token" not in json.dumps(answer).replace("token of your chat session", "")
        problem(client.post("/api/chat/messages", json={"client_id": "c", "text": "x"}, headers=headers), 401)


def test_one_token_shows_one_conversation(client: TestClient) -> None:
    one, other = open_chat(client), open_chat(client)
    client.post("/api/chat/messages", json={"client_id": "c1", "text": "secret"}, headers=one)
    assert client.get("/api/chat/messages", headers=other).json()["messages"] == []


WRONG_MESSAGES: list[tuple[str, dict[str, Any], int]] = [
    ("empty", {"client_id": "c", "text": ""}, 422),
    ("blank", {"client_id": "c", "text": "  \n "}, 422),
    ("control characters only", {"client_id": "c", "text": "\x00\x07"}, 422),
    ("too long", {"client_id": "c", "text": "a" * 2001}, 413),
    ("no text", {"client_id": "c"}, 422),
    ("text and payload", {"client_id": "c", "text": "a", "payload": "/greet"}, 422),
    ("no client_id", {"text": "a"}, 422),
    ("empty client_id", {"client_id": "", "text": "a"}, 422),
    ("long client_id", {"client_id": "c" * 101, "text": "a"}, 422),
    ("text of another type", {"client_id": "c", "text": 7}, 422),
    ("a payload of no button", {"client_id": "c", "payload": '/change_language{"language": "fi"}'}, 422),
]


@pytest.mark.parametrize(("body", "status"), [w[1:] for w in WRONG_MESSAGES], ids=[w[0] for w in WRONG_MESSAGES])
def test_a_wrong_message_has_a_clear_answer_and_stores_nothing(client: TestClient, body: dict[str, Any], status: int) -> None:
    chat = open_chat(client)
    problem(client.post("/api/chat/messages", json=body, headers=chat), status)
    assert client.get("/api/chat/messages", headers=chat).json()["messages"] == []


@pytest.mark.parametrize("text", ["😡", "<b>hi</b>", "\u202ecba", "a" * 2000, "Hyvää päivää, hur mår du? Où êtes-vous? 你好"])
def test_a_strange_but_honest_message_is_stored_as_it_is(client: TestClient, text: str) -> None:
    chat = open_chat(client)
    assert client.post("/api/chat/messages", json={"client_id": "c", "text": text}, headers=chat).status_code == 202
    assert client.get("/api/chat/messages", headers=chat).json()["messages"][0]["text"] == text


def test_bodies_that_are_no_json_or_too_large(client: TestClient) -> None:
    chat = open_chat(client)
    problem(client.post("/api/chat/messages", content=b"{", headers=chat | {"Content-Type": "application/json"}), 422)
    problem(client.post("/api/chat/messages", content=b"client_id=c&text=x", headers=chat | {"Content-Type": "text/plain"}), 422)
    huge = json.dumps({"client_id": "c", "text": "a" * 10_000_000})
    problem(client.post("/api/chat/messages", content=huge, headers=chat | {"Content-Type": "application/json"}), 413)

    def chunks():  # type: ignore[no-untyped-def]
        for _ in range(200):
            yield b"a" * 1000

    problem(client.post("/api/chat/messages", content=chunks(), headers=chat | {"Content-Type": "application/json"}), 413)


def test_too_many_messages_are_told_when_to_come_again(client: TestClient) -> None:
    chat = open_chat(client)
    for number in range(20):
        assert client.post("/api/chat/messages", json={"client_id": f"c{number}", "text": "x"}, headers=chat).status_code == 202
    answer = client.post("/api/chat/messages", json={"client_id": "c20", "text": "x"}, headers=chat)
    problem(answer, 429)
    assert int(answer.headers["Retry-After"]) > 0


@pytest.mark.parametrize("after", ["-1", "x", "99999999999", ""])
def test_a_wrong_cursor_is_refused(client: TestClient, after: str) -> None:
    problem(client.get("/api/chat/messages", params={"after": after}, headers=open_chat(client)), 422)


def test_an_unknown_language_is_refused_and_none_is_english(client: TestClient) -> None:
    problem(client.post("/api/chat/sessions", json={"language": "de", "identity": None}), 422)
    assert open_chat(client, language=None)


def test_unknown_addresses_and_methods_are_problems_too(client: TestClient) -> None:
    problem(client.get("/api/chat/nothing"), 404)
    problem(client.delete("/api/chat/messages"), 405)


def identity(**changes: Any) -> str:
    claims = {"sub": "shop-17", "email": "Erik.Lund@example.com", "name": "Erik Lund", "exp": NOW + timedelta(hours=1)} | changes
    return jwt.encode({k: v for k, v in claims.items() if v is not None}, changes.pop("key", KEY), algorithm="HS256")


def test_a_signed_identity_verifies_the_customer(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
    answer = client.post("/api/chat/sessions", json={"language": "en", "identity": identity()})
    with database.reading() as session:
        from desk.conversations.tables import Conversation

        conversation = session.get_one(Conversation, answer.json()["conversation"])
        assert conversation.customer_id == cast.erik.id
        assert conversation.verified_at is not None


@pytest.mark.parametrize(
    "token",
    [
        "nonsense",
        identity(exp=NOW - timedelta(seconds=1)),
        identity(exp=None),
        identity(email=None),
        jwt.encode({"sub": "1", "email": "erik.lund@example.com", "exp": 9999999999}, "another key of at least 32 bytes.", "HS256"),
        jwt.encode({"sub": "1", "email": "erik.lund@example.com", "exp": 9999999999}, None, "none"),
    ],
    ids=["nonsense", "expired", "without end", "without e-mail", "another key", "unsigned"],
)
def test_a_forged_or_expired_identity_is_refused(client: TestClient, token: str) -> None:
    problem(client.post("/api/chat/sessions", json={"language": "en", "identity": token}), 401)


def test_the_stream_brings_what_is_behind_after_and_takes_messages(client: TestClient) -> None:
    chat = open_chat(client)
    for number in range(3):
        client.post("/api/chat/messages", json={"client_id": f"c{number}", "text": f"text {number}"}, headers=chat)
    with client.websocket_connect("/api/chat/stream?after=1", headers=chat) as socket:
        assert [socket.receive_json()["seq"] for _ in range(2)] == [2, 3]
        socket.send_json({"client_id": "c9", "text": "over the stream"})
        frames = [socket.receive_json() for _ in range(2)]
        assert {f["type"] for f in frames} == {"sent", "message"}
        assert all(f["seq"] == 4 for f in frames)
        socket.send_text("{")
        assert socket.receive_json()["status"] == 422
        socket.send_json({"client_id": "c10", "text": "a" * 2001})
        assert socket.receive_json()["status"] == 413


def test_a_browser_sends_its_token_as_a_subprotocol(client: TestClient) -> None:
    chat = open_chat(client)
    client.post("/api/chat/messages", json={"client_id": "c1", "text": "hello"}, headers=chat)
    token = chat["Authorization"].removeprefix("Bearer ")
    with client.websocket_connect("/api/chat/stream?after=0", subprotocols=["fubb", f"bearer.{token}"]) as socket:
        assert socket.accepted_subprotocol == "fubb"
        assert socket.receive_json()["text"] == "hello"


def test_the_stream_is_closed_to_strangers(client: TestClient) -> None:
    with pytest.raises(WebSocketDisconnect), client.websocket_connect("/api/chat/stream", headers={"Authorization": "Bearer x"}):
        pass


async def test_a_long_poll_ends_as_soon_as_there_is_something(app: FastAPI, database: Database) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://desk.test") as client:
        opened = (await client.post("/api/chat/sessions", json={"language": "en", "identity": None})).json()
        headers = {"Authorization": f"Bearer {opened['token']}"}
        poll = asyncio.create_task(client.get("/api/chat/messages?after=0&wait=20", headers=headers))
        await asyncio.sleep(0.2)
        assert not poll.done()
        with database.writing() as session:
            append_message(session, lock_conversation(session, opened["conversation"]), "system", "news", NOW)
        answer = await asyncio.wait_for(poll, 5)
        assert [m["text"] for m in answer.json()["messages"]] == ["news"]


def test_pages_are_sent_with_a_strict_policy(client: TestClient) -> None:
    for path in ("/healthz", "/widget.js"):
        policy = client.get(path).headers["content-security-policy"]
        assert "unsafe" not in policy
        assert "script-src 'self'" in policy


def test_the_shop_page_shows_the_catalogue_and_the_chat(client: TestClient, database: Database) -> None:
    with database.writing() as session:
        gather(session)
    page = client.get("/")
    assert page.status_code == 200
    assert "Aurora P50" in page.text
    assert "<fubb-chat" in page.text
    assert client.get("/static/shop.css").status_code == 200
    assert client.get("/favicon.ico").status_code == 200


@pytest.mark.parametrize(
    ("accepted", "chosen", "spoken", "words"),
    [
        ("sv-SE,sv;q=0.9,en;q=0.8", "", "sv", "Sortiment"),
        ("no,en;q=0.5", "", "nb", "Utvalg"),
        ("de-DE,fi;q=0.3", "", "fi", "Valikoima"),
        ("de", "", "en", "Catalogue"),
        ("sv", "fi", "fi", "Valikoima"),
        ("sv", "<script>", "sv", "Sortiment"),
    ],
)
def test_the_shop_page_speaks_the_browsers_language_or_the_chosen_one(
    client: TestClient, accepted: str, chosen: str, spoken: str, words: str
) -> None:
    page = client.get("/", params={"language": chosen}, headers={"Accept-Language": accepted})
    assert f'<html lang="{spoken}">' in page.text
    assert words in page.text
    assert "<script>" not in page.text


def test_alive_but_not_ready_without_rasa(client: TestClient) -> None:
    with client:
        assert client.get("/healthz").status_code == 200
        answer = client.get("/readyz")
        assert (answer.status_code, answer.json()["database"], answer.json()["rasa"]) == (503, True, False)


def test_the_open_api_document_names_the_contract(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/api/chat/sessions", "/api/chat/messages"} <= set(paths)
