"""What agents have at hand: notes, canned replies, remedies, calls, swap, undo, presence, search."""

from datetime import timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from desk.agents.tables import Agent
from desk.alerts.service import alerts_for
from desk.canned.rules import fill, matches, unknown_placeholders
from desk.canned.service import load_starters
from desk.cases.tables import Case, Remedy
from desk.console.events import Page
from desk.conversations.access import take_as_agent
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.followups.tables import Followup
from tests.conftest import NOW
from tests.desk.cast import Cast, hand_off, smelling_tv, talk
from tests.desk.console.conftest import Client, StandingClock
from tests.desk.console.test_pages import Browser, waiting_tv, words

API = "/api/desk"


def held_by_anna(database: Database, cast: Cast) -> Case:
    case = waiting_tv(database, cast)
    with database.writing() as session:
        take_as_agent(session, cast.anna, case.conversation_id, NOW)
    return case


async def test_note_is_read_by_colleagues_and_never_by_the_customer(
    database: Database, cast: Cast, anna: httpx.AsyncClient, mikko: httpx.AsyncClient, browser: Browser
) -> None:
    case = waiting_tv(database, cast)
    where = f"{API}/conversations/{case.conversation_id}"
    written = await mikko.post(f"{where}/notes", json={"text": " He is hard of hearing: write, do not call. "})
    assert (written.status_code, written.json()["agent"]) == (201, "mikko")
    assert [n["text"] for n in (await anna.get(f"{where}/notes")).json()["notes"]] == ["He is hard of hearing: write, do not call."]
    assert "hearing" not in (await anna.get(where)).json()["messages"].__repr__()
    page = words(await browser[0].get(f"/desk/conversations/{case.conversation_id}"))
    assert "Mikko Laine private note 10:00 He is hard of hearing" in page
    for text, status in (("", 422), ("x" * 2001, 413)):
        assert (await mikko.post(f"{where}/notes", json={"text": text})).status_code == status


