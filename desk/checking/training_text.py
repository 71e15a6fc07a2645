"""A file of training text, block by block: whether it has the form that is learnt from."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from desk.cases.rules import MOODS
from desk.checking.reading import Unreadable, read_yaml
from desk.conversations.languages import LANGUAGES


@dataclass(frozen=True)
class Block:
    """Utterances of one topic, and what is said of them all."""

    topic: str
    metadata: dict[str, Any]
    utterances: list[str]


def read_training_text(path: Path) -> list[Block]:
    """The blocks of a file. Raises Unreadable."""
    return list(blocks_of(read_yaml(path)))


def blocks_of(content: Any) -> Iterator[Block]:
    """The same of what was read from it already. Raises Unreadable."""
    if content is None:
        return
    if not isinstance(content, dict) or not isinstance(content.get("nlu") or [], list):
        raise Unreadable("should have `nlu:` and below it a list of blocks, `- intent: …` with `examples: |`")
    for entry in content.get("nlu") or []:
        if not isinstance(entry, dict):
            raise Unreadable(f"'{entry}' is no block: `- intent: …` with `examples: |`")
        if entry.get("intent"):
            yield _block(str(entry["intent"]), entry)


def _block(topic: str, entry: dict[str, Any]) -> Block:
    metadata, examples = entry.get("metadata") or {}, entry.get("examples") or ""
    if not isinstance(examples, str):
        raise Unreadable(f"the examples of {topic} are not one text: write `examples: |`, and below it a line `- …` for each")
    if not isinstance(metadata, dict):
        raise Unreadable(f"the metadata of {topic} are not `name: value`")
    _one_of(topic, "language", metadata.get("language", LANGUAGES[0]), LANGUAGES)
    _one_of(topic, "mood", metadata.get("mood", MOODS[0]), MOODS)
    _one_of(topic, "hazard", metadata.get("hazard", False), (True, False))
    utterances = [line.strip().removeprefix("-").strip() for line in examples.splitlines()]
    return Block(topic, metadata, [utterance for utterance in utterances if utterance])


def _one_of(topic: str, name: str, value: object, known: tuple[object, ...]) -> None:
    if value not in known:
        raise Unreadable(f"the {name} of {topic} is {value}, not one of {', '.join(str(one).lower() for one in known)}")
