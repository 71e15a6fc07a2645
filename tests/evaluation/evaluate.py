"""Trains on data/nlu and measures on the evaluation text: `bot/.venv/bin/python -m tests.evaluation.evaluate`."""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median

from bot.nlu.catalogue import read_catalogue
from bot.nlu.understanding import Understanding, Understood, fit_understanding
from tests.evaluation.banking import measure_banking
from tests.evaluation.cases import CATALOGUE, ROOT, SETS, Case, read_cases, training_examples
from tests.evaluation.crossvalidation import cross_validate
from tests.evaluation.figures import Figures, count
from tests.evaluation.near_duplicates import check
from tests.evaluation.report import write_report

BARS = "bars: topic 0.92, out_of_scope found 0.85 / others taken for it 0.05, hazard recall 1.0 / precision 0.9, mood 0.75, language 0.98"


def understand_all(understanding: Understanding, cases: Sequence[Case]) -> tuple[list[tuple[Case, Understood]], float]:
    """What is understood, and the median milliseconds for a message."""
    pairs, spent = [], []
    for case in cases:
        started = time.perf_counter()
        pairs.append((case, understanding.read(case.text, case.language)))
        spent.append(time.perf_counter() - started)
    return pairs, 1000 * median(spent)


def print_table(figures: dict[str, Figures]) -> None:
    """One column for each language."""
    rows = [
        ("messages", lambda one: f"{one.messages}"),
        ("topic", lambda one: f"{one.topic:.3f}"),
        ("  before the threshold", lambda one: f"{one.topic_before_threshold:.3f}"),
        ("  among the first three", lambda one: f"{one.topic_in_first_three:.3f}"),
        ("out_of_scope found", lambda one: f"{one.out_of_scope_found:.3f}"),
        ("others taken for it", lambda one: f"{one.taken_for_out_of_scope:.3f}"),
        ("hazard recall", lambda one: f"{one.hazard.recall:.3f}"),
        ("hazard precision", lambda one: f"{one.hazard.precision:.3f}"),
        ("mood macro-F1", lambda one: f"{one.mood:.3f}"),
        ("language (3+ words)", lambda one: f"{one.language:.3f}"),
    ]
    print(f"{'':28}" + "".join(f"{language:>10}" for language in figures))
    for name, show in rows:
        print(f"{name:28}" + "".join(f"{show(one):>10}" for one in figures.values()))
    kinds = sorted({kind for one in figures.values() for kind in one.entities})
    for kind in kinds:
        tallies = [one.entities.get(kind) for one in figures.values()]
        print(f"{kind + ' F1':28}" + "".join(f"{tally.f1:>10.3f}" if tally else f"{'-':>10}" for tally in tallies))


def print_worst(pairs: Sequence[tuple[Case, Understood]], how_many: int) -> None:
    """The errors that were made with the most confidence."""
    wrong = [(case, read) for case, read in pairs if case.topic != read.topic]
    for case, read in sorted(wrong, key=lambda pair: -pair[1].confidence)[:how_many]:
        print(f"{read.confidence:.2f} {case.language} {case.topic} -> {read.topic}: {case.text[:110]}")


def main(arguments: Sequence[str] | None = None) -> int:
    """Train, measure, print, and write tables and pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true", help="leave out cross-validation and BANKING77")
    parser.add_argument("--worst", type=int, default=30, help="how many errors to show")
    parser.add_argument("--out", type=Path, default=ROOT / "test-results" / "evaluation", help="folder for tables and pictures")
    chosen = parser.parse_args(arguments)
    examples = training_examples()
    languages = tuple(dict.fromkeys(example.language for example in examples))
    products = read_catalogue(CATALOGUE)
    started = time.perf_counter()
    understanding = fit_understanding(examples, products)
    print(f"Trained on {len(examples)} examples in {', '.join(languages)}: {time.perf_counter() - started:.0f} s")
    read: dict[str, list[tuple[Case, Understood]]] = {}
    for name, folder in SETS.items():
        if not (cases := read_cases(languages, folder)):
            continue
        read[name], milliseconds = understand_all(understanding, cases)
        print(f"\nThe {name} evaluation text ({milliseconds:.2f} ms a message):\n")
        print_table({one: count([pair for pair in read[name] if pair[0].language == one]) for one in languages})
        write_report(chosen.out, name, read[name])
    print(f"{BARS}\n\nTables and pictures are in {chosen.out}.\n\nThe {chosen.worst} worst errors of the development text:")
    print_worst(read["development"], chosen.worst)
    counted, everyday = check([case for pairs in read.values() for case, _ in pairs], [example.text for example in examples])
    print(f"\nNear-duplicates of training text: {len(counted)} (and {len(everyday)} of a word or three).")
    if not chosen.quick:
        print("\nFive-fold cross-validation on the training text, topic accuracy:")
        print("  ".join(f"{language} {share:.3f}" for language, share in cross_validate(examples, products).items()))
        for measured in measure_banking():
            print(f"BANKING77 {measured.training}: {measured.accuracy:.4f} (bar {measured.target})")
    return 0


if __name__ == "__main__":
    sys.exit(main())