async def test_note_is_kept_by_the_form(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    case = waiting_tv(database, cast)
    where = f"/desk/conversations/{case.conversation_id}"
    live = await client.post(
        f"{where}/note", data={"text": "Called the carrier."}, headers={"HX-Request": "true", "X-CSRF-Token": csrf}
    )
    assert (live.status_code, live.headers["hx-trigger"]) == (204, "noted")
    assert (await client.post(f"{where}/note", data={"text": "Again.", "csrf": csrf})).status_code == 303
    assert "Called the carrier." in words(await client.get(where))


async def test_canned_replies_come_in_the_customers_language_filled(
    database: Database, cast: Cast, anna: httpx.AsyncClient, browser: Browser
) -> None:
    case = held_by_anna(database, cast)
    with database.writing() as session:
        assert load_starters(session, NOW) == 7
        assert load_starters(session, NOW) == 0
        session.get_one(Conversation, case.conversation_id).language = "sv"
    where = f"{API}/conversations/{case.conversation_id}/replies"
    (found,) = (await anna.get(where, params={"q": "new comes"})).json()["replies"] or [None]
    assert found["language"] == "sv"
    assert (
        found["text"]
        == f"Vi hämtar Aurora P50 och kommer med en ny; du betalar inget. Ditt ärendenummer är {case.number}. Vilken dag passar dig?"
    )
    assert (await anna.get(where, params={"q": "no such words"})).json() == {"replies": []}
    client, _ = browser
    page = await client.get(f"/desk/conversations/{case.conversation_id}/replies", params={"q": "hej"})
    assert "Hej Erik, jag heter Anna Berg." in words(page)


def test_placeholders_that_nothing_fills_stay_to_be_seen() -> None:
    assert fill("Hello {customer}, {case}", {"customer": "Erik", "case": ""}) == "Hello Erik, ___"
    assert unknown_placeholders("{customer} {name} {0}") == ["0", "name"]
    assert matches("sor fau", "I am sorry, it is our fault", "")
    assert not matches("sorry refund", "I am sorry", "it is our fault")


async def test_agent_arranges_what_the_rules_allow(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    with database.writing() as session:
        case = smelling_tv(session, cast)
    done = await anna.post(f"{API}/cases/{case.number}/remedies", json={"kind": "replacement", "decision": "arrange"})
    assert done.status_code == 200
    assert done.json()["state"] == "arranged"
    assert {(r["kind"], r["state"]) for r in done.json()["remedies"]} >= {("replacement", "arranged"), ("return", "arranged")}
    assert done.json()["followups"][-1]["kind"] == "check_in"
    again = await anna.post(f"{API}/cases/{case.number}/remedies", json={"kind": "return", "decision": "done"})
    assert ("return", "done") in {(r["kind"], r["state"]) for r in again.json()["remedies"]}
    assert (await anna.post(f"{API}/cases/{case.number}/remedies", json={"kind": "repair", "decision": "done"})).status_code == 409


async def test_what_goes_beyond_the_rules_waits_for_the_lead(
    database: Database, cast: Cast, anna: httpx.AsyncClient, siv: httpx.AsyncClient
) -> None:
    with database.writing() as session:
        case = smelling_tv(session, cast)
        session.get_one(Case, case.id).kind, session.get_one(Case, case.id).hazard = "late_delivery", False
    where = f"{API}/cases/{case.number}/remedies"
    asked = (await anna.post(where, json={"kind": "refund"})).json()
    assert ("refund", "needs_human") in {(r["kind"], r["state"]) for r in asked["remedies"]}
    with database.reading() as session:
        assert [a.kind for a in alerts_for(session, cast.siv) if a.kind != "danger"] == ["approval_wanted"]
    approved = (await siv.post(where, json={"kind": "refund"})).json()
    assert ("refund", "arranged") in {(r["kind"], r["state"]) for r in approved["remedies"]}
    assert (
        approved["history"][-2]["detail"]["beyond_rules"] is True or approved["history"][-1]["detail"].get("beyond_rules") is True
    )


async def test_remedy_is_decided_by_the_form(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    with database.writing() as session:
        case = smelling_tv(session, cast)
    assert "Decide on remedies" in words(await client.get(f"/desk/cases/{case.number}"))
    form = {"csrf": csrf, "kind": "refund", "decision": "arrange"}
    answer = await client.post(f"/desk/cases/{case.number}/remedy", data=form | {"back": "1"})
    assert answer.headers["location"] == f"/desk/conversations/{case.conversation_id}"
    with database.reading() as session:
        refund = session.scalars(select(Remedy).where(Remedy.case_id == case.id, Remedy.kind == "refund")).one()
        assert refund.state == "arranged"


async def test_agent_promises_a_call_at_a_free_time_of_his(
    database: Database, cast: Cast, anna: httpx.AsyncClient, mikko: httpx.AsyncClient
) -> None:
    case = held_by_anna(database, cast)
    where = f"{API}/conversations/{case.conversation_id}/calls"
    free = (await anna.get(where)).json()["free"]
    assert free[0] == "2026-11-18T10:30:00+01:00"
    assert (await mikko.post(where, json={"start": free[1]})).status_code == 409
    made = await anna.post(where, json={"start": free[1]})
    assert (made.status_code, made.json()["owner"], made.json()["promised"]) == (201, "anna", True)
    assert (await anna.post(where, json={"start": free[1]})).status_code == 422
    for wrong in ("2026-11-18T03:00:00Z", "2026-11-18T10:30:00", "soon"):
        assert (await anna.post(where, json={"start": wrong})).status_code == 422
    last = (await anna.get(f"{API}/conversations/{case.conversation_id}")).json()["messages"][-1]
    assert last["text"].startswith("Promised: Anna Berg will call you today, Wednesday 18 November at 11:00.")


async def test_call_is_promised_by_the_form(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    case = held_by_anna(database, cast)
    where = f"/desk/conversations/{case.conversation_id}"
    assert "Wed 18 Nov, 10:30" in words(await client.get(where))
    assert (await client.post(f"{where}/call", data={"csrf": csrf, "start": "2026-11-18T10:30:00+01:00"})).status_code == 303
    with database.reading() as session:
        assert (
            session.scalars(select(Followup).where(Followup.kind == "call", Followup.promise == "open")).one().owner_agent_id
            == cast.anna.id
        )


async def test_slip_is_undone_while_nothing_else_has_happened(
    database: Database, cast: Cast, browser: Browser, mikko: httpx.AsyncClient
) -> None:
    client, csrf = browser
    case = held_by_anna(database, cast)
    where = f"/desk/conversations/{case.conversation_id}"
    for deed in ("hand-back", "transfer", "swap"):
        away = await client.post(f"{where}/{deed}", data={"csrf": csrf})
        back = httpx.URL(away.headers["location"])
        assert back.params["undo"] == case.conversation_id
        assert "Undo" in words(await client.get(str(back)))
        undone = await client.post(f"{where}/undo", data={"csrf": csrf, "version": back.params["version"]})
        assert (undone.status_code, undone.headers["location"]) == (303, where), deed
        with database.reading() as session:
            assert session.get_one(Conversation, case.conversation_id).agent_id == cast.anna.id
    away = await client.post(f"{where}/transfer", data={"csrf": csrf, "to": "mikko"})
    version = httpx.URL(away.headers["location"]).params["version"]
    await mikko.post(f"{API}/conversations/{case.conversation_id}/hand-back")
    late = await client.post(f"{where}/undo", data={"csrf": csrf, "version": version})
    assert late.status_code == 409
    assert "Too late to undo" in words(late)


async def test_transfer_to_a_language_asks_for_somebody_who_speaks_it(
    database: Database, cast: Cast, browser: Browser, anna: httpx.AsyncClient, mikko: httpx.AsyncClient
) -> None:
    client, csrf = browser
    case = held_by_anna(database, cast)
    await mikko.get(f"{API}/me")
    where = f"/desk/conversations/{case.conversation_id}"
    assert "somebody who speaks Finnish" in words(await client.get(where))
    assert (await client.post(f"{where}/transfer", data={"csrf": csrf, "to": "language:fi"})).status_code == 303
    shown = (await anna.get(f"{API}/conversations/{case.conversation_id}")).json()
    assert (shown["language"], shown["holder"], shown["handoff"]["answered_by"]) == ("fi", "queue", "Mikko Laine")
    assert (await anna.post(f"{API}/conversations/{case.conversation_id}/language", json={"language": "fi"})).status_code == 409


async def test_presence_is_said_and_kept_by_signs_of_life(
    database: Database, anna: httpx.AsyncClient, clock: StandingClock
) -> None:
    assert (await anna.get(f"{API}/me")).json()["presence"] == "silent"  # as she was before this very call
    assert (await anna.get(f"{API}/me")).json()["presence"] == "online"
    assert (await anna.put(f"{API}/me/presence", json={"presence": "busy"})).json()["presence"] == "busy"
    assert (await anna.put(f"{API}/me/presence", json={"presence": "asleep"})).status_code == 422
    clock.time = NOW + timedelta(minutes=3)
    with database.reading() as session:
        assert session.scalars(select(Agent.seen_at).where(Agent.login == "anna")).one() == NOW


async def test_pause_is_shown_and_skipped(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    with database.writing() as session:
        session.get_one(Agent, cast.anna.id).breathes_until = NOW + timedelta(minutes=5)
    assert "Breathe. That was a hard one. Until 10:05" in words(await client.get("/desk/"))
    assert (await client.post("/desk/pause", data={"csrf": csrf})).status_code == 303
    assert "Breathe." not in words(await client.get("/desk/"))


async def test_queue_says_whose_turn_it_is_mine_first(
    database: Database, cast: Cast, browser: Browser, mikko: httpx.AsyncClient
) -> None:
    client, csrf = browser
    await client.get("/desk/")
    await mikko.get(f"{API}/me")
    with database.writing() as session:
        his = hand_off(session, talk(session, "puhelin?", language="fi")).conversation_id
        hers = hand_off(session, talk(session, "hej", language="sv")).conversation_id
    page = (await client.get("/desk/queue")).text
    assert page.index(hers) < page.index(his)
    assert "Your turn" in page
    assert "Mikko Laine’s turn" in page
    assert f'id="swap-{hers}"' in page
    assert f'id="swap-{his}"' not in page
    assert (await client.post(f"/desk/conversations/{hers}/swap", data={"csrf": csrf})).status_code == 303
    assert (await client.post(f"/desk/conversations/{his}/swap", data={"csrf": csrf})).status_code == 409


@pytest.mark.parametrize(
    ("query", "kind"),
    [
        ("erik lu", "customers"), ("ERIK.LUND@", "customers"), ("f-100001", "cases"), ("aurora", "cases"), ("1002384", "orders"),
        ("smells funny", "conversations"), ("carrier", "conversations"),
    ],
)  # fmt: skip
async def test_search_finds_everything_an_agent_may_see(
    database: Database, cast: Cast, anna: httpx.AsyncClient, browser: Browser, query: str, kind: str
) -> None:
    case = waiting_tv(database, cast)
    await anna.post(f"{API}/conversations/{case.conversation_id}/notes", json={"text": "Asked the carrier."})
    found: dict[str, Any] = (await anna.get(f"{API}/search", params={"q": query})).json()
    assert found[kind], found
    page = await browser[0].get("/desk/search", params={"q": query})
    assert page.status_code == 200
    assert "Nothing has these words" not in words(page)


@pytest.mark.parametrize("query", ["x", "", " ", "%", "_\x00"])
async def test_search_for_too_little_says_so(cast: Cast, anna: httpx.AsyncClient, browser: Browser, query: str) -> None:
    assert (await anna.get(f"{API}/search", params={"q": query})).status_code == 422
    assert "Type at least two letters" in words(await browser[0].get("/desk/search", params={"q": query}))


async def test_search_signs_are_plain_letters(database: Database, cast: Cast, anna: httpx.AsyncClient) -> None:
    waiting_tv(database, cast)
    assert (await anna.get(f"{API}/search", params={"q": "%%"})).json()["conversations"] == []


async def test_colleague_is_warned_that_somebody_writes_here(database: Database, cast: Cast, client: Client) -> None:
    case = waiting_tv(database, cast)
    page = Page(cast.anna.id, case.conversation_id)
    news = f"writing:{cast.mikko.id}:Mikko Laine:is writing here"
    assert page.names(news, case.conversation_id) == {"writing Mikko Laine is writing here."}
    assert page.names(news, "f" * 26) == set()
    assert page.names(f"writing:{cast.anna.id}:Anna Berg:is writing here", case.conversation_id) == set()


async def test_lead_gives_a_conversation_and_an_agent_may_not(
    database: Database, cast: Cast, anna: httpx.AsyncClient, siv: httpx.AsyncClient
) -> None:
    case = waiting_tv(database, cast)
    where = f"{API}/conversations/{case.conversation_id}/give"
    assert (await anna.post(where, json={"to": "mikko"})).status_code == 403
    assert (await siv.post(where, json={"to": "nobody"})).status_code == 422
    given = await siv.post(where, json={"to": "mikko"})
    assert (given.status_code, given.json()["handoff"]["answered_by"]) == (200, "Mikko Laine")
