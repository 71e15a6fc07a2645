"""The console in a browser with the desk alone: nobody needs Rasa for what agents do among themselves."""

import re
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Locator, Page, Route, expect

from desk.canned.service import load_starters
from desk.conversations.tables import Conversation
from desk.db.schema import create_schema
from tests.desk.cast import PASSWORD, Cast, gather, hand_off, smelling_tv
from tests.e2e.conftest import Shop, next_wednesday_at_ten
from tests.system.stack import Stack

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300, func_only=True)]
DESK = {"width": 1400, "height": 900}


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """The desk process by itself; customers are written into its database."""
    folder = tmp_path_factory.mktemp("desk")
    shift = (next_wednesday_at_ten() - datetime.now(UTC)).total_seconds()
    stack = Stack(folder, model=Path("none"), clock_shift=shift, demo=False, handoff_after=1.0, turn_timeout=1.0)
    try:
        create_schema(stack.database)
        stack.start("desk")
        shop = Shop(stack)
        wait_for(shop)
        yield shop
    finally:
        stack.end()


class Keys:
    """An agent who has no mouse."""

    def __init__(self, page: Page) -> None:
        self.page = page

    def press(self, *keys: str) -> None:
        for key in keys:
            self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        self.page.keyboard.type(text)

    def tab_to(self, wanted: Locator, at_most: int = 90) -> None:
        """Tab on until it has the focus, and shows it."""
        expect(wanted).to_be_visible()
        for _ in range(at_most):
            if wanted.evaluate("e => e === document.activeElement"):
                assert wanted.evaluate("e => e.matches(':focus-visible')")
                return
            self.press("Tab")
        raise AssertionError(f"Tab never came to {wanted}")


def wait_for(shop: Shop) -> None:
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
        load_starters(session, desk.now())
        return gather(session, desk.now())


def waiting(desk: Shop, cast: Cast) -> str:
    """Erik waits with his smelling set; the conversation's id."""
    with desk.stack.database.writing() as session:
        case = smelling_tv(session, cast, now=desk.now())
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


