"""The plasma TV to its end, by what people see and press: the customer in the chat and on his page, Anna and her lead in the console."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect
from sqlalchemy import select

from desk.cases.tables import Case
from desk.followups.tables import Followup
from desk.surveys.tables import Survey
from tests.e2e.chat import Chat
from tests.e2e.conftest import Shop, picture
from tests.e2e.console import go_by_the_clock_of, no_violations, open_as
from tests.e2e.test_plasma_tv import the_case
from tests.system.plasma import OUTCOME, SAYS, until_said, when_due, when_missed

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
UPSET, NEW_ONE, STILL, WHY = SAYS["en"]
CALL_TIME = re.compile(r"We will call you (.*?) instead")


def test_the_plasma_tv_to_its_end(shop: Shop, anna: str, siv: str, window: Callable[..., Page]) -> None:
    customer, agent, lead = (window(viewport={"width": 1280, "height": 900}) for _ in range(3))

    def seen(page: Page, name: str) -> None:
        picture(page, f"end-{name}")
        no_violations(page, name)

    def as_anna(path: str) -> None:
        go_by_the_clock_of(shop, agent)
        open_as(agent, shop.base, path, "anna", anna)

    # Fault: safety first, an apology, and a new one at his word. The link leads to his own page.
    chat = Chat(customer, shop.base)
    chat.say(UPSET)
    chat.told("switch it off and unplug it")
    chat.told("our responsibility")
    chat.told("order number")
    chat.say("10023847")
    chat.told("e-mail address you ordered with")
    chat.say("erik.lund@example.com")
    chat.told("we collect the Aurora P50")
    chat.say(NEW_ONE)
    chat.told("It's arranged")
    chat.told("When may a colleague call you")
    chat.press("No call")
    link = chat.told("Everything about your case at a glance").get_by_role("link")
    with customer.expect_popup() as opened:
        link.click()
    own = opened.value
    expect(own.get_by_role("region", name="What was done")).to_contain_text("We apologised and took responsibility.")
    seen(own, "own-page-at-first")
    case = the_case(shop)
    number, cases = case.number, [case.id]
    expect(own.get_by_role("heading", level=1)).to_contain_text(number)

    # The old one goes, the new one comes: Anna marks it; a day later he is asked, and it still smells.
    as_anna(f"/desk/cases/{number}")
    agent.get_by_role("button", name="The old ones are collected").click()
    expect(agent.get_by_role("heading", level=1)).to_contain_text("Collected")
    seen(agent, "collected")
    agent.get_by_role("button", name="The new ones are delivered").click()
    expect(agent.get_by_role("button", name="The new ones are delivered")).to_have_count(0)
    shop.move_clock_to(when_due(shop, cases))
    chat.told("Your new Aurora P50 came on")
    chat.say(STILL)
    chat.told("I'm sorry that it still isn't right")
    chat.told(re.compile(rf"Anna Berg will answer you here.*{number}"))
    seen(customer, "still-smells")

    # Anna takes over, promises a call, and misses it: the customer hears it from us first, the lead sees it.
    as_anna("/desk/")
    agent.get_by_role("button", name=re.compile("Take over")).click()
    agent.get_by_label("Answer in English").fill("Hello Erik, I am sorry. I will call you about it.")
    agent.get_by_role("button", name="Send").click()
    chat.told("I will call you about it", author="agent")
    agent.get_by_role("button", name="Promise it").click()
    chat.told("Promised: Anna Berg", author="system")
    expect(agent.get_by_role("complementary")).to_contain_text("Call by Anna Berg")
    seen(agent, "promised")
    agent.get_by_role("button", name="Hand back to the bot").click()
    chat.told("Anna Berg has left the chat", author="system")
    shop.move_clock_to(when_missed(shop, cases))
    owned_up = chat.told("We promised to call you and didn't", author="system").inner_text()
    new_time = CALL_TIME.search(owned_up)[1]  # type: ignore[index]
    seen(customer, "owned-up")
    go_by_the_clock_of(shop, lead)
    open_as(lead, shop.base, "/desk/lead", "siv", siv)
    expect(lead.get_by_role("region", name=re.compile("Needs you"))).to_contain_text("A promise was broken: call of")
    seen(lead, "broken-promise")
    own.reload()
    expect(own.get_by_role("region", name="How it stands")).to_contain_text(f"Anna Berg calls you {new_time}")
    expect(own.get_by_role("region", name="What was done")).to_contain_text("We broke a promise")
    seen(own, "own-page-owned-up")

    # The new time is kept.
    shop.move_clock_to(when_due(shop, cases))
    as_anna("/desk/followups")
    due = agent.get_by_role("region", name=re.compile("^Due"))
    seen(agent, "call-due")
    due.get_by_role("link", name="Call: Erik Lund").click()
    agent.get_by_label("What was said and agreed").fill(OUTCOME)
    seen(agent, "call-made")
    agent.get_by_role("button", name="Mark it done").click()
    expect(agent.get_by_role("heading", name="Follow-ups")).to_be_visible()

    # He is asked; only his own word closes the case.
    until_said(shop, cases)
    chat.told(f"I'm following up on your Aurora P50 (case {number})")
    chat.press("Yes, I'm satisfied")
    chat.told(f"I've closed case {number}")
    until_said(shop, cases)
    chat.told(f"How did we take care of case {number}?")
    seen(customer, "survey")
    chat.press(re.compile("^5$"))
    chat.told("What made it so?")
    chat.say(WHY)
    chat.told("Thank you, that helps us.")
    chat.page.wait_for_timeout(300)
    seen(customer, "own-words")

    # A month later, the last word.
    shop.move_clock_to(when_due(shop, cases))
    chat.told("How is your Aurora P50 by now?")
    chat.press("All is well")
    chat.told("Good to hear!")
    seen(customer, "last-word")
    own.reload()
    expect(own.get_by_role("region", name="How it stands")).to_contain_text("You are satisfied.")
    done = own.get_by_role("region", name="What was done")
    for told in (
        "The new one was delivered",
        "not right yet",
        "We promised to call you",
        "We broke a promise",
        "You told us that you are satisfied",
    ):
        expect(done).to_contain_text(told)
    seen(own, "own-page")
    as_anna(f"/desk/cases/{number}")
    expect(agent.get_by_role("heading", level=1)).to_contain_text("atisfied")
    seen(agent, "case")

    with shop.stack.database.reading() as session:
        assert session.scalars(select(Case.state)).all() == ["satisfied"]
        survey = session.scalars(select(Survey)).one()
        assert (survey.rating, survey.words) == (5, WHY)
        promises = session.scalars(select(Followup.promise).where(Followup.kind == "call").order_by(Followup.due_at)).all()
        assert promises == ["broken", "kept"]
