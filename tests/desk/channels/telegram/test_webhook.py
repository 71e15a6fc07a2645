"""Telegram calls the desk: only Telegram is heard, and only what is stored is acknowledged."""

from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from desk.app import make_app, make_parts
from desk.channels.telegram.receiving import KINDS
from desk.channels.telegram.service import WEBHOOK_PATH, webhook_secret
from desk.channels.telegram.tables import TelegramUpdate
from desk.db.engine import Database
from desk.settings import Settings
from desk.simulator.errors import too_many
from desk.simulator.faults import Fault
from desk.simulator.telegram import FakeTelegram
from tests.desk.channels.telegram.conftest import Stage

HEADER = "X-Telegram-Bot-Api-Secret-Token"


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        data_dir=tmp_path,
        secret="s" * 43,
        telegram_token="1:x",
        telegram_webhook=True,
        public_url="https://shop.example",
        run_worker=False,  # type: ignore[arg-type]
    )


def in_webhook(settings: Settings) -> Settings:
    return settings.model_copy(update={"telegram_webhook": True, "public_url": "https://shop.example"})


class InWebhook:
    """The desk as Telegram calls it, over a webhook that python-telegram-bot has set."""

    def __init__(self, stage: Stage, client: httpx.AsyncClient) -> None:
        self.stage, self.client = stage, client

    async def call(self) -> None:
        """Telegram calls with all that it has for us."""
        await self.stage.telegram.call_webhook(self.client)


@pytest.fixture
async def called(stage: Stage) -> AsyncIterator[InWebhook]:
    await stage.end()
    stage.parts = replace(
        stage.parts,
        settings=in_webhook(stage.parts.settings),
    )
    stage.start()
    await stage.until(lambda: stage.telegram.webhook["url"])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=make_app(stage.parts))) as client:
        yield InWebhook(stage, client)


async def test_a_talk_over_the_webhook_is_as_one_that_is_asked_for(called: InWebhook) -> None:
    stage = called.stage
    assert stage.telegram.webhook["url"] == "https://shop.example" + WEBHOOK_PATH
    erik, aino = stage.telegram.person("Erik"), stage.telegram.person("Aino")
    for n in range(10):
        stage.telegram.say(erik, f"message {n}")
        stage.telegram.say(aino, f"message {n}")
    once = dict(stage.telegram.updates)
    await called.call()
    stage.telegram.updates |= once  # Telegram was not sure that it arrived
    await called.call()
    for chat in (erik, aino):
        await stage.hear(chat, "re: message 9")
        assert [m["text"] for m in chat.from_bot()] == [f"re: message {n}" for n in range(10)]
    await stage.all_settled()
    assert stage.telegram.updates == {}


async def test_the_webhook_is_set_with_a_secret_and_all_that_we_read(called: InWebhook) -> None:
    stage = called.stage
    told = stage.telegram.webhook
    assert told["url"] == "https://shop.example" + WEBHOOK_PATH
    assert told["secret_token"] == webhook_secret(stage.parts.settings)
    assert stage.parts.settings.telegram_token.get_secret_value() not in told["secret_token"]
    assert told["allowed_updates"] == KINDS


async def test_a_call_with_another_secret_is_refused_and_telegram_keeps_what_it_has(called: InWebhook) -> None:
    stage = called.stage
    erik = stage.telegram.person("Erik")
    stage.telegram.say(erik, "are you there?")
    ours = stage.telegram.webhook["secret_token"]
    for other in (ours[:-1], ours + "0", ours.upper(), ""):
        stage.telegram.webhook["secret_token"] = other
        await called.call()
        assert len(stage.telegram.updates) == 1, "not acknowledged"
    assert stage.bot.turns == []
    stage.telegram.webhook["secret_token"] = ours
    await called.call()
    await stage.hear(erik, "re: are you there?")


async def test_the_webhook_stays_while_the_desk_stops_and_goes_when_it_asks_itself(called: InWebhook) -> None:
    stage = called.stage
    erik = stage.telegram.person("Erik")
    await stage.end()
    assert stage.telegram.webhook["url"], "Telegram keeps what comes until we are back; another process may have set it"
    stage.telegram.say(erik, "while you were away")
    stage.parts = replace(stage.parts, settings=stage.parts.settings.model_copy(update={"telegram_webhook": False}))
    stage.start()
    await stage.hear(erik, "re: while you were away")
    assert stage.telegram.webhook["url"] == "", "removed, and nothing with it"
    await stage.end()
    stage.parts = replace(stage.parts, settings=in_webhook(stage.parts.settings))
    stage.start()
    await stage.until(lambda: stage.telegram.webhook["url"])


@pytest.mark.parametrize(
    "fault", [Fault(error=too_many(0)), Fault(cut=True), Fault(cut=True, done=True)], ids=["429", "lost", "cut"]
)
async def test_setting_the_webhook_is_tried_until_it_is_set(stage: Stage, fault: Fault) -> None:
    await stage.end()
    stage.telegram.faults.plan("setWebhook", fault)
    stage.parts = replace(stage.parts, settings=in_webhook(stage.parts.settings))
    stage.start()
    await stage.until(lambda: stage.telegram.calls.get("setWebhook") == 2)
    await stage.until(lambda: stage.telegram.webhook["url"])


async def test_what_came_over_the_webhook_outlives_a_restart(called: InWebhook) -> None:
    stage = called.stage
    erik = stage.telegram.person("Erik")
    await stage.end()  # the page that takes calls is there, whoever takes them in is not
    stage.telegram.say(erik, "are you there?")
    await called.call()
    assert stage.telegram.updates == {}, "acknowledged"
    stage.start()
    await stage.hear(erik, "re: are you there?")


def update() -> dict[str, object]:
    fake = FakeTelegram()
    fake.say(fake.person("Erik"), "Hello")
    return next(iter(fake.updates.values()))


def test_an_update_is_stored_before_it_is_acknowledged_and_once(database: Database, settings: Settings) -> None:
    client = TestClient(make_app(make_parts(settings, database)))
    for _ in range(2):
        answer = client.post(WEBHOOK_PATH, json=update(), headers={HEADER: webhook_secret(settings)})
        assert answer.status_code == 200
    with database.reading() as session:
        (stored,) = session.scalars(select(TelegramUpdate)).all()
        assert stored.state == "waiting"


@pytest.mark.parametrize("secret", ["", "guessed", "ä"])
def test_whoever_is_not_telegram_learns_nothing(database: Database, settings: Settings, secret: str) -> None:
    client = TestClient(make_app(make_parts(settings, database)))
    answer = client.post(WEBHOOK_PATH, json=update(), headers={HEADER: secret.encode()})
    assert answer.status_code == 404
    polling = make_parts(settings.model_copy(update={"telegram_webhook": False}), database)
    assert (
        TestClient(make_app(polling)).post(WEBHOOK_PATH, json=update(), headers={HEADER: webhook_secret(settings)}).status_code
        == 404
    )
    with database.reading() as session:
        assert session.scalars(select(TelegramUpdate)).all() == []


def test_what_is_no_update_is_refused(database: Database, settings: Settings) -> None:
    client = TestClient(make_app(make_parts(settings, database)))
    for body in ({}, {"update_id": "1"}, {"update_id": None}):
        assert client.post(WEBHOOK_PATH, json=body, headers={HEADER: webhook_secret(settings)}).status_code == 422
