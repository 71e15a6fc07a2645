"""What a message says to the question that an open form has just asked: an answer to it, or something else. Pure.

An answer is typed shorter than anything else ("9000", "large", "at ten"): it is read in the light of the question. And a
message that names a time, a sum or a product by the way ("my new TV smells", "do you open on Saturday?") is no answer for that.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any

Entity = dict[str, Any]
ANY = "any"

QUESTIONS = {
    "product_kind": "product_kind",
    "room_size": "room_size",
    "budget": "amount",
    "order_number": "order_number",
    "email": "email",
    "remedy": "remedy",
    "call_time": "time",
}
"""The slots that forms ask for, with the entity that fills each."""
_TROUBLE = frozenset(
    "complain report_fault report_late_delivery report_wrong_item get_refund return_product replace_product".split()
)
_ORDERS = frozenset(
    "track_order change_order cancel_order change_shipping_address get_invoice check_invoice payment_issue track_refund".split()
)
_FITTING: Mapping[str, frozenset[str]] = {
    "product_kind": frozenset({"ask_product_advice", "place_order"}),
    "room_size": frozenset({"ask_product_advice"}),
    "budget": frozenset({"ask_product_advice", "ask_price"}),
    "order_number": _TROUBLE | _ORDERS,
    "email": _TROUBLE | _ORDERS | {"edit_account"},
    "remedy": frozenset({"get_refund", "return_product", "replace_product"}),
    "call_time": frozenset({"request_callback", "reschedule_followup"}),
}
"""Topics that an answer to the question may well seem to be about."""
_SAYS_LITTLE = frozenset("affirm deny greet goodbye thank praise ask_bot out_of_scope nlu_fallback".split())
SURE = 0.7
"""How sure another topic must be before a message that would answer the question is taken for something else."""
FEW_WORDS = 2
"""So many words beside the answer itself say nothing of their own."""

_NUMBER = re.compile(
    r"(?<![\w.,])(\d{1,3}(?:[ .'\u00a0]\d{3})+|\d+)(?:,\d{1,2})?[ ]?(k\b|tkr\b|tusen\b|thousand\b|grand\b|tuhat\w*|tonni\w*|lax\b)?",
    re.IGNORECASE,
)
_NO_MATTER = re.compile(
    r"^\W*(?:i )?(?:(?:really )?(?:don'?t|do not|dunno)(?: really)? (?:know|care|mind)|dunno|no idea|not sure|no (?:limit|preference|budget|max\w*)|unlimited"
    r"|whatever|any(?:thing)?|(?:it )?does(?:n'?t| not) matter|skip"
    r"|(?:jag )?vet (?:inte|ej)|ingen aning|spelar ingen roll|ingen (?:gräns|övre gräns|maxgräns|budget)|kvittar|vad som helst|hoppa över"
    r"|(?:jeg )?vet ikke|aner ikke|(?:det )?spiller ingen rolle|ingen (?:grense|øvre grense)|samme det|hva som helst|hopp over"
    r"|(?:mä |mie |minä )?en (?:mä |minä )?tie(?:dä|ä)?|ei (?:mitään )?(?:väliä|rajaa|ylärajaa|kattoa|hajuakaan|aavistustakaan)|ihan sama|mikä vaan|ohita)\b",
    re.IGNORECASE,
)
_ROOM_WORDS = {
    "small": r"small|little|tiny|cramped|liten|litet|lilla|lite|lille|trång\w*|trangt?|pieni|pienehkö|ahdas|pikkuinen",
    "medium": r"medium|average|normal|ordinary|mid\w*|mellan\w*|lagom|vanlig\w*|middels|mellom\w*|keskikokoinen|keski\w*|tavallinen|normaali",
    "large": r"large|big|huge|spacious|stor|stort|store|rymlig\w*|romslig\w*|iso|isohko|suuri|tilava|avara",
}
_ROOM = {size: re.compile(rf"\b(?:{words})\b", re.IGNORECASE) for size, words in _ROOM_WORDS.items()}
_AREA = re.compile(r"(?<![\w.,])(\d{1,3})(?:[.,]\d)?(?!\d| ?(?:cm|mm|\"|tum|inch|tommer|tuuma))", re.IGNORECASE)
_CLOCK = re.compile(r"(?<![\w.,:])(?:[01]?\d|2[0-3])(?:[.:][0-5]\d)?(?:\s?[ap]m)?(?![\w:%])", re.IGNORECASE)
_DIGITS = re.compile(r"(?<![\w.])#?\d(?:[ .\-]?\d){4,13}(?![\w])")
_SPOKEN_AT = re.compile(
    r"\s*(?:\(at\)|\[at\]|\bat\b|\bsnabel-?a\b|\bkrøllalfa\b|\bät\b|\bmiukumauku\b|\bat-merkki\b)\s*", re.IGNORECASE
)
_SPOKEN_DOT = re.compile(r"\s+(?:dot|punkt|punktum|piste)\s+", re.IGNORECASE)
_EMAIL = re.compile(r"[\w.+-]+\s?@\s?[\w-]+(?:\.[\w-]+)+")


def answer_in(question: str, text: str, entities: Iterable[Entity]) -> Entity | None:
    """The answer to the question, where no reader found one in the text: {"entity", "value", "start", "end"}."""
    kind = QUESTIONS.get(question)
    if kind is None or any(entity["entity"] == kind for entity in entities):
        return None
    read = {"budget": _budget, "room_size": _room, "call_time": _clock, "order_number": _order_number, "email": _email}.get(
        question
    )
    found = read(text) if read else None
    if found is None:
        return None
    value, start, end = found
    return {"entity": kind, "value": value, "start": start, "end": end, "extractor": "form_answers"}


def interrupts(question: str, text: str, topic: str, confidence: float, entities: Iterable[Entity]) -> bool:
    """Whether a message is about something else than the question, whatever it names by the way."""
    if topic in _SAYS_LITTLE or topic in _FITTING.get(question, frozenset()) or confidence < SURE:
        return False
    return len(_words_beside(text, entities)) > FEW_WORDS


def only_answers(question: str, text: str, entities: Iterable[Entity]) -> bool:
    """Whether a message is an answer and hardly a word more: it says nothing about topic or language."""
    entities = list(entities)
    answers = any(entity["entity"] == QUESTIONS.get(question) for entity in entities)
    return answers and len(_words_beside(text, entities)) <= FEW_WORDS


def without_asides(entities: Iterable[Entity]) -> list[Entity]:
    """What an interruption leaves for the forms: which thing and which order it is about, no time, sum or size."""
    return [entity for entity in entities if entity["entity"] not in ("time", "amount", "room_size")]


def _words_beside(text: str, entities: Iterable[Entity]) -> list[str]:
    rest = list(text)
    for entity in entities:
        start, end = entity.get("start"), entity.get("end")
        if start is not None and end is not None:
            rest[start:end] = " " * (end - start)
    return re.findall(r"\w+", "".join(rest))


def _budget(text: str) -> tuple[str, int, int] | None:
    if not_mattering := _NO_MATTER.search(text):
        return ANY, not_mattering.start(), not_mattering.end()
    numbers = list(_NUMBER.finditer(text))
    if not numbers:
        return None
    highest = max(numbers, key=_amount)  # "between 8 and 10 thousand": no more than the higher one
    factor = next((1000 for one in numbers if one[2]), 1)
    amount = _amount(highest) if highest[2] else _amount(highest) * (factor if _amount(highest) < 1000 else 1)
    return str(amount), highest.start(), highest.end()


def _amount(match: re.Match[str]) -> int:
    return int(re.sub(r"\D", "", match[1])) * (1000 if match[2] else 1)


def _room(text: str) -> tuple[str, int, int] | None:
    if not_mattering := _NO_MATTER.search(text):
        return ANY, not_mattering.start(), not_mattering.end()
    if area := _AREA.search(text):
        metres = int(area[1])
        return "small" if metres < 15 else "medium" if metres <= 25 else "large", area.start(), area.end()
    for size, words in _ROOM.items():
        if word := words.search(text):
            return size, word.start(), word.end()
    return None


def _clock(text: str) -> tuple[str, int, int] | None:
    found = _CLOCK.search(text)
    return (found.group(), found.start(), found.end()) if found else None


def _order_number(text: str) -> tuple[str, int, int] | None:
    found = _DIGITS.search(text)
    return (re.sub(r"\D", "", found.group()), found.start(), found.end()) if found else None


def _email(text: str) -> tuple[str, int, int] | None:
    typed = _SPOKEN_DOT.sub(".", _SPOKEN_AT.sub("@", text))
    found = _EMAIL.search(typed)
    return (found.group().replace(" ", "").lower(), 0, len(text)) if found else None
