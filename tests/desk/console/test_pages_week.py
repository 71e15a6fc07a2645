"""The lead's pages and the week: who may see them, and what their forms do."""

from datetime import timedelta

import httpx
import pytest

from desk.alerts.service import tell, unseen_count
from desk.cases.service import close_unconfirmed
from desk.cases.tables import Case
from desk.db.engine import Database
from desk.followups.plan_store import plan_in_force
from desk.surveys.tables import Survey
from tests.conftest import NOW
from tests.desk.cast import Cast, promise_call, smelling_tv, talk, verify
from tests.desk.console.conftest import Client, StandingClock, signed_in
from tests.desk.console.test_pages import Browser, words

PLAN = {
    "version": "1", "urgent": "1", "high": "4", "normal": "24", "ask_on_days": "2, 5", "ask_again_after_days": "",
    "call_after_days": "2", "decide_after_days": "3", "survey_after_hours": "", "last_word_after_days": "20",
}  # fmt: skip


@pytest.fixture
def siv(database: Database, client: Client, cast: Cast) -> Browser:
    """The lead's browser, and her CSRF token."""
    return signed_in(database, client, cast.siv)


async def test_the_week_shows_the_line_and_every_next_step(
    database: Database, cast: Cast, siv: Browser, browser: Browser, clock: StandingClock
) -> None:
    with database.writing() as session:
        case = smelling_tv(session, cast)
        promise_call(session, case, cast.anna, NOW + timedelta(hours=3))
    page = words(await siv[0].get("/desk/week"))
    for said in ("Nobody is forgotten: 1 open cases, 1 next steps.", case.number, "Erik Lund", "Call by Anna Berg", "Promised"):
        assert said in page
    assert "Call by you" in words(await browser[0].get("/desk/week"))
    assert (await browser[0].get("/desk/week?whose=all")).status_code == 403
    file = await siv[0].get("/desk/week.md?whose=all")
    assert file.headers["content-disposition"].startswith("attachment")
    assert case.number in file.text


@pytest.mark.parametrize("path", ["/desk/plans", "/desk/surveys"])
async def test_the_leads_pages_are_for_the_lead(browser: Browser, siv: Browser, nobody: httpx.AsyncClient, path: str) -> None:
    assert (await browser[0].get(path)).status_code == 403
    assert (await siv[0].get(path)).status_code == 200
    assert (await nobody.get(path)).status_code == 303


async def test_a_changed_plan_is_a_new_version(database: Database, siv: Browser) -> None:
    client, csrf = siv
    assert "1, 7, 30" in (await client.get("/desk/plans?kind=fault")).text
    changed = await client.post("/desk/plans/fault", data={"csrf": csrf, **PLAN})
    assert changed.status_code == 303
    with database.writing() as session:
        plan = plan_in_force(session, "fault", NOW)
    assert (plan.version, plan.plan["ask_on_days"], plan.plan["survey_after_hours"]) == (2, [2, 5], None)
    again = await client.post("/desk/plans/fault", data={"csrf": csrf, **PLAN, "normal": "48"})
    assert again.status_code == 409
    assert "Somebody has changed this plan meanwhile" in words(again)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"ask_on_days": "7, 1"}, "each day later"), ({"normal": "soon"}, "Whole numbers"), ({"urgent": "99"}, "wait longer")],
)
async def test_a_plan_that_makes_no_sense_stays_in_the_form(siv: Browser, wrong: dict[str, str], said: str) -> None:
    client, csrf = siv
    answer = await client.post("/desk/plans/fault", data={"csrf": csrf, **PLAN, **wrong})
    assert answer.status_code == 422
    assert said in words(answer)
    assert next(iter(wrong.values())) in answer.text


