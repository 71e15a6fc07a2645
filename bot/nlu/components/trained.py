"""What our trained components have in common: kept in Rasa's model storage, trained anew when our code changes."""

from __future__ import annotations

import hashlib
from abc import abstractmethod
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, TypeVar

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.constants import INTENT_MESSAGE_PREFIX
from rasa.shared.nlu.constants import ENTITIES, EXTRACTOR, INTENT, METADATA, METADATA_INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.catalogue import read_catalogue
from bot.nlu.entities import EntityReader, hidden_spans
from bot.nlu.examples import Example, make_example
from bot.nlu.numbers import Found
from bot.nlu.products import ProductFinder
from bot.nlu.text import Span

Self = TypeVar("Self", bound="TrainedComponent")
CATALOGUE = "data/shop/products.csv"


class TrainedComponent(GraphComponent):
    """A component that fits something on the training text and keeps it in a folder."""

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self.config = config
        self._storage = storage
        self._resource = resource

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """Where the catalogue is whose product names are hidden from the learners."""
        return {"catalogue": CATALOGUE}

    @classmethod
    def create(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Self:
        """An untrained component."""
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls: type[Self],
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> Self:
        """A trained component, from the model."""
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            component.restore(folder)
        return component

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the training text and store what was learned."""
        examples = read_training_data(training_data)
        self.fit(examples, hide_names(examples, Path(self.config["catalogue"])))
        with self._storage.write_to(self._resource) as folder:
            self.store(folder)
        return self._resource

    def process(self, messages: list[Message]) -> list[Message]:
        """Read each message; a button's payload (/affirm) has no words to read."""
        for message in messages:
            text = message.get(TEXT) or ""
            self.read(message, "" if text.startswith(INTENT_MESSAGE_PREFIX) else text, hidden_in_message(message))
        return messages

    @classmethod
    def fingerprint_addon(cls, config: dict[str, Any]) -> str | None:
        """Our own code and the catalogue decide too whether a trained component still fits."""
        catalogue = Path(config.get("catalogue", CATALOGUE))
        return f"{_code_fingerprint()}-{hashlib.sha256(catalogue.read_bytes()).hexdigest()}"

    @abstractmethod
    def fit(self, examples: Sequence[Example], masks: Sequence[Sequence[Span]]) -> None:
        """Learn from the examples; `masks` are the names to hide in each."""

    @abstractmethod
    def store(self, folder: Path) -> None:
        """Write what was learned."""

    @abstractmethod
    def restore(self, folder: Path) -> None:
        """Read what `store` wrote."""

    @abstractmethod
    def read(self, message: Message, text: str, masked: Sequence[Span]) -> None:
        """Set what this component finds in the message."""


def read_training_data(training_data: TrainingData) -> list[Example]:
    """Rasa's training data as our examples."""
    return [
        make_example(
            message.get(TEXT),
            message.get(INTENT),
            (message.get(METADATA) or {}).get(METADATA_INTENT),
        )
        for message in training_data.intent_examples
        if message.get(TEXT)
    ]


@lru_cache(maxsize=4)
def _entity_reader(catalogue: Path, changed: float) -> EntityReader:
    return EntityReader(ProductFinder(read_catalogue(catalogue)))


@lru_cache(maxsize=100_000)
def _hidden_in(reader: EntityReader, text: str) -> tuple[Span, ...]:
    """Kept, since every component that learns from the training text asks for the same."""
    return tuple(hidden_spans(reader.read(text)))


def hide_names(examples: Sequence[Example], catalogue: Path) -> list[Sequence[Span]]:
    """The names and numbers to hide in each example."""
    changed = catalogue.stat().st_mtime if catalogue.is_file() else 0.0
    reader = _entity_reader(catalogue, changed)
    return [_hidden_in(reader, example.text) for example in examples]


def hidden_in_message(message: Message) -> list[Span]:
    """The same for a message that ShopEntityExtractor has read."""
    return hidden_spans(
        Found(entity["entity"], entity["value"], entity["start"], entity["end"])
        for entity in message.get(ENTITIES) or []
        if entity.get(EXTRACTOR) == "ShopEntityExtractor"
    )


@lru_cache(maxsize=1)
def _code_fingerprint() -> str:
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.parent.rglob("*")):
        if path.suffix in {".py", ".txt"}:
            digest.update(path.read_bytes())
    return digest.hexdigest()
