"""Articles as files: `data/answers/sv/returns.md`, front matter between two lines `---`, then the text."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from desk.checking.reading import Unreadable, parse_yaml
from desk.conversations.languages import LANGUAGES

PLACEHOLDER = re.compile(r"{(\w+)}")
_KEYS = {"title", "topics", "about", "words", "buttons"}


@dataclass(frozen=True)
class Article:
    """One answer in one language.

    It is the answer to its `topics`, and a possible better one for those it is `about`, when the customer's words fit.
    """

    name: str
    language: str
    title: str
    topics: tuple[str, ...]
    about: tuple[str, ...]
    words: str
    buttons: tuple[str, ...]
    text: str

    @property
    def placeholders(self) -> set[str]:
        """The facts that its text names."""
        return set(PLACEHOLDER.findall(self.text))


def read_article(path: Path) -> Article:
    """One file as an article; its folder is its language. Raises Unreadable."""
    try:
        whole = path.read_text(encoding="utf-8")
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not UTF-8 (byte {error.start})") from error
    parts = re.split(r"^---[ \t]*$", whole, maxsplit=2, flags=re.M)
    if len(parts) != 3 or parts[0].strip():
        raise Unreadable("begins with a line ---, then title and topics, then a line ---, then the text")
    front = parse_yaml(parts[1])
    if not isinstance(front, dict):
        raise Unreadable("has no title between the lines ---")
    if wrong := sorted(set(front) - _KEYS):
        raise Unreadable(f"has {', '.join(map(str, wrong))}; known are {', '.join(sorted(_KEYS))}")
    title, text = str(front.get("title") or "").strip(), parts[2].strip()
    if not title or not text:
        raise Unreadable("needs a title and a text")
    return Article(
        name=path.stem,
        language=path.parent.name,
        title=title,
        topics=_names(front, "topics"),
        about=_names(front, "about"),
        words=str(front.get("words") or ""),
        buttons=_names(front, "buttons"),
        text=text,
    )


def _names(front: dict[str, Any], key: str) -> tuple[str, ...]:
    found = front.get(key) or []
    if not isinstance(found, list) or not all(isinstance(one, str) for one in found):
        raise Unreadable(f"{key} is a list such as [ask_warranty]")
    return tuple(found)


def article_files(folder: Path) -> Iterator[Path]:
    """The files of all languages, in order."""
    for language in LANGUAGES:
        yield from sorted((folder / language).glob("*.md"))


def read_articles(folder: Path) -> tuple[list[Article], list[tuple[Path, str]]]:
    """All that can be read, and why the others cannot."""
    articles: list[Article] = []
    unreadable: list[tuple[Path, str]] = []
    for path in article_files(folder):
        try:
            articles.append(read_article(path))
        except (Unreadable, yaml.YAMLError) as error:
            unreadable.append((path, str(error)))
    return articles, unreadable
