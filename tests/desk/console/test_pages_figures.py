"""The page of figures: for leads, by period, with a table beside every plot, and as a file that is on record."""

import csv
import io
import re
from datetime import timedelta

import pytest
from sqlalchemy import select

from desk.audit.tables import AuditEntry
from desk.cases.service import confirm_solved
from desk.conversations.access import say_as_agent, take_as_agent
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.followups.service import mark_done
from desk.surveys.tables import Survey
from tests.conftest import NOW
from tests.desk.cast import Cast, hand_off, heard_last, promise_call, smelling_tv
from tests.desk.console.conftest import Client, StandingClock, signed_in
from tests.desk.console.test_pages import Browser, words

WEEK = "/desk/figures?period=week&day=2026-11-18"


@pytest.fixture
def siv(database: Database, client: Client, cast: Cast) -> Browser:
    """The lead's browser, and her CSRF token."""
    return signed_in(database, client, cast.siv)


@pytest.fixture
def week_with_a_case(database: Database, cast: Cast, clock: StandingClock) -> None:
    """Erik's TV: a hand-off answered after four minutes, a promised call kept, satisfied, rated 5 with words."""
    with database.writing() as session:
        case = smelling_tv(session, cast, arranged=True)
        conversation = session.get_one(Conversation, case.conversation_id)
        hand_off(session, conversation)
        take_as_agent(session, cast.anna, conversation.id, NOW + timedelta(minutes=3))
        say_as_agent(session, cast.anna, conversation.id, "a1", "I am here.", NOW + timedelta(minutes=4))
        call = promise_call(session, case, cast.anna, NOW + timedelta(hours=3))
        mark_done(session, cast.anna, call.id, "All arranged.", NOW + timedelta(hours=3, minutes=5))
        confirm_solved(session, case, heard_last(session, conversation), NOW + timedelta(hours=4))
        survey = {"case_id": case.id, "customer_id": cast.erik.id, "conversation_id": conversation.id, "created_at": NOW}
        session.add(
            Survey(
                **survey, state="rated", due_at=NOW, asked_at=NOW, rating=5, rated_at=NOW, words="=Quick <b>help</b>", words_at=NOW
            )
        )
    clock.time = NOW + timedelta(hours=6)


async def test_every_figure_is_there_with_its_meaning_its_plot_and_its_table(siv: Browser, week_with_a_case: None) -> None:
    answer = await siv[0].get(WEEK)
    page = words(answer)
    for said in (
        "Week 47, 2026, so far", "4 min median", "1 of 1 answered", "0 of 1 conversations", "1 of 1 closed cases", "mean 5.0",
        "1 of 1 answered (100 %)", "Quick <b>help</b>", "1 kept, 0 broken", "Anna Berg", "Aurora P50", "SEK 6,681",
        "Of the conversations opened in the period", "Wilson's 95 % interval", "at a margin of 25%",
    ):  # fmt: skip
        assert said in page, said
    assert len(re.findall(r"<svg[^>]* role=\"img\" aria-label=\"[^\"]+\"", answer.text)) == 9  # nobody's days ended: no tenth
    assert answer.text.count('<table class="figures">') == 8
    assert "<b>help" not in answer.text
    assert " style=" not in answer.text


async def test_a_period_without_anything_says_so(siv: Browser) -> None:
    page = words(await siv[0].get("/desk/figures?period=month&day=2020-02-01"))
    assert "Nothing to count in this period." in page
    assert "February 2020" in page


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("period=quarter&day=2026-11-18", "October to December 2026"),
        ("period=days&from=2026-11-10&to=2026-11-20", "10 Nov to 20 Nov 2026"),
        ("", "November 2026"),
    ],
)
async def test_the_period_is_chosen_by_the_address(siv: Browser, asked: str, said: str) -> None:
    answer = await siv[0].get(f"/desk/figures?{asked}")
    assert answer.status_code == 200
    assert said in words(answer)


@pytest.mark.parametrize("asked", ["period=days&from=2026-11-20&to=2026-11-10", "period=year", "period=days&from=x&to=<i>"])
async def test_a_period_that_is_none_is_said_beside_the_form(siv: Browser, asked: str) -> None:
    answer = await siv[0].get(f"/desk/figures?{asked}")
    assert answer.status_code == 422
    assert "Below is this month" in words(answer)
    assert "<i>" not in answer.text
    assert (await siv[0].get(f"/desk/figures.csv?{asked}")).status_code == 422


async def test_the_way_back_and_forth_is_there_but_not_into_the_future(siv: Browser) -> None:
    now = (await siv[0].get(WEEK)).text
    assert 'href="/desk/figures?period=week&amp;day=2026-11-09" rel="prev"' in now
    assert 'rel="next"' not in now
    assert 'rel="next"' in (await siv[0].get("/desk/figures?period=week&day=2026-11-09")).text


async def test_the_file_has_every_figure_no_formula_and_is_on_record(
    database: Database, siv: Browser, week_with_a_case: None
) -> None:
    file = await siv[0].get(WEEK.replace("figures?", "figures.csv?"))
    assert file.headers["content-disposition"] == 'attachment; filename="figures-2026-W47.csv"'
    rows = list(csv.DictReader(io.StringIO(file.text.removeprefix("\ufeff"))))
    found = {(r["figure"], r["of"]): r for r in rows}
    assert found["first_answer_seconds_median", "human"]["value"] == "240.0"
    assert found["promises", "Anna Berg"]["count"] == "1"
    assert found["words", "rated 5"]["value"] == "'=Quick <b>help</b>"
    assert found["rework_total_SEK", "Aurora P50"]["value"] == "6681.0"
    assert {"retention", "worth", "bot_alone"} <= {r["of"] for r in rows if r["figure"] == "definition"}
    with database.reading() as session:
        entry = session.scalars(select(AuditEntry).where(AuditEntry.what == "figures_downloaded")).one()
        assert entry.about == "figures:2026-W47"


async def test_leads_find_the_figures_and_agents_do_not(siv: Browser, browser: Browser) -> None:
    assert 'href="/desk/figures"' in (await siv[0].get("/desk/week")).text
    assert 'href="/desk/figures"' not in (await browser[0].get("/desk/week")).text
