"""What the catalogue says to a question about a product: "how wide is the Nordvik W7?"."""

import re
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from pathlib import Path

from babel.numbers import format_decimal
from pydantic import BaseModel, ConfigDict

from desk.checking.reading import read_yaml
from desk.settings import ROOT
from desk.shop.tables import Product
from desk.times import LOCALES

FILE = ROOT / "data" / "answers" / "features.yml"
MOST = 3
SHORT = 3
_WORD = re.compile(r"[^\W_]+(?:/\w+)?")


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Named(_Part):
    """A feature in a language: its name, and how the words begin that ask for it."""

    name: str
    words: str


class Feature(_Part):
    """A feature of products."""

    unit: str | dict[str, str] = ""
    en: Named
    sv: Named
    nb: Named
    fi: Named

    def named(self, language: str) -> Named:
        return {"en": self.en, "sv": self.sv, "nb": self.nb, "fi": self.fi}[language]

    def unit_in(self, language: str) -> str:
        return self.unit if isinstance(self.unit, str) else self.unit.get(language, "")


class Features(_Part):
    """The whole of features.yml."""

    version: int
    features: dict[str, Feature]
    values: dict[str, dict[str, str]] = {}


_HOW_TO = {
    "en": r"\bhow (do|does|to|can|could|should|would)\b|\bset(ting)? ?up\b|\binstall",
    "sv": r"\bhur (?!många|mycket|bred|hög|tung|lång|stor|djup|hög|låt|väl)|\binstaller|\bkoppla",
    "nb": r"\b(hvordan|korleis|koss\w*|åssen)\b|\binstaller|\bkoble",
    "fi": r"\bmiten\b|\bkuinka (?!mon|paljon|leve|korke|paina|suuri|iso|pit|kova|kau)|\basen|\bkytke",
}


def asks_how_to(question: str, language: str) -> bool:
    """Whether he wants to do something with a product, rather than to know something of it."""
    return re.search(_HOW_TO[language], question.casefold()) is not None


@dataclass(frozen=True)
class AskedOf:
    """What was asked of a product: what the catalogue says, and the names of what it does not say."""

    known: list[str]
    unknown: list[str]


@lru_cache(maxsize=4)
def load_features(path: Path = FILE) -> Features:
    """Read once per process. Raises pydantic's ValidationError, Unreadable."""
    return Features.model_validate(read_yaml(path))


def facts_asked(product: Product, question: str, language: str, features: Features | None = None) -> AskedOf:
    """The features of this product that the question asks about, each as "width 60 cm"."""
    features = features or load_features()
    said = [word.casefold() for word in _WORD.findall(question)]
    asked = [name for name, feature in features.features.items() if _asks(said, feature.named(language).words)]
    values = {**product.features, "screen_inches": product.screen_inches, "warranty_months": product.warranty_months}
    known = [name for name in asked if values.get(name) is not None]
    sayings = [_say(features, name, values[name], language) for name in known[:MOST]]
    names = [features.features[name].named(language).name for name in asked]
    return AskedOf(sayings, [] if known else list(dict.fromkeys(names))[:MOST])


def _asks(said: list[str], words: str) -> bool:
    return any(word == start or (len(start) > SHORT and word.startswith(start)) for start in words.split() for word in said)


def _say(features: Features, name: str, value: object, language: str) -> str:
    feature = features.features[name]
    unit = feature.unit_in(language)
    shown = features.values.get(str(value), {}).get(language) or _number(str(value), language)
    return f"{feature.named(language).name} {shown}" + (f"\u00a0{unit}" if unit else "")


def _number(value: str, language: str) -> str:
    """A number, or from-to, with the language's own decimal sign."""
    try:
        return "–".join(format_decimal(Decimal(part), locale=LOCALES[language]) for part in value.split("-"))
    except InvalidOperation:
        return value
