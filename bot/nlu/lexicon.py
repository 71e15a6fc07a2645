"""Word lists in text files, which a non-programmer can extend.

`[name]` begins a list; phrases stand between commas. In a phrase `a|b` is either word, `stem*` any ending and `_` any
word, `#` a number. `$NAME = a|b` names a set of words for use in phrases, also after a bar. Above the first list, a line
that begins with `#` is a comment; below, `#` is a number wherever it stands.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path

from bot.nlu.phrases import PhraseFinder

_FOLDER = Path(__file__).parent / "lexicons"


class LexiconError(Exception):
    """A lexicon's line cannot be read."""


@cache
def load_lexicon(name: str) -> PhraseFinder:
    """The phrases of `lexicons/<name>.txt`."""
    path = _FOLDER / f"{name}.txt"
    return PhraseFinder(read_lexicon(path.read_text(encoding="utf-8"), str(path)))


def read_lexicon(text: str, source: str) -> dict[str, list[str]]:
    """Phrases by the name of their list."""
    sets: dict[str, str] = {}
    lists: dict[str, list[str]] = {}
    current: list[str] | None = None
    for number, raw in enumerate(text.splitlines(), 1):
        line = raw.strip()
        if not line or (current is None and line.startswith("#")):
            continue
        if line.startswith("[") and line.endswith("]"):
            current = lists.setdefault(line[1:-1], [])
        elif line.startswith("$") and "=" in line:
            label, _, words = line[1:].partition("=")
            sets[label.strip()] = words.strip()
        elif current is None:
            raise LexiconError(f"{source}, line {number}: phrases stand below a [name].")
        else:
            current += [_expand(phrase, sets, f"{source}, line {number}") for phrase in line.split(",") if phrase.strip()]
    return lists


def _expand(phrase: str, sets: dict[str, str], where: str) -> str:
    return " ".join("|".join(_expand_choice(choice, sets, where) for choice in place.split("|")) for place in phrase.split())


def _expand_choice(choice: str, sets: dict[str, str], where: str) -> str:
    if not choice.startswith("$"):
        return choice
    if choice[1:] not in sets:
        raise LexiconError(f"{where}: {choice} is not defined above.")
    return sets[choice[1:]]
