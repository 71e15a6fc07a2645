"""What a message is about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

from bot.nlu.analyzers import with_signs
from bot.nlu.concepts import concept_signs
from bot.nlu.encoder import is_installed
from bot.nlu.examples import Example
from bot.nlu.learner import LinearReader, ranked
from bot.nlu.readers.second import LANGUAGE as ENCODED
from bot.nlu.readers.second import SecondOpinion, fit_second_opinion
from bot.nlu.recipe import Recipe
from bot.nlu.text import Span, mask, normalise

FALLBACK = "nlu_fallback"
_ANALYZERS = (("words", 0.7), ("stems", 0.7), ("folded_chars", 1.0), ("signs", 0.5))
# Calibrated by what 40 % of the text teach of the rest: as much doubt as another author's messages deserve, in half the time.
TOPICS = Recipe(analyzers=_ANALYZERS, c=1.0, held_out=0.6)
_COARSER = (("words", 0.7), ("stems", 0.7), ("folded_chars", 1.0), ("signs", 0.6), ("beginnings", 1.0))
FEW_EXAMPLES = Recipe(analyzers=_COARSER, learner="logistic", c=20.0)
FEW = 25
DEFAULTS = {"threshold": 0.35, "margin": 0.0, "encoder": False, "encoder_below": 0.8}


@dataclass(frozen=True)
class TopicReader:
    """Ranks the topics of a message; in English with a second opinion where it is unsure and the encoder is installed."""

    reader: LinearReader
    second: SecondOpinion | None = None
    encoder_below: float = 0.8

    def read(self, text: str, masked: Sequence[Span], language: str) -> list[tuple[str, float]]:
        """Topics with calibrated confidence, the likeliest first."""
        ranking = ranked(self.reader, prepare(text, masked, language))
        if self.second is not None and language == ENCODED and ranking[0][1] < self.encoder_below and text.strip():
            return self.second.joined(ranking, text)
        return ranking

    def save(self, folder: Path) -> None:
        """Write into `folder`."""
        self.reader.save(folder)
        if self.second is not None:
            self.second.save(folder)

    @classmethod
    def load(cls, folder: Path, settings: Mapping[str, Any] = DEFAULTS) -> TopicReader:
        """Read what `save` wrote; `settings` say whether and when the encoder is asked."""
        second = SecondOpinion.load(folder) if settings["encoder"] else None
        return cls(LinearReader.load(folder), second, settings["encoder_below"])


@lru_cache(maxsize=100_000)
def _with_concepts(plain: str, language: str) -> str:
    """Kept, since danger is learnt from the same."""
    return with_signs(plain, concept_signs(plain, language))


def prepare(text: str, masked: Sequence[Span], language: str) -> str:
    """The text as the topic learner sees it: normalised, with the concepts that its words stand for."""
    return _with_concepts(normalise(mask(text, masked)), language)


def fit_topics(examples: Sequence[Example], masks: Sequence[Sequence[Span]], settings: Mapping[str, Any] = DEFAULTS) -> TopicReader:
    """Fit on the training text; `masks` are the spans to hide in each example."""
    from bot.nlu.training import fit

    texts = [prepare(example.text, spans, example.language) for example, spans in zip(examples, masks, strict=False)]
    topics = [example.topic for example in examples]
    second = fit_second_opinion(examples) if settings["encoder"] and is_installed() else None
    return TopicReader(fit(recipe_for(topics), texts, topics), second, settings["encoder_below"])


def recipe_for(topics: Sequence[str]) -> Recipe:
    """The learner that suits the amount of text: with few examples a topic, softer margins generalise better."""
    return TOPICS if len(topics) >= FEW * len(set(topics)) else FEW_EXAMPLES


def is_uncertain(ranking: Sequence[tuple[str, float]], threshold: float, margin: float) -> bool:
    """Whether no topic stands out: a dialogue should ask rather than act."""
    first = ranking[0][1]
    second = ranking[1][1] if len(ranking) > 1 else 0.0
    return first < threshold or first - second < margin
