"""Finds evaluation text that stands, nearly the same, in the training text: it would make the figures lie."""

from __future__ import annotations

import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.nlu.text import fold
from tests.evaluation.cases import TRAINING, Case, read_cases, training_examples

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


def main(folder: Path = TRAINING) -> int:
    """List what is too alike; 1 if there is any."""
    training = [example.text for example in training_examples(folder)]
    counted, everyday = check(read_cases(), training)
    for pair in counted:
        print(f"{pair.likeness:.2f}  {pair.evaluation!r}  ~  {pair.training!r}")
    print(f"{len(counted)} near-duplicates; {len(everyday)} more among texts of a word or three, which don't count.")
    return 1 if counted else 0


if __name__ == "__main__":
    sys.exit(main())
