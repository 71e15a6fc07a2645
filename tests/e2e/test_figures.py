"""The page of figures in a real browser: light, dark, on a phone, by the keyboard alone, and axe finds nothing."""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from desk.conversations.access import say_as_agent, take_as_agent
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.followups.service import mark_done
from desk.settings import ROOT
from desk.supervisor.checks import free_port
from tests.desk.cast import PASSWORD, gather, hand_off, promise_call, smelling_tv

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]
VIEWS: dict[str, Any] = {
    "light": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "light"},
    "dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True},
    "small phone": {"viewport": {"width": 320, "height": 640}, "is_mobile": True, "has_touch": True},
}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The desk alone, with Erik's case of this morning; figures need no Rasa."""
    folder: Path = tmp_path_factory.mktemp("desk")
    database = Database(f"sqlite:///{folder / 'fubb.sqlite'}")
    create_schema(database)
    then = datetime.now(UTC) - timedelta(minutes=30)
    with database.writing() as session:
        cast = gather(session, then)
        case = smelling_tv(session, cast, arranged=True, now=then)
        conversation = session.get_one(Conversation, case.conversation_id)
        hand_off(session, conversation, now=then)
        take_as_agent(session, cast.anna, conversation.id, then + timedelta(minutes=3))
        say_as_agent(session, cast.anna, conversation.id, "a1", "I am here.", then + timedelta(minutes=4))
        call = promise_call(session, case, cast.anna, then + timedelta(minutes=6), then)
        mark_done(session, cast.anna, call.id, "All arranged.", then + timedelta(minutes=8))
    database.dispose()
    port = free_port()
    environment = {n: v for n, v in os.environ.items() if not n.startswith("FUBB_")}
    environment |= {"FUBB_DATA_DIR": str(folder), "FUBB_PORT": str(port), "FUBB_RUN_WORKER": "false"}
    process = subprocess.Popen([sys.executable, "-m", "desk.serve"], env=environment, cwd=ROOT)
    base = f"http://127.0.0.1:{port}"
    try:
        for _ in range(200):
            try:
                if httpx.get(f"{base}/healthz", timeout=2).status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.3)
        yield base
    finally:
        process.terminate()
        process.wait(20)


def logged_in(page: Page, desk: str) -> Page:
    page.goto(f"{desk}/desk/login")
    page.get_by_label("Login").fill("siv")
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk}/desk/")
    return page


@pytest.mark.parametrize("view", VIEWS)
def test_the_page_fits_reads_and_has_nothing_that_axe_finds(desk: str, window: Callable[..., Page], view: str) -> None:
    page = logged_in(window(**VIEWS[view]), desk)
    for address in ("/desk/figures?period=week", "/desk/figures?period=month&day=2020-01-01"):
        page.goto(desk + address)
        assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]
        found = Axe().run(page)
        assert found.response["violations"] == []
    page.goto(f"{desk}/desk/figures?period=week")
    for summary in page.get_by_text("As a table").all():
        summary.click()
    assert page.evaluate("document.documentElement.scrollWidth") <= VIEWS[view]["viewport"]["width"]
    assert Axe().run(page).response["violations"] == []


def test_plots_follow_the_page_into_the_dark(desk: str, window: Callable[..., Page]) -> None:
    page = logged_in(window(**VIEWS["light"]), desk)
    page.goto(f"{desk}/desk/figures?period=week")
    fill = "getComputedStyle(document.querySelector('.plot rect.bar')).fill"
    light = page.evaluate(fill)
    page.emulate_media(color_scheme="dark")
    assert page.evaluate(fill) != light


def test_everything_is_reached_by_the_keyboard(desk: str, window: Callable[..., Page]) -> None:
    page = logged_in(window(**VIEWS["light"]), desk)
    page.goto(f"{desk}/desk/week")
    _tab_to(page, "Figures")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Figures", exact=True)).to_be_visible()
    _tab_to(page, "Quarter")
    page.keyboard.press("Enter")
    expect(page.get_by_role("link", name="Quarter")).to_have_attribute("aria-current", "page")
    _tab_to(page, "As a table")
    page.keyboard.press("Enter")
    expect(page.get_by_role("table", name="A person's first answers by time")).to_be_visible()
    page.get_by_label("From", exact=True).fill("2020-01-01")
    page.get_by_label("To, included", exact=True).fill("2020-01-31")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Nothing to count in this period.")).to_be_visible()


def _tab_to(page: Page, name: str) -> None:
    """Press Tab until this is in focus."""
    for _ in range(60):
        page.keyboard.press("Tab")
        if str(page.evaluate("document.activeElement.innerText") or "").startswith(name):
            return
    raise AssertionError(f"Tab does not lead to {name}")
