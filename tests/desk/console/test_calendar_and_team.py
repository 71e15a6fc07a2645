"""The calendar and its feed, the lead's board, agents and rules edited, one-time codes; all of it on record."""

from datetime import timedelta

import httpx
import pyotp
import pytest
from fastapi import FastAPI
from icalendar import Calendar
from sqlalchemy import select, text
from sqlalchemy.exc import DatabaseError

from desk.agents.codes import use_code
from desk.agents.editing import read_hours
from desk.agents.errors import WrongAgent
from desk.agents.tables import Agent
from desk.audit.tables import AuditEntry
from desk.conversations.access import take_as_agent
from desk.db.engine import Database
from desk.followups.service import mark_done
from desk.parts import Parts
from desk.shop.service import rules
from tests.conftest import NOW
from tests.desk.cast import PASSWORD, Cast, promise_call, smelling_tv
from tests.desk.console.conftest import Client, StandingClock, signed_in
from tests.desk.console.test_pages import Browser, waiting_tv, words


@pytest.fixture
def lead(database: Database, client: Client, cast: Cast) -> Browser:
    """The lead's browser."""
    return signed_in(database, client, cast.siv)


def entries(database: Database, what: str) -> list[AuditEntry]:
    with database.reading() as session:
        return list(session.scalars(select(AuditEntry).where(AuditEntry.what == what)))


async def test_calendar_shows_my_calls_by_day_and_week(database: Database, cast: Cast, browser: Browser) -> None:
    client, _ = browser
    with database.writing() as session:
        promise_call(session, smelling_tv(session, cast), cast.anna, NOW + timedelta(hours=2))
        promise_call(session, smelling_tv(session, cast), cast.mikko, NOW + timedelta(hours=3))
    week = words(await client.get("/desk/calendar"))
    assert "12:00–12:30 Erik Lund F-100001 Promised" in week
    assert "F-100002" not in week
    assert week.count("No calls.") == 6
    assert "No calls." in words(await client.get("/desk/calendar", params={"view": "day", "day": "2026-11-19"}))
    for wrong in ("2026-02-30", "soon", "9999-01-01"):
        assert (await client.get("/desk/calendar", params={"day": wrong})).status_code == 422


async def test_feed_has_a_secret_address_that_can_be_revoked(
    database: Database, cast: Cast, browser: Browser, nobody: httpx.AsyncClient
) -> None:
    client, csrf = browser
    with database.writing() as session:
        call = promise_call(session, smelling_tv(session, cast), cast.anna, NOW + timedelta(hours=2))
    shown = (await client.post("/desk/calendar/feed", data={"csrf": csrf})).text
    address = shown.split('id="feed-address" readonly value="')[1].split('"')[0]
    path = address.removeprefix("http://desk.test")
    assert address not in (await client.get("/desk/calendar")).text
    answer = await nobody.get(path)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    (event,) = Calendar.from_ical(answer.text).walk("VEVENT")
    assert str(event["SUMMARY"]) == "Call Erik Lund (F-100001)"
    assert event["DTSTART"].dt == NOW + timedelta(hours=2)
    assert str(event["UID"]) == f"{call.id}@fubb"
    assert "+46" not in answer.text
    with database.writing() as session:
        mark_done(session, cast.anna, call.id, "Talked.", NOW)
    assert "✓ Call Erik Lund" in (await nobody.get(path)).text
    await client.post("/desk/calendar/feed", data={"csrf": csrf})
    assert (await nobody.get(path)).status_code == 404
    await client.post("/desk/calendar/revoke", data={"csrf": csrf})
    with database.reading() as session:
        assert session.get_one(Agent, cast.anna.id).calendar_hash is None
    assert len(entries(database, "calendar_opened")) == 2


