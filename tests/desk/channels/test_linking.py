"""One customer on the website and in Telegram: connecting, what it gives, what it does not give, taking apart."""

import re
from collections.abc import AsyncIterator
from datetime import timedelta

import httpx
import pytest

from desk.app import make_app
from desk.customers.linking import (
    accept_offer,
    code_in,
    find_offer,
    linked_conversations,
    offer_link,
)
from desk.customers.reaching import reachable_channels, where_to_write
from desk.customers.service import latest_orders, verify_by_order
from desk.db.engine import Database
from tests.conftest import NOW
from tests.desk.cast import gather, talk, verify
from tests.desk.channels.telegram.conftest import Stage, stage

__all__ = ["stage"]


class Browser:
    """A customer on the website."""

    def __init__(self, client: httpx.AsyncClient, opened: dict[str, str]) -> None:
        self.id = opened["conversation"]
        self._client = client
        self._headers = {"Authorization": f"Bearer {opened['token']}"}
        self._said = 0

    async def say(self, text: str = "", payload: str | None = None) -> int:
        self._said += 1
        body = {"client_id": f"w{self._said}", **({"payload": payload} if payload else {"text": text})}
        return (await self._client.post("/api/chat/messages", json=body, headers=self._headers)).status_code

    async def last(self) -> dict[str, object]:
        read = (await self._client.get("/api/chat/messages", headers=self._headers)).json()["messages"]
        found: dict[str, object] = read[-1]
        return found


@pytest.fixture
async def web(stage: Stage) -> AsyncIterator[Browser]:
    app = make_app(stage.parts)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url="http://desk") as client:
        yield Browser(client, (await client.post("/api/chat/sessions", json={"language": "en"})).json())


def linked(stage: Stage, conversation_id: str) -> list[str]:
    with stage.parts.database.reading() as session:
        from desk.conversations.tables import Conversation

        return [c.channel for c in linked_conversations(session, session.get_one(Conversation, conversation_id))]


async def test_from_the_website_to_telegram_by_deep_link_with_consent(stage: Stage, web: Browser) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "Hello")
    await stage.hear(erik, "re: Hello")
    await web.say("/link")
    offered = str((await web.last())["text"])
    link = re.search(r"\?start=([A-Z0-9]{4}-[A-Z0-9]{4})", offered)
    assert link
    stage.telegram.say(erik, f"/start {link[1]}")
    await stage.hear(erik, "Shall I connect this chat with the one on our website?")
    assert linked(stage, web.id) == [], "nothing before he consents"
    stage.telegram.press(erik, "Yes, connect them")
    await stage.hear(erik, "belong together now")
    assert linked(stage, web.id) == ["telegram"]
    there = await web.last()
    assert "in Telegram" in str(there["text"])
    await web.say(payload="/desk_unlink")
    await stage.hear(erik, "no longer connected")
    assert linked(stage, web.id) == []


async def test_from_telegram_to_the_website_by_a_typed_code(stage: Stage, web: Browser) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "/link")
    offered = await stage.hear(erik, "#fubb-code=")
    code = re.search(r"there: (\S{9})\.", offered["text"])
    assert code
    await web.say(f" {code[1].lower()} ")
    asked = await web.last()
    assert "in Telegram" in str(asked["text"])
    await web.say(payload=asked["buttons"][0]["payload"])  # type: ignore[index]
    await stage.hear(erik, "If that wasn't you")
    assert linked(stage, web.id) == ["telegram"]
    await web.say(code[1])
    assert "isn't good" in str((await web.last())["text"]), "a code works once"
    assert stage.bot.turns == [], "the dialogue never hears of it"


async def test_no_means_no(stage: Stage, web: Browser) -> None:
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "/link")
    code = re.search(r"there: (\S{9})\.", (await stage.hear(erik, "#fubb-code="))["text"])
    assert code
    await web.say(code[1])
    await web.say(payload="/desk_no_link")
    assert "nothing was connected" in str((await web.last())["text"])
    assert linked(stage, web.id) == []
    assert await web.say(payload='/desk_link{"offer": 99}') == 422, "a consent that was never asked for"


def test_each_chat_shows_only_what_was_shown_to_it_who_he_is(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        web, app = verify(session, talk(session, "Hi"), cast), talk(session, "Hi")
        offer = find_offer(session, app, offer_link(session, web, NOW), NOW)
        assert offer is not None
        assert accept_offer(session, app, offer.id, NOW) is not None
        assert linked_conversations(session, app) == [web]
        assert latest_orders(session, app) == []
        assert app.verified_at is None
        assert where_to_write(session, web, cast.erik) is web, "about Erik only where he has shown that he is Erik"
        assert reachable_channels(session, cast.erik) == [web]
        verify_by_order(session, app.id, "10023847", "erik.lund@example.com", NOW, 5)
        assert set(reachable_channels(session, cast.erik)) == {web, app}


def test_we_write_where_he_wrote_last_or_where_he_chose(database: Database) -> None:
    from desk.customers.linking import choose, unlink

    with database.writing() as session:
        web, app = talk(session, "Hi"), talk(session, "Hi", now=NOW + timedelta(hours=1))
        offer = find_offer(session, app, offer_link(session, web, NOW), NOW)
        assert offer is not None
        accept_offer(session, app, offer.id, NOW)
        assert where_to_write(session, web, None) is app
        choose(session, web, NOW)
        assert where_to_write(session, web, None) is web
        assert where_to_write(session, app, None) is web
        app.quiet_since = NOW
        unlink(session, app, NOW)
        assert where_to_write(session, app, None) is app


def test_a_code_is_good_once_for_a_quarter_of_an_hour_and_guessing_ends(database: Database) -> None:
    with database.writing() as session:
        web, app = talk(session, "Hi"), talk(session, "Hi")
        late = offer_link(session, web, NOW)
        assert find_offer(session, web, late, NOW) is None, "not in the chat that it came from"
        assert find_offer(session, app, late, NOW + timedelta(minutes=15)) is None
        void, good = offer_link(session, web, NOW), offer_link(session, web, NOW)
        assert find_offer(session, app, void, NOW) is None
        for n in range(2, 6):
            assert find_offer(session, app, f"2222-222{n}", NOW) is None
        assert find_offer(session, app, good, NOW) is None, "too many wrong ones"
        later = NOW + timedelta(minutes=61)
        assert find_offer(session, app, offer_link(session, web, later), later) is not None


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("k7mq-2rxd", "K7MQ-2RXD"),
        ("/start K7MQ-2RXD", "K7MQ-2RXD"),
        ("well-done", None),
        ("10023847", None),
        ("is it K7MQ-2RXD?", None),
    ],
)
def test_a_code_is_told_from_words_and_order_numbers(text: str, code: str | None) -> None:
    assert code_in(text) == code
