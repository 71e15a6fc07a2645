"""The real stack, its clock in our hands, and a real browser with a window for the customer and one for the agent."""

import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from desk.agents.service import add_agent
from desk.settings import ROOT
from tests.system.stack import Stack, running

PICTURES = Path(os.environ.get("PICTURES", ROOT / "test-results" / "pictures"))
"""`PICTURES=docs/pictures make test-system` renews the pictures of the docs."""
expect.set_options(timeout=30_000)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def next_wednesday_at_ten() -> datetime:
    """A working hour of a working day, whatever day it is."""
    today = datetime.now(STOCKHOLM)
    day = today + timedelta(days=(2 - today.weekday()) % 7 or 7)
    return day.replace(hour=10, minute=0, second=0, microsecond=0)


class Shop:
    """The running product, and the clock that it goes by."""

    def __init__(self, stack: Stack) -> None:
        self.stack = stack
        self.base = f"http://127.0.0.1:{stack.port}"
        self.shift = stack.settings.clock_shift

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(seconds=self.shift)

    def move_clock_to(self, moment: datetime) -> None:
        """It is that time: desk and actions are started anew with their clock put forward."""
        self.shift += (moment - self.now()).total_seconds()
        for name in ("actions", "desk"):
            program = self.stack._programs[name]
            self.stack._programs[name] = replace(program, environment={**program.environment, "FUBB_CLOCK_SHIFT": str(self.shift)})
            self.stack.restart(name)
        self.stack.wait_ready()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    shift = (next_wednesday_at_ten() - datetime.now(UTC)).total_seconds()
    with running(tmp_path_factory.mktemp("shop"), clock_shift=shift) as stack:
        yield Shop(stack)


@pytest.fixture(scope="module")
def anna(shop: Shop) -> str:
    """Anna's password."""
    with shop.stack.database.writing() as session:
        return add_agent(session, "anna", "Anna Berg", ["en", "sv"], "agent", shop.now()).password


@pytest.fixture(scope="module")
def siv(shop: Shop) -> str:
    """The password of Siv, who leads, and speaks no English: no customer who writes it is given to her."""
    with shop.stack.database.writing() as session:
        return add_agent(session, "siv", "Siv Holm", ["sv"], "lead", shop.now()).password


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((p for n in ("chromium", "chromium-browser", "google-chrome") if (p := shutil.which(n))), None)
    if found is None:
        pytest.skip("no Chromium on this machine")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@pytest.fixture
def window(browser: Browser) -> Iterator[Callable[..., Page]]:
    """Opens a window of its own (own cookies and storage); errors on a page fail the test."""
    errors: list[str] = []
    pages: list[Page] = []

    def open_window(**options: object) -> Page:
        usual: dict[str, Any] = {"locale": "en-GB", "timezone_id": "Europe/Stockholm"}
        page = browser.new_context(**usual | options).new_page()
        page.set_default_timeout(30_000)
        page.on("pageerror", lambda error: errors.append(str(error)))
        page.on("console", lambda line: errors.append(line.text) if "Content Security Policy" in line.text else None)
        pages.append(page)
        return page

    yield open_window
    for page in pages:
        page.context.close()
    assert errors == []


def picture(page: Page, name: str) -> None:
    """Keep what is seen."""
    PICTURES.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=PICTURES / f"{name}.png", caret="initial")  # hiding it would be an inline style
