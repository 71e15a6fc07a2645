"""Which of our languages a message is written in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.examples import LANGUAGES, Example
from bot.nlu.learner import LinearReader, ranked
from bot.nlu.recipe import Recipe
from bot.nlu.text import Span, fold, mask, normalise

DEFAULTS = {"margin": 0.4, "short_margin": 0.8}
FEWEST_WORDS = 3
"""Fewer seldom tell a language: "large" is no Norwegian because an English talk has been going on."""


@dataclass(frozen=True)
class LanguageGuess:
    """The language, and whether the text itself decided it."""

    language: str
    sure: bool


@dataclass(frozen=True)
class LanguageModel:
    """Tells the languages of the training text apart."""

    reader: LinearReader

    def read(self, text: str, masked: Sequence[Span], conversation: str | None, margin: float) -> LanguageGuess:
        """The text's language; where it stays undecided, the conversation's."""
        known = conversation if conversation in self.reader.labels else None
        if len(self.reader.labels) == 1:
            return LanguageGuess(self.reader.labels[0], True)
        prepared = prepare(text, masked)
        if not any(char.isalpha() for char in prepared):
            return LanguageGuess(known or self.reader.labels[0], False)
        (first, confidence), (_, second) = ranked(self.reader, prepared)[:2]
        sure = confidence - second >= margin
        return LanguageGuess(first if sure or known is None else known, sure)

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        self.reader.save(folder)

    @classmethod
    def load(cls, folder: Path) -> LanguageModel:
        """Read what `save` wrote."""
        return cls(LinearReader.load(folder))


def prepare(text: str, masked: Sequence[Span]) -> str:
    """The text without names and numbers, which are the same in every language."""
    return normalise(mask(text, masked))


def fit_languages(examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> LanguageModel:
    """Fit on the training text and on copies typed without diacritics."""
    from bot.nlu.training import fit

    texts = [prepare(example.text, spans) for example, spans in zip(examples, masks, strict=False)]
    recipe = Recipe(analyzers=(("language", 1.0),), c=1.0, balance=1.0, min_texts=2)
    labels = [example.language for example in examples]
    return LanguageModel(fit(recipe, texts, labels, augment=_typed_without_diacritics))


def _typed_without_diacritics(text: str) -> list[str]:
    folded = fold(text)
    return [folded] if folded != text else []


def known_language(metadata: object) -> str | None:
    """The conversation's language, which the desk's channel sends in a message's metadata."""
    if isinstance(metadata, dict) and metadata.get("language") in LANGUAGES:
        return str(metadata["language"])
    return None
