"""The console in the agent's language: whose language it is, how it sounds, and that nothing on a page stays English."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest
from babel.support import NullTranslations
from icalendar import Calendar
from sqlalchemy import select

from desk.alerts.tables import KINDS as ALERTS
from desk.cases.rules import MOODS, PRIORITIES
from desk.cases.tables import CLOSED_STATES, KINDS, OPEN_STATES, REMEDY_KINDS
from desk.console import translating
from desk.console.names import NAMES
from desk.console.retelling import LINES, retell
from desk.console.translating import language_of_browser, speak
from desk.conversations.languages import LANGUAGES
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.followups.tables import KINDS as FOLLOWUPS
from desk.handoffs.summary import summarise
from desk.shop.importing import STATUSES
from desk.shop.tables import Product
from tests.conftest import NOW
from tests.desk.cast import Cast, hand_off, promise_call, smelling_tv
from tests.desk.console.conftest import Client, signed_in
from tests.desk.console.test_pages import Browser, waiting_tv, words

SWEDISH = {"accept-language": "sv-SE,sv;q=0.9,en;q=0.5"}


@pytest.mark.parametrize(
    ("header", "spoken"),
    [
        ("", "en"), ("sv", "sv"), ("sv-FI", "sv"), ("de, sv;q=0.8, en;q=0.9", "en"), ("de,sv;q=0.8", "sv"), ("fi,nb", "en"),
        ("sv;q=0", "en"), ("*", "en"), ("sv;q=x", "sv"), (";;,;q", "en"), ("x" * 10_000, "en"),
    ],
)  # fmt: skip
def test_browser_gets_the_language_it_likes_best(header: str, spoken: str) -> None:
    assert language_of_browser(header) == spoken


async def test_login_page_is_in_the_language_of_the_browser(nobody: httpx.AsyncClient) -> None:
    page = await nobody.get("/desk/login", headers=SWEDISH)
    assert '<html lang="sv">' in page.text
    assert "Logga in Användarnamn Lösenord Engångskod om du har slagit på det" in words(page)
    wrong = await nobody.post("/desk/login", headers=SWEDISH, data={"login": "anna", "password": "wrong"})
    assert "Användarnamn och lösenord stämmer inte." in words(wrong)
    assert '<html lang="en">' in (await nobody.get("/desk/login")).text


async def test_queue_and_conversation_in_swedish(database: Database, cast: Cast, browser: Browser) -> None:
    client, _ = browser
    case = waiting_tv(database, cast)
    queue = words(await client.get("/desk/", headers=SWEDISH))
    assert "Väntar på en handläggare" in queue
    assert "Fara i hemmet" in queue
    page = await client.get(f"/desk/conversations/{case.conversation_id}", headers=SWEDISH)
    assert '<html lang="sv">' in page.text
    assert "om 10 min" in page.text
    assert "ons 18 nov. 2026 kl. 10.10" in page.text
    assert "Ärende F-100001 (fel), prioritet: brådskande." in words(page)
    assert "8\N{NO-BREAK SPACE}990\N{NO-BREAK SPACE}kr" in page.text
    assert "för %(n)s min sedan" in unescape(re.search(r"data-words='([^']*)'", page.text)[1]).encode().decode("unicode_escape")  # type: ignore[index]


async def test_agents_own_choice_comes_before_his_browsers(browser: Browser) -> None:
    client, csrf = browser
    chosen = await client.post("/desk/me/language", data={"csrf": csrf, "language": "sv"})
    assert chosen.status_code == 303
    assert '<html lang="sv">' in (await client.get("/desk/", headers={"accept-language": "en"})).text
    assert "Det finns inget sådant ärende." in words(await client.get("/desk/cases/F-999999"))
    await client.post("/desk/me/language", data={"csrf": csrf, "language": ""})
    assert '<html lang="en">' in (await client.get("/desk/")).text


async def test_a_language_without_a_catalogue_cannot_be_chosen(browser: Browser) -> None:
    client, csrf = browser
    refused = await client.post("/desk/me/language", data={"csrf": csrf, "language": "fi"})
    assert refused.status_code == 422
    assert "These pages do not speak that language." in words(refused)


async def test_problem_of_a_form_is_in_the_agents_language(database: Database, client: Client, cast: Cast) -> None:
    siv, csrf = signed_in(database, client, cast.siv)
    data = {"csrf": csrf, "login": "anna", "name": "Anna Lind", "languages": "sv"}
    answer = await siv.post("/desk/team/agents", headers=SWEDISH, data=data)
    assert "Det finns redan en handläggare med användarnamnet anna." in words(answer)


async def test_problem_of_a_picture_is_in_the_language_that_the_page_asks_for(
    database: Database, cast: Cast, browser: Browser
) -> None:
    client, csrf = browser
    case = waiting_tv(database, cast)
    where = f"/api/desk/conversations/{case.conversation_id}/attachments"
    await client.post(f"/desk/conversations/{case.conversation_id}/take", data={"csrf": csrf})
    headers = {"x-csrf-token": csrf, "content-type": "image/png"}
    assert (await client.post(where, headers=headers, content=b"x")).json()["title"].startswith("That is no picture")
    swedish = await client.post(where, headers={**headers, "accept-language": "sv"}, content=b"x")
    assert swedish.json()["title"].startswith("Det är ingen bild")


async def test_colleague_at_work_is_told_of_in_swedish() -> None:
    from desk.console.events import Page

    speak("sv")
    assert Page(1, "a").names("writing:2:Mikko Laine:is writing here", "a") == {"writing Mikko Laine skriver här."}


async def test_the_week_as_a_file_is_in_swedish_too(database: Database, client: Client, cast: Cast) -> None:
    siv, _ = signed_in(database, client, cast.siv)
    waiting_tv(database, cast)
    text = (await siv.get("/desk/week.md?whose=all", headers=SWEDISH)).text
    assert text.startswith(
        "# Vecka 2026-W47: alla\n\nIngen är glömd: öppna ärenden 1, nästa steg 1.\n\n## Öppna ärenden (1, 0 försenade)\n"
    )
    assert "Erik Lund (fel Aurora P50, brådskande): avstämning, boten, tors 19 nov. kl. 10.00" in text


async def test_private_calendar_is_in_the_language_of_its_agent(
    database: Database, cast: Cast, browser: Browser, nobody: httpx.AsyncClient
) -> None:
    client, csrf = browser
    with database.writing() as session:
        promise_call(session, smelling_tv(session, cast), cast.anna, NOW + timedelta(hours=2))
    await client.post("/desk/me/language", data={"csrf": csrf, "language": "sv"})
    shown = (await client.post("/desk/calendar/feed", data={"csrf": csrf})).text
    address = shown.split('id="feed-address" readonly value="')[1].split('"')[0]
    (event,) = Calendar.from_ical((await nobody.get(address)).text).walk("VEVENT")
    assert (str(event["SUMMARY"]), str(event["DESCRIPTION"])) == ("Ring Erik Lund (F-100001)", "Fel. ring kunden, som utlovat")


@pytest.mark.parametrize(
    ("kind", "codes"),
    [
        ("language", LANGUAGES), ("mood", MOODS), ("priority", PRIORITIES), ("case kind", KINDS), ("remedy", REMEDY_KINDS),
        ("case state", (*OPEN_STATES, *CLOSED_STATES)), ("follow-up", FOLLOWUPS), ("alert", ALERTS), ("order status", STATUSES),
    ],
)  # fmt: skip
def test_every_code_has_a_name(kind: str, codes: tuple[str, ...]) -> None:
    assert set(codes) <= NAMES[kind].keys()


def test_lines_that_the_desk_wrote_are_retold(database: Database, cast: Cast) -> None:
    speak("sv")
    with database.writing() as session:
        case = smelling_tv(session, cast, arranged=True)
        conversation = session.get_one(Conversation, case.conversation_id)
        hand_off(session, conversation, "danger", mood="furious")
        lines = summarise(session, conversation, case, "danger").partition(". ")[2].splitlines()
    assert [retell(line).partition(":")[0] for line in lines if retell(line) == line] == []
    assert (
        retell("new late delivery: make sure that it goes forward") == "nytt ärende (försenad leverans): se till att det går framåt"
    )
    assert retell("no word after 3 check-ins: call the customer") == "inget svar efter 3 avstämningar: ring kunden"
    assert retell("Called him, all is well.") == "Called him, all is well."


def test_every_line_says_the_same_in_english() -> None:
    speak("en")
    for line in LINES:
        values = {"case_kind": "wrong item", "remedies": "refund (offered), repair (done)", "number": "3", "priority": "high"}
        said = line % {**dict.fromkeys(re.findall(r"%\((\w+)\)s", line), "x"), **values}
        assert retell(said) == said


class Pseudo(NullTranslations):
    """A language in which everything is said in brackets: what stands outside was not translated."""

    def ugettext(self, message: str) -> str:  # type: ignore[override]
        return f"⟦{message}⟧"

    def ungettext(self, msgid1: str, msgid2: str, n: int) -> str:  # type: ignore[override]
        return f"⟦{msgid2}⟧"

    def upgettext(self, context: str, message: str) -> str:
        return f"⟦{message}⟧"


DATA = """Fubb Anna Berg, Mikko Laine, Siv Holm, Erik Lund, Aurora TV, anna mikko siv erik.lund@example.com en sv nb fi Esc Enter Ctrl
The TV smells funny and makes strange noises! I am furious of have read it SEK English Svenska
Mon Tue Wed Thu Fri Sat Sun Wednesday Nov November"""
"""Names, keys, what was said, and dates, which Babel says."""
PAGES = [
    "/desk/", "/desk/conversations/{conversation}", "/desk/cases", "/desk/cases/{case}", "/desk/followups",
    "/desk/followups/{followup}", "/desk/calendar", "/desk/calendar?view=day", "/desk/lead", "/desk/team",
    "/desk/team/agents/anna", "/desk/team/rules", "/desk/team/audit", "/desk/team/replies", "/desk/week", "/desk/news",
    "/desk/surveys", "/desk/figures", "/desk/plans", "/desk/unanswered", "/desk/me", "/desk/search?q=aurora", "/desk/cases/F-9",
    "/desk/team/agents/nobody",
]  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
async def test_nothing_on_a_page_stays_english(
    path: str, database: Database, client: Client, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    case = waiting_tv(database, cast)
    siv, _ = signed_in(database, client, cast.siv)
    monkeypatch.setattr(translating, "translations_of", lambda language: Pseudo())
    where = path.format(conversation=case.conversation_id, case=case.number, followup=case.next_followup_id)
    page = words(await siv.get(where))
    with database.reading() as session:
        data = " ".join([DATA, *session.scalars(select(Product.name))])
    while page != (page := re.sub(r"⟦[^⟦⟧]*⟧", "", page)):
        pass
    assert set(re.findall(r"[A-Za-z]{2,}", page)) - set(re.findall(r"[A-Za-z]{2,}", data)) == set()
