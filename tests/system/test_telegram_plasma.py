"""The plasma TV over Telegram to its end, in Swedish and Finnish: fault, replacement, call, check-in, satisfied, survey."""

import threading
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from sqlalchemy import select

from desk.agents.service import add_agent
from desk.cases.tables import Case
from desk.followups.tables import Followup
from desk.simulator.bot_api import bot_api
from desk.simulator.chats import Chat
from desk.simulator.telegram import FakeTelegram
from desk.words import load_words
from tests.e2e.conftest import Shop, next_wednesday_at_ten
from tests.system.stack import free_ports, running

UPSET = {
    "sv": "Min nya plasma-tv luktar konstigt och låter jättekonstigt!!! Det är skandal!",
    "fi": "Uusi plasma-tv haisee oudolle ja pitää outoa ääntä!!! Tämä on törkeää!",
}
WHY = {"sv": "Ni tog hand om mig på en gång", "fi": "Hoiditte asian heti"}


@pytest.fixture  # each on its own: the second would be held back by the first one's weekly budget
def telegram(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FakeTelegram, Shop, str]]:
    """Telegram, the running shop, and the token of an agent's who speaks both languages."""
    fake, port = FakeTelegram(), free_ports(1)[0]
    server = uvicorn.Server(
        uvicorn.Config(bot_api(fake), port=port, log_level="critical", lifespan="off", timeout_graceful_shutdown=1)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    folder: Path = tmp_path_factory.mktemp("plasma")
    shift = (next_wednesday_at_ten() - datetime.now(UTC)).total_seconds()
    try:
        with running(
            folder,
            telegram_token=fake.token,
            telegram_base_url=f"http://127.0.0.1:{port}",
            telegram_chat_per_second=20.0,
            clock_shift=shift,
        ) as stack:
            shop = Shop(stack)
            with stack.database.writing() as session:
                token = add_agent(session, "anna", "Anna Berg", ["en", "sv", "fi", "nb"], "agent", shop.now()).token
            yield fake, shop, token
    finally:
        server.should_exit = True
        thread.join()


class Customer:
    """Somebody who chats in a language, and knows what the desk's words are."""

    def __init__(self, fake: FakeTelegram, language: str) -> None:
        self.fake, self.language, self.heard = fake, language, 0
        self.chat: Chat = fake.person("Erik", language)

    def words(self, response: str) -> str:
        return load_words().say(response, self.language).text

    def say(self, text: str) -> None:
        self.fake.say(self.chat, text)

    def hear(self, response: str) -> dict[str, Any]:
        """Wait for this response (up to what is filled in) among what was not heard yet."""
        wanted = max(self.words(response).replace("}", "{").split("{")[::2], key=len).strip()
        end = time.monotonic() + 40
        while time.monotonic() < end:
            said = self.chat.from_bot()
            for place in range(self.heard, len(said)):
                if wanted in said[place]["text"]:
                    self.heard = place + 1
                    return said[place]
            time.sleep(0.05)
        raise AssertionError(f"{wanted!r} was not said: {self.fake.texts(self.chat)[-8:]}")

    def press(self, message: dict[str, Any], number: int = 0) -> None:
        self.fake.press_data(self.chat, message, message["reply_markup"]["inline_keyboard"][number][0]["callback_data"])


@pytest.mark.system
@pytest.mark.timeout(600)
@pytest.mark.parametrize("language", ["sv", "fi"])
def test_the_plasma_tv_over_telegram(telegram: tuple[FakeTelegram, Shop, str], language: str) -> None:
    fake, shop, token = telegram
    erik = Customer(fake, language)
    erik.say(UPSET[language])
    erik.hear("utter_safety_advice")
    erik.hear("utter_apologise_fault")
    erik.hear("utter_ask_case_form_order_number")
    erik.say("10023847")
    erik.hear("utter_ask_case_form_email")
    erik.say("erik.lund@example.com")
    erik.hear("utter_verified")
    erik.press(erik.hear("utter_offer_replacement_refund"))
    erik.hear("utter_arranged_replacement")
    erik.press(erik.hear("utter_ask_call_time"))
    erik.hear("utter_call_promised")
    case, call = the_case(shop), the_step(shop)
    assert (call.kind, call.promise, case.hazard) == ("call", "open", True)

    shop.move_clock_to(call.due_at + timedelta(minutes=1))
    answer = httpx.post(
        f"{shop.base}/api/desk/followups/{call.id}/done", json={"outcome": "The new one stands, no smell."},
        headers={"Authorization": f"Bearer {token}"},
    )  # fmt: skip
    assert answer.status_code == 200, answer.text

    shop.move_clock_to(the_step(shop).due_at + timedelta(minutes=1))
    erik.press(erik.hear("utter_check_in_product"))
    erik.hear("utter_closed_satisfied")
    assert the_case(shop).state == "satisfied"

    survey = the_step(shop)
    assert survey.kind == "survey"
    shop.move_clock_to(survey.due_at + timedelta(minutes=1))
    erik.press(erik.hear("utter_survey"), number=4)
    erik.hear("utter_survey_why")
    erik.say(WHY[language])
    erik.hear("utter_survey_thanks")
    assert all(m["chat"]["id"] == erik.chat.id for m in erik.chat.messages)


def the_case(shop: Shop) -> Case:
    """The newest case."""
    with shop.stack.database.reading() as session:
        return session.scalars(select(Case).order_by(Case.id.desc()).limit(1)).one()


def the_step(shop: Shop) -> Followup:
    """What comes next in it."""
    case = the_case(shop)
    with shop.stack.database.reading() as session:
        return session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).one()
