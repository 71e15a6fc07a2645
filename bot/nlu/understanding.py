"""All readers together, without Rasa: from a message to what it says."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.catalogue import Product, load_products
from bot.nlu.entities import EntityReader, hidden_spans
from bot.nlu.examples import Example
from bot.nlu.numbers import Found
from bot.nlu.products import ProductFinder
from bot.nlu.readers import hazard, language, mood, topic

OUT_OF_SCOPE = "out_of_scope"


@dataclass(frozen=True)
class Understood:
    """What a message says; `topic` is out_of_scope where a dialogue would not act on `ranking`."""

    text: str
    language: str
    language_sure: bool
    topic: str
    confidence: float
    ranking: Sequence[tuple[str, float]]
    mood: str
    hazard: bool
    entities: Sequence[Found]

    def as_json(self) -> dict[str, Any]:
        """The public form of `fubb understand --json`."""
        return {
            "text": self.text,
            "language": self.language,
            "topic": self.topic,
            "confidence": round(self.confidence, 4),
            "mood": self.mood,
            "hazard": self.hazard,
            "entities": [{"entity": one.kind, "value": one.value, "start": one.start, "end": one.end} for one in self.entities],
        }


@dataclass(frozen=True)
class Thresholds:
    """Where certainty begins; the same as in config.yml's pipeline."""

    language: Mapping[str, Any]
    topic: Mapping[str, Any]
    hazard: Mapping[str, Any]

    @classmethod
    def default(cls) -> Thresholds:
        """What holds where config.yml says nothing."""
        return cls(language.DEFAULTS, topic.DEFAULTS, hazard.DEFAULTS)


@dataclass(frozen=True)
class Understanding:
    """The fitted readers."""

    entities: EntityReader
    languages: language.LanguageModel
    topics: topic.TopicReader
    moods: mood.MoodModel
    hazards: hazard.HazardModel
    thresholds: Thresholds

    def read(self, text: str, conversation: str | None = None) -> Understood:
        """Read one message; `conversation` is the language spoken so far."""
        entities = self.entities.read(text)
        hidden = hidden_spans(entities)
        limits = self.thresholds
        guess = self.languages.read(text, hidden, conversation, limits.language["margin"])
        ranking = self.topics.read(text, hidden, guess.language)
        unsure = topic.is_uncertain(ranking, limits.topic["threshold"], limits.topic["margin"]) or not text.strip()
        return Understood(
            text=text,
            language=guess.language,
            language_sure=guess.sure,
            topic=OUT_OF_SCOPE if unsure else ranking[0][0],
            confidence=ranking[0][1],
            ranking=ranking,
            mood=self.moods.read(text, hidden),
            hazard=self.hazards.read(text, hidden, guess.language, ranking, limits.hazard["threshold"]),
            entities=entities,
        )


def fit_understanding(
    examples: Sequence[Example], products: Sequence[Product], thresholds: Thresholds | None = None
) -> Understanding:
    """Fit every reader on the training text."""
    entities = EntityReader(ProductFinder(products))
    limits = thresholds or Thresholds.default()
    masks = [hidden_spans(entities.read(example.text)) for example in examples]
    return Understanding(
        entities,
        language.fit_languages(examples, masks),
        topic.fit_topics(examples, masks, limits.topic),
        mood.fit_moods(examples, masks),
        hazard.fit_hazards(examples, masks),
        limits,
    )


def load_understanding(folders: Mapping[str, Path], settings: Mapping[str, Mapping[str, Any]]) -> Understanding:
    """Load the readers of a trained Rasa model; both are keyed by the component's class name."""
    return Understanding(
        EntityReader(ProductFinder(load_products(folders["ShopEntityExtractor"]))),
        language.LanguageModel.load(folders["LanguageReader"]),
        topic.TopicReader.load(folders["TopicClassifier"], {**topic.DEFAULTS, **settings["TopicClassifier"]}),
        mood.MoodModel.load(folders["MoodReader"]),
        hazard.HazardModel.load(folders["HazardReader"]),
        Thresholds(
            {**language.DEFAULTS, **settings["LanguageReader"]},
            {**topic.DEFAULTS, **settings["TopicClassifier"]},
            {**hazard.DEFAULTS, **settings["HazardReader"]},
        ),
    )
