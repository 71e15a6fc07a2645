"""The training text: enough of it in each language, and nothing of it in the evaluation text."""

from collections import Counter
from pathlib import Path

import pytest

from bot.nlu.examples import LANGUAGES, Example
from tests.evaluation.cases import SETS, TRAINING, read_cases, training_examples
from tests.evaluation.near_duplicates import check

CLOSE = (
    *("track_order", "report_late_delivery", "ask_delivery_time", "get_refund", "return_product", "ask_return_policy"),
    *("replace_product", "complain", "report_fault", "not_solved", "leave_review", "praise", "suggest_improvement"),
    *("get_invoice", "check_invoice", "ask_human", "ask_contact", "request_callback", "edit_account", "change_shipping_address"),
)


@pytest.fixture(scope="module", params=LANGUAGES)
def examples(request: pytest.FixtureRequest) -> list[Example]:
    return training_examples(TRAINING / request.param)


def test_every_topic_has_its_utterances(examples: list[Example]) -> None:
    counts = Counter(example.topic for example in examples)
    assert len(counts) == 55
    assert min(counts.values()) >= 60
    assert min(counts[topic] for topic in CLOSE) >= 120
    assert counts["out_of_scope"] >= 400


def test_danger_and_what_only_sounds_like_it_have_theirs(examples: list[Example]) -> None:
    assert sum(example.hazard is True for example in examples) >= 150
    assert sum(example.hazard is False for example in examples) >= 150


def test_a_language_stands_in_its_own_folder(examples: list[Example]) -> None:
    assert len({example.language for example in examples}) == 1


@pytest.mark.parametrize("folder", SETS.values(), ids=SETS)
def test_evaluation_text_stands_apart_from_it(folder: Path, examples: list[Example]) -> None:
    cases = read_cases((examples[0].language,), folder)
    counted, _ = check(cases, [example.text for example in examples])
    assert counted == []
