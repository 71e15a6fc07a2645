"""Runs what belongs into Rasa's environment, from the desk's."""

import json
import os
import subprocess
from typing import Any

from desk.settings import ROOT
from desk.training import QUIET_RASA, bot_python

PER_TOPIC = 20


def trained(side: str, languages: str, per_topic: int, *, retrain: bool = False) -> dict[str, Any]:
    """The model of `ours` or `stock` on the sample, and what is known of its training."""
    print(f"{side} on {per_topic} utterances of each topic ({languages}) ...", flush=True)
    more = ["--retrain"] if retrain else []
    known: dict[str, Any] = json.loads(
        run_in_bot("tests.stock.train", side, "--languages", languages, "--per-topic", str(per_topic), *more)
    )
    if known["text_has_changed"]:
        print("  The training text has changed since stock was trained: both learn the kept sample (--retrain draws a new one).")
    if known["dialogue_has_changed"]:
        print("  Domain, rules or stories have changed since stock was trained: its dialogue is the older one.")
    return known


def run_in_bot(module: str, *arguments: str) -> str:
    """What it printed on its last line. Raises SystemExit when it failed."""
    command = [str(bot_python()), "-W", "ignore", "-m", module, *arguments]
    threads = {"OMP_NUM_THREADS": "2", "OPENBLAS_NUM_THREADS": "1"}
    environment = {
        **os.environ,
        **QUIET_RASA,
        **threads,
        "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
    }
    done = subprocess.run(command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True, check=False)
    if done.returncode != 0:
        raise SystemExit(f"{module} failed.")
    return done.stdout.strip().splitlines()[-1]
