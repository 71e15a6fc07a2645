"""The agents' API for leads: agents, canned replies, the shop's rules, the audit trail."""

from typing import Any

import httpx
import pytest
from sqlalchemy import select

from desk.agents.tables import Agent
from desk.canned.service import load_starters
from desk.console.examples_team import TEAM_EXAMPLES
from desk.db.engine import Database
from tests.conftest import NOW
from tests.desk.cast import Cast

TEAM = "/api/desk/team"
CHANGE = TEAM_EXAMPLES["MemberIn"]


async def recorded(siv: httpx.AsyncClient) -> list[tuple[str | None, str, str]]:
    return [(e["agent"], e["what"], e["about"]) for e in (await siv.get(f"{TEAM}/audit")).json()["entries"]]


async def test_agent_is_added_and_can_come_in_at_once(siv: httpx.AsyncClient, nobody: httpx.AsyncClient) -> None:
    new = await siv.post(f"{TEAM}/agents", json={"login": "Maja", "name": "Maja Berg", "languages": ["sv"]})
    assert (new.status_code, new.json()["login"]) == (201, "maja")
    me = await nobody.get("/api/desk/me", headers={"Authorization": f"Bearer {new.json()['token']}"})
    assert (me.json()["name"], me.json()["role"]) == ("Maja Berg", "agent")
    assert (await siv.post(f"{TEAM}/agents", json={"login": "maja", "name": "M", "languages": ["sv"]})).status_code == 409
    assert ("siv", "agent_added", "agent:maja") in await recorded(siv)


async def test_agent_is_changed_as_a_whole(siv: httpx.AsyncClient) -> None:
    assert (await siv.put(f"{TEAM}/agents/mikko", json=CHANGE)).json() == {"login": "mikko", **CHANGE}
    read = (await siv.get(f"{TEAM}/agents/mikko")).json()
    assert read == {"login": "mikko", **CHANGE}
    assert [a["login"] for a in (await siv.get(f"{TEAM}/agents")).json()["agents"]] == ["anna", "mikko", "siv"]
    same = {key: value for key, value in read.items() if key != "login"}
    assert (await siv.put(f"{TEAM}/agents/mikko", json=same)).json() == read
    assert (await recorded(siv)).count(("siv", "agent_changed", "agent:mikko")) == 1


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""}, {"name": "Mi\x00kko"}, {"languages": []}, {"languages": ["de"]}, {"timezone": "Mars"}, {"timezone": "\x00"},
        {"hours": {"mon": [["17:00", "09:00"]]}}, {"hours": {"mon": [["9", "12"]]}}, {"hours": {"someday": []}},
        {"hours": {"mon": [["09:00", "13:00"], ["12:00", "15:00"]]}}, {"days_off": ["2026-02-30"]}, {"skills": ["t\x00v"]},
        {"skills": ["x" * 600]}, {"country": "DE"}, {"role": "king"},
    ],
)  # fmt: skip
async def test_what_cannot_be_is_refused(siv: httpx.AsyncClient, wrong: dict[str, Any]) -> None:
    before = (await siv.get(f"{TEAM}/agents/mikko")).json()
    assert (await siv.put(f"{TEAM}/agents/mikko", json=CHANGE | wrong)).status_code == 422
    assert (await siv.get(f"{TEAM}/agents/mikko")).json() == before


async def test_lead_cannot_make_an_admin_nor_end_the_last_lead(siv: httpx.AsyncClient) -> None:
    assert (await siv.put(f"{TEAM}/agents/mikko", json=CHANGE | {"role": "admin"})).status_code == 403
    assert (await siv.put(f"{TEAM}/agents/siv", json=CHANGE | {"active": False, "role": "lead"})).status_code == 409
    for login in ("nobody", "%00", "ö"):
        assert (await siv.get(f"{TEAM}/agents/{login}")).status_code == 404
        assert (await siv.post(f"{TEAM}/agents/{login}/password")).status_code == 404


async def test_who_has_left_comes_in_no_more(siv: httpx.AsyncClient, mikko: httpx.AsyncClient) -> None:
    assert (await siv.put(f"{TEAM}/agents/mikko", json=CHANGE | {"active": False})).json()["active"] is False
    assert (await mikko.get("/api/desk/me")).status_code == 401


async def test_password_is_renewed(database: Database, cast: Cast, siv: httpx.AsyncClient) -> None:
    assert len((await siv.post(f"{TEAM}/agents/mikko/password")).json()["password"]) >= 10
    with database.reading() as session:
        changed = session.scalars(select(Agent.password_hash).where(Agent.login == "mikko")).one()
    assert changed != cast.mikko.password_hash


async def test_replies_are_written_read_and_removed(database: Database, siv: httpx.AsyncClient) -> None:
    with database.writing() as session:
        load_starters(session, NOW)
    texts = {"en": "Hello {customer}", "fi": "Hei {customer}"}
    made = await siv.post(f"{TEAM}/replies", json={"title": "A new one", "texts": texts})
    assert (made.status_code, made.json()["texts"]) == (201, texts)
    one = f"{TEAM}/replies/{made.json()['id']}"
    assert (await siv.get(one)).json() == made.json()
    changed = await siv.put(one, json={"title": "A newer one", "texts": {"en": "Hello"}})
    assert (changed.json()["title"], changed.json()["texts"]) == ("A newer one", {"en": "Hello"})
    assert "A newer one" in [r["title"] for r in (await siv.get(f"{TEAM}/replies")).json()["replies"]]
    for title, said, status in (("X", {"sv": "Hej"}, 422), ("X", {"en": "{boss}"}, 422), ("X", {"en": "a\x00b"}, 422)):
        assert (await siv.post(f"{TEAM}/replies", json={"title": title, "texts": said})).status_code == status
    assert (await siv.delete(one)).status_code == 204
    assert (await siv.delete(one)).status_code == (await siv.get(one)).status_code == 404
    for number in (0, -1, 2**31, 2**70):
        assert (await siv.get(f"{TEAM}/replies/{number}")).status_code == 404
    assert ("siv", "reply_removed", f"reply:{made.json()['id']}") in await recorded(siv)


async def test_rules_are_changed_in_part(siv: httpx.AsyncClient) -> None:
    before = (await siv.get(f"{TEAM}/rules")).json()["values"]
    switch = next(name for name, value in before.items() if isinstance(value, bool))
    wanted = {"returns.days": 21, switch: not before[switch]}
    after = (await siv.patch(f"{TEAM}/rules", json={"values": wanted})).json()["values"]
    assert after == before | wanted
    for wrong in ({"returns.days": "soon"}, {"returns.days": True}, {switch: "yes"}, {"nothing": 1}, {"returns.days": -1}):
        assert (await siv.patch(f"{TEAM}/rules", json={"values": {**wrong, switch: before[switch]} | wrong})).status_code == 422
    assert (await siv.get(f"{TEAM}/rules")).json()["values"] == after
    assert ("siv", "rules_changed", "shop_rules") in await recorded(siv)


async def test_audit_trail_comes_in_pages(siv: httpx.AsyncClient) -> None:
    for days in (15, 16, 17):
        await siv.patch(f"{TEAM}/rules", json={"values": {"returns.days": days}})
    first = (await siv.get(f"{TEAM}/audit", params={"limit": 2, "about": "shop_rules"})).json()
    rest = (await siv.get(f"{TEAM}/audit", params={"limit": 2, "about": "shop_rules", "cursor": first["next"]})).json()
    assert [e["detail"]["after"]["returns.days"] for e in first["entries"] + rest["entries"]] == [17, 16, 15]
    assert rest["next"] is None
