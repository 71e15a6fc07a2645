"""The words of the page (data/pages/case.yml), in the customer's language."""

from functools import lru_cache
from pathlib import Path

import yaml

from desk.settings import ROOT

FILE = ROOT / "data" / "pages" / "case.yml"
LANGUAGES = ("en", "sv", "nb", "fi")


@lru_cache
def page_words(file: Path = FILE) -> dict[str, dict[str, str]]:
    """Each text by its name and language."""
    found: dict[str, dict[str, str]] = yaml.safe_load(file.read_text(encoding="utf-8"))
    return found


def say(name: str, language: str, **values: object) -> str:
    """The text of that name, filled."""
    text = page_words()[name][language if language in LANGUAGES else "en"]
    for place, value in values.items():
        text = text.replace("{" + place + "}", str(value))
    return text
