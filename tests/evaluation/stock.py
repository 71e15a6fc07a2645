"""Stock Rasa's default pipeline, trained on the same text and asked the same: what ours has to beat."""

from __future__ import annotations

import asyncio
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import rasa
import yaml

from bot.nlu.examples import Example
from tests.evaluation.cases import ROOT, Case

_CONFIG = Path(rasa.__file__).parent / "engine" / "recipes" / "config_files" / "default_config.yml"
_FALLBACK = "nlu_fallback"


@dataclass(frozen=True)
class Stock:
    """What stock Rasa understood, and what it took."""

    topics: list[str]
    training_seconds: float | None  # None where a model trained earlier was used
    milliseconds: float


def understand_with_stock(examples: Sequence[Example], cases: Sequence[Case], out_of_scope: str) -> Stock:
    """Train stock Rasa's pipeline (long: DIET learns for 100 epochs) and ask it every case."""
    model, seconds = _trained(examples)
    topics, milliseconds = asyncio.run(_ask(model, cases, out_of_scope))
    return Stock(topics, seconds, milliseconds)


def _trained(examples: Sequence[Example]) -> tuple[Path, float | None]:
    config = yaml.safe_load(_CONFIG.read_text(encoding="utf-8")) | {"assistant_id": "stock"}
    text = {"rasa_nlu_data": {"common_examples": [{"text": one.text, "intent": one.topic} for one in examples]}}
    fingerprint = hashlib.sha256(json.dumps([config, text]).encode()).hexdigest()[:12]
    model = ROOT / "models" / f"evaluate-stock-{fingerprint}.tar.gz"
    seconds_file = model.with_suffix("").with_suffix(".seconds")
    if model.exists():
        return model, float(seconds_file.read_text()) if seconds_file.exists() else None
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        (folder / "config.yml").write_text(yaml.safe_dump(config, sort_keys=False), encoding="utf-8")
        (folder / "nlu.json").write_text(json.dumps(text), encoding="utf-8")
        domain = {"version": "3.1", "intents": sorted({one.topic for one in examples})}
        (folder / "domain.yml").write_text(yaml.safe_dump(domain), encoding="utf-8")
        started = time.monotonic()
        command = [
            *(sys.executable, "-W", "ignore", "-m", "rasa", "train", "nlu", "--config", "config.yml", "--domain", "domain.yml"),
            *("--nlu", "nlu.json", "--out", str(folder), "--fixed-model-name", "stock"),
        ]
        environment = {**os.environ, "RASA_TELEMETRY_ENABLED": "false", "RASA_CACHE_DIRECTORY": str(folder / "cache")}
        done = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode != 0:
            raise SystemExit(f"Stock Rasa could not be trained:\n{done.stdout[-3000:]}\n{done.stderr[-3000:]}")
        seconds = time.monotonic() - started
        model.parent.mkdir(exist_ok=True)
        (folder / "stock.tar.gz").replace(model)
        seconds_file.write_text(f"{seconds:.0f}")
    return model, seconds


async def _ask(model: Path, cases: Sequence[Case], out_of_scope: str) -> tuple[list[str], float]:
    from rasa.core.agent import Agent

    agent = Agent.load(str(model))
    topics, spent = [], []
    for case in cases:
        started = time.perf_counter()
        read = await agent.parse_message(case.text)
        spent.append(1000 * (time.perf_counter() - started))
        name = read["intent"]["name"]
        topics.append(out_of_scope if name in {_FALLBACK, None} else name)
    return topics, median(spent)
