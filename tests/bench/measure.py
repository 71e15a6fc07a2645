"""The measurements, each on both sides in turns (A B A B ...), so that what else the machine does hits both alike."""

import os
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from desk.settings import ROOT
from desk.training import QUIET_RASA
from tests.bench.sides import Side, Talk, answers, process, wait_until
from tests.bench.stock import stock_command, stock_files
from tests.bench.turns import SAYINGS
from tests.system.cast import email_of, number_of
from tests.system.stack import Stack, free_ports

Figures = dict[str, list[float]]


class Customers:
    """Gives every conversation a customer of its own."""

    def __init__(self) -> None:
        self._next = 0

    def sayings(self) -> list[str]:
        self._next += 1
        return [said.format(order=number_of(self._next), email=email_of(self._next)) for said in SAYINGS]


def turn_seconds(sides: Sequence[Side], customers: Customers, rounds: int) -> dict[str, list[list[float]]]:
    """By side: the seconds of every turn of every conversation, one at a time."""
    took: dict[str, list[list[float]]] = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            talk = side.open_talk(customers.sayings())
            took[side.name].append([_seconds_of(talk, turn) for turn in range(len(SAYINGS))])
    return took


def differing_turns(sides: Sequence[Side], customers: Customers) -> list[dict[str, object]]:
    """What is said in turns that the sides answer otherwise; numbers, which are each customer's own, don't count."""
    talks = {side.name: side.open_talk(customers.sayings()) for side in sides}
    answers = [{name: talk.say(turn) for name, talk in talks.items()} for turn in range(len(SAYINGS))]
    return [
        {"said": said, **given}
        for said, given in zip(SAYINGS, answers, strict=True)
        if len({_without_numbers(replies) for replies in given.values()}) > 1
    ]


def _without_numbers(replies: Sequence[str]) -> str:
    return "\n".join(re.sub(r"\d+", "0", reply) for reply in replies)


def turns_per_second(sides: Sequence[Side], customers: Customers, rounds: int, at_once: int) -> Figures:
    """By side: turns a second with so many conversations at once, each customer waiting for his answers."""
    rates: Figures = {side.name: [] for side in sides}
    for _ in range(rounds):
        for side in sides:
            talks = [side.open_talk(customers.sayings()) for _ in range(at_once)]
            with ThreadPoolExecutor(at_once) as crowd:
                began = time.perf_counter()
                done = sum(crowd.map(_converse, talks))
                rates[side.name].append(done / (time.perf_counter() - began))
    return rates


def _converse(talk: Talk) -> int:
    for turn in range(len(SAYINGS)):
        talk.say(turn)
    return len(SAYINGS)


def start_seconds(model: Path, rounds: int) -> Figures:
    """Ours: from `fubb up` to ready, all three processes and a new database. Stock: from `rasa run` to its first answer."""
    took: Figures = {"ours": [], "stock": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as folder:
            took["ours"].append(_start_of_ours(Path(folder)))
        with tempfile.TemporaryDirectory() as folder:
            took["stock"].append(_start_of_stock(Path(folder), model))
    return took


def _start_of_ours(folder: Path) -> float:
    port, rasa, actions = free_ports(3)
    settings = {"PORT": port, "RASA_PORT": rasa, "ACTIONS_PORT": actions, "DATA_DIR": folder, "DEMO": "true"}
    environment = {f"FUBB_{name}": str(value) for name, value in settings.items()} | {"PYTHONPATH": str(ROOT)}
    command = [sys.executable, "-c", "from desk.cli import app; app()", "up"]
    with process(command, environment, folder / "up.log") as up:
        seconds = wait_until(lambda: answers(port, "/readyz"), up)
        up.terminate()
        up.wait()
    return seconds


def _start_of_stock(folder: Path, model: Path) -> float:
    port, actions = free_ports(2)
    stock_files(folder, f"http://127.0.0.1:{actions}", "none")
    with process(stock_command(folder, model, port), QUIET_RASA, folder / "rasa.log") as rasa:
        return wait_until(lambda: answers(port, "/webhooks/rest/"), rasa)


def rasa_processes(ours: Path, stock: Path, rounds: int) -> dict[str, Figures]:
    """The rasa process alone, with each model: the seconds until it answers, and its memory then, in MB."""
    took: Figures = {"ours": [], "stock": []}
    holds: Figures = {"ours": [], "stock": []}
    for _ in range(rounds):
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            stack = Stack(folder, model=ours)
            try:
                stack.start("rasa")
                took["ours"].append(wait_until(lambda: answers(stack.settings.rasa_port, "/webhooks/desk/")))  # noqa: B023
                holds["ours"].append(_memory_of(stack.pid("rasa")))
            finally:
                stack.end()
        with tempfile.TemporaryDirectory() as name:
            folder, (port, actions) = Path(name), free_ports(2)
            stock_files(folder, f"http://127.0.0.1:{actions}", "none")
            with process(stock_command(folder, stock, port), QUIET_RASA, folder / "rasa.log") as rasa:
                took["stock"].append(wait_until(lambda: answers(port, "/webhooks/rest/"), rasa))  # noqa: B023
                holds["stock"].append(_memory_of(rasa.pid))
    return {"start_s": took, "memory_mb": holds}


def megabytes(side: Side) -> dict[str, float]:
    """Memory of each process with all it started, pages shared with others counted by share."""
    return {name: _memory_of(pid) for name, pid in side.pids().items()}


def _memory_of(pid: int) -> float:
    return round(sum(_pss(p) for p in _family(pid)) / 1024, 0)


def _family(pid: int) -> list[int]:
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(p for child in children for p in _family(int(child)))]


def _pss(pid: int) -> int:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("Pss:"))


def machine() -> dict[str, object]:
    """On what it was measured."""
    return {
        "host": socket.gethostname(),
        "cores": os.cpu_count(),
        "load": [round(x, 1) for x in os.getloadavg()],
        "commit": subprocess.run(["git", "rev-parse", "--short", "HEAD"], cwd=ROOT, capture_output=True, text=True).stdout.strip(),
    }


def median(figures: Sequence[float]) -> float:
    return statistics.median(figures)


def _seconds_of(talk: Talk, turn: int) -> float:
    began = time.perf_counter()
    talk.say(turn)
    return time.perf_counter() - began
