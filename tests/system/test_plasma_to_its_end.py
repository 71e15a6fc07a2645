"""The plasma TV to its end, four customers in four languages at once, in moved time.

Fault, apology, replacement, delivered; on day 1 it still smells; a person promises a call; it is missed on purpose and owned up to;
made; satisfied; survey 5 with own words; the word after thirty days.
"""

import asyncio
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from desk.agents.service import add_agent
from desk.cases.tables import Case
from desk.followups.tables import Followup
from desk.surveys.tables import Survey
from desk.words import load_words
from tests.e2e.conftest import Shop, next_wednesday_at_ten
from tests.system.cast import add_customers, email_of, number_of
from tests.system.customer import Customer, customers
from tests.system.plasma import OUTCOME, SAYS, next_step, until_said, when_due, when_missed
from tests.system.stack import running

pytestmark = pytest.mark.system
LANGUAGES = list(SAYS)


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder: Path = tmp_path_factory.mktemp("end")
    shift = (next_wednesday_at_ten() - datetime.now(UTC)).total_seconds()
    with running(folder, clock_shift=shift) as stack:
        with stack.database.writing() as session:
            add_customers(session, folder, len(SAYS))
        yield Shop(stack)


class Talk:
    """One customer's conversation, the agent of his language, and his case."""

    def __init__(self, shop: Shop, customer: Customer, number: int, token: str) -> None:
        self.shop, self.customer, self.number, self.language, self._token = shop, customer, number, LANGUAGES[number], token
        self.read_up_to = 0

    def words(self, response: str) -> str:
        return load_words().say(response, self.language).text

    async def hear(self, *responses: str) -> None:
        """Read until each of these was said (its longest piece between placeholders) since the last time."""
        wanted = [max(self.words(response).replace("}", "{").split("{")[::2], key=len).strip() for response in responses]

        def heard() -> bool:
            said = [m["text"] for m in self.customer.heard if m["seq"] > self.read_up_to and m["author"] != "customer"]
            return all(any(piece in text for text in said) for piece in wanted)

        await self.customer.read_until(heard)
        self.read_up_to = self.customer.heard[-1]["seq"]

    async def say(self, text: str, *then: str) -> None:
        await self.customer.say(text)
        await self.hear(*then)

    def press(self, response: str, which: int) -> str:
        """The title of a response's button, to be pressed."""
        return "@^" + load_words().say(response, self.language).buttons[which]["title"].replace("?", r"\?") + "$"

    def agent(self, method: str, path: str, body: dict[str, Any] | None = None) -> Any:
        answer = httpx.request(
            method, f"{self.shop.base}/api/desk/{path}", json=body, headers={"Authorization": f"Bearer {self._token}"}, timeout=30
        )
        assert answer.status_code < 300, f"{self.language}: {method} {path}: {answer.status_code} {answer.text}"
        return answer.json() if answer.content else None

    @property
    def case(self) -> Case:
        with self.shop.stack.database.reading() as session:
            return session.scalars(select(Case).where(Case.conversation_id == self.customer.id).order_by(Case.id)).one()


@pytest.mark.timeout(900)
async def test_the_plasma_tv_to_its_end_in_each_language(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("tests.system.customer.PATIENCE", 60)
    with shop.stack.database.writing() as session:
        tokens = [add_agent(session, f"agent{n}", "Anna Berg", LANGUAGES, "agent", shop.now()).token for n in range(len(SAYS))]
    with customers(shop.stack.port, "end", len(SAYS)) as written:
        talks = [Talk(shop, customer, n, tokens[n]) for n, customer in enumerate(written)]
        await asyncio.gather(*(trouble(talk) for talk in talks))

        cases = [talk.case.id for talk in talks]
        for talk in talks:
            talk.agent("POST", f"cases/{talk.case.number}/collected")
            talk.agent("POST", f"cases/{talk.case.number}/delivered")
        await asyncio.to_thread(shop.move_clock_to, when_due(shop, cases))  # day 1
        await asyncio.gather(*(still_smells(talk) for talk in talks))
        for talk in talks:
            promise_a_call(talk)
        await asyncio.to_thread(shop.move_clock_to, when_missed(shop, cases))
        await asyncio.gather(*(talk.hear("utter_promise_broken") for talk in talks))

        calls = [next_step(shop, case) for case in cases]
        assert {(call.kind, call.promise) for call in calls} == {("call", "open")}
        await asyncio.to_thread(shop.move_clock_to, when_due(shop, cases))
        for talk, call in zip(talks, calls, strict=True):
            talk.agent("POST", f"followups/{call.id}/done", {"outcome": OUTCOME})
        assert {talk.case.state for talk in talks} == {"waiting_for_word"}

        await asyncio.to_thread(until_said, shop, cases)
        await asyncio.gather(*(satisfied(talk) for talk in talks))
        await asyncio.to_thread(until_said, shop, cases)
        await asyncio.gather(*(rate(talk) for talk in talks))
        await asyncio.to_thread(shop.move_clock_to, when_due(shop, cases))  # a month later
        await asyncio.gather(*(talk.hear("utter_last_word_product") for talk in talks))

    with shop.stack.database.reading() as session:
        assert set(session.scalars(select(Case.state))) == {"satisfied"}
        surveys = session.scalars(select(Survey)).all()
        assert sorted((s.rating, s.words) for s in surveys) == sorted((5, SAYS[language][3]) for language in LANGUAGES)
        promises = session.scalars(select(Followup.promise).where(Followup.kind == "call")).all()
        assert sorted(promises) == ["broken"] * 4 + ["kept"] * 4


async def trouble(talk: Talk) -> None:
    """Fault, safety first, apology, replacement, no call."""
    upset, new_one, *_ = SAYS[talk.language]
    await talk.customer.open()
    await talk.say(upset, "utter_safety_advice", "utter_apologise_fault", "utter_ask_case_form_order_number")
    await talk.say(number_of(talk.number), "utter_ask_case_form_email")
    await talk.say(email_of(talk.number), "utter_verified", "utter_offer_replacement_refund")
    await talk.say(new_one, "utter_arranged_replacement", "utter_ask_call_time")
    title = talk.words("utter_button_no_call")
    await talk.say(f"@^{title}$", "utter_no_call", "utter_case_summary")


async def still_smells(talk: Talk) -> None:
    """Day 1: asked, and it is not right: to a person."""
    await talk.hear("utter_delivered_first")
    await talk.say(SAYS[talk.language][2], "utter_not_solved", "utter_handoff")


def promise_a_call(talk: Talk) -> None:
    """A person takes over and promises a call."""
    here = f"conversations/{talk.customer.id}"
    talk.agent("POST", f"{here}/take")
    talk.agent("POST", f"{here}/messages", {"client_id": "a1", "text": "I am sorry. I will call you."})
    start = talk.agent("GET", f"{here}/calls")["free"][0]
    talk.agent("POST", f"{here}/calls", {"start": start})
    talk.agent("POST", f"{here}/hand-back", {})


async def satisfied(talk: Talk) -> None:
    await talk.hear("utter_check_in_product")
    await talk.say(talk.press("utter_check_in_product", 0), "utter_closed_satisfied")


async def rate(talk: Talk) -> None:
    await talk.hear("utter_survey")
    await talk.say("@^5$", "utter_survey_why")
    await talk.say(SAYS[talk.language][3], "utter_survey_thanks")
