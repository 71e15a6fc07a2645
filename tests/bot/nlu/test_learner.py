"""A fitted reader: calibrated, the same after storing, and quick."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.learner import LinearReader, ranked
from bot.nlu.recipe import Recipe
from bot.nlu.training import fit

TEXTS = ["cats purr", "a cat sleeps", "cats and kittens", "dogs bark", "a dog runs", "dogs and puppies", "fish swim", "a fish swims", "fish in water"] * 3
LABELS = (["cat"] * 3 + ["dog"] * 3 + ["fish"] * 3) * 3
RECIPE = Recipe(analyzers=(("words", 1.0), ("chars", 1.0)))


@pytest.fixture(scope="module", params=["svm", "logistic", "one_vs_rest"])
def reader(request: pytest.FixtureRequest) -> LinearReader:
    return fit(Recipe(RECIPE.analyzers, learner=request.param, c=5.0), TEXTS, LABELS)


@pytest.fixture(scope="module")
def svm() -> LinearReader:
    return fit(RECIPE, TEXTS, LABELS)


def test_every_learner_tells_them_apart(reader: LinearReader) -> None:
    assert [ranked(reader, text)[0][0] for text in ("the kitten purrs", "barking dogs", "swimming fish")] == ["cat", "dog", "fish"]


def test_a_stored_reader_reads_the_same(reader: LinearReader, tmp_path: Path) -> None:
    reader.save(tmp_path)
    again = LinearReader.load(tmp_path)
    assert np.allclose(again.probabilities("a purring dog"), reader.probabilities("a purring dog"), atol=0.01)
    assert again.labels == reader.labels


@given(st.text(max_size=300))
def test_confidences_are_shares_of_one(svm: LinearReader, text: str) -> None:
    shares = svm.probabilities(text)
    assert shares.sum() == pytest.approx(1.0, abs=1e-4)
    assert (shares >= 0).all()


def test_unknown_words_leave_it_unsure(svm: LinearReader) -> None:
    assert ranked(svm, "xyzzy")[0][1] < 0.6 < ranked(svm, "a cat sleeps")[0][1]


def test_one_label_is_always_certain() -> None:
    assert ranked(fit(RECIPE, ["a", "b"], ["only", "only"]), "c") == [("only", 1.0)]


def test_two_labels_have_opposite_scores() -> None:
    two = fit(Recipe(RECIPE.analyzers, learner="one_vs_rest", c=5.0, held_out=0.0), TEXTS[:6], LABELS[:6])
    scores = two.scores("cats")
    assert scores[0] == pytest.approx(-scores[1], abs=1e-5)
    assert two.labels[int(scores.argmax())] == "cat"


def test_weights_decide_between_contradicting_texts() -> None:
    recipe = Recipe((("words", 1.0),), learner="one_vs_rest", c=10.0, held_out=0.0)
    heavy = fit(recipe, ["same", "same"], ["a", "b"], weights=[10.0, 1.0])
    assert ranked(heavy, "same")[0][0] == "a"


def test_an_augmented_copy_is_learned_too() -> None:
    plain = fit(Recipe((("words", 1.0),), held_out=0.0), ["alpha one", "beta two"], ["a", "b"], augment=lambda text: [text[::-1]])
    assert ranked(plain, "enO ahpla".lower())[0][0] == "a"
