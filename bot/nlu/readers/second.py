"""A second opinion on what an English message is about, by its sentence vector: asked only where the n-grams are unsure."""

from __future__ import annotations

import hashlib
import json
import logging
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.encoder import Floats, is_installed, load_encoder
from bot.nlu.examples import Example
from bot.nlu.learner import softmax

logger = logging.getLogger(__name__)

LANGUAGE = "en"
# The learner's softness and what its opinion weighs beside the first: chosen on the development text.
_C = 30.0
_WEIGHT = 0.5
# So many utterances of a topic are enough for it, and a vector takes its time.
_PER_TOPIC = 60

Ranking = list[tuple[str, float]]


@dataclass(frozen=True)
class SecondOpinion:
    """A linear learner on sentence vectors."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    def joined(self, ranking: Ranking, text: str) -> Ranking:
        """The first opinion and this one, multiplied."""
        scores = load_encoder().encode([text])[0] @ self.weights + self.bias
        mine = dict(zip(self.labels, softmax(scores).tolist(), strict=True))
        topics = [topic for topic, _ in ranking]
        logs = [np.log(share + 1e-9) + _WEIGHT * np.log(mine.get(topic, 0.0) + 1e-9) for topic, share in ranking]
        shares = softmax(np.array(logs, np.float32)).tolist()
        return sorted(zip(topics, shares, strict=True), key=lambda one: -one[1])

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        np.savez(folder / "second.npz", weights=self.weights.astype(np.float16), bias=self.bias)
        (folder / "second.json").write_text(json.dumps(self.labels), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> SecondOpinion | None:
        """Read what `save` wrote; None where the model was trained without, or the encoder is gone."""
        if not (folder / "second.npz").exists():
            return None
        if not is_installed():
            logger.warning("The model was trained with the encoder, which is not installed: English is read without it.")
            return None
        load_encoder()  # now, not with the first message
        with np.load(folder / "second.npz", allow_pickle=False) as arrays:
            labels = json.loads((folder / "second.json").read_text(encoding="utf-8"))
            return cls(tuple(labels), arrays["weights"].astype(np.float32), arrays["bias"])


def fit_second_opinion(examples: Sequence[Example]) -> SecondOpinion | None:
    """Fit on English examples of each topic; None where there are none."""
    english = _some_of_each([example for example in examples if example.language == LANGUAGE])
    topics = [example.topic for example in english]
    if len(set(topics)) < 3:
        return None
    return fit_on_vectors(load_encoder().encode([example.text for example in english]), topics)


def _some_of_each(examples: Sequence[Example]) -> list[Example]:
    """Chosen by hash: of each author and kind, and the same ones whatever is added elsewhere."""
    counted: Counter[str] = Counter()
    chosen = []
    for example in sorted(examples, key=lambda one: hashlib.sha256(one.text.encode()).digest()):
        counted[example.topic] += 1
        if counted[example.topic] <= _PER_TOPIC:
            chosen.append(example)
    return chosen


def fit_on_vectors(vectors: Floats, topics: Sequence[str]) -> SecondOpinion:
    """The learner itself."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(C=_C, max_iter=200, tol=1e-3).fit(vectors, topics)
    return SecondOpinion(tuple(model.classes_), model.coef_.T.astype(np.float32), model.intercept_.astype(np.float32))
