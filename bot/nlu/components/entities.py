"""Rasa component: order numbers, products, addresses, amounts, room sizes and times."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.nlu.extractors.extractor import EntityExtractorMixin
from rasa.shared.nlu.constants import ENTITIES
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.catalogue import Product, load_products, read_catalogue, save_products
from bot.nlu.components.trained import TrainedComponent
from bot.nlu.entities import EntityReader
from bot.nlu.examples import Example
from bot.nlu.products import ProductFinder
from bot.nlu.text import Span


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ShopEntityExtractor(TrainedComponent, EntityExtractorMixin):
    """Finds what the shop knows by name or number; stands first in the pipeline."""

    _products: tuple[Product, ...]
    _reader: EntityReader

    def fit(self, examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> None:
        """Learn the catalogue's names."""
        self._products = read_catalogue(Path(self.config["catalogue"]))
        self._reader = EntityReader(ProductFinder(self._products))

    def store(self, folder: Path) -> None:
        """Write the names."""
        save_products(self._products, folder)

    def restore(self, folder: Path) -> None:
        """Read the names."""
        self._products = load_products(folder)
        self._reader = EntityReader(ProductFinder(self._products))

    def read(self, message: Message, text: str, masked: Sequence[Span]) -> None:
        """Add the entities to those that others found."""
        found: list[dict[str, Any]] = [
            {
                "entity": one.kind,
                "value": one.value,
                "start": one.start,
                "end": one.end,
                "confidence_entity": 1.0,
            }
            for one in self._reader.read(text)
        ]
        entities = (message.get(ENTITIES) or []) + self.add_extractor_name(found)
        message.set(ENTITIES, entities, add_to_output=True)
