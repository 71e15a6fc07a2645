"""What words mean, whatever the language: `money back`, `pengarna tillbaka` and `rahat takaisin` are one concept.

`lexicons/concepts/<language>.txt` holds a line for each concept, `name: phrase, phrase`. In a phrase `a|b` is either word,
`stem*` any ending, `*inner*` a part of a compound, `_` any word; a line that begins with `#` is a comment.
"""

from __future__ import annotations

import itertools
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

from bot.nlu.text import fold, words

_FOLDER = Path(__file__).parent / "lexicons" / "concepts"
_SHORTEST_INNER = 3


class ConceptError(Exception):
    """A line of a concept file cannot be read."""


@dataclass
class _Forms:
    """The forms in which one place of a phrase may stand, each with what it leads to."""

    exact: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    stems: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))
    inner: dict[str, list[tuple[str, ...]]] = field(default_factory=lambda: defaultdict(list))

    def add(self, form: str, leads_to: tuple[str, ...]) -> None:
        if form.startswith("*"):
            self.inner[fold(form.strip("*"))].append(leads_to)
        elif form.endswith("*"):
            self.stems[fold(form[:-1])].append(leads_to)
        else:
            self.exact[fold(form)].append(leads_to)

    def of(self, word: str) -> Iterator[tuple[str, ...]]:
        yield from self.exact.get(word, ())
        for size in range(1, len(word) + 1):
            yield from self.stems.get(word[:size], ())
        if self.inner:
            for start in range(len(word) - _SHORTEST_INNER + 1):
                for end in range(start + _SHORTEST_INNER, len(word) + 1):
                    yield from self.inner.get(word[start:end], ())


class ConceptFinder:
    """Concepts by the phrases that name them."""

    def __init__(self, lines: str, source: str) -> None:
        self._forms = _Forms()
        self.names: set[str] = set()
        for number, raw in enumerate(lines.splitlines(), 1):
            line = raw.strip()
            if not line or line.startswith("#"):
                continue
            name, colon, phrases = line.partition(":")
            if not colon or not name.strip():
                raise ConceptError(f"{source}, line {number}: `name: phrase, phrase` is expected.")
            self.names.add(name.strip())
            for phrase in phrases.split(","):
                if places := phrase.replace("'", "").replace("-", " ").split():
                    for form in places[0].split("|"):
                        self._forms.add(form, (name.strip(), *(fold(place) for place in places[1:])))

    def find(self, text: str) -> list[tuple[int, str]]:
        """The place of the first word and the name of every concept in a normalised text."""
        tokens = [fold(token).replace("'", "") for token in words(text)]
        found: dict[tuple[int, str], None] = {}
        for at, token in enumerate(tokens):
            for name, *rest in self._forms.of(token):
                if all(_takes(place, tokens, at + 1 + step) for step, place in enumerate(rest)):
                    found[at, name] = None
        return list(found)


def _takes(place: str, tokens: list[str], at: int) -> bool:
    if at >= len(tokens):
        return False
    token = tokens[at]
    return any(
        form in {"_", token} or (form.endswith("*") and token.startswith(form[:-1].lstrip("*"))) for form in place.split("|")
    )


@cache
def load_concepts(language: str) -> ConceptFinder:
    """The concepts of a language."""
    path = _FOLDER / f"{language}.txt"
    return ConceptFinder(path.read_text(encoding="utf-8"), str(path))


def concept_signs(text: str, language: str) -> list[str]:
    """The concepts of a normalised text, and the ordered pairs of those that stand near each other."""
    found = load_concepts(language).find(text)
    names = [name for _, name in found]
    pairs = [
        f"{left}+{right}"
        for (here, left), (there, right) in itertools.combinations(found, 2)
        if left != right and there - here <= 4
    ]
    return names + pairs