async def test_board_shows_who_waits_who_is_there_and_what_is_about_to_break(
    database: Database, cast: Cast, lead: Browser, browser: Browser
) -> None:
    client, csrf = lead
    await browser[0].get("/desk/")
    case = waiting_tv(database, cast)
    with database.writing() as session:
        promise_call(session, smelling_tv(session, cast), cast.anna, NOW + timedelta(hours=1))
    page = words(await client.get("/desk/lead"))
    for said in ("Needs you", "Danger", "Who waits 1", "Call: Erik Lund", "Anna Berg en, sv Online", "Mikko Laine fi, en Silent"):
        assert said in page, said
    given = await client.post(f"/desk/lead/give/{case.conversation_id}", data={"csrf": csrf, "to": "mikko"})
    assert given.status_code == 303
    assert "Mikko Laine Give Erik Lund to" in words(await client.get("/desk/lead/board")).replace("  ", " ")
    assert (await client.post(f"/desk/lead/give/{case.conversation_id}", data={"csrf": csrf, "to": ""})).status_code == 422


async def test_lead_edits_an_agent_and_the_trail_keeps_before_and_after(database: Database, cast: Cast, lead: Browser) -> None:
    client, csrf = lead
    form = {
        "csrf": csrf, "name": "Mikko L", "role": "lead", "languages": ["fi", "sv"], "timezone": "Europe/Helsinki", "country": "FI",
        "hours-mon": "9:00-12:00, 13.00-17.00", "hours-tue": "", "days_off": "2026-12-23", "skills": "TV, washing machine", "active": "1",
    }  # fmt: skip
    assert (await client.post("/desk/team/agents/mikko", data=form)).status_code == 303
    with database.reading() as session:
        mikko = session.get_one(Agent, cast.mikko.id)
        assert (mikko.name, mikko.role, mikko.languages) == ("Mikko L", "lead", ["sv", "fi"])
        assert mikko.hours["mon"] == [["09:00", "12:00"], ["13:00", "17:00"]]
        assert (mikko.hours["tue"], mikko.days_off, mikko.skills) == ([], ["2026-12-23"], ["tv", "washing machine"])
    (entry,) = entries(database, "agent_changed")
    assert (entry.agent_id, entry.detail["before"]["role"], entry.detail["after"]["role"]) == (cast.siv.id, "agent", "lead")
    assert "password" not in str(entry.detail)
    trail = words(await client.get("/desk/team/audit", params={"about": "agent:mikko"}))
    assert "Siv Holm agent changed agent:mikko" in trail


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"hours-mon": "nine to five"}, 422, "Hours look like"),
        ({"hours-mon": "09:00-12:00, 11:00-13:00"}, 422, "overlap"),
        ({"days_off": "christmas"}, 422, "A day off looks like"),
        ({"timezone": "Mars/Olympus"}, 422, "A time zone looks like"),
        ({"timezone": "../../etc/passwd"}, 422, "A time zone looks like"),
        ({"country": "XX"}, 422, "Countries"),
        ({"role": "admin"}, 403, "Only an admin"),
        ({"role": "king"}, 422, "Roles are"),
        ({"languages": []}, 422, "one language at least"),
        ({"name": ""}, 422, "A name has"),
    ],
)
async def test_wrong_change_of_an_agent_says_what_to_write(
    database: Database, cast: Cast, lead: Browser, change: dict[str, object], status: int, said: str
) -> None:
    client, csrf = lead
    form = {
        "csrf": csrf,
        "name": "M",
        "role": "agent",
        "languages": ["fi"],
        "timezone": "Europe/Helsinki",
        "country": "FI",
        "active": "1",
    }
    answer = await client.post("/desk/team/agents/mikko", data=form | change)
    assert answer.status_code == status
    assert said in words(answer)
    assert entries(database, "agent_changed") == []


async def test_last_lead_cannot_be_unmade(cast: Cast, lead: Browser) -> None:
    client, csrf = lead
    form = {
        "csrf": csrf,
        "name": "S",
        "role": "agent",
        "languages": ["sv"],
        "timezone": "Europe/Stockholm",
        "country": "SE",
        "active": "1",
    }
    answer = await client.post("/desk/team/agents/siv", data=form)
    assert answer.status_code == 409
    assert "He is the last one who leads" in words(answer)


