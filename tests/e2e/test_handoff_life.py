"""The whole life of a hand-off in browsers: two agents, a lead and two customers at once, against real Rasa."""

import re
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from desk.agents.service import add_agent
from tests.e2e.chat import Chat
from tests.e2e.conftest import STOCKHOLM, Shop, picture
from tests.e2e.console import log_in, no_violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300, func_only=True)]
DESK = {"width": 1400, "height": 900}


@pytest.fixture(scope="module")
def team(shop: Shop) -> dict[str, str]:
    """Passwords by login: Anna and Mikko answer, Siv leads."""
    people = (("anna", "Anna Berg", "agent"), ("mikko", "Mikko Laine", "agent"), ("siv", "Siv Holm", "lead"))
    with shop.stack.database.writing() as session:
        return {login: add_agent(session, login, name, ["en", "sv"], role, shop.now()).password for login, name, role in people}


def times_sent_to_people(chat: Chat) -> int:
    return sum("will answer you here" in told for told in chat.all_told())


def test_two_customers_two_agents_and_a_lead(shop: Shop, team: dict[str, str], window: Callable[..., Page], tmp_path: Path) -> None:
    anna, mikko, siv = (log_in(window(viewport=DESK), shop.base, login, team[login]) for login in ("anna", "mikko", "siv"))
    siv.get_by_label("Your presence").select_option("busy")
    erik, aino = Chat(window(viewport={"width": 1280, "height": 860}), shop.base), Chat(window(viewport=DESK), shop.base)

    # Two furious customers: each gets an agent of his own, and hears whom.
    for chat in (erik, aino):
        chat.say("This is outrageous!!! I am furious, I want to talk to a person NOW")
        chat.told(re.compile("will answer you here, at the latest today"))
    names = {re.search(r"(Anna Berg|Mikko Laine) will answer", " ".join(c.all_told()))[1] for c in (erik, aino)}  # type: ignore[index]
    assert names == {"Anna Berg", "Mikko Laine"}
    for page in (anna, mikko):
        expect(page.get_by_text("Your turn")).to_have_count(1)
        no_violations(page, "the queue with turns")
    siv.goto(f"{shop.base}/desk/lead")
    expect(siv.get_by_role("heading", name=re.compile("Who waits"))).to_contain_text("2")
    picture(siv, "board")
    no_violations(siv, "the board")

    # He asks for his place; then the picture of the broken set comes, by keyboard and mouse alike.
    anna_is_eriks = "Anna Berg will answer" in " ".join(erik.all_told())
    hers, other = (erik, aino) if anna_is_eriks else (aino, erik)
    hers.say("how long is the queue?")
    hers.told(re.compile(r"You are number \d in the queue"), author="system")
    anna.locator(".card", has=anna.get_by_text("Your turn")).get_by_role("button", name=re.compile("Take over")).click()
    hers.told("Anna Berg is here now", author="system")
    Image.effect_mandelbrot((900, 600), (-2, -1.2, 0.8, 1.2), 40).convert("RGB").save(tmp_path / "tv.jpg")
    hers.page.locator("input[type=file]").set_input_files(tmp_path / "tv.jpg")
    hers.say("look at it")  # it goes out as soon as the picture is there
    expect(anna.get_by_role("log").get_by_role("img")).to_be_visible()

    # A colleague opens the same conversation, and both know; his note is for her only.
    mikko.goto(anna.url)
    expect(anna.locator("#writing")).to_contain_text("Mikko Laine looks at this conversation too")
    mikko.keyboard.press("n")
    mikko.get_by_label("For colleagues only").fill("The carrier can come on Friday.")
    mikko.keyboard.press("Control+Enter")
    expect(anna.get_by_role("log")).to_contain_text("The carrier can come on Friday.")

    # A canned reply by keyboard; a half-written answer survives a reload.
    anna.locator("h1").click()
    anna.keyboard.press("c")
    anna.get_by_label("Search the replies").fill("hello read")
    expect(anna.locator(".reply")).to_have_count(1)
    anna.keyboard.press("ArrowDown")
    anna.keyboard.press("Enter")
    expect(anna.get_by_label("Answer in English")).to_have_value(re.compile("I'm Anna Berg"))
    anna.reload()
    expect(anna.get_by_label("Answer in English")).to_have_value(re.compile("I'm Anna Berg"))
    picture(anna, "conversation")
    no_violations(anna, "a conversation with picture and note")
    anna.get_by_label("Answer in English").focus()
    anna.keyboard.press("Control+Enter")
    hers.told("I have read what you wrote", author="agent")
    assert not any("carrier" in t for t in hers.all_told())

    # A slip: handed back, undone; then for good, with what was agreed, and the bot goes on sensibly.
    anna.locator("h1").click()
    anna.keyboard.press("b")
    expect(anna.get_by_role("button", name="Undo")).to_be_visible()
    anna.keyboard.press("u")
    expect(anna.get_by_label("Answer in English")).to_be_visible()
    anna.get_by_label("What you agreed").fill("We collect it on Friday.")
    anna.get_by_role("button", name="Hand back to the bot").click()
    hers.told("Agreed: We collect it on Friday.", author="system")
    hers.say("thank you")
    hers.told("You're welcome")
    before = times_sent_to_people(hers)
    hers.say("how is my case going?")
    hers.told("Anna Berg agreed this with you: We collect it on Friday.")  # known, not asked again
    hers.say("it is still not solved")
    hers.told("That still holds, so I won't ask you everything again.")
    assert times_sent_to_people(hers) == before  # nor is he sent back to people
    expect(anna.get_by_text("Breathe.")).to_be_visible()
    no_violations(anna, "the queue in a pause")

    # The lead gives the other one to Anna; she lets it pass without a reason.
    siv.goto(f"{shop.base}/desk/lead")
    siv.locator(".give select").first.select_option("anna")
    siv.get_by_role("button", name="Give", exact=True).first.click()
    other.told("Anna Berg will answer you", author="system")
    anna.goto(f"{shop.base}/desk/")
    anna.get_by_role("button", name=re.compile("^Swap")).click()
    mikko.goto(f"{shop.base}/desk/")
    mikko.get_by_role("button", name=re.compile("Take over")).click()
    other.told("Mikko Laine is here now", author="system")

    # Mikko falls silent: somebody else is asked, and the customer hears it from us.
    for page in (mikko, anna):
        page.goto("about:blank")
    shop.move_clock_to(shop.now() + timedelta(minutes=14))
    other.told("I'm sorry: you should have had an answer by now", author="system")
    siv.goto(f"{shop.base}/desk/lead")
    expect(siv.get_by_text(re.compile("while an agent is silent|was not answered by the time")).first).to_be_visible()


