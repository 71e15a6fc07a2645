"""The pages: they render, do what their forms say, and keep strangers' scripts out."""

import re
from datetime import timedelta
from html import unescape

import httpx
import pytest

from desk.cases.history import record
from desk.cases.tables import Case
from desk.console.saying import relative
from desk.conversations.service import append_message, receive_message
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.followups.tables import Followup
from tests.conftest import NOW
from tests.desk.cast import Cast, hand_off, promise_call, smelling_tv, talk
from tests.desk.console.conftest import Client, StandingClock, signed_in

Browser = tuple[httpx.AsyncClient, str]


def waiting_tv(database: Database, cast: Cast) -> Case:
    with database.writing() as session:
        case = smelling_tv(session, cast, arranged=True)
        hand_off(session, session.get_one(Conversation, case.conversation_id), "danger", mood="furious")
        return case


def words(page: httpx.Response) -> str:
    """The page as one reads it."""
    body = re.sub(r"</?(?:a|em|kbd|span|strong|time)\b[^>]*>", "", page.text)
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())


async def test_every_page_has_a_strict_policy_and_nothing_inline(
    database: Database, cast: Cast, browser: Browser, nobody: httpx.AsyncClient
) -> None:
    client, _ = browser
    case = waiting_tv(database, cast)
    pages = ["/desk/", f"/desk/conversations/{case.conversation_id}", "/desk/cases", f"/desk/cases/{case.number}"]
    pages += ["/desk/followups", f"/desk/followups/{case.next_followup_id}", "/desk/cases?state=closed"]
    answers = [await client.get(p) for p in pages]
    assert [a.status_code for a in answers] == [200] * len(pages)
    answers += [await nobody.get("/desk/login"), await client.get("/desk/cases/F-999999")]
    for answer in answers:
        policy = answer.headers["content-security-policy"]
        assert "unsafe-inline" not in policy
        assert "unsafe-eval" not in policy
        assert "script-src 'self'" in policy
        assert answer.headers["cache-control"] == "no-store"
        assert not re.search(r"<script(?![^>]*\bsrc=)|\son\w+=|\sstyle=|<style|hx-on|javascript:", answer.text)
        assert not re.search(r'(?:src|href)="(?:https?:)?//', answer.text)
        assert "<h1" in answer.text
        assert '<html lang="en">' in answer.text


async def test_files_of_the_pages_are_kept_by_the_browser(browser: Browser) -> None:
    client, _ = browser
    page = await client.get("/desk/")
    files = re.findall(r'(?:src|href)="(/desk/static/[^"]+)"', page.text)
    assert len(files) == 9
    for file in files:
        answer = await client.get(file)
        assert answer.status_code == 200
        assert "immutable" in answer.headers["cache-control"]


async def test_queue_says_who_waits_why_and_until_when(database: Database, cast: Cast, browser: Browser) -> None:
    client, _ = browser
    assert "Nobody waits." in words(await client.get("/desk/"))
    case = waiting_tv(database, cast)
    with database.writing() as session:
        talk(session, "Do you sell kettles?")
    page = words(await client.get("/desk/"))
    for said in ("Erik Lund", "Danger", "Furious", "Waits since just now", "Promised by 10:10 (in 10 min)", case.number):
        assert said in page
    assert "The TV smells funny" in page
    assert "Do you sell kettles?" in page


async def test_customer_cannot_put_html_into_a_page(database: Database, cast: Cast, browser: Browser) -> None:
    client, _ = browser
    with database.writing() as session:
        conversation = talk(session, "<script>alert(1)</script><img src=x onerror=alert(1)>")
        hand_off(session, conversation)
    for path in ("/desk/", f"/desk/conversations/{conversation.id}"):
        text = (await client.get(path)).text
        assert "<script>alert" not in text
        assert "<img" not in text


