"""Which product suits: by the room, the budget and what is in stock."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from desk.shop.tables import Product

RoomSize = Literal["small", "medium", "large"]
WhyCode = Literal[
    "fits_room", "within_budget", "slightly_over_budget", "small_for_room", "large_for_room", "out_of_stock", "in_stock"
]
TOLERANCE = Decimal("1.10")
"""A product may cost this much of the budget, and is then said to be over it."""

SCREENS: dict[RoomSize, tuple[int, int, int]] = {"small": (32, 43, 42), "medium": (43, 55, 50), "large": (55, 75, 60)}
"""Inches from, to and best: one looks at about 1.5 to 2.5 times the picture's width, 2 m away in a small room."""
LOADS: dict[RoomSize, tuple[float, float, float]] = {"small": (4, 6, 5), "medium": (5, 9, 7), "large": (7, 12, 9)}
"""Kilograms of a washing machine or dryer, for a household that fits the room."""
_PANELS = {"plasma_tv": "plasma", "led_tv": "led", "plasma": "plasma", "led": "led"}
_ROOM_WORDS: dict[RoomSize, tuple[str, ...]] = {
    "small": ("small", "tiny", "little", "liten", "litet", "lite", "små", "trång", "pieni", "pienehkö", "pikku", "ahdas"),
    "medium": (
        "medium",
        "normal",
        "average",
        "mellan",
        "mellanstor",
        "lagom",
        "vanlig",
        "middels",
        "mellomstor",
        "keskikokoinen",
        "tavallinen",
    ),
    "large": ("large", "big", "huge", "stor", "stort", "suuri", "iso", "tilava"),
}
_SIDES = re.compile(r"(\d{1,2}(?:\.\d+)?)\s*(?:m[a-z]*)?\s*(?:x|\*|by|gånger|ganger|kertaa)\s*(\d{1,2}(?:\.\d+)?)", re.ASCII)


@dataclass(frozen=True, slots=True)
class Advice:
    """A product and the first thing to say for (or against) it."""

    product: Product
    why_code: WhyCode
    in_stock: bool
    over_budget: bool


def room_size_of(square_metres: float) -> RoomSize:
    """Small up to 15 m², medium up to 25, large above."""
    return "small" if square_metres <= 15 else "medium" if square_metres <= 25 else "large"


def read_room_size(said: str | float | None) -> RoomSize | None:
    """What a customer calls his room, in any of the four languages: "20 m2", "4x5 m", "pretty small", "pieni"."""
    if said is None:
        return None
    if not isinstance(said, str):
        return room_size_of(said) if said > 0 else None
    text = said.casefold().replace(",", ".")[:200]
    if sides := re.search(
        r"(\d{1,2}(?:\.\d+)?)\s*(?:m\w*)?\s*(?:x|\*|by|gånger|ganger|kertaa)\s*(\d{1,2}(?:\.\d+)?)", text, re.ASCII
    ):
        return room_size_of(float(sides[1]) * float(sides[2]))
    if area := re.search(r"\d{1,3}(?:\.\d+)?", text, re.ASCII):
        return room_size_of(float(area[0]))
    words = set(re.findall(r"[^\W\d_]+", text))
    for size, names in _ROOM_WORDS.items():
        if words & set(names) or any(word.startswith(names[0] if size != "small" else "piene") for word in words):
            return size
    return None


def advise(
    products: Sequence[Product], kind: str, room_size: str | float | None = None, budget: Decimal | None = None, limit: int = 3
) -> list[Advice]:
    """The products of `kind` that suit, best first; nothing that costs more than the budget and a tenth.

    `kind` may also be "plasma_tv" or "led_tv". In stock comes first, then what fits the room, then the budget.
    """
    panel = _PANELS.get(kind)
    wanted = [p for p in products if (p.kind == "tv" and p.features.get("panel") == panel if panel else p.kind == kind)]
    room = read_room_size(room_size)
    affordable = [p for p in wanted if budget is None or p.price <= budget * TOLERANCE]

    def rank(product: Product) -> tuple[bool, bool, bool, float, Decimal]:
        over = budget is not None and product.price > budget
        # Without a room to fit, what is nearest to the budget; without a budget too, the cheapest.
        price = -product.price if budget is not None and room is None and not over else product.price
        return (product.stock <= 0, _misfit(product, room) != 0, over, _distance(product, room), price)

    return [_advice(p, room, budget) for p in sorted(affordable, key=rank)[: max(0, limit)]]


def _advice(product: Product, room: RoomSize | None, budget: Decimal | None) -> Advice:
    over = budget is not None and product.price > budget
    misfit = _misfit(product, room)
    why: WhyCode
    if product.stock <= 0:
        why = "out_of_stock"
    elif over:
        why = "slightly_over_budget"
    elif misfit:
        why = "small_for_room" if misfit < 0 else "large_for_room"
    elif room is not None and _measures(product, room) is not None:
        why = "fits_room"
    else:
        why = "within_budget" if budget is not None else "in_stock"
    return Advice(product, why, product.stock > 0, over)


def _measures(product: Product, room: RoomSize) -> tuple[float, float, float, float] | None:
    """Size of the product, then the room's from, to and best; None where the room says nothing about it."""
    if product.kind == "tv" and product.screen_inches:
        return (product.screen_inches, *SCREENS[room])
    if product.kind in ("washing_machine", "dryer") and isinstance(product.features.get("load_kg"), int | float):
        return (float(product.features["load_kg"]), *LOADS[room])
    return None


def _misfit(product: Product, room: RoomSize | None) -> int:
    """-1: too small for the room, 1: too large, 0: fits or does not matter."""
    if room is None or (measures := _measures(product, room)) is None:
        return 0
    size, least, most, _ = measures
    return -1 if size < least else 1 if size > most else 0


def _distance(product: Product, room: RoomSize | None) -> float:
    if room is None or (measures := _measures(product, room)) is None:
        return 0.0
    return abs(measures[0] - measures[3])
