"""The page of what could not be answered."""

import httpx
from sqlalchemy import select

from desk.conversations.service import open_conversation, receive_message
from desk.db.engine import Database
from desk.unanswered.service import keep_unanswered
from desk.unanswered.tables import Unanswered
from tests.conftest import NOW
from tests.desk.cast import Cast
from tests.desk.console.test_pages import words

Browser = tuple[httpx.AsyncClient, str]


def kept(database: Database) -> str:
    with database.writing() as session:
        conversation, _ = open_conversation(session, "website", "sv", NOW)
        message = receive_message(session, conversation.id, "c1", NOW, text="får <b>hunden</b> följa med in?")
        tried = {
            "topics": [{"topic": "nlu_fallback", "confidence": 0.3}, {"topic": "ask_opening_hours", "confidence": 0.21}],
            "articles": [{"article": "opening_hours", "covers": 0.2}],
        }
        keep_unanswered(session, message.id, "sv", "not_understood", tried, "asked", NOW)
        return message.id


async def test_a_message_is_shown_with_what_was_tried_and_labelled(database: Database, cast: Cast, browser: Browser) -> None:
    client, csrf = browser
    message = kept(database)
    page = await client.get("/desk/unanswered")
    assert page.status_code == 200
    assert "<b>hunden" not in page.text
    for part in ("får <b>hunden</b> följa med in?", "Swedish", "Opening hours 21 %", "opening hours 20 %"):
        assert part in words(page).replace("&lt;", "<").replace("&gt;", ">")
    answer = await client.post(
        f"/desk/unanswered/{message}", data={"csrf": csrf, "label": "training", "topic": "ask_opening_hours"}
    )
    assert (answer.status_code, answer.headers["location"]) == (303, "/desk/unanswered?label=open")
    with database.reading() as session:
        labelled = session.scalars(select(Unanswered)).one()
        assert (labelled.label, labelled.label_topic, labelled.labelled_by_id) == ("training", "ask_opening_hours", cast.anna.id)
    assert "Everything was answered" in words(await client.get("/desk/unanswered"))
    assert "Training text of: Opening hours" in words(await client.get("/desk/unanswered?label=training"))


async def test_a_label_is_refused_without_a_topic_or_the_csrf_token(database: Database, browser: Browser) -> None:
    client, csrf = browser
    message = kept(database)
    without = await client.post(f"/desk/unanswered/{message}", data={"csrf": csrf, "label": "training", "topic": "dogs"})
    assert without.status_code == 422
    assert (await client.post(f"/desk/unanswered/{message}", data={"label": "nothing"})).status_code == 403
    assert (await client.post("/desk/unanswered/nobody", data={"csrf": csrf, "label": "nothing"})).status_code == 404
