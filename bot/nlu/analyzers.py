"""The features of a text, as strings; each analyzer is one block of a learner's matrix."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable
from functools import lru_cache

from bot.nlu.danger import evidence_of_danger
from bot.nlu.text import fold, words

Analyzer = Callable[[str], list[str]]


# So many letters tell most words apart and leave out most endings.
_STEM = 5
# Before this mark stands the text, after it what is known of it: concepts, signs of mood.
SIGNS = "\x1f"


def with_signs(text: str, found: Iterable[str]) -> str:
    """A text and the signs found in it, as the learners read it."""
    return f"{text}{SIGNS}{' '.join(found)}"


def word_ngrams(text: str) -> list[str]:
    """Words and pairs of neighbouring words."""
    found = words(text.partition(SIGNS)[0])
    return found + [f"{left} {right}" for left, right in itertools.pairwise(found)]


def folded_char_ngrams(text: str) -> list[str]:
    """Two to five characters within each word, its edges marked by blanks; no diacritics, as some type without them."""
    return _within_words(fold(text.partition(SIGNS)[0]), 2, 5)


def stem_ngrams(text: str) -> list[str]:
    """The first letters of each word, of each pair of neighbours, and of each pair with a word between them."""
    stems = [word[:_STEM] for word in words(fold(text.partition(SIGNS)[0]))]
    return (
        stems
        + [f"{left} {right}" for left, right in itertools.pairwise(stems)]
        + [f"{left} _ {right}" for left, right in zip(stems, stems[2:], strict=False)]
    )


def beginnings(text: str) -> list[str]:
    """The first four letters of each word: where there are few examples, more words are alike."""
    return [word[:4] for word in words(fold(text.partition(SIGNS)[0]))]


def language_ngrams(text: str) -> list[str]:
    """One to four characters and whole words: what tells languages apart."""
    return _within_words(text, 1, 4) + [f"={word}" for word in words(text)]


def signs(text: str) -> list[str]:
    """The signs alone."""
    return text.partition(SIGNS)[2].split()


def danger(text: str) -> list[str]:
    """What the signs say for and against danger."""
    return evidence_of_danger(signs(text))


def _within_words(text: str, shortest: int, longest: int) -> list[str]:
    return [gram for word in words(text) if word[0] != "‹" for gram in _within(word, shortest, longest)]


@lru_cache(maxsize=50_000)
def _within(word: str, shortest: int, longest: int) -> tuple[str, ...]:
    """Kept, since few words make up most of what people write."""
    padded = f" {word} "
    length = len(padded)
    grams: list[str] = []
    for size in range(shortest, longest + 1):
        if size >= length:
            grams.append(padded)
            break
        grams += [padded[at : at + size] for at in range(length - size + 1)]
    return tuple(grams)


ANALYZERS: dict[str, Analyzer] = {
    "words": word_ngrams,
    "stems": stem_ngrams,
    "beginnings": beginnings,
    "folded_chars": folded_char_ngrams,
    "language": language_ngrams,
    "signs": signs,
    "danger": danger,
}
