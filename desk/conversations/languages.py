"""The languages we speak, and how customers name them. Pure."""

import re

LANGUAGES = ("en", "sv", "nb", "fi")
_SAME = {"no": "nb", "nn": "nb"}
_NAMES = {
    "en": r"english|engelsk\w*|englan\w*|englis\w*",
    "sv": r"swedish|svensk\w*|ruots\w*",
    "nb": r"norwegian|norsk\w*|norja\w*|bokmål\w*|bokmal\w*",
    "fi": r"finnish|finsk\w*|suom\w*",
}


def language_named(text: str, spoken: str) -> str | None:
    """The language that a customer asks for by name ("can we speak Swedish", "suomeksi kiitos").

    Of two, it is the one not spoken now ("not Swedish, English please"); None when none is named, or it stays unclear.
    """
    named = [code for code, pattern in _NAMES.items() if re.search(rf"\b(?:{pattern})\b", text.casefold())]
    others = [code for code in named if code != spoken]
    if len(others) == 1:
        return others[0]
    return spoken if named == [spoken] else None


def language_of_code(code: str) -> str | None:
    """One of our languages for a code such as "sv-SE", "no" or "nn"; None for any other."""
    first = code.strip().lower().partition("-")[0]
    known = _SAME.get(first, first)
    return known if known in LANGUAGES else None
