"""`python -m tests.stock`: understanding beside stock Rasa, both trained on the same sample of the training text.

Stock's model is kept (models/stock-en-20.tar.gz): it takes half an hour to train. Ours is trained in the run, on the kept sample.
"""

import argparse
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from desk.settings import ROOT
from desk.training import fitting_model
from tests.bench.measure import machine, median, rasa_processes
from tests.stock.run import PER_TOPIC, run_in_bot, trained

REPORT = ROOT / "test-results" / "stock.json"


def main() -> int:
    asked = _asked()
    stock = trained("stock", asked.languages, asked.per_topic, retrain=asked.retrain)
    ours = trained("ours", asked.languages, asked.per_topic)
    report: dict[str, Any] = {"at": datetime.now(UTC).isoformat(timespec="seconds"), "machine": machine(), "asked": vars(asked)}
    report["training"] = {"ours": ours, "stock": stock}
    report["read"] = json.loads(run_in_bot("tests.stock.ask", ours["model"], stock["model"], "--languages", asked.languages))
    if asked.starts:
        report["process"] = rasa_processes(fitting_model() or Path(ours["model"]), Path(stock["model"]), asked.starts)
    REPORT.parent.mkdir(exist_ok=True)
    REPORT.write_text(json.dumps(report, indent=1) + "\n", encoding="utf-8")
    return _tell(report)


def _asked() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.stock", description=__doc__)
    parser.add_argument("--languages", default="en", help="en, or en,sv,nb,fi")
    parser.add_argument("--per-topic", type=int, default=PER_TOPIC, help="utterances of each topic and language")
    parser.add_argument("--retrain", action="store_true", help="train stock Rasa anew, although a kept model would do")
    parser.add_argument("--starts", type=int, default=3, help="starts of each rasa process; 0 leaves start and memory out")
    return parser.parse_args()


def _tell(report: dict[str, Any]) -> int:
    """One table; 1 where a bar was missed."""
    training, read, process = report["training"], report["read"], report.get("process")
    first = next(iter(read.values()))
    rows = [
        (
            f"topic accuracy, {name} text ({found['ours']['messages']} messages)",
            found["ours"]["topic"],
            found["stock"]["topic"],
            "+0.05",
        )
        for name, found in read.items()
    ]
    rows += [
        ("training, seconds", training["ours"]["seconds"], training["stock"]["seconds"], "0.1"),
        ("training, processor seconds", training["ours"]["processor_seconds"], training["stock"]["processor_seconds"], "0.1"),
        (
            "a message, milliseconds (median)",
            first["ours"]["milliseconds"],
            first["stock"]["milliseconds"],
            "0.25",
        ),
    ]
    if process:
        rows += [
            ("start of the rasa process, seconds", median(process["start_s"]["ours"]), median(process["start_s"]["stock"]), "0.5"),
            ("memory of the rasa process, MB", median(process["memory_mb"]["ours"]), median(process["memory_mb"]["stock"]), "0.6"),
        ]
    print(
        f"\n{training['ours']['utterances']} utterances; load {report['machine']['load']}; stock trained at load {training['stock']['load']:.1f}\n"
    )
    print(f"{'':48}{'ours':>10}{'stock':>10}   ours to stock")
    missed = 0
    for name, ours, stock, bar in rows:
        met, how = (
            (ours - stock >= 0.05, f"{ours - stock:+.3f}") if bar[0] == "+" else (ours <= float(bar) * stock, f"{ours / stock:.3f}")
        )
        missed += not met
        digits = 3 if bar[0] == "+" else 1
        print(f"{name:48}{ours:10.{digits}f}{stock:10.{digits}f}   {how} (bar {bar}: {'met' if met else 'NOT MET'})")
    print(f"\nAll figures: {REPORT.relative_to(ROOT)}")
    return 1 if missed else 0


if __name__ == "__main__":
    sys.exit(main())
