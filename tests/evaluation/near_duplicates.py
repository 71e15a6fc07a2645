"""Finds evaluation text that stands, nearly the same, in the training text: it would make the figures lie."""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.text import fold
from tests.evaluation.cases import SETS, Case, read_cases, training_examples

SIZE = 5
LIMIT = 0.8
_MARKS = re.compile(r"[\W_]+")
# "hello" and "yes please" are what everybody types: texts this short (in letters) are only told, never counted.
EVERYDAY = 16


@dataclass(frozen=True)
class Pair:
    """An evaluation text and the training text that it resembles."""

    evaluation: str
    training: str
    likeness: float


def plain(text: str) -> str:
    """Letters and digits alone, in lower case, without diacritics."""
    return _MARKS.sub(" ", fold(text)).strip()


def shingles(text: str) -> frozenset[str]:
    """The text's runs of five characters."""
    return frozenset(text[at : at + SIZE] for at in range(max(1, len(text) - SIZE + 1)))


def find_near_duplicates(evaluation: Iterable[str], training: Sequence[str], limit: float = LIMIT) -> list[Pair]:
    """Pairs that are equal after normalising, or share more than `limit` of their shingles (Jaccard)."""
    sets = [shingles(plain(text)) for text in training]
    having: dict[str, list[int]] = defaultdict(list)
    for number, found in enumerate(sets):
        for shingle in found:
            having[shingle].append(number)
    pairs = []
    for text in evaluation:
        mine = shingles(plain(text))
        shared = Counter(number for shingle in mine for number in having.get(shingle, ()))
        for number, count in shared.items():
            likeness = count / (len(mine) + len(sets[number]) - count)
            if likeness > limit:
                pairs.append(Pair(text, training[number], likeness))
    return sorted(pairs, key=lambda pair: -pair.likeness)


def is_everyday(pair: Pair) -> bool:
    """Whether the text is so short that two people type the same by themselves."""
    return len(plain(pair.evaluation)) <= EVERYDAY


def check(cases: Sequence[Case], training: Sequence[str]) -> tuple[list[Pair], list[Pair]]:
    """Pairs that count, and everyday pairs that don't."""
    pairs = find_near_duplicates([case.text for case in cases], training)
    return [pair for pair in pairs if not is_everyday(pair)], [pair for pair in pairs if is_everyday(pair)]


def remove_near_duplicates(folder: Path, training: Sequence[str]) -> int:
    """Drop from the evaluation files what the training text has too, everyday phrases apart; how many lines that were."""
    removed = 0
    for path in sorted(folder.glob("*.jsonl")):
        lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
        texts = [json.loads(line)["text"] for line in lines]
        alike = {pair.evaluation for pair in find_near_duplicates(texts, training) if not is_everyday(pair)}
        kept = [line for line, text in zip(lines, texts, strict=True) if text not in alike]
        removed += len(lines) - len(kept)
        path.write_text("".join(kept), encoding="utf-8")
    return removed


def main(arguments: Sequence[str] | None = None) -> int:
    """List what is too alike; 1 if there is any and it stays."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--remove", action="store_true", help="drop these lines from the evaluation text, unread")
    chosen = parser.parse_args(arguments)
    training = [example.text for example in training_examples()]
    if chosen.remove:
        for folder in SETS.values():
            print(f"{folder}: {remove_near_duplicates(folder, training)} lines removed.")
        return 0
    found = 0
    for name, folder in SETS.items():
        counted, everyday = check(read_cases(folder=folder), training)
        for pair in counted if name != "unseen" else ():
            print(f"{pair.likeness:.2f}  {pair.evaluation!r}  ~  {pair.training!r}")
        print(f"{name}: {len(counted)} near-duplicates; {len(everyday)} more among texts of a word or three, which don't count.")
        found += len(counted)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
