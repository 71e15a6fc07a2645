"""How large a customer's room is, for advice on screens: small, medium or large."""

from __future__ import annotations

import re

from bot.nlu.numbers import Found
from bot.nlu.text import fold

_AREA = re.compile(
    r"(\d{1,3})(?:[.,]\d)? ?(?:m2|m²|kvm|kvadrat\w*|kvadrt|square m\w*|sq\.? ?m\w*|sqm|nelio\w*|nelion|m\^2|kvadratmeter\w*)(?!\w)"
)
_DISTANCE = re.compile(
    r"(\d{1,2}(?:[.,]\d{1,2})?|one|two|three|four|five|en|ett|tva|to|tre|fyra|fire|fem|yhden|kahden|kolmen|neljan|viiden|puolentoista)"
    r" ?(?:m|meters?|metres?|metern|metrin|metria)\b(?= (?:away|from|off|to the|till|fran|ifran|unna|fra|bort|paass|paast|etais|etäis|katselu|distance|avstand|tittavstand|seinast|sohvalta))"
)
_FEET = re.compile(r"(\d{1,2}) ?(?:ft|feet|foot)\b(?= (?:away|from|off))")
_WORDS = {
    "one": 1, "en": 1, "ett": 1, "yhden": 1, "two": 2, "tva": 2, "to": 2, "kahden": 2, "puolentoista": 1.5, "three": 3, "tre": 3,
    "kolmen": 3, "four": 4, "fyra": 4, "fire": 4, "neljan": 4, "five": 5, "fem": 5, "viiden": 5,
}  # fmt: skip
_ROOM = (
    r"(?: \w+)? (?:\w*rooms?|flat|apartment|place|space|studio|house|lounge|den|kitchen|corner|wall|\w*rum(?:met)?|vardagsrum\w*|lya|lagenhet\w*|etta"
    r"|(?:stue|sove|tv-?|lite|opphold\w*)?rom(?:met)?\b|stue\w*|stua|leilighet\w*|hybel\w*|\w*huone\w*|\w*huonees\w*|kamppa\w*|asun\w*|yksio\w*|tila(?:an|ssa|n)?\b|olohuon\w*|makuuhuon\w*|tupa|torppa)"
)
_SIZES = (
    ("small", r"(?:(?:small|tiny|little|cramped|narrow|smallish|wee|compact|liten|litet|lilla|trang\w*|pytteliten|pyttelit\w*|smatt|lite|lille|vesle|knott\w*|pieni|pieneen|pienessa|pienen|pienehko\w*|ahdas|ahtaa\w*|pikkuinen|pikku)" + _ROOM + r"|studio flat|studio apartment|bedsit|dorm room|yksio(?:on|ssa|n)?\b|\bhybel(?:en)?\b|liten etta|pikkuhuone\w*)"),
    ("medium", r"(?:(?:medium|mid|average|normal|ordinary|regular|mid-size|medium-sized|mellanstor\w*|lagom|vanlig\w*|normalstor\w*|middels|mellomstor\w*|keskikokoi\w*|tavalli\w*|normaali\w*)(?: sized?| stor\w*)?" + _ROOM + r")"),
    ("large", r"(?:(?:big|large|huge|spacious|giant|massive|open-plan|open plan|wide|stor|stort|stora|store|svar|jatte\w*|rymlig\w*|romslig\w*|kjempestor\w*|iso|isoon|isossa|ison|suuri|suureen|suuren|suuressa|valtava\w*|tilava\w*|avara\w*)" + _ROOM + r")"),
)  # fmt: skip
_SIZE = [(size, re.compile(rf"\b{pattern}")) for size, pattern in _SIZES]


def read_room_sizes(text: str) -> list[Found]:
    """Areas (20 m2), viewing distances (3 metres away) and words (a small room)."""
    folded = fold(text)
    found = [_found(_by_area(float(match[1])), match) for match in _AREA.finditer(folded)]
    found += [_found(_by_distance(_metres(match[1])), match) for match in _DISTANCE.finditer(folded)]
    found += [_found(_by_distance(float(match[1]) * 0.3), match) for match in _FEET.finditer(folded)]
    if not found:
        found = [_found(size, match) for size, pattern in _SIZE for match in pattern.finditer(folded)]
    return found


def _found(size: str, match: re.Match[str]) -> Found:
    return Found("room_size", size, match.start(), match.end())


def _metres(text: str) -> float:
    return float(_WORDS[text]) if text in _WORDS else float(text.replace(",", "."))


def _by_area(square_metres: float) -> str:
    return "small" if square_metres < 15 else "medium" if square_metres <= 25 else "large"


def _by_distance(metres: float) -> str:
    return "small" if metres < 2.2 else "medium" if metres <= 3.2 else "large"
