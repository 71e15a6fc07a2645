"""Making a customer's text uniform: no capitals and accents, number words as digits, compounds in two words."""

import re
import unicodedata

from desk.followups.time_words import TimeWords
from desk.followups.time_words_nb_fi import FINNISH


def fold(text: str) -> str:
    """Lower case without accents; ø is o, æ is ae."""
    plain = unicodedata.normalize("NFKD", text.casefold().replace("ø", "o").replace("æ", "ae"))
    return re.sub(
        r"\s+", " ", "".join(c for c in plain if not unicodedata.combining(c)).replace("’", "'").replace("–", "-")
    ).strip()


_BEFORE_NUMBERS = (
    (r"\b(man|tis|tirs|ons|tors|fre|lor|son)dags?(morgon|formiddag|eftermiddag|kvall|morgen|ettermiddag|kveld)", r"\1dag \2"),
    (r"\b(maanantai|tiistai|keskiviikko|torstai|perjantai|lauantai|sunnuntai)-?(aamu|ilta)", r"\1 \2"),
    (r"\bhuom(?:en|is)-?(aamu|ilta)", r"huomenna \1"),
    (r"\b(aamu|ilta)-?(?=(?:kymmen|yhdeks|kahdeks|seitsem|kuude|viide)\w*(?:lta|ksi))", r"\1 "),
    (r"\b(?:ett|et|a) (?:par|couple)(?: of)?\b", "2"),
    (r"\bcouple of\b", "2"),
    (r"\btwenty[ -]five\b", "25"),
    (r"\b(\w+(?:lta|ksi))\b", r"klo \1"),  # Finnish: kymmeneltä; undone below where no number follows
)
_AFTER_NUMBERS = (
    (r"\b(\d{1,2}) ?:? ?(?:lta|ksi)\b", r"klo \1"),
    (r"\b(\d{1,2}) (?:aikaan|aikoihin|maissa|tienoilla|pintaan)\b", r"klo \1"),
    (r"\bklo (?!\d)", ""),
    (r"\b(puoli|yli|vaille|vailla|klo|kello|ennen|viimeistaan|noin) klo ", r"\1 "),
    (r"(\d{1,2}[:.]?\d{0,2}) ?o'?clock\b", r"at \1"),
    (r"\bat (?=.{0,3}(?:at|around|about) \d)", ""),
    (r"(\d{1,2})ish\b", r"at \1"),
    (r"\b(\d{1,2}) (30|15|45|00)\b(?! ?(?:min|h|kr))", r"\1:\2"),  # "ten thirty"
)


def prepare(text: str, words: TimeWords) -> str:
    """The text as the patterns of `words` expect it."""
    text = fold(text)
    for pattern, put in _BEFORE_NUMBERS:
        if "klo" in put and words is not FINNISH:
            continue
        text = re.sub(pattern, put, text)
    text = re.sub(r"[a-z]+(?:-[a-z]+)?", lambda m: str(words.numbers.get(m[0], m[0])), text)
    if words is not FINNISH:
        return _substitute(text, _AFTER_NUMBERS[4:])
    # "klo" was put before every word in -lta or -ksi; it stays only before a number or where it was typed.
    return _substitute(text, _AFTER_NUMBERS)


def _substitute(text: str, pairs: tuple[tuple[str, str], ...]) -> str:
    for pattern, put in pairs:
        text = re.sub(pattern, put, text)
    return text
