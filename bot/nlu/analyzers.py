"""The features of a text, as strings; each analyzer is one block of a learner's matrix."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from bot.nlu.text import fold, words

Analyzer = Callable[[str], list[str]]


def word_ngrams(text: str) -> list[str]:
    """Words and pairs of neighbouring words."""
    found = words(text)
    return found + [f"{left} {right}" for left, right in itertools.pairwise(found)]


def char_ngrams(text: str) -> list[str]:
    """Two to five characters within each word, its edges marked by blanks."""
    return _within_words(text, 2, 5)


def folded_char_ngrams(text: str) -> list[str]:
    """The same without diacritics, for those who type without them."""
    return _within_words(fold(text), 2, 5)


def language_ngrams(text: str) -> list[str]:
    """One to four characters and whole words: what tells languages apart."""
    return _within_words(text, 1, 4) + [f"={word}" for word in words(text)]


# Before this mark stands the text, after it the signs that its typing gives of the writer's mood.
SIGNS = "\x1f"


def mood_words(text: str) -> list[str]:
    """Words and pairs, without the signs."""
    return word_ngrams(text.partition(SIGNS)[0])


def mood_chars(text: str) -> list[str]:
    """Characters within words, without diacritics and without the signs."""
    return folded_char_ngrams(text.partition(SIGNS)[0])


def signs(text: str) -> list[str]:
    """The signs alone."""
    return text.partition(SIGNS)[2].split()


def _within_words(text: str, shortest: int, longest: int) -> list[str]:
    grams: list[str] = []
    for word in words(text):
        if word[0] == "‹":
            continue
        padded = f" {word} "
        length = len(padded)
        for size in range(shortest, longest + 1):
            if size >= length:
                grams.append(padded)
                break
            grams += [padded[at : at + size] for at in range(length - size + 1)]
    return grams


ANALYZERS: dict[str, Analyzer] = {
    "words": word_ngrams,
    "chars": char_ngrams,
    "folded_chars": folded_char_ngrams,
    "language": language_ngrams,
    "mood_words": mood_words,
    "mood_chars": mood_chars,
    "signs": signs,
}
