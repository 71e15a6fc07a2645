"""The answer to a topic or to a question in free words, with the shop's own facts in it."""

import time
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from threading import Lock

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.answers.facts import facts_of
from desk.answers.reading import PLACEHOLDER, Article, article_files, read_articles
from desk.answers.search import Hit, Index
from desk.settings import ROOT
from desk.shop.service import rules
from desk.shop.tables import Product

FOLDER = ROOT / "data" / "answers"
LOOK_AGAIN_AFTER = 5.0
"""Seconds after which the folder is looked at again: what a writer saves is said without a restart."""
FITS_BETTER = 0.25
"""By how much more of the question an article must cover than the topic's own, to be said instead."""
ENOUGH_ALONE = 0.5
"""How much of a question an article must cover to be said when no topic was understood (docs/decisions has the figures)."""
ENOUGH_IF_EXPECTED = 0.35
"""The same for an article on a topic that the message may be about."""


@dataclass(frozen=True)
class Found:
    """An article, ready to be said."""

    name: str
    title: str
    text: str
    buttons: tuple[str, ...]


class Library:
    """The articles by topic, and their index, in each language."""

    def __init__(self, articles: list[Article]) -> None:
        self.by_topic: dict[tuple[str, str], Article] = {(a.language, topic): a for a in articles for topic in a.topics}
        self.about: dict[tuple[str, str], list[Article]] = {}
        for article in articles:
            for topic in article.about:
                self.about.setdefault((article.language, topic), []).append(article)
        self.indexes: Mapping[str, Index] = {
            language: Index([a for a in articles if a.language == language], language)
            for language in {a.language for a in articles}
        }

    def answer(self, topic: str, language: str, question: str) -> Article | None:
        """The topic's article, or one about it that fits the question clearly better."""
        main = self.by_topic.get((language, topic))
        rivals = self.about.get((language, topic), [])
        if main is None or not rivals or not question:
            return main
        hits = {hit.article.name: hit.covers for hit in self.indexes[language].search(question, limit=20)}
        best = max(rivals, key=lambda rival: hits.get(rival.name, 0.0))
        return best if hits.get(best.name, 0.0) > hits.get(main.name, 0.0) + FITS_BETTER else main

    def search(self, question: str, language: str, limit: int = 3) -> list[Hit]:
        """The articles that fit a question, best first."""
        index = self.indexes.get(language)
        return index.search(question, limit) if index else []


def answer_topic(session: Session, topic: str, language: str, question: str) -> Found | None:
    """What we say to a topic; None when no article is about it in this language."""
    article = _shelf().library().answer(topic, language, question)
    return _say(session, article) if article else None


def find_answer(session: Session, question: str, language: str, likely: Collection[str] = ()) -> Found | None:
    """The article that covers enough of a question that no topic was understood in; of a `likely` topic, less is enough."""
    hits = _shelf().library().search(question, language)
    for hit in hits:
        expected = any(topic in likely for topic in (*hit.article.topics, *hit.article.about))
        if hit.covers >= (ENOUGH_IF_EXPECTED if expected else ENOUGH_ALONE):
            return _say(session, hit.article)
    return None


def near_answers(question: str, language: str) -> list[dict[str, object]]:
    """The names of the nearest articles and how much they cover, for the list of what was not answered."""
    return [{"article": hit.article.name, "covers": round(hit.covers, 2)} for hit in _shelf().library().search(question, language)]


def _say(session: Session, article: Article) -> Found:
    least = session.scalar(select(func.min(Product.warranty_months)))
    facts = facts_of(rules(session), article.language, least)
    return Found(article.name, article.title, fill(article.text, facts), article.buttons)


def fill(text: str, facts: Mapping[str, str]) -> str:
    """The text with its facts; a line that names one which the shop does not have is left out."""
    lines = [line for line in text.splitlines() if all(name in facts for name in PLACEHOLDER.findall(line))]
    return PLACEHOLDER.sub(lambda found: facts[found[1]], "\n".join(lines)).strip()


class Shelf:
    """The articles as they are in the folder now; what cannot be read is left out (`fubb check` says why)."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._lock = Lock()
        self._looked_at = -LOOK_AGAIN_AFTER
        self._stamp: tuple[tuple[Path, int], ...] = ()
        self._library = Library([])

    def library(self) -> Library:
        """The articles, read again when a file has changed."""
        with self._lock:
            if time.monotonic() - self._looked_at >= LOOK_AGAIN_AFTER:
                stamp = tuple((path, path.stat().st_mtime_ns) for path in article_files(self._folder))
                if stamp != self._stamp:
                    self._library, self._stamp = Library(read_articles(self._folder)[0]), stamp
                self._looked_at = time.monotonic()
            return self._library


@lru_cache(maxsize=1)
def _shelf() -> Shelf:
    """The shelf of this process."""
    return Shelf(FOLDER)
