"""Everything of the shop that a message names."""

from __future__ import annotations

from bot.nlu.kinds import read_kinds
from bot.nlu.numbers import Found, read_numbers
from bot.nlu.products import ProductFinder
from bot.nlu.rooms import read_room_sizes
from bot.nlu.text import Span
from bot.nlu.times import read_times

# What the topic learner sees as one token: which order or product it is says nothing about the topic.
MASKED = frozenset({"order_number", "product", "email", "phone", "amount"})


class EntityReader:
    """Reads entities; the earlier kinds win where two would overlap."""

    def __init__(self, products: ProductFinder) -> None:
        self._products = products

    def read(self, text: str) -> list[Found]:
        """The entities of a text, first to last, none overlapping."""
        if not any(char.isalnum() for char in text):
            return []
        candidates = [
            *read_room_sizes(text),
            *read_numbers(text),
            *self._products.find(text),
            *read_kinds(text),
            *read_times(text),
        ]
        found: list[Found] = []
        for candidate in candidates:
            if all(candidate.end <= other.start or other.end <= candidate.start for other in found):
                found.append(candidate)
        return sorted(found, key=lambda one: one.start)


def masked_spans(found: list[Found]) -> list[Span]:
    """The spans that are masked for the learners."""
    return [Span(one.start, one.end, one.kind) for one in found if one.kind in MASKED]
