"""Finds listed phrases over spaCy's tokens, whatever their accents, case and endings."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

import spacy
from spacy.tokenizer import Tokenizer

from bot.nlu.text import fold

_MARK = re.compile(r"[\W_]")


class Phrase(NamedTuple):
    """A phrase in the text and the name it was listed under."""

    name: str
    start: int
    end: int


class Word(NamedTuple):
    """A word of the folded text, with its offsets."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=1)
def _tokenizer() -> Tokenizer:
    """Words end at every mark: a message may mix languages, and `P50:n` or `tv-n` is a name and its ending."""
    return Tokenizer(
        spacy.blank("xx").vocab,
        prefix_search=re.compile(r"^[\W_]").search,
        suffix_search=re.compile(r"[\W_]$").search,
        infix_finditer=_MARK.finditer,
    )


@lru_cache(maxsize=8)
def read_words(text: str) -> tuple[Word, ...]:
    """The words of a text, folded, without marks; kept, since several readers ask for the same message."""
    return tuple(
        Word(token.text, token.idx, token.idx + len(token)) for token in _tokenizer()(fold(text)) if not _MARK.match(token.text)
    )


@dataclass(frozen=True)
class _Slot:
    """What may stand at one place of a phrase."""

    exact: frozenset[str]
    stems: tuple[str, ...]
    number: bool = False
    anything: bool = False
    optional: bool = False

    def takes(self, word: str) -> bool:
        return self.anything or word in self.exact or word.startswith(self.stems) or (self.number and _is_small(word))


class PhraseFinder:
    """Phrases by name. In a phrase `a|b` is either word, `stem*` any ending, `_` any word, `#` a number of one or two
    digits, and `word?` may be missing; the first word is neither `_` nor optional."""

    def __init__(self, phrases: Mapping[str, Iterable[str]]) -> None:
        self._exact: dict[str, list[tuple[str, tuple[_Slot, ...]]]] = defaultdict(list)
        self._stems: dict[str, list[tuple[str, tuple[_Slot, ...]]]] = defaultdict(list)
        for name, listed in phrases.items():
            for phrase in listed:
                for alternative in _sequences(phrase):
                    self._add(name, alternative)
        self._numbers = [
            (name, slots[1:])
            for name, listed in phrases.items()
            for phrase in listed
            for slots in _sequences(phrase)
            if slots[0].number
        ]
        self._sizes = sorted({len(stem) for stem in self._stems})

    def _add(self, name: str, slots: tuple[_Slot, ...]) -> None:
        first, rest = slots[0], slots[1:]
        for word in first.exact:
            self._exact[word].append((name, rest))
        for stem in first.stems:
            self._stems[stem].append((name, rest))

    def find(self, words: tuple[Word, ...]) -> list[Phrase]:
        """Phrases in the text, first to last; of those that begin alike the longest, and none within another."""
        found: list[Phrase] = []
        for at, word in enumerate(words):
            longest = self._longest(words, at, word)
            if longest is not None and (not found or longest.end > found[-1].end):
                if found and longest.start < found[-1].end:
                    if longest.end - longest.start <= found[-1].end - found[-1].start:
                        continue
                    found.pop()
                found.append(longest)
        return found

    def _longest(self, words: tuple[Word, ...], at: int, word: Word) -> Phrase | None:
        candidates = list(self._exact.get(word.text, ()))
        if _is_small(word.text):
            candidates += self._numbers
        for size in self._sizes:
            if size > len(word.text):
                break
            candidates += self._stems.get(word.text[:size], ())
        best: Phrase | None = None
        for name, rest in candidates:
            last = _match(rest, words, at + 1)
            if last is not None and (best is None or words[last].end > best.end):
                best = Phrase(name, word.start, words[last].end)
        return best


def _is_small(word: str) -> bool:
    return word.isdigit() and len(word) <= 2


def _match(slots: tuple[_Slot, ...], words: tuple[Word, ...], at: int) -> int | None:
    """The last word of the match, or None."""
    if not slots:
        return at - 1
    if at < len(words) and slots[0].takes(words[at].text):
        longer = _match(slots[1:], words, at + 1)
        if longer is not None:
            return longer
    return _match(slots[1:], words, at) if slots[0].optional else None


def _sequences(phrase: str) -> Iterable[tuple[_Slot, ...]]:
    """A phrase's slots; `a-b|c` is two phrases, since words end at marks."""
    places = phrase.split()
    if len(places) == 1:
        plain = [choice for choice in places[0].split("|") if not _MARK.search(choice.rstrip("*"))]
        if plain:
            yield (_slot("|".join(plain)),)
        for choice in places[0].split("|"):
            if choice not in plain:
                parts = _MARK.sub(" ", choice.rstrip("*")).split()
                yield (*tuple(_slot(part) for part in parts[:-1]), _slot(parts[-1] + "*" * choice.endswith("*")))
        return
    yield tuple(_slot(place) for place in places)


def _slot(place: str) -> _Slot:
    optional = place.endswith("?")
    choices = place.rstrip("?").split("|")
    return _Slot(
        frozenset(fold(choice) for choice in choices if not choice.endswith("*") and choice not in {"#", "_"}),
        tuple(fold(choice[:-1]) for choice in choices if choice.endswith("*")),
        "#" in choices,
        choices == ["_"],
        optional,
    )
