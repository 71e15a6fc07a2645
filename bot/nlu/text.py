"""Brings a customer's typing into the form that the learners read."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from typing import NamedTuple


class Span(NamedTuple):
    """A piece of the text, by character offsets."""

    start: int
    end: int
    kind: str


# One character for one, so that offsets in the folded text are offsets in the original.
_FOLD = str.maketrans("åäæàáâãöøòóôõüùúûéèêëíìîïñçß", "aaaaaaaoooooouuuueeeeiiiincs")
_QUOTES = str.maketrans({"’": "'", "‘": "'", "´": "'", "`": "'", "“": '"', "”": '"', "\u00a0": " ", "–": "-", "—": "-"})
_LONG_RUN = re.compile(r"([^\W\d])\1{2,}")
_DIGITS = re.compile(r"\d+")
_WORD = re.compile(r"‹\w+›|[^\W_]+(?:'[^\W_]+)*|[!?]+|[^\w\s.,;:()\"'/+*=<>@#&%-]")


def fold(text: str) -> str:
    """Lower case without diacritics, of the same length as `text`."""
    lowered = text.translate(_QUOTES).lower()
    if len(lowered) != len(text):  # A few letters (İ) grow when lowered.
        lowered = "".join(char.lower() if len(char.lower()) == 1 else char for char in text.translate(_QUOTES))
    return lowered.translate(_FOLD)


def mask(text: str, spans: Iterable[Span]) -> str:
    """Replace each span by the token ‹kind›."""
    pieces: list[str] = []
    at = 0
    for span in sorted(spans):
        if span.start < at:
            continue
        pieces += [text[at : span.start], f" ‹{span.kind}› "]
        at = span.end
    pieces.append(text[at:])
    return "".join(pieces)


def normalise(text: str) -> str:
    """Lower case, one kind of quotes, no long runs of a letter, digits as their shape (0, 00, 000)."""
    text = unicodedata.normalize("NFC", text).translate(_QUOTES).lower()
    text = _LONG_RUN.sub(r"\1\1", text)
    text = _DIGITS.sub(lambda digits: "0" * min(len(digits.group()), 4), text)
    return " ".join(text.split())


def words(text: str) -> list[str]:
    """The words, marks of feeling (!, ?, emoji) and masked tokens of a normalised text."""
    return [token[:3] if token[0] in "!?" else token for token in _WORD.findall(text)]
