"""The training text as the readers see it, from Rasa's training data or from the files themselves."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

LANGUAGES = ("en", "sv", "nb", "fi")
MOODS = ("calm", "annoyed", "furious")


class TrainingTextError(Exception):
    """A block of training text says something that no reader can learn from."""


@dataclass(frozen=True)
class Example:
    """One sentence of training text and what its block says about it."""

    text: str
    topic: str
    language: str
    mood: str | None = None
    hazard: bool | None = None
    block: str = ""


def make_example(text: str, topic: str, metadata: Any, block: str = "") -> Example:
    """Check a block's metadata at the edge, so that a misspelt mood stops the training."""
    known: dict[str, Any] = metadata if isinstance(metadata, dict) else {}
    language = known.get("language", "en")
    mood, hazard = known.get("mood"), known.get("hazard")
    if language not in LANGUAGES:
        raise TrainingTextError(f"{topic}, “{text}”: language is {language!r}, not one of {', '.join(LANGUAGES)}.")
    if mood is not None and mood not in MOODS:
        raise TrainingTextError(f"{topic}, “{text}”: mood is {mood!r}, not one of {', '.join(MOODS)}.")
    if hazard is not None and not isinstance(hazard, bool):
        raise TrainingTextError(f"{topic}, “{text}”: hazard is {hazard!r}, not true or false.")
    return Example(text, topic, language, mood, hazard, block)


def read_examples(folder: Path) -> Iterator[Example]:
    """Every example of the YAML files under `folder`, in the order of the files."""
    from ruamel.yaml import YAML

    for path in sorted(folder.rglob("*.yml")):
        blocks = YAML(typ="safe", pure=False).load(path.read_text(encoding="utf-8"))
        for number, block in enumerate((blocks or {}).get("nlu") or []):
            if "intent" not in block:
                continue
            for line in str(block["examples"]).splitlines():
                text = line.strip().removeprefix("-").strip()
                if text:
                    yield make_example(text, block["intent"], block.get("metadata"), f"{path}:{number}")
