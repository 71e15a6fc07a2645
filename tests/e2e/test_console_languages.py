"""The console in Swedish, in a Swedish browser: at a desk and on a phone, read by axe, nothing wider than the window."""

import re
from collections.abc import Callable

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

from tests.desk.cast import PASSWORD, Cast
from tests.e2e.conftest import Shop, picture
from tests.e2e.test_console import DESK, cast, desk, waiting

__all__ = ["cast", "desk"]  # fixtures
pytestmark = [pytest.mark.browser, pytest.mark.timeout(300, func_only=True)]
PHONE = {"width": 390, "height": 844}
OTHER_PAGES = (
    "followups",
    "cases",
    "calendar",
    "week",
    "news",
    "figures",
    "surveys",
    "plans",
    "team",
    "team/rules",
    "unanswered",
    "me",
)


def well_made(page: Page, name: str) -> None:
    """It is Swedish, axe finds nothing, and nothing sticks out."""
    assert page.locator("html").get_attribute("lang") == "sv"
    assert Axe().run(page).response["violations"] == [], name
    assert page.evaluate("document.documentElement.scrollWidth") <= page.viewport_size["width"], name  # type: ignore[index]


@pytest.mark.parametrize(("size", "viewport"), [("desk", DESK), ("phone", PHONE)])
def test_queue_conversation_and_the_leads_pages_in_swedish(
    desk: Shop, cast: Cast, window: Callable[..., Page], size: str, viewport: dict[str, int]
) -> None:
    conversation = waiting(desk, cast)
    page = window(viewport=viewport, locale="sv-SE")
    page.goto(f"{desk.base}/desk/")
    expect(page.get_by_role("heading", name="Logga in")).to_be_visible()
    well_made(page, "login")
    page.get_by_label("Användarnamn").fill("siv")
    page.get_by_label("Lösenord").fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()

    expect(page.get_by_role("heading", name=re.compile("Väntar på en handläggare"))).to_be_visible()
    well_made(page, "queue")
    page.goto(f"{desk.base}/desk/conversations/{conversation}")
    page.get_by_role("button", name="Ta över").click()
    expect(page.get_by_label("Svara på engelska")).to_be_visible()
    assert page.evaluate("say('%(n)s min ago', {n: 4})") == "för 4 min sedan"
    well_made(page, "conversation")
    if size == "desk":
        picture(page, "conversation-swedish")
    page.goto(f"{desk.base}/desk/lead")
    expect(page.get_by_role("heading", name=re.compile("Väntande kunder"))).to_be_visible()
    well_made(page, "board")
    page.goto(f"{desk.base}/desk/cases")
    page.get_by_role("link", name=re.compile("F-1000")).first.click()
    expect(page.get_by_role("heading", name="Historik")).to_be_visible()
    well_made(page, "case")
    page.goto(f"{desk.base}/desk/followups")
    page.get_by_role("link", name=re.compile("Uppgift")).first.click()
    expect(page.get_by_label("Vad som sades och bestämdes")).to_be_visible()
    well_made(page, "followup")
    for name in OTHER_PAGES:
        page.goto(f"{desk.base}/desk/{name}")
        well_made(page, name)
