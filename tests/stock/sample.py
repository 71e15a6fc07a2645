"""A sample of the training text that both sides learn from: DIET takes many hours for all of it."""

from __future__ import annotations

import hashlib
import json
from collections import defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from bot.nlu.catalogue import Product, read_catalogue
from bot.nlu.entities import EntityReader
from bot.nlu.examples import Example, read_examples
from bot.nlu.products import ProductFinder

ROOT = Path(__file__).parents[2]
PATTERNS = {"order_number": r"\b\d{8}\b", "email": r"\b[\w.+-]+@[\w-]+\.[\w.]+\b", "amount": r"\b\d[\d ]* ?(?:kr|sek|eur)\b"}
WORDS = ("product", "product_kind", "room_size", "remedy")
"""What Rasa's RegexEntityExtractor is given: patterns, and of the other entities the words that our readers find in the sample."""
ROOMS = {"large": "large room", "medium": "medium room", "small": "small room"}


def draw_sample(languages: Sequence[str], per_topic: int) -> list[Example]:
    """So many utterances of each topic and language, chosen by their hash: the same ones whatever is added elsewhere."""
    grouped: dict[tuple[str, str], dict[str, Example]] = defaultdict(dict)
    for example in read_examples(ROOT / "data" / "nlu"):
        if example.language in languages:
            grouped[example.language, example.topic][_hash(example.text)] = example
    drawn = [group[key] for _, group in sorted(grouped.items()) for key in sorted(group)[:per_topic]]
    rest = [group[key] for _, group in sorted(grouped.items()) for key in sorted(group)[per_topic:]]
    return drawn + _with_rare_entities(drawn, rest)


def _with_rare_entities(drawn: Sequence[Example], rest: Sequence[Example]) -> list[Example]:
    """Utterances with entities that the drawn ones lack: Rasa looks only for what its training text has."""
    finder = _finder()
    missing = {*PATTERNS, "product", "room_size"} - {one.kind for text in drawn for one in finder.read(text.text)}
    found = []
    for example in rest if missing else ():
        kinds = {one.kind for one in finder.read(example.text)} & missing
        if kinds:
            found.append(example)
            missing -= kinds
    return found


def _finder() -> EntityReader:
    return EntityReader(ProductFinder(_products()))


def _products() -> list[Product]:
    return read_catalogue(ROOT / "data" / "shop" / "products.csv")


def as_rasa_data(examples: Iterable[Example], *, for_stock: bool) -> dict[str, Any]:
    """The sample in Rasa's form; for stock with the entities that our readers find, since it has no readers for them."""
    finder = _finder()
    common: list[dict[str, Any]] = []
    words = defaultdict(set, {"product": {product.name for product in _products()}, "room_size": set(ROOMS.values())})
    for one in examples:
        said = {"language": one.language, "mood": one.mood, "hazard": one.hazard}
        row: dict[str, Any] = {
            "text": one.text,
            "intent": one.topic,
            "intent_metadata": {k: v for k, v in said.items() if v is not None},
        }
        if for_stock:
            row["entities"] = [
                {"start": found.start, "end": found.end, "value": str(found.value), "entity": found.kind}
                for found in finder.read(one.text)
                if found.kind in WORDS or found.kind in PATTERNS
            ]
            for found in row["entities"]:
                words[found["entity"]].add(one.text[found["start"] : found["end"]])
        common.append(row)
    data: dict[str, Any] = {"common_examples": common}
    if for_stock:
        data["regex_features"] = [{"name": name, "pattern": pattern} for name, pattern in PATTERNS.items()]
        data["lookup_tables"] = [{"name": name, "elements": sorted(found)} for name, found in words.items() if name in WORDS]
        data["entity_synonyms"] = [{"value": size, "synonyms": [words]} for size, words in ROOMS.items()]
    return {"rasa_nlu_data": data}


def digest(data: object) -> str:
    """A short fingerprint."""
    return _hash(json.dumps(data, sort_keys=True))[:12]


def _hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
