"""What ordinary people call the kinds of product that the shop sells, in the four languages."""

from __future__ import annotations

from bot.nlu.lexicon import load_lexicon
from bot.nlu.numbers import Found
from bot.nlu.phrases import read_words


def read_kinds(text: str) -> list[Found]:
    """The kinds of product that the text names; `none` lists phrases like "phone number", which name no product."""
    found = load_lexicon("kinds").find(read_words(text))
    return [Found("product_kind", phrase.name, phrase.start, phrase.end) for phrase in found if phrase.name != "none"]
