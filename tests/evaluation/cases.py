"""The evaluation texts, each by an author who never saw the training text: `development` and `second` may be read while
building, `unseen` is the judge and is only counted."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.catalogue import read_catalogue
from bot.nlu.examples import LANGUAGES, Example, read_examples
from bot.nlu.products import ProductFinder

ROOT = Path(__file__).parents[2]
TRAINING = ROOT / "data" / "nlu"
CATALOGUE = ROOT / "data" / "shop" / "products.csv"
BANKING77 = ROOT.parent / "shared" / "data" / "banking77"
DEVELOPMENT = Path(__file__).parent
SETS = {**{name: DEVELOPMENT / name for name in ("unseen", "third", "second")}, "development": DEVELOPMENT}
"""The judge first; `third` and `second` were the judge until something was chosen with their figures or errors in view."""


@dataclass(frozen=True)
class Case:
    """A message and what a support lead reads in it."""

    text: str
    language: str
    topic: str
    mood: str
    hazard: bool
    entities: tuple[tuple[str, str], ...]


def read_cases(languages: tuple[str, ...] = LANGUAGES, folder: Path = DEVELOPMENT) -> list[Case]:
    """The cases of each language that has a file; a product's value is its name in the catalogue."""
    cases = []
    finder = ProductFinder(read_catalogue(CATALOGUE))
    for language in languages:
        path = folder / f"{language}.jsonl"
        for line in path.read_text(encoding="utf-8").splitlines() if path.is_file() else ():
            if line.strip():
                said = json.loads(line)
                entities = tuple((one["entity"], _value(one, finder)) for one in said["entities"])
                cases.append(Case(said["text"], language, said["topic"], said["mood"], said["hazard"], entities))
    return cases


def _value(entity: dict[str, str], finder: ProductFinder) -> str:
    """The author wrote products as they stand in the text (aurorap50:n); the name is what counts."""
    if entity["entity"] != "product":
        return entity["value"]
    found = finder.find(entity["value"])
    return found[0].value if found else entity["value"]


def training_examples(folder: Path = TRAINING) -> list[Example]:
    """The training text."""
    return list(read_examples(folder))