async def test_a_message_is_seen_by_the_one_it_is_for(database: Database, cast: Cast, siv: Browser, browser: Browser) -> None:
    with database.writing() as session:
        tell(session, "k", "low_rating", NOW, {"rating": 1, "case": "F-100001"})
    assert "gave us 1 of 5" in words(await siv[0].get("/desk/news"))
    assert "Nothing to tell" in words(await browser[0].get("/desk/news"))
    assert (await browser[0].post("/desk/news/1/seen", data={"csrf": browser[1]})).status_code == 404
    assert "1 new messages" in words(await siv[0].get("/desk/"))
    assert (await siv[0].post("/desk/news/1/seen", data={"csrf": siv[1]})).status_code == 303
    assert "Seen just now" in words(await siv[0].get("/desk/news"))


async def test_all_messages_are_seen_at_once_but_not_those_that_came_since(database: Database, cast: Cast, siv: Browser) -> None:
    client, csrf = siv
    with database.writing() as session:
        for n in range(3):
            tell(session, f"k{n}", "low_rating", NOW, {"rating": 1, "case": ""})
        tell(session, "hers", "low_rating", NOW, {"rating": 2, "case": ""}, agent_id=cast.anna.id)
    assert "Mark all 3 as seen" in words(await client.get("/desk/news"))
    with database.writing() as session:
        tell(session, "since", "low_rating", NOW, {"rating": 2, "case": ""})
    assert (await client.post("/desk/news/seen", data={"csrf": csrf, "until": "3"})).status_code == 303
    page = words(await client.get("/desk/news"))
    assert page.count("Seen just now") == 3
    assert "1 new messages" in page
    with database.reading() as session:
        assert unseen_count(session, cast.anna) == 1


async def test_the_board_shows_what_wants_the_lead_dangers_first_and_not_what_is_over(
    database: Database, cast: Cast, siv: Browser
) -> None:
    danger = {"case": "F-100001", "product": "Aurora P50", "text": "it smells"}
    with database.writing() as session:
        tell(session, "d", "danger", NOW - timedelta(days=1), danger)
        ended = smelling_tv(session, cast)
        tell(session, "e", "promise_broken", NOW, {"case": "F-100001", "what": "call", "due_at": NOW.isoformat()}, case_id=ended.id)
        close_unconfirmed(session, ended, cast.siv, "He moved away.", NOW)
        promise = {"case": "F-100001", "what": "call", "due_at": NOW.isoformat()}
        tell(session, "old", "promise_at_risk", NOW - timedelta(hours=3), promise)
        tell(session, "w", "week", NOW, {"week": "2026-W47", "line": "Nobody is forgotten."})
        tell(session, "soon", "promise_soon", NOW, promise, agent_id=cast.siv.id)
        for n in range(25):
            tell(session, f"r{n}", "low_rating", NOW, {"rating": 1, "case": ""})
    page = words(await siv[0].get("/desk/lead"))
    assert page.index("Danger: Aurora P50") < page.index("A customer gave us 1 of 5")
    assert "6 more under Messages" in page
    for past in ("The week 2026-W47", "You promised", "A promise is about to break", "A promise was broken"):
        assert past not in page


async def test_a_round_is_asked_by_the_form(database: Database, cast: Cast, siv: Browser) -> None:
    client, csrf = siv
    form = {"csrf": csrf, "about": "new_product", "product": "AUR-P50", "days": "30"}
    nobody = await client.post("/desk/surveys", data=form)
    assert nobody.status_code == 422
    with database.writing() as session:
        verify(session, talk(session, "hello"), cast)
    assert (await client.post("/desk/surveys", data=form)).status_code == 303
    assert "Aurora P50" in words(await client.get("/desk/surveys"))
    with database.reading() as session:
        assert session.query(Survey).count() == 1


async def test_the_goods_of_a_case_are_collected_and_delivered_by_buttons(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    with database.writing() as session:
        case = smelling_tv(session, cast, arranged=True)
    where = f"/desk/cases/{case.number}"
    assert (await client.post(f"{where}/collected", data={"csrf": csrf})).status_code == 303
    assert (await client.post(f"{where}/delivered", data={"csrf": csrf})).status_code == 303
    page = words(await client.get(where))
    assert "Delivered" in page
    assert "is all well?" in page
    assert (await client.post(f"{where}/delivered", data={"csrf": csrf})).status_code == 409
    with database.reading() as session:
        assert session.get_one(Case, case.id).delivered_at == NOW
