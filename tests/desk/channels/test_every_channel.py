"""What holds on every channel: one suite on the website, in Telegram and on the console twin."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Protocol

import httpx
import pytest

from desk.app import make_app
from desk.channels.console import NAME, ConsoleChannel, hear_line
from desk.conversations.access import hand_back_as_agent, say_as_agent, take_as_agent
from desk.conversations.tables import Conversation
from desk.deliveries.sender import Sender
from desk.words import Said
from desk.worker.bot import Reply, Turn
from tests.desk.cast import add_agent
from tests.desk.channels.telegram.conftest import Stage, stage

__all__ = ["stage"]
CHOICE = [{"title": "A new one", "payload": "/affirm"}, {"title": "My money", "payload": "/deny"}]


class Customer(Protocol):
    """Somebody on a channel."""

    async def say(self, text: str) -> None: ...
    async def press(self, number: int) -> None: ...
    async def heard(self) -> list[str]: ...
    async def conversation(self) -> str: ...


class OnWebsite:
    def __init__(self, client: httpx.AsyncClient, opened: dict[str, str]) -> None:
        self._client, self._id, self._sent = client, opened["conversation"], 0
        self._headers = {"Authorization": f"Bearer {opened['token']}"}

    async def say(self, text: str) -> None:
        await self._send(text=text)

    async def press(self, number: int) -> None:
        shown = [m for m in await self._read() if m["buttons"]][-1]
        await self._send(payload=shown["buttons"][number - 1]["payload"])

    async def heard(self) -> list[str]:
        return [
            f"{m['name']}: {m['text']}" if m["author"] == "agent" else m["text"]
            for m in await self._read()
            if m["author"] != "customer"
        ]

    async def conversation(self) -> str:
        return self._id

    async def _read(self) -> list[dict]:  # type: ignore[type-arg]
        return (await self._client.get("/api/chat/messages", headers=self._headers)).json()["messages"]  # type: ignore[no-any-return]

    async def _send(self, **body: str) -> None:
        self._sent += 1
        answer = await self._client.post("/api/chat/messages", json={"client_id": f"c{self._sent}", **body}, headers=self._headers)
        assert answer.status_code == 202


class InTelegram:
    def __init__(self, stage: Stage) -> None:
        self._stage, self._chat = stage, stage.telegram.person("Erik")

    async def say(self, text: str) -> None:
        self._stage.telegram.say(self._chat, text)

    async def press(self, number: int) -> None:
        shown = [m for m in self._chat.from_bot() if "reply_markup" in m][-1]
        self._stage.telegram.press_data(self._chat, shown, shown["reply_markup"]["inline_keyboard"][number - 1][0]["callback_data"])

    async def heard(self) -> list[str]:
        return [m["text"].replace("\n", ": ", 1) if "entities" in m else m["text"] for m in self._chat.from_bot()]

    async def conversation(self) -> str:
        return self._stage.conversation(self._chat).id


class OnConsole:
    def __init__(self, stage: Stage) -> None:
        self._stage, self._lines, self._sent, self._id = stage, list[str](), 0, ""
        sender = Sender(stage.parts.database, ConsoleChannel(self._lines.append), stage.parts.clock, lambda *gone: None)
        stage.tasks.append(asyncio.create_task(sender.run()))

    async def say(self, text: str) -> None:
        self._sent += 1
        await asyncio.to_thread(self._type, text)

    async def press(self, number: int) -> None:
        await self.say(str(number))

    async def heard(self) -> list[str]:
        return [line.split("\n  [")[0].removeprefix("Fubb: ") for line in self._lines]

    async def conversation(self) -> str:
        return self._id

    def _type(self, text: str) -> None:
        parts = self._stage.parts
        with parts.database.writing() as session:
            message = hear_line(session, "erik", f"line{self._sent}", text, parts.words, parts.settings, parts.clock.now())
            self._id = message.conversation_id
            assert session.get_one(Conversation, self._id).channel == NAME


@pytest.fixture(params=["website", "telegram", "console"])
async def erik(request: pytest.FixtureRequest, stage: Stage) -> AsyncIterator[Customer]:
    if request.param == "telegram":
        yield InTelegram(stage)
    elif request.param == "console":
        yield OnConsole(stage)
    else:
        transport = httpx.ASGITransport(app=make_app(stage.parts))
        async with httpx.AsyncClient(transport=transport, base_url="http://desk") as client:
            yield OnWebsite(client, (await client.post("/api/chat/sessions", json={"language": "en"})).json())


async def until(stage: Stage, erik: Customer, what: Callable[[list[str]], bool]) -> list[str]:
    for _ in range(300):
        if what(heard := await erik.heard()):
            return heard
        await asyncio.sleep(0.05)
    raise AssertionError(f"it never came to be: {await erik.heard()}")


def offers(turn: Turn) -> Reply:
    if turn.payload:
        return Reply([Said(f"chosen: {turn.payload}", [])])
    return Reply([Said(f"re: {turn.text}", []), Said("What would you like?", CHOICE)])


async def test_messages_are_answered_once_and_in_order(stage: Stage, erik: Customer) -> None:
    for n in range(5):
        await erik.say(f"message {n}")
    heard = await until(stage, erik, lambda heard: len(heard) >= 5)
    assert heard == [f"re: message {n}" for n in range(5)]


async def test_a_button_does_what_it_says(stage: Stage, erik: Customer) -> None:
    stage.bot._answer = offers
    await erik.say("It smells")
    await until(stage, erik, lambda heard: heard == ["re: It smells", "What would you like?"])
    await erik.press(2)
    heard = await until(stage, erik, lambda heard: len(heard) == 3)
    assert heard[-1] == "chosen: /deny"


async def test_while_a_person_holds_it_the_bot_is_silent(stage: Stage, erik: Customer) -> None:
    await erik.say("Hello")
    await until(stage, erik, lambda heard: heard == ["re: Hello"])
    parts = stage.parts
    with parts.database.writing() as session:
        anna = add_agent(session, "anna", "Anna Berg", ["en"])
        take_as_agent(session, anna, await erik.conversation(), parts.clock.now())
    await erik.say("Are you a person?")
    with parts.database.writing() as session:
        say_as_agent(session, anna, await erik.conversation(), "a1", "I am.", parts.clock.now())
    heard = await until(stage, erik, lambda heard: "Anna Berg: I am." in heard)
    assert not any("Are you a person?" in said for said in heard)
    with parts.database.writing() as session:
        hand_back_as_agent(session, anna, await erik.conversation(), parts.clock.now())
    await erik.say("Thanks")
    await until(stage, erik, lambda heard: heard[-1] == "re: Thanks")


async def test_a_code_that_nobody_gave_out_is_told(stage: Stage, erik: Customer) -> None:
    await erik.say("K7MQ-2RXD")
    heard = await until(stage, erik, lambda heard: len(heard) == 1)
    assert "isn't good" in heard[0]
    assert stage.bot.turns == []


async def test_the_bot_failing_twice_delays_and_loses_nothing(stage: Stage, erik: Customer) -> None:
    stage.bot.failures = 2
    await erik.say("one")
    await erik.say("two")
    heard = await until(stage, erik, lambda heard: len(heard) >= 2)
    assert heard == ["re: one", "re: two"]
