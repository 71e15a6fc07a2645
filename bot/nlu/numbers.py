"""Order numbers, e-mail addresses, phone numbers and amounts of money, in the shapes people type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple


class Found(NamedTuple):
    """An entity in a text."""

    kind: str
    value: str
    start: int
    end: int


_O = "[0oO]"
_GAP = r"[ .\-/_]{0,2}"
_ORDER = re.compile(rf"(?<![\d+]){_GAP.join(['[1lI]', _O, _O] + ['[0-9oO]'] * 5)}(?!\d|[ -]\d{{3}}(?!\d))")
_EMAIL = re.compile(r"[\w.+-]+(?:@| ?\((?:at|@)\) ?)[\w-]+(?:\.[\w-]+)+")
_PHONE = re.compile(
    r"(?<![\w+])(?:"
    r"(?:\+|00)\d{1,3}[ \-.]?(?:\(0\)[ ]?)?\d(?:[ \-.]?\d){5,11}"  # international
    r"|0\d(?:[ \-./]{0,3}\d){6,9}"  # Swedish and Finnish, national
    r"|[2-9]\d{2}[ .]\d{2}[ .]\d{3}|[2-9]\d[ .]\d{2}[ .]\d{2}[ .]\d{2}|[49]\d{7}"  # Norwegian, national
    r")(?!\d)"
)
_NUMBER = r"\d{1,3}(?:[ .'\u00a0]\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?"
_CURRENCY = (
    r"kr(?:onor|onen|oner|onene|onaa|uunua|ona|\.)?|spänn|spenn|lax|papp|sek|nok|eur(?:oa|os?|on)?|e|€|:-|,-"
    r"|bucks|quid|dollars?|\$|£"
)
_AMOUNT = re.compile(
    rf"(?<![\w,.+#])(?:(?:€|\$|£|kr|sek|nok|eur)[ ]?(?:{_NUMBER})(?!\w)"
    rf"|(?:{_NUMBER})[ ]?(?:(?:tkr|tusen)\b|(?:k|t)[ ]?(?:{_CURRENCY})(?!\w)|(?:{_CURRENCY})(?!\w)(?:[ ]?(?:kr|sek|€))?))",
    re.IGNORECASE,
)


def read_numbers(text: str) -> list[Found]:
    """All of them, none overlapping; an address or phone number wins over an order number within it."""
    found: list[Found] = []
    for candidate in _candidates(text):
        if all(candidate.end <= other.start or candidate.start >= other.end for other in found):
            found.append(candidate)
    return found


def _candidates(text: str) -> Iterator[Found]:
    for match in _EMAIL.finditer(text):
        raw = match.group().rstrip(".-_")
        value = re.sub(r" ?\((?:at|@)\) ?", "@", raw).lower()
        yield Found("email", value, match.start(), match.start() + len(raw))
    orders = [Found("order_number", _digits(match.group()), match.start(), match.end()) for match in _ORDER.finditer(text)]
    for match in _PHONE.finditer(text):
        if match.group()[0] in "+0" or not any(_overlap(match, order) for order in orders):
            value = re.sub(r"(?!^\+)\D", "", match.group().replace("(0)", ""))
            yield Found("phone", value, match.start(), match.end())
    yield from orders
    for match in _AMOUNT.finditer(text):
        yield Found("amount", match.group(), match.start(), match.end())


def _overlap(match: re.Match[str], other: Found) -> bool:
    return match.start() < other.end and other.start < match.end()


def _digits(text: str) -> str:
    swapped = text.translate(str.maketrans("oOlI", "0011"))
    return "".join(char for char in swapped if char.isdigit())
