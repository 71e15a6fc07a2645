"""An answer to a form's question, typed as people type answers; and what is no answer, whatever it names by the way."""

from typing import Any

import pytest

from bot.form_answers import answer_in, interrupts, only_answers, without_asides
from bot.nlu.entities import EntityReader
from bot.nlu.products import ProductFinder

READER = EntityReader(ProductFinder([]))


def entities(text: str) -> list[dict[str, Any]]:
    return [{"entity": one.kind, "value": one.value, "start": one.start, "end": one.end} for one in READER.read(text)]


def answer(question: str, text: str) -> str | None:
    """What fills the slot: what the readers found, or what the question makes of it."""
    found = entities(text)
    extra = answer_in(question, text, found)
    return next((one["value"] for one in [*found, *([extra] if extra else [])] if one["entity"] == KINDS[question]), None)


KINDS = {
    "budget": "amount", "room_size": "room_size", "call_time": "time", "order_number": "order_number", "email": "email",
}  # fmt: skip


@pytest.mark.parametrize(
    ("question", "text", "value"),
    [
        ("budget", "9000", "9000"), ("budget", "about 9000", "9000"), ("budget", "max 9 500 tror jag", "9500"),
        ("budget", "10k", "10000"), ("budget", "noin 8 tonnia", "8000"), ("budget", "8 eller 9 tusen", "9 tusen"),
        ("budget", "between 8000 and 10000", "10000"), ("budget", "no limit", "any"), ("budget", "vet inte", "any"),
        ("budget", "ei väliä", "any"), ("budget", "spiller ingen rolle", "any"), ("budget", "hello there", None),
        ("room_size", "large", "large"), ("room_size", "ganska stort", "large"), ("room_size", "iso", "large"),
        ("room_size", "liten", "small"), ("room_size", "18", "medium"), ("room_size", "about 30 or so", "large"),
        ("room_size", "keskikokoinen", "medium"), ("room_size", "en tiedä", "any"), ("room_size", "a 55\" one", None),
        ("call_time", "9.30", "9.30"), ("call_time", "10", "10"), ("call_time", "2 pm", "2 pm"),
        ("order_number", "1002384", "1002384"), ("order_number", "it's #2002 3847", "20023847"),
        ("order_number", "I lost it", None),
        ("email", "erik.lund at example.com", "erik.lund@example.com"),
        ("email", "erik.lund snabel-a example punkt com", "erik.lund@example.com"),
        ("email", "Erik.Lund @ example.com", "erik.lund@example.com"), ("email", "I don't remember", None),
    ],
)  # fmt: skip
def test_an_answer_is_read_in_the_light_of_the_question(question: str, text: str, value: str | None) -> None:
    assert answer(question, text) == value


@pytest.mark.parametrize(
    ("question", "text", "topic"),
    [
        ("budget", "how much is the Aurora P50, 8990 kr or what?", "ask_stock"),
        ("room_size", "my new tv in the big living room is broken", "report_fault"),
        ("call_time", "when do you open on saturday?", "ask_opening_hours"),
        ("call_time", "it has been smelling since yesterday morning", "not_solved"),
        ("product_kind", "where is the tv that I ordered?", "track_order"),
    ],
)
def test_what_is_named_by_the_way_is_no_answer(question: str, text: str, topic: str) -> None:
    assert interrupts(question, text, topic, 0.9, entities(text))
    assert not {one["entity"] for one in without_asides(entities(text))} & {"time", "amount", "room_size"}


@pytest.mark.parametrize(
    ("question", "text", "topic", "confidence"),
    [
        ("call_time", "tomorrow at ten", "ask_opening_hours", 0.9),  # hardly a word beside the answer
        ("call_time", "yes please, tomorrow at ten would be fine for me", "affirm", 0.9),
        ("call_time", "can you call me on friday morning then", "request_callback", 0.99),
        ("order_number", "10023847, it is completely dead", "report_fault", 0.99),
        ("budget", "my wife says that 9000 kr is the most", "payment_issue", 0.4),  # the readers are not sure
    ],
)
def test_an_answer_may_come_with_other_words(question: str, text: str, topic: str, confidence: float) -> None:
    assert not interrupts(question, text, topic, confidence, entities(text))


def test_a_bare_answer_says_nothing_of_the_language() -> None:
    found = [answer_in("room_size", "large", [])]
    assert only_answers("room_size", "large", [one for one in found if one])
    assert not only_answers("room_size", "och var är min beställning", [])
