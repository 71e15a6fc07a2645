"""Swearing, threats, irritation and courtesies: signs of mood."""

from __future__ import annotations

from collections import Counter

from bot.nlu.lexicon import load_lexicon
from bot.nlu.phrases import read_words


def strong_words(text: str) -> list[str]:
    """The kinds of strong word in the text, each at most twice: `swear1`, `swear2`, `threat1`."""
    counts = Counter(phrase.name for phrase in load_lexicon("mood").find(read_words(text)))
    return [f"{name}{number}" for name, count in counts.items() for number in range(1, min(count, 2) + 1)]
