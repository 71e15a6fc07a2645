"""Everything of the shop that a message names."""

from __future__ import annotations

from collections.abc import Iterable

from bot.nlu.kinds import read_kinds
from bot.nlu.numbers import Found, read_numbers
from bot.nlu.products import ProductFinder
from bot.nlu.rooms import read_room_sizes
from bot.nlu.text import Span
from bot.nlu.times import read_times

# What the learners see as one token: which order or which kind of product it is says little about the topic.
HIDDEN = {
    "order_number": "order_number",
    "email": "email",
    "phone": "phone",
    "amount": "amount",
    "product": "product",
    "product_kind": "product",
}


class EntityReader:
    """Reads entities; the earlier kinds win where two would overlap."""

    def __init__(self, products: ProductFinder) -> None:
        self._products = products

    def read(self, text: str) -> list[Found]:
        """The entities of a text, first to last, none overlapping."""
        if not any(char.isalnum() for char in text):
            return []
        kinds = read_kinds(text)
        candidates = [
            *read_room_sizes(text),
            *read_numbers(text),
            *self._products.find(text, {kind.value for kind in kinds}),
            *kinds,
            *read_times(text),
        ]
        found: list[Found] = []
        for candidate in candidates:
            if all(candidate.end <= other.start or other.end <= candidate.start for other in found):
                found.append(candidate)
        return sorted(found, key=lambda one: one.start)


def hidden_spans(found: Iterable[Found]) -> list[Span]:
    """The spans to hide from the learners."""
    return [Span(one.start, one.end, HIDDEN[one.kind]) for one in found if one.kind in HIDDEN]