async def test_agent_who_leaves_is_out_at_once(database: Database, cast: Cast, lead: Browser, anna: httpx.AsyncClient) -> None:
    client, csrf = lead
    form = {"csrf": csrf, "name": "Anna", "role": "agent", "languages": ["sv"], "timezone": "Europe/Stockholm", "country": "SE"}
    assert (await client.post("/desk/team/agents/anna", data=form)).status_code == 303
    assert (await anna.get("/api/desk/me")).status_code == 401


def test_hours_are_read_as_people_write_them() -> None:
    assert read_hours("13:00 – 17:00;9.30-12.00") == [["09:30", "12:00"], ["13:00", "17:00"]]
    assert read_hours("00:00-24:00") == [["00:00", "24:00"]]
    for wrong in ("17:00-09:00", "25:00-26:00", "9-17", "09:00-24:30"):
        with pytest.raises(WrongAgent):
            read_hours(wrong)


async def test_lead_changes_the_shop_rules_all_or_none(database: Database, cast: Cast, lead: Browser) -> None:
    client, csrf = lead
    page = (await client.get("/desk/team/rules")).text
    assert 'name="returns.days" value="30"' in page
    form = dict.fromkeys(["returns.opened_ok", "faults.shop_pays_freight"], "1") | {"csrf": csrf}
    wrong = await client.post("/desk/team/rules", data=form | {"returns.days": "many", "returns.customer_pays": "1"})
    assert wrong.status_code == 422
    assert "returns days" in words(wrong)
    right = await client.post("/desk/team/rules", data=form | {"returns.days": "45"})
    assert "In force from now on." in words(right)
    with database.reading() as session:
        assert (rules(session).returns.days, rules(session).returns.opened_ok) == (45, True)
    (entry,) = entries(database, "rules_changed")
    assert entry.detail == {"before": {"returns.days": 30}, "after": {"returns.days": 45}}


async def test_canned_replies_are_written_changed_and_removed(database: Database, cast: Cast, lead: Browser) -> None:
    client, csrf = lead
    form = {"csrf": csrf, "title": "Sorry", "text-en": "Sorry, {customer}", "text-sv": "Förlåt, {customer}"}
    assert (await client.post("/desk/team/replies", data=form)).status_code == 303
    for wrong, said in (
        ({"text-en": ""}, "in English at least"),
        ({"text-en": "{name}"}, "Nothing fills {name}"),
        ({}, "already a reply"),
    ):
        assert said in words(await client.post("/desk/team/replies", data=form | wrong))
    assert (
        await client.post("/desk/team/replies", data=form | {"id": "1", "text-en": "I am sorry, {customer}"})
    ).status_code == 303
    assert "I am sorry, {customer}" in (await client.get("/desk/team/replies/1")).text
    assert (await client.post("/desk/team/replies/1/remove", data={"csrf": csrf})).status_code == 303
    assert [e.detail.get("after") is None for e in entries(database, "reply_removed")] == [True]


async def test_one_time_codes_are_turned_on_asked_for_and_work_once(
    database: Database, cast: Cast, browser: Browser, nobody: httpx.AsyncClient, clock: StandingClock
) -> None:
    client, csrf = browser
    page = (await client.post("/desk/me/codes", data={"csrf": csrf})).text
    assert "data:image/svg+xml;base64," in page
    with database.reading() as session:
        totp = pyotp.TOTP(session.get_one(Agent, cast.anna.id).totp_secret)
    assert "That code does not fit" in words(await client.post("/desk/me/codes/confirm", data={"csrf": csrf, "code": "000000"}))
    code = totp.at(int(NOW.timestamp()))
    assert (await client.post("/desk/me/codes/confirm", data={"csrf": csrf, "code": code})).status_code == 303
    assert (await client.get("/desk/")).status_code == 303  # every session has ended
    login = {"login": "anna", "password": PASSWORD}
    assert (await nobody.post("/desk/login", data=login)).status_code == 401
    assert (await nobody.post("/desk/login", data=login | {"code": code})).status_code == 401  # used already
    clock.time = NOW + timedelta(minutes=2)
    fresh = totp.at(int(clock.time.timestamp()))
    assert (await nobody.post("/desk/login", data=login | {"code": fresh[:3] + " " + fresh[3:]})).status_code == 303
    assert [e.what for e in entries(database, "codes_on")] == ["codes_on"]


