"""How a customer feels: calm, annoyed or furious."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.analyzers import with_signs
from bot.nlu.examples import MOODS, Example
from bot.nlu.learner import LinearReader, best
from bot.nlu.recipe import Recipe
from bot.nlu.text import Span, mask, normalise


@dataclass(frozen=True)
class MoodModel:
    """Reads the mood from words, letters and signs of feeling."""

    reader: LinearReader

    def read(self, text: str, masked: Sequence[Span]) -> str:
        """The likeliest mood; calm where nothing was said."""
        if not text.strip():
            return MOODS[0]
        return best(self.reader.labels, self.reader.probabilities(prepare(text, masked)))

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        self.reader.save(folder)

    @classmethod
    def load(cls, folder: Path) -> MoodModel:
        """Read what `save` wrote."""
        return cls(LinearReader.load(folder))


def prepare(text: str, masked: Sequence[Span]) -> str:
    """The text as the mood learner sees it: normalised, then the signs that normalising would lose."""
    hidden = mask(text, masked)
    return with_signs(normalise(hidden), signs(hidden))


def fit_moods(examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> MoodModel:
    """Fit on the blocks that name a mood."""
    from bot.nlu.training import fit

    labelled = [(prepare(e.text, spans), e.mood) for e, spans in zip(examples, masks, strict=False) if e.mood is not None]
    if not labelled:
        labelled = [("", MOODS[0])]
    recipe = Recipe(analyzers=(("words", 1.0), ("folded_chars", 1.0), ("signs", 0.7)), c=0.7, balance=0.5)
    return MoodModel(fit(recipe, [text for text, _ in labelled], [str(mood) for _, mood in labelled]))


def signs(text: str) -> list[str]:
    """Shouting, exclamation and question marks, strong words, dots of impatience, length."""
    from bot.nlu.strong_words import strong_words

    letters = [char for char in text if char.isalpha()]
    capitals = sum(char.isupper() for char in letters) / max(len(letters), 1)
    found = [f"capitals{min(int(capitals * 5), 4)}" if len(letters) >= 6 else "short"]
    shouted = sum(len(word) >= 4 and word.isupper() for word in text.split())
    found += [f"shouted{min(shouted, 3)}"] if shouted else []
    for mark, name in (("!", "bang"), ("?", "query")):
        count = text.count(mark)
        found += [f"{name}{min(count, 4)}"] if count else []
    found += ["mixed"] if "?!" in text or "!?" in text else []
    found += ["dots"] if ".." in text or "…" in text else []
    found += [f"strong_{kind}" for kind in strong_words(text)]
    return found
