"""Finds the articles that a question is about: stems, the parts of compounds, and how rare a word is. Pure."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

from desk.answers.reading import PLACEHOLDER, Article
from desk.answers.stop_words import STOP

_STEMMERS = {"en": "english", "sv": "swedish", "nb": "norwegian", "fi": "finnish"}
_COMPOUNDING = frozenset({"sv", "nb", "fi"})
_LINKS = ("", "s", "e", "n", "o")  # what may stand between the parts of a compound
_WORD = re.compile(r"[^\W\d_]+")
_FOLD = str.maketrans("åäöøæéü", "aaooaeu")  # people type without them
SHORTEST_PART = 4
ALIKE = 0.7
"""Share of a word that an unknown one must have in common with a known one."""
TITLE_WEIGHT, WORDS_WEIGHT = 3.0, 2.0
K1, B = 1.2, 0.6
_STOP = {language: frozenset(word.translate(_FOLD) for word in words.split()) for language, words in STOP.items()}


@dataclass(frozen=True)
class Hit:
    """An article, and how much of the question it covers (0 to 1)."""

    article: Article
    covers: float


class Index:
    """The articles of one language, ready to be searched."""

    def __init__(self, articles: Sequence[Article], language: str) -> None:
        self._language = language
        self._articles = list(articles)
        self._vocabulary: frozenset[str] = frozenset()
        texts = [list(_weighted(article)) for article in self._articles]
        self._vocabulary = frozenset(
            stem for parts in texts for text, _ in parts for stem in stems(text, language) if len(stem) >= SHORTEST_PART
        )
        self._counts = [self._count(parts) for parts in texts]
        self._lengths = [sum(counts.values()) or 1.0 for counts in self._counts]
        self._mean = sum(self._lengths) / max(1, len(self._lengths))
        self._in = Counter(term for counts in self._counts for term in counts)

    def search(self, question: str, limit: int = 3) -> list[Hit]:
        """The articles that fit best, best first; each with the share of the question's weight that it holds."""
        terms = [self._parts(stem) for stem in dict.fromkeys(stems(question, self._language))]
        total = sum(max(self._idf(part) for part in parts) for parts in terms)
        if not total:
            return []
        scored = sorted(
            ((self._score(terms, n), n) for n in range(len(self._articles))), key=lambda one: (-one[0], self._articles[one[1]].name)
        )
        return [Hit(self._articles[n], min(1.0, self._cover(terms, n) / total)) for score, n in scored[:limit] if score > 0]

    def _score(self, terms: Sequence[tuple[str, ...]], n: int) -> float:
        counts, norm = self._counts[n], K1 * (1 - B + B * self._lengths[n] / self._mean)
        return sum(
            max(self._idf(part) * counts[part] * (K1 + 1) / (counts[part] + norm) if part in counts else 0.0 for part in parts)
            for parts in terms
        )

    def _cover(self, terms: Sequence[tuple[str, ...]], n: int) -> float:
        counts = self._counts[n]
        return sum(
            self._idf(parts[0]) if parts[0] in counts else max((self._idf(p) for p in parts[1:] if p in counts), default=0.0)
            for parts in terms
        )

    def _idf(self, term: str) -> float:
        found = self._in[term]
        return math.log(1 + (len(self._articles) - found + 0.5) / (found + 0.5))

    def _count(self, parts: Iterable[tuple[str, float]]) -> Counter[str]:
        counts: Counter[str] = Counter()
        for text, weight in parts:
            for stem in stems(text, self._language):
                for part in self._parts(stem):
                    counts[part] += weight  # type: ignore[assignment]
        return counts

    def _parts(self, stem: str) -> tuple[str, ...]:
        """The stem itself; behind it the two known words that it is made of, or the known ones that begin like it."""
        if self._language in _COMPOUNDING and (halves := self._halves(stem)):
            return (stem, *halves)
        return (stem,) if stem in self._vocabulary else (stem, *self._alike(stem))

    def _halves(self, stem: str) -> tuple[str, str] | None:
        for cut in range(len(stem) - SHORTEST_PART, SHORTEST_PART - 1, -1):
            for link in _LINKS:
                head = stem[:cut].removesuffix(link)
                if len(head) < SHORTEST_PART or (link and not stem[:cut].endswith(link)):
                    continue
                if (first := self._known(head)) and (last := self._known(stem[cut:])):
                    return first, last
        return None

    def _alike(self, stem: str) -> list[str]:
        """Inflection that the stemmer does not know, and a slip near a word's end: most of the word is the same."""
        least = max(SHORTEST_PART, round(len(stem) * ALIKE))
        return sorted(known for known in self._vocabulary if known[:least] == stem[:least] and len(known) <= len(stem) + 3)[:3]

    def _known(self, part: str) -> str | None:
        if part in self._vocabulary:
            return part
        again = _stem(part, self._language)
        return again if again in self._vocabulary else None


def stems(text: str, language: str) -> list[str]:
    """The stems of the words that say something."""
    plain = PLACEHOLDER.sub(" ", text).casefold().translate(_FOLD)
    return [_stem(word, language) for word in _WORD.findall(plain) if len(word) > 1 and word not in _STOP[language]]


@lru_cache(maxsize=20_000)
def _stem(word: str, language: str) -> str:
    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(word))


def _weighted(article: Article) -> Iterable[tuple[str, float]]:
    return (article.title, TITLE_WEIGHT), (article.words, WORDS_WEIGHT), (article.text, 1.0)
