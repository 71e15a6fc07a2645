"""Rasa component: the customer's mood."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.trained import TrainedComponent
from bot.nlu.examples import Example
from bot.nlu.readers.mood import MoodModel, fit_moods
from bot.nlu.text import Span


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class MoodReader(TrainedComponent):
    """Sets `mood`: calm, annoyed or furious."""

    _model: MoodModel

    def fit(self, examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> None:
        """Learn from the blocks that name a mood."""
        self._model = fit_moods(examples, masks)

    def store(self, folder: Path) -> None:
        """Write the model."""
        self._model.save(folder)

    def restore(self, folder: Path) -> None:
        """Read the model."""
        self._model = MoodModel.load(folder)

    def read(self, message: Message, text: str, masked: Sequence[Span]) -> None:
        """Set `mood`."""
        message.set("mood", self._model.read(text, masked), add_to_output=True)