def test_an_agents_whole_work_by_keyboard_alone(desk: Shop, cast: Cast, window: Callable[..., Page], tmp_path: Path) -> None:
    waiting(desk, cast)
    page = window(viewport=DESK)
    page.goto(f"{desk.base}/desk/")
    keys = Keys(page)

    # In, past the head of the page, here and with sound on.
    expect(page.get_by_label("Login")).to_be_focused()
    keys.type("anna")
    keys.press("Tab")
    keys.type(PASSWORD)
    keys.press("Enter")
    expect(page.locator("#queue")).to_be_visible()
    keys.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    keys.tab_to(page.get_by_label("Your presence"))
    keys.press("ArrowDown")
    expect(page.get_by_label("Your presence")).to_have_value("busy")
    keys.press("ArrowUp")
    expect(page.get_by_label("Your presence")).to_have_value("online")
    keys.tab_to(page.get_by_role("button", name=re.compile("Sound")))
    keys.press("Space")
    expect(page.get_by_role("button", name="Sound on")).to_be_visible()

    # What keys there are; the first in the queue; he is taken over.
    keys.press("?")
    expect(page.get_by_role("dialog", name="Keyboard shortcuts")).to_be_visible()
    keys.press("Escape")
    keys.press("j", "Enter")
    expect(page.get_by_role("button", name="Take over")).to_be_visible()
    keys.press("t")
    expect(page.get_by_label("Answer in English")).to_be_visible()
    transcript = page.get_by_role("log")

    # An answer, a canned one, a note, a picture.
    keys.press("r")
    keys.type("Hello Erik, I have your case before me.")
    keys.press("Control+Enter")
    expect(transcript).to_contain_text("I have your case before me")
    expect(page.get_by_label("Answer in English")).to_have_value("")
    keys.press("Escape", "c")
    expect(page.locator(".reply").first).to_be_visible()
    keys.type("hello read")
    expect(page.locator(".reply")).to_have_count(1)
    keys.press("ArrowDown", "Enter")
    expect(page.get_by_label("Answer in English")).to_have_value(re.compile("I'm Anna Berg"))
    keys.press("Control+Enter")
    expect(transcript).to_contain_text("I'm Anna Berg")
    expect(page.get_by_label("Answer in English")).to_have_value("")
    keys.press("Escape", "n")
    expect(page.get_by_label("For colleagues only")).to_be_focused()
    keys.type("The carrier can come on Friday.")
    keys.press("Control+Enter")
    expect(transcript).to_contain_text("The carrier can come on Friday.")
    expect(page.locator("#note-box")).not_to_have_attribute("open", "")
    Image.new("RGB", (80, 60), "navy").save(tmp_path / "van.png")
    with page.expect_file_chooser() as chosen:
        keys.press("Escape", "p")  # out of the note's box, where the focus may still be
    chosen.value.set_files(tmp_path / "van.png")
    expect(page.locator("#tray input")).to_have_count(1)
    keys.press("r", "Control+Enter")
    expect(transcript.get_by_role("img")).to_have_count(1)

    # A remedy and a call, beside the conversation.
    keys.press("Escape")
    keys.tab_to(page.locator(".remedy-forms summary").first)
    keys.press("Enter")
    keys.tab_to(page.locator(".remedy-forms").get_by_role("button", name="Arrange").first)
    keys.press("Enter")
    expect(page.locator(".remedy-arranged").first).to_be_visible()
    keys.tab_to(page.get_by_label("You call at"))
    keys.press("ArrowDown", "Tab", "Enter")
    expect(page.locator("#transcript")).to_contain_text("Promised: Anna Berg will call you")

    # A slip, undone; then handed back for good, with what was agreed.
    keys.tab_to(page.get_by_label("Transfer to"))
    keys.press("Tab", "Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    keys.press("u")
    expect(page.get_by_label("Answer in English")).to_be_visible()
    keys.tab_to(page.get_by_label("What you agreed"))
    keys.type("We collect it on Friday.")
    keys.press("Enter")
    expect(page.get_by_text("Handed back to the bot.")).to_be_visible()
    keys.tab_to(page.get_by_role("button", name="Skip the pause"))
    keys.press("Enter")
    expect(page.get_by_text("Breathe.")).to_have_count(0)

    # The other places: follow-ups, where the call is; cases, calendar, search; and out.
    keys.press("g", "f")
    expect(page.get_by_role("heading", name="Follow-ups", level=1)).to_be_visible()
    keys.press("j", "Enter")
    keys.tab_to(page.get_by_label("What was said and agreed"))
    keys.type("Called him: all is well.")
    keys.tab_to(page.get_by_role("button", name="Mark it done"))
    keys.press("Enter")
    expect(page.get_by_role("heading", name="Follow-ups", level=1)).to_be_visible()
    keys.press("g", "k")
    expect(page.get_by_role("heading", name=re.compile("Calendar|Week"), level=1)).to_be_visible()
    keys.press("g", "c")
    expect(page.get_by_role("heading", name="Cases", level=1)).to_be_visible()
    keys.press("j", "Enter")
    expect(page.get_by_role("heading", name=re.compile("F-1000"), level=1)).to_be_visible()
    keys.press("/")
    keys.type("Erik")
    keys.press("Enter")
    expect(page.locator("#main")).to_contain_text("erik.lund@example.com")
    keys.tab_to(page.get_by_role("button", name="Log out"))
    keys.press("Enter")
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_lead_gives_a_waiting_customer_to_an_agent_by_keyboard(desk: Shop, cast: Cast, window: Callable[..., Page]) -> None:
    conversation = waiting(desk, cast)
    page = log_in(window(viewport=DESK), desk, "siv")
    keys = Keys(page)
    keys.press("g", "t")
    expect(page.get_by_role("heading", name=re.compile("Who waits"))).to_be_visible()
    keys.tab_to(page.locator(f"#give-{conversation}"))
    keys.type("Mikko")
    keys.tab_to(page.locator(f"#give-button-{conversation}"))
    keys.press("Enter")
    expect(page.locator("tr", has=page.locator(f"#give-{conversation}"))).to_contain_text("Mikko Laine")


HEARS = """
window.heard = {tones: 0, said: []};
const tone = AudioContext.prototype.createOscillator;
AudioContext.prototype.createOscillator = function () { window.heard.tones += 1; return tone.call(this); };
window.Notification = class { static permission = "granted"; constructor(title, how) { window.heard.said.push(how.body); } };
"""


def test_a_hand_off_rings_for_whom_it_is_given_to_if_he_wants_that(desk: Shop, cast: Cast, window: Callable[..., Page]) -> None:
    """Real oscillators; the notification is only counted, for a headless browser shows none."""
    page = window(viewport=DESK)
    page.add_init_script(HEARS)
    log_in(page, desk, "mikko")
    with desk.stack.database.writing() as session:
        for other in (cast.anna, cast.siv):
            session.merge(other).presence = "away"
    page.get_by_role("button", name="Sound off").click()
    assert page.evaluate("heard.tones") == 2  # so it will sound
    page.evaluate("Object.defineProperty(document, 'hidden', {get: () => true})")  # he is in another window
    with httpx.Client(base_url=desk.base) as customer:
        token = customer.post("/api/chat/sessions", json={"language": "en"}).json()["token"]
        said = {"client_id": "1", "text": "Is anybody there?"}
        customer.post("/api/chat/messages", json=said, headers={"Authorization": f"Bearer {token}"}).raise_for_status()
    expect(page.get_by_text("Your turn")).to_have_count(1)  # by itself: the bot is not there, people are asked
    expect(page.locator("#given")).to_contain_text("A hand-off is given to you.")
    assert page.evaluate("heard") == {"tones": 4, "said": ["A hand-off is given to you."]}
    page.reload()
    expect(page.get_by_role("button", name="Sound on")).to_be_visible()  # he is not asked again
