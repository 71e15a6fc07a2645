"""Gathers the training text into one JSON file: Rasa reads that in seconds, the same as YAML in minutes."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desk.checking.reading import Unreadable, read_yaml


def gather_training_text(folder: Path, into: Path) -> None:
    """Write every utterance under `folder`, with its topic and what its block says, in Rasa's form. Raises Unreadable."""
    examples = []
    for path in sorted(folder.rglob("*.yml")):
        try:
            examples += list(_examples(path))
        except Unreadable as error:
            raise Unreadable(f"{path}: {error}") from error
    into.parent.mkdir(parents=True, exist_ok=True)
    into.write_text(json.dumps({"rasa_nlu_data": {"common_examples": examples}}, ensure_ascii=False), encoding="utf-8")


def _examples(path: Path) -> Iterator[dict[str, Any]]:
    for block in (read_yaml(path) or {}).get("nlu") or []:
        for line in str(block.get("examples") or "").splitlines() if "intent" in block else []:
            if text := line.strip().removeprefix("-").strip():
                yield {"text": text, "intent": block["intent"], "intent_metadata": block.get("metadata") or {}}
