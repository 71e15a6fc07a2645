"""Moves that are no topic, and two wishes in one message: what is taken for them and, as important, what is not."""

import json
from pathlib import Path

import pytest
import yaml

from bot.moves import OTHER_ORDER, START_OVER, behind_but, move_in
from bot.wishes import FEWEST_WORDS, LONG, QUICK, are_two, halves

ROOT = Path(__file__).resolve().parents[3]


@pytest.mark.parametrize(
    "text",
    ["start over", "can we start over please", "never mind, let's start over", "Forget it.", "glöm det", "kan vi börja om från början?",
     "nej, strunt i det", "glem det", "vi begynner på nytt", "ok glem det da", "aloitetaan alusta", "unohda koko juttu", "antaa olla"],
)  # fmt: skip
def test_starting_over(text: str) -> None:
    assert move_in(text) == START_OVER


@pytest.mark.parametrize(
    "text",
    ["I forgot my password", "forget it, I want my money back", "jag har glömt lösenordet", "glem ikke at dere lovet mandag",
     "unohdin salasanani", "when do you start over there", "my TV starts over and over again by itself", ""],
)  # fmt: skip
def test_not_starting_over(text: str) -> None:
    assert move_in(text) is None


@pytest.mark.parametrize(
    "text",
    [
        "no, the other order",
        "I meant my other order",
        "nej den andra beställningen",
        "nei, den andre bestillingen",
        "ei vaan se toinen tilaus",
    ],
)
def test_the_other_order(text: str) -> None:
    assert move_in(text) == OTHER_ORDER


@pytest.mark.parametrize("text", ["the other one", "nej, den andra", "nei, den andre", "en sitä", "se toinen"])
def test_the_other_one_is_an_order_only_while_we_talk_about_orders(text: str) -> None:
    assert move_in(text) is None
    assert move_in(text, about_an_order=True) == OTHER_ORDER


@pytest.mark.parametrize(
    "text", ["you sent me the wrong order", "I want to make another order", "fel order", "haluan tehdä toisen ostoksen"]
)
def test_not_the_other_order(text: str) -> None:
    assert move_in(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [("yes but can it be after five?", "can it be after five?"), ("ja men jag vill ha pengarna", "jag vill ha pengarna"),
     ("ok, men helst på kvelden", "helst på kvelden"), ("joo mutta haluan rahat", "haluan rahat"), ("nei, men det virker", "det virker")],
)  # fmt: skip
def test_what_stands_behind_the_but(text: str, rest: str) -> None:
    assert behind_but(text) == rest


@pytest.mark.parametrize("text", ["yes", "but why", "I ordered two but got one", "ja", "jag vill byta men har inget kvitto"])
def test_no_yes_but(text: str) -> None:
    assert behind_but(text) is None


@pytest.mark.parametrize("language", ["en", "sv", "nb", "fi"])
def test_customers_of_the_evaluation_text_make_no_such_moves(language: str) -> None:
    rows = [json.loads(line) for line in (ROOT / f"tests/evaluation/{language}.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [row["text"] for row in rows if move_in(row["text"])] == []


def test_a_message_is_cut_at_the_end_of_a_sentence_or_at_an_and() -> None:
    assert list(halves("My TV is broken and can you tell me when you open?")) == [
        ("My TV is broken", "can you tell me when you open?")
    ]
    assert list(halves("Var är min order? Och dessutom undrar jag om garantin.")) == [
        ("Var är min order?", "undrar jag om garantin.")
    ]
    assert list(halves("salt and pepper")) == []
    assert all(
        len(half.split()) >= FEWEST_WORDS for pair in halves("one two three. four five six. seven. eight nine ten") for half in pair
    )


def test_what_goes_together_is_one_wish() -> None:
    assert are_two("report_fault", "ask_opening_hours")
    assert are_two("track_order", "get_invoice")
    assert not are_two("report_fault", "get_refund")
    assert not are_two("track_order", "track_order")
    assert not are_two("greet", "track_order")
    assert not are_two("ask_human", "report_fault")


def test_what_opens_a_form_by_the_rules_is_long_and_nothing_else() -> None:
    opens: set[str] = set()
    for path in (ROOT / "data/rules").glob("*.yml"):
        for rule in yaml.safe_load(path.read_text(encoding="utf-8"))["rules"]:
            first = rule["steps"][0]
            if "condition" not in rule and any("active_loop" in step for step in rule["steps"]):
                opens |= {one["intent"] for one in first.get("or", [first])}
    assert opens - {"request_callback", "reschedule_followup"} == LONG
    assert not QUICK & opens
