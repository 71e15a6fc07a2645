"""Whole conversations in four languages with the real Rasa, actions and desk: tests/conversations/talks.yml."""

from typing import Any

import pytest
import yaml

from desk.settings import ROOT
from desk.words import load_words
from tests.system.cast import add_agents
from tests.system.customer import Customer, customers
from tests.system.stack import Stack

pytestmark = pytest.mark.system
TALKS: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests/conversations/talks.yml").read_text(encoding="utf-8"))["talks"]
LANGUAGES = ("en", "sv", "nb", "fi")


def words_of(expected: str, language: str) -> str:
    """The piece of text: of a response, what stands before its first placeholder."""
    if not expected.startswith("utter_"):
        return expected
    return load_words().say(expected, language).text.partition("{")[0].strip()


@pytest.fixture(scope="module", autouse=True)
def callers(stack: Stack) -> None:
    """Agents who can call at any hour."""
    with stack.database.writing() as session:
        add_agents(session, 5, "caller")


@pytest.mark.parametrize("talk", TALKS, ids=[str(talk["name"]) for talk in TALKS])
async def test_a_conversation_goes_as_it_should(stack: Stack, talk: dict[str, Any]) -> None:
    with customers(stack.port, "talk", 1) as (customer,):
        await customer.open()
        for number, step in enumerate(talk["steps"], start=1):
            told = await answer_to(customer, step["say"], number)
            for expected in step["hear"]:
                assert words_of(expected, step["in"]) in told, f"to '{step['say']}' was said: {told}"
            in_other = [lang for lang in LANGUAGES if lang != step["in"] and _speaks(told, step["hear"], lang)]
            assert in_other == [], f"to '{step['say']}' was said: {told}"


async def answer_to(customer: Customer, said: str, number: int) -> str:
    """All that the bot says to it."""
    sent = await customer.say(said)
    await customer.hear_answers(number)
    return "\n".join(message["text"] for message in customer.heard if message["author"] == "bot" and message["seq"] > sent.seq)


def _speaks(told: str, hear: list[str], language: str) -> bool:
    return any(words_of(expected, language) in told for expected in hear if expected.startswith("utter_"))
