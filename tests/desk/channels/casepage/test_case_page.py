"""The customer's own page: by its signed link alone, in his language, and looking changes nothing."""

import re
from datetime import timedelta
from html import unescape

import httpx
import jwt
import pytest
from sqlalchemy import select

from desk.cases.tables import Case
from desk.channels.casepage.links import case_of_link, link_to_case
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.db.engine import Database
from desk.errors import NotFound
from desk.followups.tables import Followup
from desk.parts import Parts
from tests.conftest import NOW
from tests.desk.cast import Cast, promise_call, smelling_tv
from tests.desk.console.conftest import StandingClock


@pytest.fixture
def case(database: Database, cast: Cast) -> Case:
    """Erik's smelling TV; Anna has promised to call."""
    with database.writing() as session:
        case = smelling_tv(session, cast, arranged=True)
        promise_call(session, case, cast.anna, NOW + timedelta(hours=3))
        return case


@pytest.fixture
def page(case: Case, parts: Parts) -> str:
    """The path of its page."""
    return httpx.URL(link_to_case(case.id, parts.settings, NOW)).path


def read(answer: httpx.Response) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", answer.text)).split())


def fresh(database: Database, case: Case) -> Case:
    with database.reading() as session:
        return session.get_one(Case, case.id)


@pytest.mark.parametrize(
    ("language", "said"),
    [
        (
            "en",
            [
                "Your case F-",
                "Anna Berg calls you today",
                "That is promised",
                "I am satisfied",
                "Write to me no more",
                "You chose: “Collect it and bring a new one”",
            ],
        ),
        (
            "sv",
            [
                "Ditt ärende F-",
                "Anna Berg ringer dig i dag",
                "Det är lovat",
                "Jag är nöjd",
                "Skriv inte till mig mer",
                "Du valde: ”",
            ],
        ),
        (
            "nb",
            [
                "Saken din F-",
                "Anna Berg ringer deg i dag",
                "Det er lovet",
                "Jeg er fornøyd",
                "Ikke skriv til meg mer",
                "Du valgte: «",
            ],
        ),
        (
            "fi",
            [
                "Tapauksesi F-",
                "Anna Berg soittaa sinulle tänään",
                "Se on luvattu",
                "Olen tyytyväinen",
                "Älkää kirjoittako",
                "Valitsit: ”",
            ],
        ),
    ],
)
async def test_he_reads_in_his_language_what_was_promised_and_done(
    database: Database, case: Case, page: str, nobody: httpx.AsyncClient, language: str, said: list[str]
) -> None:
    with database.writing() as session:
        session.get_one(Conversation, case.conversation_id).language = language
    answer = await nobody.get(page)
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text
    assert [s for s in said if s not in read(answer)] == []
    assert "The TV smells funny" in read(answer)
    assert (answer.headers["cache-control"], answer.headers["referrer-policy"]) == ("no-store", "no-referrer")
    assert "unsafe-inline" not in answer.headers["content-security-policy"]


async def test_looking_changes_nothing(database: Database, case: Case, page: str, nobody: httpx.AsyncClient) -> None:
    for path in (page, f"{page}/satisfied", f"{page}/stop"):
        await nobody.get(path)
    assert fresh(database, case).is_open
    with database.reading() as session:
        assert session.get_one(Conversation, case.conversation_id).quiet_since is None


async def test_his_word_on_the_page_closes_the_case_and_stands_in_the_chat(
    database: Database, case: Case, page: str, nobody: httpx.AsyncClient
) -> None:
    assert (await nobody.post(f"{page}/satisfied")).status_code == 303
    assert (await nobody.post(f"{page}/satisfied")).status_code == 303  # pressed twice
    closed = fresh(database, case)
    assert closed.state == "satisfied"
    with database.reading() as session:
        message = session.get_one(Message, closed.satisfied_by_message_id)
        assert (message.author, message.text, message.conversation_id) == ("customer", "I am satisfied", case.conversation_id)
        said = session.scalars(select(Message.text).where(Message.author == "system")).all()
    assert len([s for s in said if "I've closed case" in s]) == 1
    assert "You are satisfied" in read(await nobody.get(page))


async def test_still_not_right_opens_it_again_to_a_person(
    database: Database, case: Case, page: str, nobody: httpx.AsyncClient
) -> None:
    await nobody.post(f"{page}/satisfied")
    assert (await nobody.post(f"{page}/not-right", data={"text": "it hums"})).status_code == 303
    again = fresh(database, case)
    assert again.is_open
    assert again.priority == "urgent"
    with database.reading() as session:
        assert session.get_one(Conversation, case.conversation_id).holder == "queue"
        step = session.get_one(Followup, again.next_followup_id)
        assert (step.owner, step.due_at) == ("team", NOW + timedelta(hours=1))
        assert "it hums" in session.scalars(select(Message.text).where(Message.author == "customer")).all()


async def test_he_moves_the_call_to_a_free_time(database: Database, case: Case, page: str, nobody: httpx.AsyncClient) -> None:
    shown = await nobody.get(page)
    starts = re.findall(r'name="start" value="([^"]+)"', shown.text)
    assert (await nobody.post(f"{page}/call", data={"start": unescape(starts[-1])})).status_code == 303
    with database.reading() as session:
        promises = session.scalars(select(Followup.promise).where(Followup.kind == "call").order_by(Followup.created_at)).all()
        assert sorted(promises) == ["moved", "open"]
    nothing = await nobody.post(f"{page}/call", data={"start": "2026-11-18T03:00:00+01:00"})
    assert nothing.status_code == 409
    assert "Choose another one" in read(nothing)


async def test_he_stops_our_messages_and_allows_them_again(
    database: Database, cast: Cast, case: Case, page: str, nobody: httpx.AsyncClient
) -> None:
    await nobody.post(f"{page}/stop")
    with database.reading() as session:
        assert session.get_one(Customer, cast.erik.id).no_messages_since == NOW
    assert "You may write to me again" in read(await nobody.get(page)) or "We write to you no more" in read(await nobody.get(page))
    await nobody.post(f"{page}/resume")
    with database.reading() as session:
        assert session.get_one(Customer, cast.erik.id).no_messages_since is None


async def test_a_forged_or_old_link_shows_nothing(
    case: Case, page: str, parts: Parts, clock: StandingClock, nobody: httpx.AsyncClient
) -> None:
    forged = jwt.encode({"case": case.id, "aud": "case page", "exp": 4_000_000_000}, "x" * 43, "HS256")
    for path in (f"/case/{forged}", "/case/x", f"{page}x"):
        answer = await nobody.get(path, headers={"Accept-Language": "fi"})
        assert answer.status_code == 404
        assert "Linkki ei enää toimi" in read(answer)
        assert (await nobody.post(f"{path}/satisfied")).status_code == 404
    clock.time = NOW + timedelta(days=184)
    assert (await nobody.get(page)).status_code == 404
    with pytest.raises(NotFound):
        case_of_link(page.removeprefix("/case/"), parts.settings, clock.time)


async def test_bad_input_is_refused(page: str, nobody: httpx.AsyncClient) -> None:
    assert (await nobody.post(f"{page}/not-right", data={"text": "x" * 2001})).status_code == 422
    assert (await nobody.post(f"{page}/explode")).status_code == 422
    assert (await nobody.get(f"{page}/pictures/{'f' * 26}")).status_code == 404
