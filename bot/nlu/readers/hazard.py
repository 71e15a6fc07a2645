"""Whether a message tells of danger: burning or odd smell, smoke, sparks, shock, heat, a swelling battery."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from bot.nlu.examples import Example
from bot.nlu.learner import LinearReader
from bot.nlu.readers.topic import prepare
from bot.nlu.recipe import Recipe
from bot.nlu.text import Span

DEFAULTS = {"threshold": 0.2}
_YES, _NO = "danger", "safe"
_RECIPE = Recipe(analyzers=(("words", 1.0), ("folded_chars", 1.0), ("signs", 1.0), ("danger", 0.7)), c=0.25, balance=0.5)
# Topics of whose training text less than this share tells of danger; who asks for a price rarely stands in smoke.
_SHARE = 0.004
# By how much such a topic lowers the learner's score: enough to settle doubts, too little to silence "it burns".
_DOUBT = 0.4


@dataclass(frozen=True)
class HazardModel:
    """A learner on words and concepts, which is more doubtful where the topic has nothing to do with danger."""

    reader: LinearReader
    safe_topics: frozenset[str]

    def read(self, text: str, masked: Sequence[Span], language: str, topics: Sequence[tuple[str, float]], threshold: float) -> bool:
        """Whether it is dangerous; `topics` are the likeliest ones with their confidence."""
        if not any(char.isalpha() for char in text):
            return False
        return self.certainty(text, masked, language, topics) >= threshold

    def certainty(self, text: str, masked: Sequence[Span], language: str, topics: Sequence[tuple[str, float]]) -> float:
        """The probability of danger."""
        if _YES not in self.reader.labels:
            return 0.0
        scores = self.reader.scores(prepare(text, masked, language))
        yes = self.reader.labels.index(_YES)
        lead = float(2 * scores[yes] - scores.sum())
        lead -= _DOUBT * sum(confidence for topic, confidence in topics if topic in self.safe_topics)
        return float(1 / (1 + np.exp(-lead * self.reader.temperature)))

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        self.reader.save(folder)
        (folder / "safe_topics.json").write_text(json.dumps(sorted(self.safe_topics)), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> HazardModel:
        """Read what `save` wrote."""
        safe = json.loads((folder / "safe_topics.json").read_text(encoding="utf-8"))
        return cls(LinearReader.load(folder), frozenset(safe))


def fit_hazards(examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> HazardModel:
    """Fit on the blocks that say so; all other text is taken for safe."""
    from bot.nlu.training import fit

    texts = [prepare(example.text, spans, example.language) for example, spans in zip(examples, masks, strict=True)]
    labels = [_YES if example.hazard else _NO for example in examples]
    told = Counter(example.topic for example in examples)
    dangerous = Counter(example.topic for example in examples if example.hazard)
    safe = frozenset(topic for topic, count in told.items() if dangerous[topic] < _SHARE * count)
    return HazardModel(fit(_RECIPE, texts, labels), safe)