def test_code_of_a_clock_a_little_off_works_and_an_old_one_does_not() -> None:
    agent = Agent(totp_secret=pyotp.random_base32(), totp_on=True, totp_last=0)
    totp, at = pyotp.TOTP(agent.totp_secret), int(NOW.timestamp())
    assert not use_code(agent, totp.at(at - 90), NOW)
    assert use_code(agent, totp.at(at - 30), NOW)
    assert not use_code(agent, totp.at(at - 30), NOW)
    assert use_code(agent, totp.at(at + 30), NOW)
    for wrong in ("", "12345", "1234567", "abcdef", "１２３４５６"):
        assert not use_code(agent, wrong, NOW)


async def test_leads_who_need_codes_see_nothing_else_first(
    database: Database, cast: Cast, parts: Parts, app: FastAPI, lead: Browser, browser: Browser
) -> None:
    parts.settings = parts.settings.model_copy(update={"leads_need_codes": True})
    client, _ = lead
    away = await client.get("/desk/lead")
    assert (away.status_code, away.headers["location"]) == (303, "/desk/me")
    assert "Leads log in with a one-time code here" in words(await client.get("/desk/me"))
    assert (await client.get("/api/desk/cases")).status_code == 403
    assert (await browser[0].get("/desk/")).status_code == 200


async def test_logging_out_everywhere_ends_every_session(database: Database, cast: Cast, client: Client, browser: Browser) -> None:
    other, _ = signed_in(database, client, cast.anna)
    here, csrf = browser
    assert (await here.post("/desk/me/logout-everywhere", data={"csrf": csrf})).status_code == 303
    assert [(await c.get("/desk/")).status_code for c in (here, other)] == [303, 303]


async def test_password_and_token_are_renewed_by_their_owner(cast: Cast, browser: Browser, anna: httpx.AsyncClient) -> None:
    client, csrf = browser
    wrong = await client.post("/desk/me/password", data={"csrf": csrf, "old": "wrong", "new": "a new password"})
    assert "That is not your password" in words(wrong)
    shown = await client.post("/desk/me/token", data={"csrf": csrf})
    assert "Shown only now" in words(shown)
    assert (await anna.get("/api/desk/me")).status_code == 401
    assert (await client.post("/desk/me/password", data={"csrf": csrf, "old": PASSWORD, "new": "short"})).status_code == 422
    assert (
        await client.post("/desk/me/password", data={"csrf": csrf, "old": PASSWORD, "new": "a new password"})
    ).status_code == 303
    assert (await client.get("/desk/")).status_code == 303


async def test_who_looked_at_a_conversation_is_on_record_once(database: Database, cast: Cast, browser: Browser) -> None:
    client, _ = browser
    case = waiting_tv(database, cast)
    for _ in range(3):
        await client.get(f"/desk/conversations/{case.conversation_id}")
    (entry,) = entries(database, "seen")
    assert (entry.agent_id, entry.about) == (cast.anna.id, f"conversation:{case.conversation_id}")


def test_audit_trail_cannot_be_changed(database: Database, cast: Cast) -> None:
    with database.writing() as session:
        take_as_agent(session, cast.anna, smelling_tv(session, cast).conversation_id, NOW)
        session.add(AuditEntry(at=NOW, agent_id=cast.anna.id, what="seen", about="x"))
    for deed in ("UPDATE audit_entries SET what = 'nothing'", "DELETE FROM audit_entries"):
        with pytest.raises(DatabaseError), database.writing() as session:
            session.execute(text(deed))
