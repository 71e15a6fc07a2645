"""The agents' API: cases and follow-ups."""

from datetime import timedelta

import httpx
import pytest

from desk.cases.service import Heard, confirm_solved, record_case
from desk.cases.tables import Case
from desk.conversations.service import lock_conversation
from desk.db.engine import Database
from desk.followups.tables import Followup
from tests.conftest import NOW
from tests.desk.cast import Cast, heard_last, promise_call, smelling_tv, talk

CASE_KEYS = {
    "number", "kind", "state", "priority", "hazard", "mood", "customer", "conversation", "product", "order", "remedies",
    "followups", "history",
}  # fmt: skip


async def test_case_has_the_shape_of_the_contract(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        made = smelling_tv(session, cast, arranged=True)
    case = (await anna.get(f"/api/desk/cases/{made.number}")).json()
    assert set(case) == CASE_KEYS
    assert (case["kind"], case["state"], case["priority"], case["hazard"], case["mood"]) == (
        "fault",
        "arranged",
        "urgent",
        True,
        "furious",
    )
    assert (case["product"], case["order"], case["conversation"]) == ("Aurora P50", "10023847", made.conversation_id)
    assert case["customer"]["email"] == "erik.lund@example.com"
    assert {(r["kind"], r["state"]) for r in case["remedies"]} >= {("return", "arranged"), ("replacement", "arranged")}
    assert all(set(r) == {"id", "kind", "state"} for r in case["remedies"])
    assert [(f["kind"], f["state"], f["owner"], f["promised"]) for f in case["followups"]] == [
        ("task", "cancelled", "team", False),
        ("check_in", "pending", "bot", False),
    ]
    assert all(set(f) == {"id", "kind", "state", "owner", "due_at", "promised"} for f in case["followups"])
    assert [e["what"] for e in case["history"]][:2] == ["opened", "apologised"]
    assert all(set(e) == {"at", "who", "what", "detail"} and e["at"].endswith("Z") for e in case["history"])


async def test_cases_are_listed_by_state_in_complete_pages(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        cases = [smelling_tv(session, cast) for _ in range(5)]
        closed = cases[0]
        confirm_solved(session, closed, Heard(closed.source_message_id or "", "Yes, all is well"), NOW)
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"state": "open", "limit": "3"} | ({"cursor": cursor} if cursor else {})
        answer = (await anna.get("/api/desk/cases", params=params)).json()
        seen += [c["number"] for c in answer["cases"]]
        cursor = answer["next"]
        if cursor is None:
            break
    assert seen == [c.number for c in reversed(cases[1:])]
    (done,) = (await anna.get("/api/desk/cases?state=closed")).json()["cases"]
    assert (done["number"], done["state"]) == (closed.number, "satisfied")
    assert len((await anna.get("/api/desk/cases")).json()["cases"]) == 5


async def test_agent_closes_a_case_only_with_a_reason_and_never_as_satisfied(
    database: Database, cast: Cast, anna: httpx.AsyncClient
) -> None:
    with database.writing() as session:
        case = smelling_tv(session, cast)
    where = f"/api/desk/cases/{case.number}/close"
    assert (await anna.post(where, json={"reason": "  "})).status_code == 422
    assert (await anna.post(where, json={})).status_code == 422
    assert (await anna.post(where, json={"reason": "x" * 2001})).status_code == 413
    closed = await anna.post(where, json={"reason": "No answer to five calls.\x00", "state": "satisfied"})
    assert (closed.status_code, closed.json()["state"]) == (200, "closed_unconfirmed")
    last = closed.json()["history"][-1]
    assert (last["who"], last["what"], last["detail"]) == (
        "anna",
        "closed_unconfirmed",
        {"reason": "No answer to five calls."},
    )
    assert [f["state"] for f in closed.json()["followups"]] == ["cancelled"]
    assert (await anna.post(where, json={"reason": "again"})).status_code == 409


async def test_case_with_an_open_promise_is_not_closed(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        case = smelling_tv(session, cast)
        promise_call(session, case, cast.anna, NOW + timedelta(hours=4))
    answer = await anna.post(f"/api/desk/cases/{case.number}/close", json={"reason": "I would rather not call."})
    assert answer.status_code == 409
    with database.reading() as session:
        assert session.get_one(Case, case.id).is_open


@pytest.mark.parametrize("number", ["F-999999", "F-1", "x", "%00", "F-999999999999", "F-١٠٠٠٠١"])
async def test_unknown_case_is_not_found(anna: httpx.AsyncClient, number: str) -> None:
    assert (await anna.get(f"/api/desk/cases/{number}")).status_code == 404
    assert (await anna.post(f"/api/desk/cases/{number}/close", json={"reason": "so"})).status_code == 404


@pytest.mark.parametrize("query", ["state=lost", "cursor=x", "cursor=LTE", "cursor=OTk5OTk5OTk5OTk5OTk5OTk5OTk", "limit=0"])
async def test_wrong_list_of_cases_is_refused(anna: httpx.AsyncClient, query: str) -> None:
    assert (await anna.get(f"/api/desk/cases?{query}")).status_code == 422


async def test_due_followups_are_listed_soonest_first_in_complete_pages(
    database: Database, cast: Cast, anna: httpx.AsyncClient
) -> None:
    with database.writing() as session:
        cases = [smelling_tv(session, cast) for _ in range(5)]
        for n, case in enumerate(cases):
            promise_call(session, case, cast.mikko, NOW + timedelta(hours=1 + n // 2))
        late = cases[4]
    seen: list[str] = []
    cursor: str | None = None
    while True:
        params = {"due_before": "2026-11-18T11:30:00+00:00", "limit": "2"} | ({"cursor": cursor} if cursor else {})
        answer = (await anna.get("/api/desk/followups", params=params)).json()
        seen += [f["case"] for f in answer["followups"]]
        assert all((f["owner"], f["promised"], f["state"]) == ("mikko", True, "pending") for f in answer["followups"])
        cursor = answer["next"]
        if cursor is None:
            break
    assert sorted(seen) == sorted(c.number for c in cases[:4])
    assert late.number not in seen
    assert len((await anna.get("/api/desk/followups")).json()["followups"]) == 5


@pytest.mark.parametrize(
    "due_before", ["2026-11-18T09:00:00", "tomorrow", "", "9999-12-31T23:59:59-23:59", "0001-01-01T00:00:00+23:59"]
)
async def test_time_without_zone_or_sense_is_refused(anna: httpx.AsyncClient, due_before: str) -> None:
    answer = await anna.get("/api/desk/followups", params={"due_before": due_before})
    assert answer.status_code == 422
    assert "2026-11-18T09:00:00Z" in answer.json()["title"]


async def test_plus_sign_that_was_not_encoded_is_understood(anna: httpx.AsyncClient) -> None:
    assert (await anna.get("/api/desk/followups?due_before=2026-11-18T09:00:00+01:00")).status_code == 200


async def test_followup_is_done_with_an_outcome_and_the_bot_asks_next(
    database: Database, cast: Cast, anna: httpx.AsyncClient, mikko: httpx.AsyncClient
) -> None:
    with database.writing() as session:
        case = smelling_tv(session, cast)
        followup = promise_call(session, case, cast.anna, NOW + timedelta(hours=1))
    where = f"/api/desk/followups/{followup.id}/done"
    assert (await anna.post(where, json={"outcome": " "})).status_code == 422
    done = await anna.post(where, json={"outcome": "He has the new set."})
    assert (done.status_code, done.json()["state"], done.json()["outcome"]) == (200, "done", "He has the new set.")
    assert (await anna.post(where, json={"outcome": "He has the new set."})).status_code == 200
    assert (await mikko.post(where, json={"outcome": "I too"})).status_code == 409
    shown = (await anna.get(f"/api/desk/cases/{case.number}")).json()
    assert shown["state"] == "waiting_for_word"
    assert {(f["kind"], f["state"]) for f in shown["followups"]} == {
        ("task", "cancelled"),
        ("call", "done"),
        ("check_in", "pending"),
    }
    with database.reading() as session:
        assert session.get_one(Followup, followup.id).promise == "kept"


@pytest.mark.parametrize("identifier", ["f" * 26, "%00", "a" * 500, "%C3%A4"])
async def test_unknown_followup_is_not_found(anna: httpx.AsyncClient, identifier: str) -> None:
    assert (await anna.post(f"/api/desk/followups/{identifier}/done", json={"outcome": "x"})).status_code == 404


async def test_unverified_customers_case_names_no_customer(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        conversation = talk(session, "You should sell lamps")
        case = record_case(
            session, lock_conversation(session, conversation.id), "suggestion", heard_last(session, conversation), NOW
        ).case
    shown = (await anna.get(f"/api/desk/cases/{case.number}")).json()
    assert (shown["customer"], shown["product"], shown["order"]) == (None, None, None)
