"""The agents' API: conversations."""

import json
import re
from datetime import timedelta

import httpx
import pytest
from fastapi import FastAPI

from desk.console import schemas, schemas_cases, schemas_lead, schemas_team, schemas_tools
from desk.console.examples import EXAMPLES
from desk.console.examples_lead import LEAD_EXAMPLES
from desk.console.examples_team import TEAM_EXAMPLES
from desk.conversations.service import append_message, hash_token, lock_conversation, messages_after, receive_message
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.errors import WrongInput
from tests.conftest import NOW
from tests.desk.cast import SMELL, Cast, hand_off, smelling_tv, talk
from tests.desk.console.conftest import StandingClock

ROOT = "/api/desk/conversations"


def waiting_tv(database: Database, cast: Cast) -> str:
    """Erik's furious conversation about the smelling TV, in the queue."""
    with database.writing() as session:
        case = smelling_tv(session, cast)
        conversation = session.get_one(Conversation, case.conversation_id)
        hand_off(session, conversation, "danger", mood="furious")
        return conversation.id


async def test_queue_shows_who_waits_why_and_until_when(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    conversation_id = waiting_tv(database, cast)
    with database.writing() as session:
        talk(session, "Do you sell kettles?")
    answer = await anna.get(ROOT, params={"holder": "queue"})
    assert answer.status_code == 200
    assert answer.json()["next"] is None
    (shown,) = answer.json()["conversations"]
    assert (shown["id"], shown["holder"], shown["agent"], shown["mood"], shown["hazard"]) == (
        conversation_id,
        "queue",
        None,
        "furious",
        True,
    )
    assert shown["customer"]["name"] == "Erik Lund"
    assert shown["handoff"]["reason"] == "danger"
    assert shown["handoff"]["answer_by"] == "2026-11-18T09:10:00Z"
    assert shown["handoff"]["case"] == shown["case"] == "F-100001"


async def test_conversation_has_messages_handoff_orders_and_cases(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    conversation_id = waiting_tv(database, cast)
    shown = (await anna.get(f"{ROOT}/{conversation_id}")).json()
    assert [(m["seq"], m["author"]) for m in shown["messages"]] == [(1, "customer"), (2, "bot")]
    assert shown["messages"][0]["text"] == SMELL
    assert shown["seq"] == 2
    assert "Case F-100001 (fault), urgent priority." in shown["handoff"]["summary"]
    assert shown["orders"][0]["number"] == "10023847"
    assert shown["orders"][0]["lines"][0]["name"] == "Aurora P50"
    assert shown["cases"] == ["F-100001"]
    after = (await anna.get(f"{ROOT}/{conversation_id}", params={"messages_after": 1})).json()
    assert [m["seq"] for m in after["messages"]] == [2]


async def test_orders_and_name_are_not_shown_before_the_customer_is_verified(
    database: Database, cast: Cast, anna: httpx.AsyncClient
) -> None:
    with database.writing() as session:
        conversation = talk(session, "Where is my order?")
        conversation.customer_id = cast.erik.id  # known by a cookie of the shop, say, but not shown
    shown = (await anna.get(f"{ROOT}/{conversation.id}")).json()
    assert shown["customer"] is None
    assert shown["orders"] == []


async def test_last_200_messages_are_shown(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        conversation = talk(session, "Hello")
        for number in range(250):
            append_message(session, conversation, "bot", f"word {number}", NOW, name="Fubb")
    shown = (await anna.get(f"{ROOT}/{conversation.id}")).json()
    assert [m["seq"] for m in shown["messages"]] == list(range(53, 253))


async def test_agent_takes_answers_and_hands_back(
    database: Database, cast: Cast, anna: httpx.AsyncClient, clock: StandingClock
) -> None:
    conversation_id = waiting_tv(database, cast)
    clock.time = NOW + timedelta(minutes=2)
    taken = await anna.post(f"{ROOT}/{conversation_id}/take")
    assert (taken.status_code, taken.json()["holder"], taken.json()["agent"]) == (200, "agent", "anna")
    assert taken.json()["handoff"]["state"] == "taken"
    said = await anna.post(f"{ROOT}/{conversation_id}/messages", json={"client_id": "a1", "text": " I am sorry, Erik. "})
    assert said.status_code == 201
    assert (said.json()["author"], said.json()["name"], said.json()["text"]) == ("agent", "Anna Berg", "I am sorry, Erik.")
    shown = (await anna.get(f"{ROOT}/{conversation_id}")).json()
    assert shown["handoff"]["answered_at"] == "2026-11-18T09:02:00Z"
    back = await anna.post(f"{ROOT}/{conversation_id}/hand-back")
    assert (back.status_code, back.json()["holder"], back.json()["handoff"]) == (200, "bot", None)


async def test_second_agent_cannot_take_what_the_first_holds(
    database: Database, cast: Cast, anna: httpx.AsyncClient, mikko: httpx.AsyncClient
) -> None:
    conversation_id = waiting_tv(database, cast)
    assert (await anna.post(f"{ROOT}/{conversation_id}/take")).status_code == 200
    assert (await anna.post(f"{ROOT}/{conversation_id}/take")).status_code == 200  # again: nothing more happens
    second = await mikko.post(f"{ROOT}/{conversation_id}/take")
    assert second.status_code == 409
    assert second.headers["content-type"] == "application/problem+json"
    assert second.json()["title"] == "Anna Berg holds this conversation."


@pytest.mark.parametrize("deed", ["messages", "hand-back", "transfer"])
async def test_only_the_holder_speaks_hands_back_and_transfers(
    database: Database, cast: Cast, anna: httpx.AsyncClient, mikko: httpx.AsyncClient, deed: str
) -> None:
    conversation_id = waiting_tv(database, cast)
    body = {"client_id": "a1", "text": "Hello", "to": None}
    before = await anna.post(f"{ROOT}/{conversation_id}/{deed}", json=body)
    assert (before.status_code, before.json()["title"]) == (409, "Take the conversation over first.")
    await anna.post(f"{ROOT}/{conversation_id}/take")
    assert (await mikko.post(f"{ROOT}/{conversation_id}/{deed}", json=body)).status_code == 409
    with database.reading() as session:
        assert session.get_one(Conversation, conversation_id).last_seq == 3  # "Anna Berg is here now."


async def test_saying_is_idempotent_on_the_client_id(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    conversation_id = waiting_tv(database, cast)
    await anna.post(f"{ROOT}/{conversation_id}/take")
    where = f"{ROOT}/{conversation_id}/messages"
    first = await anna.post(where, json={"client_id": "c0", "text": "Hello Erik"})  # the customer has used c0 himself
    again = await anna.post(where, json={"client_id": "c0", "text": "Hello Erik"})
    assert first.json() == again.json()
    other = await anna.post(where, json={"client_id": "c0", "text": "Hello you"})
    assert other.status_code == 409
    await anna.post(f"{ROOT}/{conversation_id}/hand-back")
    assert (await anna.post(where, json={"client_id": "c0", "text": "Hello Erik"})).json() == first.json()
    with database.reading() as session:
        said = [m.author for m in messages_after(session, conversation_id, 2)]
    assert said == ["system", "agent", "system"]  # she is here, says hello once, has left


def test_customer_cannot_stand_in_for_an_agents_message(database: Database, cast: Cast) -> None:
    conversation_id = waiting_tv(database, cast)
    with pytest.raises(WrongInput), database.writing() as session:
        receive_message(session, conversation_id, f"agent:{cast.anna.id}:a1", NOW, text="Yes")


async def test_transfer_to_an_agent_and_to_the_queue(
    database: Database, cast: Cast, anna: httpx.AsyncClient, mikko: httpx.AsyncClient
) -> None:
    conversation_id = waiting_tv(database, cast)
    await anna.post(f"{ROOT}/{conversation_id}/take")
    for to in ("nobody", "anna", "a\x00b", ""):
        assert (await anna.post(f"{ROOT}/{conversation_id}/transfer", json={"to": to})).status_code == 422
    given = await anna.post(f"{ROOT}/{conversation_id}/transfer", json={"to": "mikko"})
    assert (given.status_code, given.json()["agent"]) == (200, "mikko")
    queued = await mikko.post(f"{ROOT}/{conversation_id}/transfer", json={"to": None})
    assert (queued.json()["holder"], queued.json()["handoff"]["state"]) == ("queue", "queued")


async def test_conversation_taken_from_the_bot_can_go_to_the_queue(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        conversation = talk(session, "I want to haggle")
    await anna.post(f"{ROOT}/{conversation.id}/take")
    queued = await anna.post(f"{ROOT}/{conversation.id}/transfer", json={"to": None})
    assert queued.json()["holder"] == "queue"
    assert queued.json()["handoff"]["answer_by"] == "2026-11-18T09:10:00Z"


async def test_pages_are_complete_and_without_doubles(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        made = [talk(session, "Hello", now=NOW + timedelta(minutes=n // 3)).id for n in range(11)]  # several at one moment
    found: list[str] = []
    cursor: str | None = None
    while True:
        params = {"limit": "4"} | ({"cursor": cursor} if cursor else {})
        answer = (await anna.get(ROOT, params=params)).json()
        found += [c["id"] for c in answer["conversations"]]
        assert len(answer["conversations"]) <= 4
        cursor = answer["next"]
        if cursor is None:
            break
    assert sorted(found) == sorted(made)
    assert len(found) == 11


@pytest.mark.parametrize(
    "params",
    [
        {"cursor": "x"},
        {"cursor": "ÄÖ"},
        {"cursor": "AAAA"},
        {"cursor": "MjAyNi0xMS0xOFQwOTowMDowMH5h"},  # without a zone
        {"holder": "nobody"},
        {"limit": "0"},
        {"limit": "201"},
    ],
)
async def test_wrong_parameters_are_refused(anna: httpx.AsyncClient, params: dict[str, str]) -> None:
    answer = await anna.get(ROOT, params=params)
    assert answer.status_code == 422
    assert answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("identifier", ["f" * 26, "x", "%00", "a%00b", "%F0%9F%98%80", "a" * 1000])
async def test_unknown_conversation_is_not_found(anna: httpx.AsyncClient, identifier: str) -> None:
    assert (await anna.get(f"{ROOT}/{identifier}")).status_code == 404
    assert (await anna.post(f"{ROOT}/{identifier}/take")).status_code == 404
    assert (await anna.post(f"{ROOT}/{identifier}/messages", json={"client_id": "a", "text": "b"})).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"client_id": "a1", "text": ""}, 422),
        ({"client_id": "a1", "text": "\x00 "}, 422),
        ({"client_id": "a1", "text": "x" * 2001}, 413),
        ({"client_id": "", "text": "x"}, 422),
        ({"client_id": "a\x00", "text": "x"}, 422),
        ({"client_id": "a" * 101, "text": "x"}, 422),
        ({"client_id": "a1"}, 422),
        ({"client_id": "a1", "text": 5}, 422),
    ],
)
async def test_wrong_message_is_refused(
    database: Database, cast: Cast, anna: httpx.AsyncClient, body: dict[str, object], status: int
) -> None:
    conversation_id = waiting_tv(database, cast)
    await anna.post(f"{ROOT}/{conversation_id}/take")
    assert (await anna.post(f"{ROOT}/{conversation_id}/messages", json=body)).status_code == status


async def test_agent_who_left_knows_nothing_any_more(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        session.merge(cast.anna).active = False
    assert (await anna.get(ROOT)).status_code == 401


async def test_customers_token_opens_nothing(database: Database, cast: Cast, nobody: httpx.AsyncClient) -> None:
    with database.writing() as session:
        conversation = talk(session, "Hello")
        lock_conversation(session, conversation.id).token_hash = hash_token("his")
    answer = await nobody.get(f"{ROOT}/{conversation.id}", headers={"Authorization": "Bearer his"})
    assert answer.status_code == 401
    assert answer.headers["www-authenticate"] == "Bearer"


async def test_what_was_agreed_is_handed_back_and_a_slip_undone_by_programs_too(
    database: Database, cast: Cast, anna: httpx.AsyncClient, mikko: httpx.AsyncClient
) -> None:
    with database.writing() as session:
        conversation = hand_off(session, talk(session, "A person, please")).conversation_id
    where = f"/api/desk/conversations/{conversation}"
    assert (await anna.post(f"{where}/take")).status_code == 200
    handed = (await anna.post(f"{where}/hand-back", json={"agreed": "We come on Friday"})).json()
    assert handed["holder"] == "bot"
    told = (await anna.get(where)).json()["messages"][-1]["text"]
    assert "We come on Friday" in told
    assert (await anna.post(f"{where}/undo", json={"version": handed["version"] - 1})).status_code == 409
    assert (await anna.post(f"{where}/undo", json={"version": handed["version"]})).json()["agent"] == "anna"
    assert (await mikko.post(f"{where}/undo", json={"version": handed["version"]})).status_code == 409


def test_every_operation_of_the_agents_has_examples_that_fit(app: FastAPI) -> None:
    document = app.openapi()
    for path, operations in document["paths"].items():
        for operation in operations.values() if path.startswith("/api/desk/") else []:
            bodies = [operation.get("requestBody", {}), *(r for s, r in operation["responses"].items() if s.startswith("2"))]
            for shape in [b["content"]["application/json"]["schema"] for b in bodies if "application/json" in b.get("content", {})]:
                (name,) = set(re.findall(r"schemas/(\w+)", json.dumps(shape)))
                assert document["components"]["schemas"][name].get("examples"), (operation["operationId"], name)


ALL_EXAMPLES = EXAMPLES | LEAD_EXAMPLES | TEAM_EXAMPLES


@pytest.mark.parametrize("name", sorted(ALL_EXAMPLES))
def test_example_fits_its_model(name: str) -> None:
    model = next(getattr(m, name) for m in (schemas, schemas_cases, schemas_tools, schemas_lead, schemas_team) if hasattr(m, name))
    shown = ALL_EXAMPLES[name]
    assert set(model.model_validate(shown).model_dump()) == set(shown)
