"""Phrases of day and time, as they stand in the text; what moment they mean is for the desk to say."""

from __future__ import annotations

import re

from bot.nlu.lexicon import load_lexicon
from bot.nlu.numbers import Found
from bot.nlu.phrases import read_words
from bot.nlu.text import fold

_NUMERIC = re.compile(
    r"(?<![\w.,:/+-])(?:"
    r"(?:[01]?\d|2[0-4])[:.][0-5]\d(?:[ ]?(?:am|pm))?(?: ?- ?(?:[01]?\d|2[0-4])[:.][0-5]\d)?"  # 10:30, 9.15-10.00
    r"|(?:1[0-2]|0?[1-9]) ?(?:am|pm|a\.m\.|p\.m\.)(?!\w)|\d{1,2} ?- ?\d{1,2} ?(?:am|pm)"  # 3pm, 2-4 pm
    r"|(?!24/7|10/10)(?:[0-2]?\d|3[01])[./](?:0?[1-9]|1[0-2])(?:[./](?:20)?\d{2})?\.?|20\d{2}-\d{2}-\d{2}"  # 3.11., 24/12, 2026-11-03
    r"|(?:kl|klo)\.? ?\d{1,2}(?:[:.]\d{2})?(?: ?- ?\d{1,2}(?:[:.]\d{2})?)?"  # kl. 14, klo 12-14
    r")(?![\w%€$]|[.,:/]\d| ?(?:kr|eur|sek|nok|€|%)\b)"
)
# 10.5 inches or 2.5 m is no date, "at 10 dollars" no hour: what is counted follows.
_COUNTED = re.compile(
    r" ?(?:%|kr|€|eur|sek|nok|kg|cm|mm|m2|m\b|k\b|gb|kvm|inch|tum|tomm|tuum|pcs|st\b|stk|kpl|of them|times|people|percent"
    r"|items|orders|e?mails|calls|stars?\b|other|more|different|seconds|metr|meter|watt|litr|liter|out of|grader|degrees|procent|prosent|person|hlo|henk|gang|gång|kert)"
)
_BEFORE = (
    r"(?:on|this|next|by|last|every|until|till|before|after|coming|since|from|around|about|for|first thing|late|early"
    r"|pa|nasta|forra|neste|forrige|til|innan|fore|efter|etter|for|fran|fra|senast|senest|om|nu|nå|na|denna|denne|hver|varje|sista|sist|kommande|runt|rundt"
    r"|ennen|viime|ensi|tana|joka|noin|vasta|heti|jo|tuleva\w*)"
)
_LEAD = re.compile(rf"(?<!\w){_BEFORE}(?: the| den)? $")
_JOIN = re.compile(r"(?:,? ?(?:at|kl\.?|klo|around|about|noin|om|klockan|pa|i|on|or|and|och|og|eller|tai|ja|to|til|till|by|-)? ?)")


def read_times(text: str) -> list[Found]:
    """Phrases of time with the words that lead to them, neighbours joined ("on tuesday" + "at 10")."""
    folded = fold(text)
    listed = load_lexicon("times").find(read_words(text))
    blocked = [(phrase.start, phrase.end) for phrase in listed if phrase.name == "none"]
    spans = [(phrase.start, phrase.end) for phrase in listed if phrase.name == "time"]
    spans += [match.span() for match in _NUMERIC.finditer(folded) if any(char.isdigit() for char in folded)]
    joined: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if _COUNTED.match(folded[end:]) or any(low < end and start < high for low, high in blocked):
            continue
        start = _with_lead(folded, start)
        if joined and (start <= joined[-1][1] or _JOIN.fullmatch(folded[joined[-1][1] : start])):
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return [Found("time", text[start:end], start, end) for start, end in joined]


def _with_lead(folded: str, start: int) -> int:
    for _ in range(2):  # "before next friday"
        lead = _LEAD.search(folded, max(0, start - 16), start)
        if lead is None:
            break
        start = lead.start()
    return start
