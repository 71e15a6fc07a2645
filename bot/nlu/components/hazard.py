"""Rasa component: danger."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import INTENT_RANKING_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.trained import TrainedComponent
from bot.nlu.examples import Example
from bot.nlu.readers.hazard import DEFAULTS, HazardModel, fit_hazards
from bot.nlu.text import Span


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class HazardReader(TrainedComponent):
    """Sets `hazard`: whether the message tells of danger."""

    _model: HazardModel

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """`threshold`: the certainty from which a message is taken for dangerous."""
        return {**TrainedComponent.get_default_config(), **DEFAULTS}

    def fit(self, examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> None:
        """Learn from the blocks that name danger."""
        self._model = fit_hazards(examples, masks)

    def store(self, folder: Path) -> None:
        """Write the model."""
        self._model.save(folder)

    def restore(self, folder: Path) -> None:
        """Read the model."""
        self._model = HazardModel.load(folder)

    def read(self, message: Message, text: str, masked: Sequence[Span]) -> None:
        """Set `hazard`."""
        topics = [(topic["name"], topic["confidence"]) for topic in message.get(INTENT_RANKING_KEY) or []]
        found = self._model.read(text, masked, message.get("language") or "en", topics, self.config["threshold"])
        message.set("hazard", found, add_to_output=True)
