"""The console in a browser with the desk alone: nobody needs Rasa for what agents do among themselves."""

import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page, Route, expect

from desk.db.schema import create_schema
from tests.desk.cast import PASSWORD, Cast, gather, hand_off, smelling_tv
from tests.e2e.conftest import Shop, next_wednesday_at_ten
from tests.system.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(180)]
DESK = {"width": 1400, "height": 900}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The desk process by itself; customers are written into its database."""
    folder = tmp_path_factory.mktemp("desk")
    shift = (next_wednesday_at_ten() - datetime.now(UTC)).total_seconds()
    stack = Stack(folder, model=Path("none"), clock_shift=shift, demo=False, handoff_after=36_000.0, notice_after=36_000.0)
    try:
        create_schema(stack.database)
        stack.start("desk")
        shop = Shop(stack)
        wait_for(shop)
        yield shop
    finally:
        stack.end()


def wait_for(shop: Shop) -> None:
    import httpx

    for _ in range(300):
        try:
            if httpx.get(f"{shop.base}/healthz").status_code == 200:
                return
        except httpx.HTTPError:
            pass
        time.sleep(0.1)
    raise AssertionError(shop.stack.logs())


@pytest.fixture(scope="module")
def cast(desk: Shop) -> Cast:
    with desk.stack.database.writing() as session:
        return gather(session, desk.now())


def waiting(desk: Shop, cast: Cast) -> str:
    """Erik waits with his smelling set; the conversation's id."""
    with desk.stack.database.writing() as session:
        case = smelling_tv(session, cast, now=desk.now())
        from desk.conversations.tables import Conversation

        return hand_off(session, session.get_one(Conversation, case.conversation_id), now=desk.now()).conversation_id


def log_in(page: Page, desk: Shop, login: str) -> Page:
    page.goto(f"{desk.base}/desk/")
    page.get_by_label("Login").fill(login)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.locator("#queue")).to_be_visible()
    return page


def test_a_key_counts_as_soon_as_its_button_is_seen(desk: Shop, cast: Cast, window: Callable[..., Page]) -> None:
    """However late the other scripts come, as on a busy machine."""
    conversation = waiting(desk, cast)
    page = log_in(window(viewport=DESK), desk, "anna")

    def late(route: Route) -> None:
        time.sleep(1)
        route.continue_()

    page.route("**/vendor/*.js*", late)
    page.goto(f"{desk.base}/desk/conversations/{conversation}", wait_until="commit")
    expect(page.get_by_role("button", name="Take over")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_label("Answer in English")).to_be_visible()
    page.keyboard.press("b")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_label("Answer in English")).to_be_visible()
