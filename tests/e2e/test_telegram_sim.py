"""The simulator by hand: a customer writes as in Telegram, the desk answers, a button is pressed."""

import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import uvicorn
from playwright.sync_api import Page, expect

from desk.agents.service import add_agent
from desk.simulator.page import simulator
from desk.simulator.telegram import FakeTelegram
from tests.e2e.conftest import next_wednesday_at_ten, picture
from tests.system.stack import free_ports, running

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def sim(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The simulator, and the real desk beside it."""
    fake, port = FakeTelegram(), free_ports(1)[0]
    server = uvicorn.Server(
        uvicorn.Config(simulator(fake), port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    address = f"http://127.0.0.1:{port}"
    folder: Path = tmp_path_factory.mktemp("telegram")
    try:
        shift = (next_wednesday_at_ten() - datetime.now(UTC)).total_seconds()
        with running(folder, telegram_token=fake.token, telegram_base_url=address, clock_shift=shift) as stack:
            with stack.database.writing() as session:
                add_agent(session, "anna", "Anna Berg", ["en"], "agent", datetime.now(UTC))
            yield address
    finally:
        server.should_exit = True
        thread.join()


@pytest.mark.timeout(400)
def test_a_customer_chats_in_the_simulator(sim: str, window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 1100, "height": 760})
    page.goto(sim)
    expect(page.get_by_text("Open a chat to begin")).to_be_visible()
    page.get_by_label("Name").fill("Erik")
    page.get_by_role("button", name="Open a chat").click()
    page.get_by_label("Message", exact=True).fill("My new TV smells funny and makes strange noises!!!")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_text("switch it off and unplug it")).to_be_visible()
    expect(page.get_by_text("What is your order number?")).to_be_visible()
    for words, answer in (("10023847", "e-mail address you ordered with"), ("erik.lund@example.com", "Thank you, Erik")):
        page.get_by_label("Message", exact=True).fill(words)
        page.get_by_role("button", name="Send", exact=True).click()
        expect(page.get_by_text(answer)).to_be_visible()
    expect(page.get_by_role("button", name="Collect it and bring a new one")).to_be_visible()
    picture(page, "telegram")
    page.get_by_role("button", name="Collect it and bring a new one").click()
    expect(page.get_by_text("It's arranged")).to_be_visible()
    expect(page.get_by_role("button", name="Collect it and bring a new one")).to_have_count(0)
    page.get_by_role("button", name="Menu").click()
    expect(page.get_by_role("button", name="/human Talk to a person")).to_be_visible()
    page.set_viewport_size({"width": 390, "height": 760})
    picture(page, "telegram-phone")


@pytest.mark.timeout(400)
def test_neighbours_and_the_bot_in_a_group(sim: str, window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 1100, "height": 760})
    page.goto(sim)
    page.get_by_label("Group").fill("Neighbours")
    page.get_by_label("People in it").fill("Maja, Bo")
    page.get_by_role("button", name="Open a group").click()
    expect(page.get_by_text("answers here only when it is addressed")).to_be_visible()
    say(page, "Does anybody know when the shop opens?")
    expect(page.get_by_text("Fubb does not get this")).to_be_visible()
    page.get_by_label("Write as").select_option(label="as Bo")
    say(page, "@fubb_sim_bot when are you open?")
    said = page.locator("#messages li").filter(has=page.locator(".name.bot"))
    expect(said).to_have_count(1)
    said.first.hover()
    said.first.get_by_role("button", name="Answer").click()
    say(page, "Where is my order 10023847?")
    expect(said.last).to_contain_text("not where others can read along")
    expect(page.locator("#messages")).not_to_contain_text("Aurora")
    picture(page, "telegram-group")
    said.last.get_by_role("link").click()
    page.get_by_role("button", name="Start", exact=True).click()
    expect(page.get_by_role("heading", name="Fubb", exact=True)).to_be_visible()
    expect(page.locator("#messages li:not(.own) .bubble").first).to_be_visible()


def say(page: Page, words: str) -> None:
    page.get_by_label("Message", exact=True).fill(words)
    page.get_by_role("button", name="Send", exact=True).click()
