"""`python -m tests.bench`: our turns, throughput, start and memory against stock Rasa's, in one run."""

import argparse
import contextlib
import json
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk.settings import ROOT
from tests.bench.measure import (
    Customers,
    differing_turns,
    machine,
    median,
    megabytes,
    start_seconds,
    turn_seconds,
    turns_per_second,
)
from tests.bench.sides import ours, stock
from tests.bench.stock import sample_model, stock_model
from tests.bench.turns import SAYINGS

REPORT = ROOT / "test-results" / "bench.json"
BARS = {"turn": ("at most", 0.6), "throughput": ("at least", 2.0), "start": ("at most", 1.0)}
"""Of ours to stock's; the issue sets them."""


def main() -> int:
    asked = _asked()
    model = sample_model(asked.sample) if asked.sample else stock_model(asked.quick)
    report: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), "asked": vars(asked)}
    if "start" not in asked.skip:
        report["start_s"] = start_seconds(model, asked.starts)
    if "turns" not in asked.skip:
        report |= _turns(asked, model)
    report["ratios"] = _ratios(report)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return _tell(report)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument(
        "--quick", action="store_true", help="stock learns English for 10 epochs: good for times, not for understanding"
    )
    parser.add_argument(
        "--sample",
        type=int,
        metavar="N",
        help="stock learns N utterances of each English topic for all its epochs, and takes the same turns (20: the kept model)",
    )
    parser.add_argument("--rounds", type=int, default=20, help="conversations on each side, one at a time")
    parser.add_argument("--crowds", type=int, default=3, help="times that a crowd talks to each side")
    parser.add_argument("--at-once", type=int, default=16, help="conversations of a crowd")
    parser.add_argument("--starts", type=int, default=3, help="starts of each side")
    parser.add_argument("--skip", nargs="*", default=[], choices=["start", "turns"])
    return parser.parse_args()


def _turns(asked: argparse.Namespace, model: Path) -> dict[str, Any]:
    with contextlib.ExitStack() as ends:
        folders = [Path(ends.enter_context(tempfile.TemporaryDirectory())) for _ in range(2)]
        sides = (ends.enter_context(ours(folders[0])), ends.enter_context(stock(folders[1], model)))
        customers = Customers()
        turn_seconds(sides, customers, 1)  # the first turns are slow on both sides
        differing = differing_turns(sides, customers)
        took = turn_seconds(sides, customers, asked.rounds)
        rates = turns_per_second(sides, customers, asked.crowds, asked.at_once)
        return {
            "differing_turns": differing,
            "turn_s": {name: [turn for talk in talks for turn in talk] for name, talks in took.items()},
            "turn_medians_ms": {
                said: {name: round(1000 * median([talk[i] for talk in talks]), 1) for name, talks in took.items()}
                for i, said in enumerate(SAYINGS)
            },
            "turns_per_s": rates,
            "memory_mb": {side.name: megabytes(side) for side in sides},
        }


def _ratios(report: dict[str, Any]) -> dict[str, float]:
    """Ours by stock's, of the medians."""
    named = {"turn": "turn_s", "throughput": "turns_per_s", "start": "start_s"}
    return {
        name: round(median(report[key]["ours"]) / median(report[key]["stock"]), 3) for name, key in named.items() if key in report
    }


def _tell(report: dict[str, Any]) -> int:
    for said, medians in report.get("turn_medians_ms", {}).items():
        print(f"  {medians['ours']:7.1f} ms ours  {medians['stock']:7.1f} ms stock   {said}")
    for turn in report.get("differing_turns", ()):
        print(f"WARNING: stock takes another turn at “{turn['said']}”:")
        for name in ("ours", "stock"):
            print(f"  {name:5} {len(turn[name])} replies: " + " | ".join(reply[:100] for reply in turn[name]))
    for key in ("turn_s", "turns_per_s", "start_s"):
        if key in report:
            print(f"{key}: " + ", ".join(f"{name} {median(figures):.4g}" for name, figures in report[key].items()))
    if "memory_mb" in report:
        print(f"memory, MB: {report['memory_mb']}")
    missed = 0
    for name, ratio in report["ratios"].items():
        how, bar = BARS[name]
        met = ratio <= bar if how == "at most" else ratio >= bar
        missed += not met
        print(f"{name}: ours is {ratio} of stock's; the bar is {how} {bar}: {'met' if met else 'NOT MET'}")
    print(f"All figures: {REPORT.relative_to(ROOT)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
