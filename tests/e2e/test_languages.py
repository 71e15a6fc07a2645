"""The chat in each language, in a browser of that language: the answer, a form, a question in the middle of it, and back."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from desk.words import load_words
from tests.e2e.conftest import Shop, picture

pytestmark = pytest.mark.browser
TALKS = {
    "en": ("en-GB", "Chat with us", "when do you open on saturday?", "Monday to Friday 10-19",
           "my washing machine doesn't start any more, it is broken", "how long is the warranty?", "never mind"),
    "sv": ("sv-SE", "Chatta med oss", "när öppnar ni på lördag?", "måndag till fredag kl. 10-19",
           "min tvättmaskin startar inte längre, den är trasig", "hur lång är garantin?", "glöm det, vi börjar om"),
    "nb": ("nb-NO", "Chat med oss", "når åpner dere på lørdag?", "mandag til fredag kl. 10-19",
           "vaskemaskinen min starter ikke lenger, den er ødelagt", "hvor lang er garantien?", "glem det, vi begynner på nytt"),
    "fi": ("fi-FI", "Kysy meiltä", "milloin olette auki lauantaina?", "maanantai–perjantai klo 10-19",
           "pesukoneeni ei enää käynnisty, se on rikki", "kuinka pitkä takuu on?", "unohda koko juttu"),
}  # fmt: skip


@pytest.mark.parametrize("language", TALKS)
def test_a_customer_is_answered_in_his_language_throughout(shop: Shop, window: Callable[..., Page], language: str) -> None:
    locale, launcher, hours, answer, fault, question, never_mind = TALKS[language]

    def said(response: str) -> re.Pattern[str]:
        return re.compile(re.escape(load_words().say(response, language).text.partition("{")[0].strip()))

    page = window(viewport={"width": 390, "height": 844}, locale=locale)
    page.goto(shop.base)
    page.get_by_role("button", name=launcher).click()
    box, told = page.get_by_role("textbox"), page.locator(".msg.bot")

    def say(text: str) -> None:
        box.fill(text)
        box.press("Enter")

    say(hours)
    expect(told.filter(has_text=answer)).to_be_visible()
    say(fault)
    expect(told.filter(has_text=said("utter_apologise_fault"))).to_be_visible()
    expect(told.filter(has_text=said("utter_ask_case_form_order_number"))).to_have_count(1)
    say(question)
    expect(told.filter(has_text=said("utter_ask_case_form_order_number"))).to_have_count(2)
    say(never_mind)
    expect(told.filter(has_text=said("utter_start_over_case"))).to_be_visible()
    picture(page, f"chat-{language}")