async def test_agent_takes_answers_and_hands_back_by_the_forms(
    database: Database, cast: Cast, browser: Browser, clock: StandingClock
) -> None:
    client, csrf = browser
    case = waiting_tv(database, cast)
    where = f"/desk/conversations/{case.conversation_id}"
    before = await client.get(where)
    assert "Take over to answer him" in words(before)
    assert 'id="text"' not in before.text
    for said in ("10023847", "Aurora P50", case.number, "Replacement arranged", "Check-in", "SEK 8,990"):
        assert said in words(before)
    taken = await client.post(f"{where}/take", data={"csrf": csrf})
    assert (taken.status_code, taken.headers["location"]) == (303, where)
    page = await client.get(where)
    assert "you hold it" in words(page)
    client_id = re.search(r'id="client-id" value="([^"]+)"', page.text)
    assert client_id
    form = {"csrf": csrf, "client_id": client_id[1], "text": "I am sorry, Erik."}
    said = await client.post(f"{where}/say", data=form, headers={"HX-Request": "true"})
    assert (said.status_code, said.headers["hx-trigger"]) == (200, "said")
    assert said.text.count("I am sorry, Erik.") == 1
    new_id = re.search(r'id="client-id" value="([^"]+)" hx-swap-oob', said.text)
    assert new_id
    assert new_id[1] != client_id[1]
    again = await client.post(f"{where}/say", data=form)
    assert again.status_code == 303
    back = await client.post(f"{where}/hand-back", data={"csrf": csrf})
    assert back.headers["location"].startswith("/desk/?undo=")
    with database.reading() as session:
        conversation = session.get_one(Conversation, case.conversation_id)
        assert (conversation.holder, conversation.last_seq) == ("bot", 5)  # she came, said it once, and left


async def test_reader_sees_at_once_that_another_agent_took_over(
    database: Database, cast: Cast, client: Client, browser: Browser
) -> None:
    hers, csrf = browser
    his, his_csrf = signed_in(database, client, cast.mikko)
    case = waiting_tv(database, cast)
    where = f"/desk/conversations/{case.conversation_id}"
    assert (await hers.get(f"{where}/live", params={"stance": "queue-"})).headers.get("hx-trigger") is None
    await his.post(f"{where}/take", data={"csrf": his_csrf})
    assert (await hers.get(f"{where}/live", params={"stance": "queue-"})).headers["hx-trigger"] == "stance"
    assert "Mikko Laine holds this conversation" in words(await hers.get(f"{where}/stand"))
    refused = await hers.post(f"{where}/take", data={"csrf": csrf})
    assert refused.status_code == 409
    assert "Mikko Laine holds this conversation." in words(refused)
    assert f'href="{where}"' in refused.text
    live = await hers.post(
        f"{where}/say", data={"client_id": "x", "text": "I"}, headers={"HX-Request": "true", "X-CSRF-Token": csrf}
    )
    assert (live.status_code, live.headers["hx-retarget"]) == (409, "#problem")
    assert live.text == "<p>Mikko Laine holds this conversation.</p>"


