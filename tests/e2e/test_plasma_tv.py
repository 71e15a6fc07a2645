"""The whole conversation of the brief, in a browser, against real Rasa: the customer's part and the agent's."""

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from desk.cases.tables import Case
from desk.conversations.tables import Message
from desk.followups.tables import Followup
from tests.e2e.chat import Chat
from tests.e2e.conftest import Shop, picture
from tests.e2e.console import log_in, no_violations, open_as

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def the_case(shop: Shop) -> Case:
    with shop.stack.database.reading() as session:
        return session.scalars(select(Case).order_by(Case.id.desc())).first()  # type: ignore[return-value]


def test_the_plasma_tv_from_first_word_to_kept_promise(shop: Shop, anna: str, window: Callable[..., Page]) -> None:
    customer, agent = window(viewport={"width": 1280, "height": 860}), window(viewport={"width": 1400, "height": 900})
    log_in(agent, shop.base, "anna", anna)
    expect(agent.get_by_text("Nobody waits.")).to_be_visible()
    no_violations(agent, "the empty queue")

    # He looks for a plasma TV, and is guided to one.
    chat = Chat(customer, shop.base)
    chat.say("Hi! I'm looking for a plasma TV")
    chat.told("How big is the room")
    chat.press("Medium")
    chat.told("how much would you like to spend")
    chat.say("at most 10000 kr")
    chat.told("Aurora P50")
    picture(customer, "advice")
    no_violations(customer, "the shop page with the open chat")

    # Later he is furious: safety first, then an apology that takes responsibility, then what is needed.
    chat.say("My new TV smells funny and makes strange noises!!! This is outrageous, I am furious")
    chat.told("your case number is F-")
    told = chat.all_told()
    safety = next(i for i, t in enumerate(told) if "switch it off and unplug it" in t)
    sorry = next(i for i, t in enumerate(told) if "our responsibility" in t)
    asked = next(i for i, t in enumerate(told) if "order number" in t)
    assert safety < sorry < asked
    case = the_case(shop)
    assert (case.kind, case.priority, case.hazard, case.mood) == ("fault", "urgent", True, "furious")
    picture(customer, "safety-first")
    chat.say("its 10023847")
    chat.told("e-mail address you ordered with")
    chat.say("erik.lund@example.com")
    chat.told("I have your order 10023847")
    chat.told("we collect the Aurora P50")
    chat.press("Collect it and bring a new one")
    chat.told("It's arranged")
    chat.told("When may a colleague call you")
    chat.press(re.compile("Wednesday|today"))
    promised = chat.told("Promised: Anna Berg will call you").inner_text()
    assert re.search(r"\d{2}:\d{2}", promised)
    chat.told(f"Your case {case.number} stays open")
    assert sum("our responsibility" in t for t in chat.all_told()) == 1

    # He wants a person; Anna sees him come in, takes over, answers, and hands back.
    chat.press("Talk to a person now")
    chat.told(re.compile(rf"Anna Berg will answer you here.*{case.number}"))
    waiting = agent.locator("[data-waiting]")
    expect(waiting).to_be_visible()
    expect(waiting).to_contain_text("Erik Lund")
    picture(agent, "queue")
    no_violations(agent, "the queue")
    waiting.get_by_role("button", name=re.compile("Take over")).click()
    expect(agent.get_by_role("region", name="What happened so far")).to_contain_text("Aurora P50")
    agent.get_by_label("Answer in English").fill("Hello Erik, Anna here. The van comes to you on Friday between 9 and 12.")
    agent.keyboard.press("Control+Enter")
    chat.told("Anna here", author="agent")
    chat.say("ok, and who pays for that?")
    expect(agent.get_by_role("log")).to_contain_text("who pays for that?")
    picture(agent, "console")
    no_violations(agent, "the conversation in the console")
    agent.get_by_label("Answer in English").fill("We do, all of it.")
    agent.get_by_role("button", name="Send").click()
    chat.told("We do, all of it.", author="agent")
    picture(customer, "chat")
    agent.get_by_role("button", name="Hand back to the bot").click()
    expect(agent.get_by_role("heading", name="Queue")).to_be_visible()
    chat.told("Anna Berg has left the chat", author="system")
    chat.say("thanks")
    chat.told("You're welcome")

    # The promised call comes at its time; Anna makes it and says how it went.
    with shop.stack.database.reading() as session:
        call = session.get_one(Followup, the_case(shop).next_followup_id)
    assert (call.kind, call.promise) == ("call", "open")
    shop.move_clock_to(call.due_at + timedelta(minutes=1))
    agent.goto(f"{shop.base}/desk/followups")
    due = agent.locator("section", has=agent.get_by_role("heading", name=re.compile("^Due")))
    expect(due).to_contain_text("Erik Lund")
    picture(agent, "followups")
    no_violations(agent, "the follow-ups")
    due.get_by_role("link", name=re.compile("Erik Lund")).click()
    agent.get_by_label("What was said and agreed").fill("Called him: the new one stands, no smell.")
    no_violations(agent, "a follow-up")
    agent.get_by_role("button", name="Mark it done").click()
    expect(agent.get_by_role("heading", name="Follow-ups")).to_be_visible()
    with shop.stack.database.reading() as session:
        assert session.get_one(Followup, call.id).promise == "kept"
    assert the_case(shop).state == "waiting_for_word"

    # A day later the bot asks; only his own word closes the case.
    shop.move_clock_to(call.due_at + timedelta(days=1, minutes=5))
    chat.told(f"I'm following up on your Aurora P50 (case {case.number})")
    assert the_case(shop).is_open
    picture(customer, "check-in")
    chat.press("Yes, I'm satisfied")
    chat.told(f"I've closed case {case.number}")
    closed = the_case(shop)
    assert closed.state == "satisfied"
    with shop.stack.database.reading() as session:
        assert session.get_one(Message, closed.satisfied_by_message_id).text == "Yes, I'm satisfied"
    open_as(agent, shop.base, f"/desk/cases/{case.number}", "anna", anna)
    expect(agent.get_by_role("heading", level=1)).to_contain_text("atisfied")
    picture(agent, "case")
    no_violations(agent, "the closed case")


