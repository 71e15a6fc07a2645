"""The words of the desk's own messages: the responses of domain.yml (English) and data/words (the other languages)."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from desk.settings import ROOT


@dataclass(frozen=True)
class Said:
    """A text and its buttons, ready to be put into a conversation."""

    text: str
    buttons: list[dict[str, str]]


class MissingWords(LookupError):
    """There is no such response."""


class Words:
    """Finds a response in a language; falls back to English, so that nobody gets silence."""

    def __init__(self, by_language: Mapping[str, Mapping[str, list[dict[str, Any]]]]) -> None:
        self._by_language = by_language

    def say(self, response: str, language: str, **values: object) -> Said:
        """The response in that language with its {placeholders} filled; raises MissingWords."""
        for candidate in (language, "en"):
            variants = self._by_language.get(candidate, {}).get(response)
            if variants:
                return _fill(variants[0], values)
        raise MissingWords(response)

    def has(self, response: str) -> bool:
        """Whether there is such a response."""
        return response in self._by_language.get("en", {})


def _fill(variant: dict[str, Any], values: dict[str, object]) -> Said:
    def fill(text: str) -> str:
        for name, value in values.items():
            text = text.replace("{" + name + "}", str(value))
        return text

    buttons = [{"title": fill(b["title"]), "payload": fill(b["payload"])} for b in variant.get("buttons", [])]
    return Said(fill(variant.get("text", "")).strip(), buttons)


@lru_cache(maxsize=4)
def load_words(root: Path = ROOT) -> Words:
    """Read the words once per process."""
    by_language = {"en": _responses(root / "domain.yml")}
    for path in sorted((root / "data" / "words").glob("*.yml")):
        by_language[path.stem] = _responses(path)
    return Words(by_language)


def _responses(path: Path) -> dict[str, list[dict[str, Any]]]:
    with path.open(encoding="utf-8") as file:
        responses: dict[str, list[dict[str, Any]]] = (yaml.load(file, Loader=yaml.CSafeLoader) or {}).get("responses", {})
    return responses


def payload(topic: str, **entities: str) -> str:
    """A button's payload: a topic and what it is about, as Rasa reads it."""
    return f"/{topic}" + (json.dumps(entities, ensure_ascii=False) if entities else "")
