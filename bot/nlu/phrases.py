"""Finds phrases with spaCy's Matcher on folded text, so that accents, case and endings don't matter."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

import spacy
from spacy.language import Language
from spacy.matcher import Matcher
from spacy.tokens import Doc
from spacy.util import filter_spans

from bot.nlu.text import fold


class Phrase(NamedTuple):
    """A phrase in the text and the name it was listed under."""

    name: str
    start: int
    end: int


@lru_cache(maxsize=1)
def tokenizer() -> Language:
    """One tokenizer for all four languages: a sentence may mix them."""
    return spacy.blank("xx")


class PhraseFinder:
    """Phrases by name; a phrase is words, `*` ends a stem, `a|b` is either, `?` after a word makes it optional."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._matcher = Matcher(tokenizer().vocab)
        for name, listed in phrases.items():
            self._matcher.add(name, [_pattern(phrase) for phrase in listed])

    def find(self, doc: Doc) -> list[Phrase]:
        """Phrases in the text, the longest where several overlap, first to last."""
        spans = filter_spans(self._matcher(doc, as_spans=True))
        return [Phrase(span.label_, span.start_char, span.end_char) for span in spans]


def read_doc(text: str) -> Doc:
    """The folded text as spaCy tokens; offsets are those of `text`."""
    return tokenizer().make_doc(fold(text))


def _pattern(phrase: str) -> list[dict[str, Any]]:
    return [_token(word) for word in phrase.split()]


def _token(word: str) -> dict[str, Any]:
    optional = word.endswith("?") and len(word) > 1
    word = word[:-1] if optional else word
    if word == "#":
        token: dict[str, Any] = {"LIKE_NUM": True}
    elif word == "_":
        token = {}
    elif "*" in word or "|" in word:
        choices = "|".join(fold(choice).replace("*", "[a-z:'’-]*") for choice in word.split("|"))
        token = {"TEXT": {"REGEX": f"^(?:{choices})$"}}
    else:
        token = {"TEXT": fold(word)}
    if optional:
        token["OP"] = "?"
    return token
