"""Asks two trained models the evaluation text, in Rasa's environment: `python -m tests.stock.ask OURS STOCK --languages en`."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
import time
from collections.abc import Sequence
from statistics import median
from typing import Any

from rasa.core.agent import Agent

from bot.nlu.understanding import OUT_OF_SCOPE
from tests.evaluation.cases import SETS, Case, read_cases

SIDES = ("ours", "stock")
_NONE = {None, "nlu_fallback"}
_WARM_UP = 20


async def ask(agents: dict[str, Agent], cases: Sequence[Case]) -> dict[str, list[tuple[str, float]]]:
    """By side: the topic and the milliseconds of each message. Each message goes to both in turn, so that load hits both alike."""
    read: dict[str, list[tuple[str, float]]] = {side: [] for side in agents}
    for case in [*cases[:_WARM_UP], *cases]:
        for side, agent in agents.items():
            began = time.perf_counter()
            parsed = await agent.parse_message(case.text)
            name = parsed["intent"]["name"]
            read[side].append((OUT_OF_SCOPE if name in _NONE else name, 1000 * (time.perf_counter() - began)))
    return {side: found[min(_WARM_UP, len(cases)) :] for side, found in read.items()}


def figures(cases: Sequence[Case], read: Sequence[tuple[str, float]]) -> dict[str, Any]:
    """Share of topics right, and the median milliseconds."""
    right = [case.topic == topic for case, (topic, _) in zip(cases, read, strict=True)]
    return {"messages": len(cases), "topic": sum(right) / len(right), "milliseconds": median(took for _, took in read)}


def main() -> int:
    """Prints the figures of each side and text as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("ours")
    parser.add_argument("stock")
    parser.add_argument("--languages", default="en")
    asked = parser.parse_args()
    agents = {side: Agent.load(getattr(asked, side)) for side in SIDES}
    report: dict[str, Any] = {}
    for name, folder in SETS.items():
        if not (cases := read_cases(tuple(asked.languages.split(",")), folder)):
            continue
        found = asyncio.run(ask(agents, cases))
        report[name] = {side: figures(cases, read) for side, read in found.items()}
    print(json.dumps(report))
    return 0


if __name__ == "__main__":
    sys.exit(main())
