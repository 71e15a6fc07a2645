"""The supervisor over real processes: restart, order of ending, nobody left behind."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

SLEEP = "import time\ntime.sleep(600)"
STUBBORN = "import signal, time\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\ntime.sleep(600)"
WITH_CHILD = f"import subprocess, sys, time\np = subprocess.Popen([sys.executable, '-c', {SLEEP!r}])\n"
WITH_CHILD += "with open('grandchild', 'w') as f: f.write(str(p.pid))\ntime.sleep(600)"

Start = Callable[..., "subprocess.Popen[str]"]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Start a supervisor over programs given as name=code."""
    started: list[subprocess.Popen[str]] = []

    def start(**programs: str) -> subprocess.Popen[str]:
        script = Path(__file__).with_name("run_fakes.py")
        arguments = [f"{name}={code}" for name, code in programs.items()]
        process = subprocess.Popen(
            [sys.executable, str(script), str(tmp_path), *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        started.append(process)
        return process

    yield start
    for process in started:
        process.kill()
        process.communicate()


def pids(folder: Path, name: str) -> list[int]:
    path = folder / f"{name}.pids"
    return [int(line) for line in path.read_text().split()] if path.exists() else []


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except FileNotFoundError:
        return False


def until(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen in time"
        time.sleep(0.02)


def test_a_killed_program_is_started_again(tmp_path: Path, start: Start) -> None:
    start(one=SLEEP, two=SLEEP)
    until(lambda: pids(tmp_path, "one") and pids(tmp_path, "two"))
    os.kill(pids(tmp_path, "one")[0], signal.SIGKILL)
    until(lambda: len(pids(tmp_path, "one")) == 2)
    assert len(pids(tmp_path, "two")) == 1


def test_a_program_that_cannot_live_is_started_ever_less_often(tmp_path: Path, start: Start) -> None:
    process = start(one="raise SystemExit(3)")
    until(lambda: len(pids(tmp_path, "one")) == 4)
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=5)
    waits = [line for line in output.splitlines() if "ended with code 3" in line]
    assert [line.split()[-2] for line in waits][:4] == ["0.2", "0.4", "0.8", "1.6"][: len(waits)]
    assert len(waits) >= 3


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_all_within_five_seconds(tmp_path: Path, start: Start, number: signal.Signals) -> None:
    process = start(polite=SLEEP, stubborn=STUBBORN, parent=WITH_CHILD)
    until(lambda: (tmp_path / "grandchild").exists() and pids(tmp_path, "stubborn") and pids(tmp_path, "polite"))
    time.sleep(0.2)  # the stubborn one needs a moment to become so
    began = time.monotonic()
    process.send_signal(number)
    output, _ = process.communicate(timeout=8)
    assert time.monotonic() - began < 5
    assert process.returncode == 0, output
    everyone = [*pids(tmp_path, "polite"), *pids(tmp_path, "stubborn"), int((tmp_path / "grandchild").read_text())]
    until(lambda: not any(is_alive(pid) for pid in everyone), 2)


def test_a_second_signal_ends_at_once(tmp_path: Path, start: Start) -> None:
    process = start(stubborn=STUBBORN)
    until(lambda: pids(tmp_path, "stubborn"))
    time.sleep(0.3)
    process.send_signal(signal.SIGINT)
    time.sleep(0.3)
    began = time.monotonic()
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=5)
    assert time.monotonic() - began < 2


@pytest.mark.skipif(sys.platform != "linux", reason="the system ends orphans only on Linux")
def test_programs_die_with_a_killed_supervisor(tmp_path: Path, start: Start) -> None:
    process = start(polite=SLEEP, stubborn=STUBBORN)
    until(lambda: pids(tmp_path, "polite") and pids(tmp_path, "stubborn"))
    process.kill()
    process.wait()
    until(lambda: not any(is_alive(pid) for name in ("polite", "stubborn") for pid in pids(tmp_path, name)), 3)


def test_output_carries_the_programs_name(tmp_path: Path, start: Start) -> None:
    long = "x" * 25_000
    process = start(one=f"import sys, time\nprint('hello')\nsys.stdout.write('{long}')\nsys.stdout.flush()\ntime.sleep(600)")
    assert process.stdout is not None
    lines = [process.stdout.readline().rstrip() for _ in range(3)]
    assert "[one] hello" in lines
    process.send_signal(signal.SIGTERM)
    output, _ = process.communicate(timeout=5)
    assert any(line.startswith("[one] xxxxx") for line in (*lines, *output.splitlines()))


def test_whoever_holds_the_port_of_a_dead_program_ends_before_its_restart(tmp_path: Path, start: Start) -> None:
    start(parent=WITH_CHILD)
    until(lambda: (tmp_path / "grandchild").exists() and (tmp_path / "grandchild").read_text())
    grandchild = int((tmp_path / "grandchild").read_text())
    os.kill(pids(tmp_path, "parent")[0], signal.SIGKILL)
    until(lambda: len(pids(tmp_path, "parent")) == 2)
    assert not is_alive(grandchild)


def test_it_says_ready_once_when_all_answer(tmp_path: Path, start: Start) -> None:
    process = start(one=SLEEP)
    assert process.stdout is not None
    assert process.stdout.readline() == "ready\n"
