"""Telegram calls the desk: only Telegram is heard, and only what is stored is acknowledged."""

from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import select

from desk.app import make_app, make_parts
from desk.channels.telegram.service import WEBHOOK_PATH, webhook_secret
from desk.channels.telegram.tables import TelegramUpdate
from desk.db.engine import Database
from desk.settings import Settings
from desk.simulator.telegram import FakeTelegram

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
