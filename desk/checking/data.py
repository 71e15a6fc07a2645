"""What people who are no programmers edit: does it parse, is every topic taught, is every word there in all languages?"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from desk.checking.answers import article_problems
from desk.checking.reading import Unreadable, read_yaml
from desk.checking.topics import TOPICS
from desk.checking.training_text import blocks_of
from desk.checking.translations import translation_problems
from desk.conversations.languages import LANGUAGES
from desk.settings import ROOT

TRANSLATED = LANGUAGES[1:]
"""All but English, whose words are in domain.yml."""
FEWEST_UTTERANCES = 60
RASA_FILES = ("config.yml", "domain.yml", "endpoints.yml", "credentials.yml")
_PLACEHOLDER = re.compile(r"{(\w+)}")


def problems_of(root: Path = ROOT) -> list[str]:
    """Every problem, as `file: what`; nothing when all is well."""
    return list(_all_problems(root))


def _all_problems(root: Path) -> Iterator[str]:
    read: dict[str, Any] = {}
    for path in [*(root / name for name in RASA_FILES), *sorted((root / "data").rglob("*.yml"))]:
        name = path.relative_to(root).as_posix()
        try:
            read[name] = read_yaml(path)
        except FileNotFoundError:
            yield f"{name}: is missing"
        except Unreadable as error:
            yield f"{name}: {error}"
    for page in ("data/pages/case.yml", "data/pages/shop.yml"):
        yield from _page_problems(page, read.get(page) or {})
    domain = read.get("domain.yml")
    if isinstance(domain, dict):
        for language in LANGUAGES:
            folder = f"data/nlu/{language}"
            yield from _topic_problems(domain, folder, {n: c for n, c in read.items() if n.startswith(f"{folder}/")})
        yield from _words_problems(domain, read)
    yield from article_problems(root)
    yield from translation_problems(root)


def _page_problems(page: str, words: dict[str, Any]) -> Iterator[str]:
    """Every text of a page for customers is there in each language, with the same places to fill."""
    for name, by_language in words.items():
        for language in LANGUAGES:
            text = by_language.get(language)
            if not text:
                yield f"{page}: {name} has no {language}"
            elif set(_PLACEHOLDER.findall(text)) != set(_PLACEHOLDER.findall(by_language.get("en") or "")):
                yield f"{page}: {name} has other places to fill in {language} than in English"


def _topic_problems(domain: dict[str, Any], folder: str, texts: dict[str, Any]) -> Iterator[str]:
    intents = {next(iter(entry)) if isinstance(entry, dict) else entry for entry in domain.get("intents") or []}
    counted: Counter[str] = Counter()
    seen: dict[str, tuple[str, str]] = {}
    if not texts:
        yield f"{folder}: has no training text that can be read"
        return
    for name, content in texts.items():
        try:
            blocks = list(blocks_of(content))
        except Unreadable as error:
            yield f"{name}: {error}"
            continue
        for block in blocks:
            counted[block.topic] += len(block.utterances)
            if block.topic not in intents:
                yield f"{name}: '{block.topic}' is no intent of domain.yml"
            language = block.metadata.get("language", "en")
            if not folder.endswith(f"/{language}"):
                yield f"{name}: a block of {block.topic} is taught as {language}: `language` in its metadata is missing or wrong"
            for utterance in block.utterances:
                same = seen.setdefault(utterance.casefold(), (block.topic, name))
                if same[0] != block.topic:
                    yield f"{name}: '{utterance}' is taught as {block.topic} and as {same[0]} ({same[1]})"
    for topic in TOPICS:
        if topic not in intents and folder.endswith("/en"):
            yield f"domain.yml: the topic {topic} is missing among the intents"
        if counted[topic] < FEWEST_UTTERANCES:
            yield f"{folder}: {topic} has {counted[topic]} utterances, fewer than {FEWEST_UTTERANCES}"


def _words_problems(domain: dict[str, Any], read: dict[str, Any]) -> Iterator[str]:
    english = domain.get("responses") or {}
    for language in TRANSLATED:
        name = f"data/words/{language}.yml"
        if name not in read:
            yield f"{name}: is missing or cannot be read"
            continue
        translated = (read[name] or {}).get("responses") or {}
        for response in sorted(english.keys() - translated.keys()):
            yield f"{name}: {response} is missing"
        for response in sorted(translated.keys() - english.keys()):
            yield f"{name}: {response} is no response of domain.yml"
        for response in sorted(translated.keys() & english.keys()):
            for problem in _differences(english[response], translated[response]):
                yield f"{name}: {response} {problem}"


def _differences(english: Any, translated: Any) -> Iterator[str]:
    """How a translation differs from the English in what must be the same."""
    if not (isinstance(translated, list) and translated and isinstance(translated[0], dict)):
        yield "has no text"
        return
    ours, theirs = english[0] if english else {}, translated[0]
    if bool(ours.get("text")) != bool(str(theirs.get("text") or "").strip()):
        yield "has no text" if ours.get("text") else "has a text, the English has none"
    lost, new = _placeholders(ours) - _placeholders(theirs), _placeholders(theirs) - _placeholders(ours)
    if lost:
        yield f"lacks {', '.join(f'{{{p}}}' for p in sorted(lost))}"
    if new:
        yield f"has {', '.join(f'{{{p}}}' for p in sorted(new))}, which the English does not have"
    if _payloads(ours) != _payloads(theirs):
        yield f"has {len(_payloads(theirs))} buttons with other payloads than the {len(_payloads(ours))} of the English"


def _placeholders(variant: dict[str, Any]) -> set[str]:
    titles = " ".join(str(b.get("title", "")) for b in variant.get("buttons") or [])
    return set(_PLACEHOLDER.findall(f"{variant.get('text') or ''} {titles}"))


def _payloads(variant: dict[str, Any]) -> list[str]:
    return [str(b.get("payload", "")) for b in variant.get("buttons") or []]