def test_the_chat_on_a_phone_in_the_dark_survives_a_reload(shop: Shop, window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 390, "height": 844}, color_scheme="dark", has_touch=True, is_mobile=True)
    chat = Chat(page, shop.base)
    chat.say("where is my parcel?")
    chat.told("order number")
    picture(page, "phone-dark")
    no_violations(page, "the chat on a phone")
    page.reload()
    if page.get_by_role("button", name="Chat with us").is_visible():
        page.get_by_role("button", name="Chat with us").click()
    chat.told("order number")
    expect(page.locator(".msg.customer")).to_have_count(1)
    chat.say("10023901")
    chat.told("e-mail address")
    chat.say("aino.virtanen@example.com")
    chat.told(re.compile("Nordvik W7.*on its way"))


def test_what_is_written_while_the_desk_is_away_arrives_once_it_is_back(shop: Shop, window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 1280, "height": 800})
    chat = Chat(page, shop.base)
    chat.say("hello")
    chat.told("I'm Fubb")
    shop.stack.kill("desk")
    chat.say("when are you open on saturdays?")
    expect(page.locator(".msg.customer")).to_have_count(2)
    shop.stack.start("desk")
    shop.stack.wait_ready()
    chat.told("Saturday 10-16")
    expect(page.locator(".msg.customer")).to_have_count(2)


def test_everything_in_the_chat_can_be_done_by_keyboard(shop: Shop, window: Callable[..., Page]) -> None:
    page = window(viewport={"width": 1280, "height": 800})
    page.goto(shop.base)
    launcher = page.get_by_role("button", name="Chat with us")
    launcher.focus()
    page.keyboard.press("Enter")
    page.keyboard.type("are you a robot?")
    page.keyboard.press("Enter")
    expect(page.locator(".msg.bot").filter(has_text="not a person")).to_be_visible()
    for _ in range(12):
        if page.evaluate("document.querySelector('fubb-chat').shadowRoot.activeElement?.className ?? ''").startswith("choice"):
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator(".msg.customer").filter(has_text="Talk to a person")).to_be_visible()
    page.keyboard.press("Escape")
    expect(launcher).to_be_focused()
