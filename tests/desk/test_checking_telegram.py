"""`fubb doctor` about Telegram: what it finds, and what it says to do."""

import threading
import time
from collections.abc import Iterator

import pytest
import uvicorn

from desk.checking.telegram import examine_telegram
from desk.settings import Settings, WrongSettings
from desk.simulator.bot_api import bot_api
from desk.simulator.faults import Fault
from desk.simulator.telegram import FakeTelegram


@pytest.fixture
def fake() -> Iterator[tuple[FakeTelegram, str]]:
    fake = FakeTelegram()
    server = uvicorn.Server(uvicorn.Config(bot_api(fake), port=0, log_level="critical", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield fake, f"http://127.0.0.1:{server.servers[0].sockets[0].getsockname()[1]}"
    server.should_exit = True
    thread.join()


def found(token: str, url: str = "http://127.0.0.1:9", **more: object) -> tuple[bool, str]:
    return examine_telegram(Settings(telegram_token=token, telegram_base_url=url, **more))  # type: ignore[arg-type]


def test_without_a_token_there_is_nothing_to_examine() -> None:
    ok, words = found("")
    assert (ok, "FUBB_TELEGRAM_TOKEN is empty" in words, "docs/telegram.md" in words) == (True, True, True)


def test_what_is_no_token_is_told_without_asking_anybody() -> None:
    ok, words = found("hello")
    assert (ok, "@BotFather" in words) == (False, True)


def test_telegram_that_does_not_answer_is_told() -> None:
    ok, words = found("1:x")
    assert (ok, "cannot be reached" in words, "fubb telegram-sim" in words, "httpx" in words) == (False, True, True, False)


def test_telegrams_own_address_that_is_not_reached_is_a_matter_of_the_network() -> None:
    ok, words = found("1:x", "https://api.telegram.org")  # nothing beyond this machine is reached in tests
    assert (ok, "Is this machine online" in words, "telegram-sim" in words) == (False, True, False)


def test_an_address_without_its_beginning_is_told() -> None:
    ok, words = found("1:x", "api.telegram.org")
    assert (ok, "begins with https://" in words) == (False, True)


def test_whoever_answers_otherwise_than_telegram_is_told(fake: tuple[FakeTelegram, str], capfd: pytest.CaptureFixture[str]) -> None:
    fake[0].faults.plan("getMe", Fault(cut=True))
    ok, words = found(fake[0].token, fake[1])
    assert (ok, "cannot be reached" in words) == (False, True)
    ok, words = found(fake[0].token, f"{fake[1]}/elsewhere")
    assert (ok, "does not know this bot" in words or "not as Telegram does" in words) == (False, True)
    assert "Traceback" not in capfd.readouterr().err


def test_the_simulators_token_alone_is_found_out_without_asking_anybody() -> None:
    ok, words = found("4711:simulated", "https://api.telegram.org")
    assert (ok, "is the simulator's" in words) == (False, True)


def test_a_good_token_is_told_with_the_bots_name_and_what_waits(fake: tuple[FakeTelegram, str]) -> None:
    fake[0].say(fake[0].person("Erik"), "Hello")
    assert found(fake[0].token, fake[1]) == (True, "@fubb_sim_bot answers, 1 messages wait")
    fake[0].webhook = {"url": "https://old.example/hook"}
    assert "is removed at the start" in found(fake[0].token, fake[1])[1]


def test_a_webhook_without_a_public_address_stops_the_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUBB_TELEGRAM_WEBHOOK", "true")
    with pytest.raises(WrongSettings, match=r"FUBB_TELEGRAM_WEBHOOK.*FUBB_PUBLIC_URL"):
        Settings.load()
