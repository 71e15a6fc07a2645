"""Trains ours or stock Rasa on a sample, in Rasa's environment: `python -m tests.stock.train stock --languages en --per-topic 25`."""

from __future__ import annotations

import argparse
import json
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import rasa
import yaml

from bot.nlu.examples import Example
from tests.stock.sample import ROOT, as_rasa_data, digest, draw_sample

MODELS = ROOT / "models"
_DEFAULT = Path(rasa.__file__).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
_STEP = re.compile(r"(Starting to|Finished) train\w* component '(\w+)'")


def stock_config() -> dict[str, Any]:
    """Rasa's own default configuration, every epoch of it. Two lines differ, in stock's favour: entities are not learnt by DIET
    but found by patterns, so that a dialogue with forms takes the same turns as ours, and training is shorter."""
    config: dict[str, Any] = yaml.safe_load(_DEFAULT.read_text(encoding="utf-8")) | {"assistant_id": "stock"}
    names = [component["name"] for component in config["pipeline"]]
    config["pipeline"][names.index("DIETClassifier")]["entity_recognition"] = False
    config["pipeline"].insert(names.index("EntitySynonymMapper"), {"name": "RegexEntityExtractor", "use_word_boundaries": True})
    return config


def kept_stock(languages: list[str], per_topic: int, *, retrain: bool) -> tuple[Path, dict[str, Any]]:
    """Stock's model and what is known of its training: a kept one, since it takes long, or a new one."""
    model = MODELS / f"stock-{'-'.join(languages)}-{per_topic}.tar.gz"
    record = MODELS / model.name.replace(".tar.gz", ".json")
    if retrain or not model.exists() or not record.exists():
        sample = draw_sample(languages, per_topic)
        known = train(stock_config(), sample, model, for_stock=True)
        record.write_text(json.dumps(known | {"sample": [asdict(one) for one in sample]}, ensure_ascii=False), encoding="utf-8")
    return model, json.loads(record.read_text(encoding="utf-8"))


def train_ours(sample: list[Example], model: Path) -> dict[str, Any]:
    """Our pipeline, as `fubb train` trains it, on the sample."""
    return train(yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8")), sample, model, for_stock=False)


def train(config: dict[str, Any], sample: list[Example], model: Path, *, for_stock: bool) -> dict[str, Any]:
    """`rasa train`; what it took, in seconds by the clock and of the processor."""
    MODELS.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=MODELS, prefix=".sample-training-") as name:
        folder = Path(name)
        (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        data = as_rasa_data(sample, for_stock=for_stock)
        (folder / "nlu.json").write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
        command = [
            *(sys.executable, "-W", "ignore", "-m", "rasa", "train", "--skip-validation", "--config", str(folder / "config.yml")),
            *("--domain", "domain.yml", "--data", str(folder / "nlu.json"), "data/rules", "data/stories"),
            *("--out", str(folder), "--fixed-model-name", "sample"),
        ]
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "RASA_TELEMETRY_ENABLED": "false",
            "RASA_CACHE_DIRECTORY": str(folder / "cache"),
        }
        load, began, before = os.getloadavg()[0], time.monotonic(), _processor_seconds()
        steps = _run(command, environment)
        took = {"seconds": time.monotonic() - began, "processor_seconds": _processor_seconds() - before, "steps": steps}
        (folder / "sample.tar.gz").replace(model)
    at = datetime.now(UTC).isoformat(timespec="seconds")
    return {**took, "load": load, "at": at, "utterances": len(sample), "dialogue": dialogue_digest()}


def dialogue_digest() -> str:
    """A fingerprint of what the dialogue is learnt from."""
    files = [ROOT / "domain.yml", *sorted((ROOT / "data/rules").glob("*.yml")), *sorted((ROOT / "data/stories").glob("*.yml"))]
    return digest([file.read_text(encoding="utf-8") for file in files])


def _run(command: list[str], environment: dict[str, str]) -> list[tuple[float, str]]:
    """Run it; when each component's training began and ended, in seconds since the start."""
    began, printed, steps = time.monotonic(), list[str](), list[tuple[float, str]]()
    process = subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace"
    )
    assert process.stdout is not None
    with process:
        for line in process.stdout:
            printed.append(line)
            if step := _STEP.search(line):
                steps.append((round(time.monotonic() - began, 1), f"{step[1].split()[0]} {step[2]}"))
                print(f"  {steps[-1][0]:5.0f} s  {steps[-1][1]}", file=sys.stderr, flush=True)
    if process.returncode != 0:
        raise SystemExit(f"The training failed:\n{''.join(printed)[-4000:]}")
    return steps


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def main() -> int:
    """Prints where the model is and what is known of its training, as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("side", choices=["stock", "ours"])
    parser.add_argument("--languages", default="en", help="en, or en,sv,nb,fi")
    parser.add_argument("--per-topic", type=int, default=25, help="utterances of each topic and language")
    parser.add_argument("--retrain", action="store_true", help="train stock Rasa anew, although a kept model would do")
    asked = parser.parse_args()
    languages = asked.languages.split(",")
    model, kept = kept_stock(languages, asked.per_topic, retrain=asked.retrain)
    sample, known = kept.pop("sample"), kept
    if asked.side == "ours":
        model = MODELS / model.name.replace("stock-", "sample-")
        known = train_ours([Example(**one) for one in sample], model)
    drawn = draw_sample(languages, asked.per_topic)
    changed = {
        "text_has_changed": [one.text for one in drawn] != [one["text"] for one in sample],
        "dialogue_has_changed": known["dialogue"] != dialogue_digest(),
    }
    print(json.dumps({"model": str(model), **known, **changed}))
    return 0


if __name__ == "__main__":
    sys.exit(main())
