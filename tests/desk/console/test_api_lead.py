"""The agents' API: the lead's board, alerts, what could not be answered."""

from datetime import timedelta

import httpx
import pytest

from desk.alerts.service import tell
from desk.conversations.access import take_as_agent
from desk.db.engine import Database
from tests.conftest import NOW
from tests.desk.cast import Cast, hand_off, promise_call, smelling_tv, talk
from tests.desk.console.test_pages import waiting_tv
from tests.desk.console.test_unanswered import kept

API = "/api/desk"


def told(database: Database, cast: Cast) -> None:
    """One alert to Anna, two to the leads."""
    with database.writing() as session:
        tell(session, "a", "promise_soon", NOW, {"what": "call"}, agent_id=cast.anna.id)
        tell(session, "b", "pattern", NOW, {"product": "Aurora P50"})
        tell(session, "c", "agent_silent", NOW, {"agent": cast.mikko.id})


async def test_board_shows_what_its_page_shows(database: Database, cast: Cast, siv: httpx.AsyncClient) -> None:
    case = waiting_tv(database, cast)
    told(database, cast)
    with database.writing() as session:
        held = hand_off(session, talk(session, "A person, please"), mood="furious").conversation_id
        take_as_agent(session, cast.anna, held, NOW)
        call = promise_call(session, smelling_tv(session, cast), cast.anna, NOW + timedelta(hours=1))
    board = (await siv.get(f"{API}/board")).json()
    assert [o["id"] for o in board["waiting"]] == [case.conversation_id]
    assert board["waiting"][0]["handoff"]["case"] == case.number
    assert [(o["id"], o["agent"]) for o in board["held"]] == [(held, "anna")]
    assert [f["id"] for f in board["promises"]] == [call.id]
    team = {m["login"]: m for m in board["team"]}
    assert set(team) == {"anna", "mikko", "siv"}
    assert (team["anna"]["holds"] >= 1, team["anna"]["furious"] >= 1, team["anna"]["at_work"]) == (True, True, True)
    assert {(a["kind"], a["about"]) for a in board["alerts"]} >= {("pattern", None), ("agent_silent", "mikko")}
    given = await siv.post(f"{API}/conversations/{case.conversation_id}/give", json={"to": "mikko"})
    assert given.status_code == 200
    assert (await siv.get(f"{API}/board")).json()["waiting"][0]["turn_of"] == "mikko"


async def test_alerts_are_read_and_seen_by_whom_they_were_told(
    database: Database, cast: Cast, anna: httpx.AsyncClient, siv: httpx.AsyncClient
) -> None:
    told(database, cast)
    mine = (await anna.get(f"{API}/alerts")).json()
    assert [(a["kind"], a["to"]) for a in mine["alerts"]] == [("promise_soon", "anna")]
    leads = (await siv.get(f"{API}/alerts", params={"limit": 1})).json()
    assert ([a["kind"] for a in leads["alerts"]], leads["unseen"]) == (["agent_silent"], 2)
    rest = (await siv.get(f"{API}/alerts", params={"limit": 1, "cursor": leads["next"]})).json()
    assert ([a["kind"] for a in rest["alerts"]], rest["next"]) == (["pattern"], None)
    one = f"{API}/alerts/{rest['alerts'][0]['id']}"
    assert (await anna.get(one)).status_code == (await anna.post(f"{one}/seen")).status_code == 404
    assert (await siv.get(one)).json()["seen_at"] is None
    assert (await siv.post(f"{one}/seen")).json()["seen_by"] == "siv"
    unseen = (await siv.get(f"{API}/alerts", params={"unseen": True})).json()
    assert [a["kind"] for a in unseen["alerts"]] == ["agent_silent"]
    assert (await siv.post(f"{API}/alerts/seen", json={"until": leads["alerts"][0]["id"]})).json() == {"seen": 1}
    assert (await siv.get(f"{API}/alerts")).json()["unseen"] == 0


@pytest.mark.parametrize("number", ["0", "-1", str(2**31), str(2**70)])
async def test_an_alert_with_an_impossible_number_is_not_there(cast: Cast, anna: httpx.AsyncClient, number: str) -> None:
    assert (await anna.get(f"{API}/alerts/{number}")).status_code == 404
    assert (await anna.post(f"{API}/alerts/{number}/seen")).status_code == 404


async def test_what_was_not_answered_is_listed_read_and_labelled(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    first, second = kept(database), kept(database)
    listed = (await anna.get(f"{API}/unanswered", params={"limit": 1})).json()
    assert "ask_opening_hours" in listed["topics"]
    following = (await anna.get(f"{API}/unanswered", params={"limit": 1, "cursor": listed["next"]})).json()
    assert {u["message"] for u in listed["unanswered"] + following["unanswered"]} == {first, second}
    assert following["next"] is None
    one = f"{API}/unanswered/{first}"
    assert (await anna.get(one)).json()["text"] == "får <b>hunden</b> följa med in?"
    labelled = (await anna.put(f"{one}/label", json={"label": "training", "topic": "ask_opening_hours"})).json()
    assert (labelled["label"], labelled["topic"], labelled["labelled_by"]) == ("training", "ask_opening_hours", "anna")
    assert [u["message"] for u in (await anna.get(f"{API}/unanswered")).json()["unanswered"]] == [second]
    assert [u["message"] for u in (await anna.get(f"{API}/unanswered?label=training")).json()["unanswered"]] == [first]
    assert (await anna.put(f"{one}/label", json={"label": "training", "topic": "dogs"})).status_code == 422
    assert (await anna.put(f"{one}/label", json={"label": None})).json()["labelled_at"] is None


@pytest.mark.parametrize("message", ["nobody", "%00", "ö", "%F0%9F%98%80", "x" * 500])
async def test_a_message_that_is_not_on_the_list(cast: Cast, anna: httpx.AsyncClient, message: str) -> None:
    assert (await anna.get(f"{API}/unanswered/{message}")).status_code == 404
    assert (await anna.put(f"{API}/unanswered/{message}/label", json={"label": "nothing"})).status_code == 404
