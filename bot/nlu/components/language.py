"""Rasa component: the language of a message."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.shared.nlu.constants import METADATA
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.components.trained import TrainedComponent
from bot.nlu.examples import Example
from bot.nlu.readers.language import DEFAULTS, FEWEST_WORDS, LanguageModel, fit_languages, known_language
from bot.nlu.text import Span


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LanguageReader(TrainedComponent):
    """Sets `language` (en, sv, nb, fi) and `language_sure`; undecided, it keeps the conversation's."""

    _model: LanguageModel

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """By how much the likeliest language must lead to be sure: `margin`, and `short_margin` for a word or two in a talk."""
        return {**TrainedComponent.get_default_config(), **DEFAULTS}

    def fit(self, examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> None:
        """Learn the languages of the training text."""
        self._model = fit_languages(examples, masks)

    def store(self, folder: Path) -> None:
        """Write the model."""
        self._model.save(folder)

    def restore(self, folder: Path) -> None:
        """Read the model."""
        self._model = LanguageModel.load(folder)

    def read(self, message: Message, text: str, masked: Sequence[Span]) -> None:
        """Set `language` and `language_sure`."""
        metadata = message.get(METADATA) or {}
        conversation = known_language(metadata)
        short = metadata.get("talking") and len(text.split()) < FEWEST_WORDS
        margin = self.config["short_margin"] if short else self.config["margin"]
        guess = self._model.read(text, masked, conversation, margin)
        message.set("language", guess.language, add_to_output=True)
        message.set("language_sure", guess.sure, add_to_output=True)
