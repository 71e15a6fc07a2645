"""The same learner on BANKING77, a public set of 77 topics; for measuring only, none of it is kept."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.readers.topic import prepare, recipe_for
from bot.nlu.training import fit
from tests.evaluation.cases import BANKING77

TARGETS = {"train.csv": 0.92, "train_10_per_topic.csv": 0.78}


@dataclass(frozen=True)
class Measured:
    """What share of the test messages got the right topic."""

    training: str
    accuracy: float
    target: float


def measure_banking(folder: Path = BANKING77) -> list[Measured]:
    """Accuracy on the test file for each training file; nothing where the set is absent."""
    if not folder.is_dir():
        return []
    texts, topics = _read(folder / "test.csv")
    measured = []
    for name, target in TARGETS.items():
        known, labels = _read(folder / name)
        reader = fit(recipe_for(labels).uncalibrated(), known, labels)
        right = sum(reader.labels[int(reader.scores(text).argmax())] == topic for text, topic in zip(texts, topics, strict=False))
        measured.append(Measured(name, right / len(texts), target))
    return measured


def _read(path: Path) -> tuple[list[str], list[str]]:
    with path.open(encoding="utf-8", newline="") as lines:
        rows = list(csv.reader(lines))[1:]
    return [prepare(row[0], [], "en") for row in rows], [row[1] for row in rows]
