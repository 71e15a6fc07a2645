"""Whether a message tells of danger: burning or odd smell, smoke, sparks, shock, heat, a swelling battery."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.analyzers import SIGNS
from bot.nlu.danger_words import HARMLESS, danger_words
from bot.nlu.examples import Example
from bot.nlu.learner import LinearReader
from bot.nlu.recipe import Recipe
from bot.nlu.text import Span, mask, normalise

DEFAULTS = {"threshold": 0.4, "suspicion": 0.1}
_YES, _NO = "danger", "safe"
# These words alone don't make a danger; with another of them, or with the learner's doubt, they do.
_WEAK = frozenset({"fuse", "heat", "battery", "danger", HARMLESS})


@dataclass(frozen=True)
class HazardModel:
    """A learner and a lexicon; danger is what either of them is sure of, or both suspect."""

    reader: LinearReader

    def read(self, text: str, masked: Sequence[Span], threshold: float, suspicion: float) -> bool:
        """Whether it is dangerous; `suspicion` is the lower threshold where the lexicon points to danger too."""
        if not any(char.isalpha() for char in text):
            return False
        words = danger_words(text)
        named = set(words) - {HARMLESS}
        strong = named - _WEAK
        certainty = self.certainty(text, masked)
        if certainty >= threshold:
            return True
        if named and certainty >= suspicion:
            return True
        return len(strong) >= 2 and HARMLESS not in words

    def certainty(self, text: str, masked: Sequence[Span]) -> float:
        """The learner's probability of danger."""
        if _YES not in self.reader.labels:
            return 0.0
        return float(self.reader.probabilities(prepare(text, masked))[self.reader.labels.index(_YES)])

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        self.reader.save(folder)

    @classmethod
    def load(cls, folder: Path) -> HazardModel:
        """Read what `save` wrote."""
        return cls(LinearReader.load(folder))


def prepare(text: str, masked: Sequence[Span]) -> str:
    """The text as the learner sees it, with the kinds of danger words as signs."""
    hidden = mask(text, masked)
    counts = danger_words(hidden)
    found = [f"{name}{number}" for name, count in counts.items() for number in range(1, min(count, 3) + 1)]
    kinds = len(set(counts) - {HARMLESS})
    found += [f"kinds{number}" for number in range(1, min(kinds, 3) + 1)]
    return f"{normalise(hidden)}{SIGNS}{' '.join(found)}"


def fit_hazards(examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> HazardModel:
    """Fit on the blocks that say so; all other text is taken for safe."""
    from bot.nlu.training import fit

    texts, labels = [], []
    for example, spans in zip(examples, masks, strict=False):
        texts.append(prepare(example.text, spans))
        labels.append(_YES if example.hazard else _NO)
    recipe = Recipe(analyzers=(("mood_words", 1.0), ("mood_chars", 1.0), ("signs", 1.0)), c=0.5, balanced=True, min_texts=1)
    return HazardModel(fit(recipe, texts, labels))