async def test_transfer_by_the_form_to_a_colleague_and_to_the_queue(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    case = waiting_tv(database, cast)
    where = f"/desk/conversations/{case.conversation_id}"
    await client.post(f"{where}/take", data={"csrf": csrf})
    assert (await client.post(f"{where}/transfer", data={"csrf": csrf, "to": ""})).status_code == 303
    await client.post(f"{where}/take", data={"csrf": csrf})
    assert (await client.post(f"{where}/transfer", data={"csrf": csrf, "to": "mikko"})).status_code == 303
    with database.reading() as session:
        assert session.get_one(Conversation, case.conversation_id).agent_id == cast.mikko.id


async def test_own_conversation_says_that_it_awaits_an_answer(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    case = waiting_tv(database, cast)
    await client.post(f"/desk/conversations/{case.conversation_id}/take", data={"csrf": csrf})
    assert "Awaits your answer" not in words(await client.get("/desk/"))
    with database.writing() as session:
        receive_message(session, case.conversation_id, "c9", NOW, text="Are you there?")
    assert "Awaits your answer" in words(await client.get("/desk/queue"))


async def test_case_page_tells_the_history_and_why_satisfied_is_not_ours(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    case = waiting_tv(database, cast)
    where = f"/desk/cases/{case.number}"
    page = words(await client.get(where))
    for said in ("apologised and took responsibility", "accepted return and replacement", "Satisfied is the customer's word"):
        assert said in page
    empty = await client.post(f"{where}/close", data={"csrf": csrf, "reason": " "})
    assert empty.status_code == 422
    assert "Write the reason first" in words(empty)
    closed = await client.post(f"{where}/close", data={"csrf": csrf, "reason": "He moved to Spain."})
    assert closed.status_code == 303
    page = words(await client.get(where))
    assert "by Anna Berg: He moved to Spain." in page
    assert "Close it without his word" not in page
    assert case.number in words(await client.get("/desk/cases?state=closed"))
    assert case.number not in words(await client.get("/desk/cases"))


async def test_reason_stays_in_the_form_when_a_promise_stands_against_it(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    case = waiting_tv(database, cast)
    with database.writing() as session:
        promise_call(session, session.get_one(Case, case.id), cast.anna, NOW + timedelta(hours=3))
    answer = await client.post(f"/desk/cases/{case.number}/close", data={"csrf": csrf, "reason": "I have to go."})
    assert answer.status_code == 409
    assert "has been promised a time" in words(answer)
    assert ">I have to go.</textarea>" in answer.text


async def test_case_page_tells_of_a_broken_promise(database: Database, cast: Cast, browser: Browser) -> None:
    client, _ = browser
    case = waiting_tv(database, cast)
    with database.writing() as session:
        record(session, session.get_one(Case, case.id), NOW, "desk", "promise_broken", {"due_at": NOW.isoformat()}, None)
    assert "A promise was broken" in words(await client.get(f"/desk/cases/{case.number}"))


async def test_cases_are_paged(database: Database, cast: Cast, browser: Browser) -> None:
    client, _ = browser
    with database.writing() as session:
        numbers = [smelling_tv(session, cast).number for _ in range(33)]
    first = await client.get("/desk/cases")
    older = re.search(r'href="(/desk/cases\?state=open&amp;cursor=[^"]+)" rel="next"', first.text)
    assert older
    second = await client.get(unescape(older[1]))
    seen = re.findall(r">(F-\d+)</a>", first.text + second.text)
    assert seen == list(reversed(numbers))


async def test_followups_show_mine_first_and_are_marked_done(
    database: Database, cast: Cast, browser: Browser, clock: StandingClock
) -> None:
    client, csrf = browser
    assert "Nothing is due." in words(await client.get("/desk/followups"))
    with database.writing() as session:
        promise_call(session, smelling_tv(session, cast), cast.mikko, NOW + timedelta(minutes=30))
        mine = promise_call(session, smelling_tv(session, cast), cast.anna, NOW + timedelta(hours=1))
    clock.time = NOW + timedelta(hours=1, minutes=5)
    page = words(await client.get("/desk/followups/list"))
    assert page.startswith("Due 2 Call: Erik Lund Promised")
    assert page.index(" you ") < page.index("Mikko Laine")
    where = f"/desk/followups/{mine.id}"
    assert "How did it go?" in words(await client.get(where))
    assert (await client.post(f"{where}/done", data={"csrf": csrf, "outcome": ""})).status_code == 422
    assert (await client.post(f"{where}/done", data={"csrf": csrf, "outcome": "He is content."})).status_code == 303
    again = await client.post(f"{where}/done", data={"csrf": csrf, "outcome": "Once more"})
    assert again.status_code == 409
    assert "no longer pending" in words(again)
    assert "He is content." in words(await client.get(where))
    with database.reading() as session:
        assert session.get_one(Followup, mine.id).done_by_id == cast.anna.id


@pytest.mark.parametrize(
    "path",
    [
        "conversations/%00", f"conversations/{'f' * 26}", "cases/F-999999", "cases/%00", "followups/%00",
        f"followups/{'f' * 26}", "cases?cursor=x", "cases?state=lost",
    ],
)  # fmt: skip
async def test_page_that_is_not_there_says_so_and_where_to_go(browser: Browser, path: str) -> None:
    client, _ = browser
    answer = await client.get(f"/desk/{path}")
    assert answer.status_code == (422 if "?" in path else 404)
    assert "To the queue" in words(answer)


async def test_long_conversation_shows_its_end(database: Database, cast: Cast, browser: Browser) -> None:
    client, _ = browser
    with database.writing() as session:
        conversation = talk(session, "Hello")
        for number in range(220):
            append_message(session, conversation, "bot", f"word {number}.", NOW, name="Fubb")
    page = words(await client.get(f"/desk/conversations/{conversation.id}"))
    assert "word 219." in page
    assert "word 3." not in page


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "just now"), (-44, "just now"), (20, "now"), (-60, "1 min ago"), (600, "in 10 min"), (-7200, "2 h ago"),
        (36 * 3600, "in 36 h"), (-3 * 86400, "3 d ago"),
    ],
)  # fmt: skip
def test_times_are_said_as_people_say_them(seconds: int, said: str) -> None:
    assert relative(NOW + timedelta(seconds=seconds), NOW) == said
