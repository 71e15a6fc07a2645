"""Pages for customers in four languages: their words (data/pages) and the language that a browser asks for."""

from functools import lru_cache

import yaml

from desk.conversations.languages import LANGUAGES, language_of_code
from desk.settings import ROOT

FOLDER = ROOT / "data" / "pages"


@lru_cache
def page_words(page: str) -> dict[str, dict[str, str]]:
    """Each text of a page by its name and language."""
    found: dict[str, dict[str, str]] = yaml.safe_load((FOLDER / f"{page}.yml").read_text(encoding="utf-8"))
    return found


def say(page: str, name: str, language: str, **values: object) -> str:
    """The text of that name, filled; English for a language that we do not speak."""
    text = page_words(page)[name][language if language in LANGUAGES else "en"]
    for place, value in values.items():
        text = text.replace("{" + place + "}", str(value))
    return text


def language_of(accepted: str) -> str:
    """The first of our languages in an Accept-Language header; browsers put the most wanted first."""
    spoken = (language_of_code(tag.partition(";")[0]) for tag in accepted.split(","))
    return next((language for language in spoken if language), "en")
