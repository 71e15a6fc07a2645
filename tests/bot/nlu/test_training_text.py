"""The training text of the language that the bot is trained in: enough of it, and nothing of it in the evaluation text."""

from collections import Counter

from tests.evaluation.cases import TRAINING, read_cases, training_examples
from tests.evaluation.near_duplicates import check


def test_every_topic_has_its_utterances() -> None:
    counts = Counter(example.topic for example in training_examples(TRAINING / "en"))
    assert len(counts) == 55
    assert min(counts.values()) >= 60


def test_evaluation_text_stands_apart_from_it() -> None:
    counted, _ = check(read_cases(("en",)), [e.text for e in training_examples(TRAINING / "en")])
    assert counted == []