def test_out_of_hours_a_call_is_offered_and_promised(shop: Shop, team: dict[str, str], window: Callable[..., Page]) -> None:
    evening = shop.now().astimezone(STOCKHOLM).replace(hour=21, minute=0)
    shop.move_clock_to(evening)
    chat = Chat(window(viewport=DESK), shop.base)
    chat.say("I want to talk to a person")
    chat.told(re.compile("Nobody is at work right now.*at the latest tomorrow"))
    chat.press("Call me instead")
    chat.told("When may a colleague call you", author="system")
    chat.press(re.compile(r"tomorrow|\d{2}:\d{2}"))
    chat.told("Promised:", author="system")
    no_violations(chat.page, "the chat after a promised call")


@pytest.mark.parametrize("path", ["/desk/lead", "/desk/team", "/desk/team/agents/mikko", "/desk/team/replies", "/desk/team/rules", "/desk/team/audit", "/desk/me", "/desk/calendar", "/desk/search?q=aurora"])  # fmt: skip
def test_pages_of_the_team_are_accessible_in_light_dark_and_on_a_phone(
    shop: Shop, team: dict[str, str], window: Callable[..., Page], path: str
) -> None:
    for options in ({"viewport": DESK}, {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark", "is_mobile": True}):
        page = log_in(window(**options), shop.base, "siv", team["siv"])
        page.goto(shop.base + path)
        no_violations(page, f"{path} {options}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), f"{path} is too wide"
