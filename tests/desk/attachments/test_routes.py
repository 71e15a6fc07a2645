"""Pictures over HTTP: from customer and agent, and to nobody else."""

from typing import Any

import httpx
import pytest
from fastapi.testclient import TestClient

from desk.attachments.pictures import LARGEST_FILE
from desk.db.engine import Database
from tests.desk.attachments.drawing import jpeg, photo_from_a_phone
from tests.desk.cast import gather, token_of
from tests.desk.channels.test_chat_api import app, client, open_chat, problem

__all__ = ["app", "client"]
PHOTO = photo_from_a_phone()
JPEG = {"Content-Type": "image/jpeg"}


def send(client: TestClient, chat: dict[str, str], body: bytes = PHOTO, kind: str = "image/jpeg") -> httpx.Response:
    return client.post("/api/chat/attachments", content=body, headers=chat | {"Content-Type": kind})


@pytest.fixture
def anna(database: Database) -> dict[str, str]:
    """Anna's token."""
    with database.writing() as session:
        return {"Authorization": f"Bearer {token_of(gather(session).anna)}"}


def conversation_of(client: TestClient) -> tuple[str, dict[str, str]]:
    opened = client.post("/api/chat/sessions", json={"language": "en", "identity": None}).json()
    return opened["conversation"], {"Authorization": f"Bearer {opened['token']}"}


def test_customer_sends_a_picture_and_both_sides_see_it(client: TestClient, anna: dict[str, str]) -> None:
    conversation, chat = conversation_of(client)
    sent = send(client, chat)
    assert sent.status_code == 201
    picture: dict[str, Any] = sent.json()
    assert set(picture) == {"id", "type", "width", "height", "size", "url"}
    said = client.post("/api/chat/messages", json={"client_id": "p1", "attachments": [picture["id"]]}, headers=chat)
    assert said.status_code == 202
    (message,) = client.get("/api/chat/messages", headers=chat).json()["messages"]
    assert (message["text"], message["attachments"]) == ("", [picture])
    seen = client.get(f"/api/desk/conversations/{conversation}", headers=anna).json()["messages"][0]["attachments"][0]
    for url, who in ((picture["url"], chat), (seen["url"], anna)):
        shown = client.get(url, headers=who)
        assert (shown.status_code, shown.headers["content-type"]) == (200, "image/jpeg")
        assert shown.headers["x-content-type-options"] == "nosniff"
        assert shown.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert shown.headers["cache-control"].startswith("private")
        assert b"Model 9" not in shown.content
        assert len(shown.content) == picture["size"]


def test_agent_sends_a_picture_once_he_holds_the_conversation(client: TestClient, anna: dict[str, str]) -> None:
    conversation, chat = conversation_of(client)
    root = f"/api/desk/conversations/{conversation}"
    problem(client.post(f"{root}/attachments", content=PHOTO, headers=anna | JPEG), 409)
    client.post(f"{root}/take", headers=anna)
    picture = client.post(f"{root}/attachments", content=PHOTO, headers=anna | JPEG).json()
    said = client.post(f"{root}/messages", json={"client_id": "a1", "attachments": [picture["id"]]}, headers=anna)
    assert (said.status_code, said.json()["attachments"]) == (201, [picture])
    told = client.get("/api/chat/messages", headers=chat).json()["messages"][-1]
    assert client.get(told["attachments"][0]["url"], headers=chat).status_code == 200


def test_nobody_else_sees_a_picture(client: TestClient, anna: dict[str, str]) -> None:
    conversation, chat = conversation_of(client)
    picture = send(client, chat).json()
    problem(client.get(picture["url"]), 401)
    problem(client.get(picture["url"], headers=open_chat(client)), 404)
    problem(client.get(f"/api/desk/conversations/{conversation}/attachments/{picture['id']}", headers=chat), 401)
    problem(client.get(f"/api/desk/conversations/{'f' * 26}/attachments/{picture['id']}", headers=anna), 404)
    for wrong in ("f" * 26, "%00", "a%00b", "..%2F..%2Fsecret"):
        assert client.get(f"/api/chat/attachments/{wrong}", headers=chat).status_code == 404


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"", "image/jpeg", 422),
        (b"<svg onload='alert(1)'/>", "image/svg+xml", 422),
        (PHOTO, "text/html", 422),
        (PHOTO, "application/json", 422),
        (b"not a picture", "image/jpeg", 422),
        (bytes(LARGEST_FILE + 2000), "image/jpeg", 413),
    ],
)
def test_what_is_no_picture_is_refused_with_words(client: TestClient, body: bytes, kind: str, status: int) -> None:
    problem(send(client, open_chat(client), body, kind), status)


def test_nobody_can_send_a_picture(client: TestClient) -> None:
    problem(client.post("/api/chat/attachments", content=PHOTO, headers=JPEG), 401)


def test_large_body_elsewhere_is_refused_as_before(client: TestClient) -> None:
    problem(client.post("/api/chat/messages", content=bytes(70_000), headers=open_chat(client)), 413)


@pytest.mark.parametrize(
    "body",
    [
        {"client_id": "c", "text": "x", "attachments": ["f" * 26]},
        {"client_id": "c", "text": "", "attachments": []},
        {"client_id": "c", "attachments": ["a\u0000"]},
        {"client_id": "c", "attachments": ["x" * 65]},
        {"client_id": "c", "attachments": ["a", "b", "c", "d", "e", "f"]},
        {"client_id": "c", "payload": "/greet", "attachments": ["a"]},
        {"client_id": "c", "text": "x", "payload": "/greet"},
    ],
)
def test_wrong_attachments_are_refused(client: TestClient, body: dict[str, Any]) -> None:
    problem(client.post("/api/chat/messages", json=body, headers=open_chat(client)), 422)


def test_picture_comes_over_the_stream_too(client: TestClient) -> None:
    chat = open_chat(client)
    picture = send(client, chat, jpeg(color="red")).json()
    with client.websocket_connect("/api/chat/stream", headers=chat) as socket:
        socket.send_json({"client_id": "p1", "attachments": [picture["id"]]})
        frames = [socket.receive_json(), socket.receive_json()]
    message = next(f for f in frames if f["type"] == "message")
    assert message["attachments"] == [picture]
