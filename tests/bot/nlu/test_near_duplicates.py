"""Evaluation text must not stand in the training text."""

import pytest

from tests.evaluation.cases import read_cases, training_examples
from tests.evaluation.near_duplicates import check, find_near_duplicates


@pytest.mark.parametrize(
    ("evaluation", "training"),
    [
        ("Where is my order?!", "where is my order"),
        ("När kommer paketet", "nar kommer paketet"),
        ("I would like to return this washing machine please", "i would like to return this washing machine, please!!"),
        ("I would like to return this washing machine please", "i would like to return that washing machine please"),
    ],
)
def test_what_differs_by_a_slip_is_found(evaluation: str, training: str) -> None:
    assert len(find_near_duplicates([evaluation], ["something else", training], 0.7)) == 1


def test_other_words_for_the_same_are_not() -> None:
    assert find_near_duplicates(["where has my parcel gone"], ["where is my order", "has my parcel been sent"]) == []


def test_no_evaluation_text_stands_in_the_training_text() -> None:
    counted, _ = check(read_cases(), [example.text for example in training_examples()])
    assert [f"{pair.evaluation!r} ~ {pair.training!r}" for pair in counted] == []
