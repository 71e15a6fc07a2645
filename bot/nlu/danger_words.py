"""Counts words of danger, and the harmless phrases that contain them."""

from __future__ import annotations

from collections import Counter

from bot.nlu.lexicon import load_lexicon
from bot.nlu.phrases import read_words

HARMLESS = "harmless"


def danger_words(text: str) -> Counter[str]:
    """How often each kind of danger is named; `harmless` counts the phrases that only sound like it."""
    return Counter(phrase.name for phrase in load_lexicon("danger").find(read_words(text)))
