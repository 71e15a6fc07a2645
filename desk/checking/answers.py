"""Are the articles right? Readable, in every language, with facts that exist, and each topic answered by one of them."""

from collections.abc import Iterator
from pathlib import Path

from pydantic import ValidationError

from desk.answers.facts import NAMES
from desk.answers.product_facts import load_features
from desk.answers.reading import Article, read_articles
from desk.checking.reading import Unreadable
from desk.checking.topics import TOPICS
from desk.conversations.languages import LANGUAGES

FOLDER = "data/answers"
FEATURES = "data/answers/features.yml"


def article_problems(root: Path) -> Iterator[str]:
    """Every problem of data/answers, as `file: what`."""
    articles, unreadable = read_articles(root / FOLDER)
    for path, why in unreadable:
        yield f"{path.relative_to(root).as_posix()}: {why}"
    broken = {(path.parent.name, path.stem) for path, _ in unreadable}
    by_name: dict[str, dict[str, Article]] = {}
    for article in articles:
        by_name.setdefault(article.name, {})[article.language] = article
        yield from (f"{_file(article)}: {problem}" for problem in _problems(article))
    for name, languages in by_name.items():
        for language in LANGUAGES:
            if language not in languages and (language, name) not in broken:
                yield f"{FOLDER}/{language}/{name}.md: is missing"
        yield from _differences(list(languages.values()))
    yield from _answered_twice(articles)
    yield from _feature_problems(root / FEATURES)


def _feature_problems(path: Path) -> Iterator[str]:
    if not path.exists():
        return
    try:
        features = load_features(path)
    except Unreadable:
        return  # said of every YAML file already
    except ValidationError as error:
        for one in error.errors():
            yield f"{FEATURES}: {'.'.join(str(part) for part in one['loc'])}: {one['msg']}"
        return
    for value, said in features.values.items():
        if lacking := sorted(set(LANGUAGES) - set(said)):
            yield f"{FEATURES}: '{value}' is missing in {', '.join(lacking)}"


def _problems(article: Article) -> Iterator[str]:
    for topic in (*article.topics, *article.about, *article.buttons):
        if topic not in TOPICS:
            yield f"'{topic}' is no topic"
    for fact in sorted(article.placeholders - NAMES):
        yield f"{{{fact}}} is no fact; there are {', '.join(sorted(NAMES))}"
    if not (article.topics or article.about or article.words):
        yield "has neither topics nor about nor words: nobody would find it"


def _differences(same: list[Article]) -> Iterator[str]:
    first = same[0]
    for other in same[1:]:
        for what in ("topics", "about", "buttons"):
            if getattr(first, what) != getattr(other, what):
                yield f"{_file(other)}: {what} differ from {first.language}/{first.name}.md"
        if first.placeholders != other.placeholders:
            lost = ", ".join(f"{{{fact}}}" for fact in sorted(first.placeholders ^ other.placeholders))
            yield f"{_file(other)}: {lost} is not in both this and {first.language}/{first.name}.md"


def _answered_twice(articles: list[Article]) -> Iterator[str]:
    answers: dict[tuple[str, str], Article] = {}
    for article in articles:
        for topic in article.topics:
            other = answers.setdefault((article.language, topic), article)
            if other is not article:
                yield f"{_file(article)}: {topic} is answered by {other.name}.md already; use about for a second article"


def _file(article: Article) -> str:
    return f"{FOLDER}/{article.language}/{article.name}.md"
