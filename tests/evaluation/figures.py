"""What is counted: accuracy, recall, precision and F1 of what was understood."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.nlu.examples import MOODS
from bot.nlu.text import fold
from bot.nlu.understanding import OUT_OF_SCOPE, Understood
from tests.evaluation.cases import Case

Pairs = Sequence[tuple[Case, Understood]]


@dataclass
class Tally:
    """True and false positives, and what was missed."""

    right: int = 0
    wrong: int = 0
    missed: int = 0

    @property
    def precision(self) -> float:
        """The share of what was found that is right."""
        return self.right / (self.right + self.wrong) if self.right + self.wrong else 1.0

    @property
    def recall(self) -> float:
        """The share of what there is that was found."""
        return self.right / (self.right + self.missed) if self.right + self.missed else 1.0

    @property
    def f1(self) -> float:
        """The harmonic mean of both."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


@dataclass(frozen=True)
class Figures:
    """The figures of one language."""

    messages: int
    topic: float
    topic_before_threshold: float
    topic_in_first_three: float
    out_of_scope_found: float
    taken_for_out_of_scope: float
    hazard: Tally
    mood: float
    language: float
    entities: dict[str, Tally]


def count(pairs: Pairs) -> Figures:
    """Count one language's messages."""
    outside = [(case, read) for case, read in pairs if case.topic == OUT_OF_SCOPE]
    inside = [(case, read) for case, read in pairs if case.topic != OUT_OF_SCOPE]
    long_enough = [(case, read) for case, read in pairs if len(case.text.split()) >= 3]
    return Figures(
        messages=len(pairs),
        topic=_share(case.topic == read.topic for case, read in pairs),
        topic_before_threshold=_share(case.topic == read.ranking[0][0] for case, read in pairs),
        topic_in_first_three=_share(case.topic in {name for name, _ in read.ranking[:3]} for case, read in pairs),
        out_of_scope_found=_share(read.topic == OUT_OF_SCOPE for _, read in outside),
        taken_for_out_of_scope=_share(read.topic == OUT_OF_SCOPE for _, read in inside),
        hazard=_tally((case.hazard, read.hazard) for case, read in pairs),
        mood=macro_f1([case.mood for case, _ in pairs], [read.mood for _, read in pairs]),
        language=_share(case.language == read.language for case, read in long_enough),
        entities=entity_tallies(pairs),
    )


def macro_f1(truth: Sequence[str], found: Sequence[str]) -> float:
    """The mean over the moods of each mood's F1."""
    scores = [_tally((a == mood, b == mood) for a, b in zip(truth, found, strict=False)).f1 for mood in MOODS]
    return sum(scores) / len(scores)


def entity_tallies(pairs: Pairs) -> dict[str, Tally]:
    """Right where kind and value agree; times and amounts where the words overlap."""
    tallies: dict[str, Tally] = defaultdict(Tally)
    for case, read in pairs:
        wanted = Counter(_comparable(kind, value) for kind, value in case.entities)
        found = Counter(_comparable(one.kind, one.value) for one in read.entities)
        for kind in {kind for kind, _ in wanted | found}:
            mine = [value for (name, value), times in wanted.items() if name == kind for _ in range(times)]
            theirs = [value for (name, value), times in found.items() if name == kind for _ in range(times)]
            right = _matched(kind, mine, theirs)
            tallies[kind].right += right
            tallies[kind].missed += len(mine) - right
            tallies[kind].wrong += max(0, len(theirs) - right)
    return dict(tallies)


def _matched(kind: str, wanted: list[str], found: list[str]) -> int:
    if kind not in {"time", "amount"}:
        return sum((Counter(wanted) & Counter(found)).values())
    # Where one author marks "tomorrow at 10" as one phrase and another as two, both are right.
    return sum(
        any(value in other or other in value or set(value.split()) & set(other.split()) for other in found) for value in wanted
    )


def _comparable(kind: str, value: str) -> tuple[str, str]:
    if kind == "order_number":
        return kind, "".join(char for char in value if char.isdigit())
    if kind == "phone":
        return kind, "".join(char for char in value if char.isdigit() or char == "+")
    return kind, " ".join(fold(value).split())


def _tally(pairs: Iterable[tuple[bool, bool]]) -> Tally:
    counts = Counter(pairs)
    return Tally(counts[True, True], counts[False, True], counts[True, False])


def _share(facts: Iterable[bool]) -> float:
    listed = list(facts)
    return sum(listed) / len(listed) if listed else 0.0
