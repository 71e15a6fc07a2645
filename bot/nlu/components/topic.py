"""Rasa component: the topic of a message."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.trained import TrainedComponent
from bot.nlu.examples import Example
from bot.nlu.readers.topic import DEFAULTS, FALLBACK, TopicReader, fit_topics, is_uncertain
from bot.nlu.text import Span


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class TopicClassifier(TrainedComponent, IntentClassifier):
    """Sets `intent` and `intent_ranking`; where no topic stands out the intent is nlu_fallback."""

    _model: TopicReader

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold` and `margin` of confidence below which the intent is nlu_fallback; `ranking`: topics listed; `encoder`: whether
        the sentence encoder, if it is installed, is asked about English below the confidence `encoder_below`."""
        return {**TrainedComponent.get_default_config(), **DEFAULTS, "ranking": 10}

    def fit(self, examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> None:
        """Learn the topics."""
        self._model = fit_topics(examples, masks, self.config)

    def store(self, folder: Path) -> None:
        """Write the model."""
        self._model.save(folder)

    def restore(self, folder: Path) -> None:
        """Read the model."""
        self._model = TopicReader.load(folder, self.config)

    def read(self, message: Message, text: str, masked: Sequence[Span]) -> None:
        """Set the intent; a fallback stands first in the ranking, as with Rasa's own FallbackClassifier."""
        topics = self._model.read(text, masked, message.get("language") or "en")
        ranking = [{"name": name, "confidence": confidence} for name, confidence in topics[: self.config["ranking"]]]
        if not text.strip() or is_uncertain(topics, self.config["threshold"], self.config["margin"]):
            ranking.insert(0, {"name": FALLBACK, "confidence": self.config["threshold"]})
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set(INTENT_RANKING_KEY, ranking, add_to_output=True)
