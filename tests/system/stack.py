"""The real thing: rasa, actions and desk as three processes, to be killed, stopped and started again.

What is run is what `fubb up` runs. Start it from a thread that lives on: the processes die with the one that started them.
"""

import contextlib
import http.client
import os
import random
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from sqlalchemy import create_engine, make_url, text

from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.secrets import load_or_make_secret
from desk.settings import Settings
from desk.supervisor.checks import port_problem
from desk.supervisor.programs import Program, all_programs
from desk.training import fitting_model, leashed

NAMES = ("rasa", "actions", "desk")
LONGEST_START = 180.0
TAIL = 60
"""Lines of each log shown when something went wrong."""


class StackFailed(AssertionError):
    """A process did not do its part; the message holds the ends of the logs."""


class Stack:
    """Three processes on ports of their own over one data folder. `with running(folder) as stack: ...`"""

    def __init__(self, folder: Path, database_url: str = "", model: Path | None = None, **settings: object) -> None:
        rasa, actions, desk = free_ports(3)
        self.settings = Settings(
            data_dir=folder / "var", port=desk, rasa_port=rasa, actions_port=actions,
            database_url=database_url, **{"demo": True, **settings},
        )  # fmt: skip
        programs = all_programs(self.settings, load_or_make_secret(self.settings), model or the_model(), verbose=False)
        self.database = Database(self.settings.url)
        self.port = desk
        self._programs: dict[str, Program] = {p.name: p for p in programs}
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._logs: dict[str, BinaryIO] = {}
        self._folder = folder

    def start(self, name: str) -> None:
        """Start it, as the supervisor does: with its own process group, ended by the system when we die."""
        program = self._programs[name]
        if name not in self._logs:
            self._logs[name] = self._log_of(name).open("ab")
        self._processes[name] = subprocess.Popen(
            leashed(list(program.command)), cwd=program.folder, env={**os.environ, **program.environment},
            stdin=subprocess.DEVNULL, stdout=self._logs[name], stderr=subprocess.STDOUT, process_group=0,
        )  # fmt: skip

    def kill(self, name: str) -> None:
        """kill -9, whole group; returns when it is dead."""
        self.signal(name, signal.SIGKILL)
        self._processes[name].wait()

    def restart(self, name: str) -> None:
        """kill -9, and start anew at once."""
        self.kill(name)
        self.start(name)

    def signal(self, name: str, number: signal.Signals) -> None:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self._processes[name].pid, number)

    def pid(self, name: str) -> int:
        return self._processes[name].pid

    def is_ready(self) -> bool:
        """Whether the desk says that every part answers."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=3)
        try:
            connection.request("GET", "/readyz")
            return connection.getresponse().status == 200
        except (OSError, http.client.HTTPException):
            return False
        finally:
            connection.close()

    def wait_ready(self) -> float:
        """Wait until every part answers; the seconds it took. Raises StackFailed when one has ended or none comes up."""
        started = time.monotonic()
        while not self.is_ready():
            ended = [name for name, process in self._processes.items() if process.poll() is not None]
            if ended or time.monotonic() - started > LONGEST_START:
                raise StackFailed(f"{', '.join(ended) or 'the stack'} did not come up.\n{self.logs()}")
            time.sleep(0.1)
        return time.monotonic() - started

    def logs(self) -> str:
        """The ends of the three logs."""
        ends = []
        for name in NAMES:
            path = self._log_of(name)
            lines = path.read_text(errors="replace").splitlines()[-TAIL:] if path.exists() else []
            ends.append(f"--- {name} ({path})\n" + "\n".join(lines))
        return "\n".join(ends)

    def end(self) -> None:
        """End all three, and let go of the files."""
        for name in self._processes:
            self.signal(name, signal.SIGCONT)
            self.kill(name)
        for log in self._logs.values():
            log.close()
        self.database.dispose()

    def _log_of(self, name: str) -> Path:
        return self._folder / f"{name}.log"


@contextlib.contextmanager
def running(folder: Path, database_url: str = "", model: Path | None = None, **settings: object) -> Iterator[Stack]:
    """A stack that is ready; ended with the block, and its logs shown when the block fails."""
    stack = Stack(folder, database_url, model, **settings)
    try:
        stack.start("rasa")
        create_schema(stack.database)
        stack.start("actions")
        stack.start("desk")
        stack.wait_ready()
        yield stack
    finally:
        stack.end()


def the_model() -> Path:
    """The model that fits, or the one that FUBB_TEST_MODEL names. Raises StackFailed."""
    named = os.environ.get("FUBB_TEST_MODEL")
    model = Path(named).resolve() if named else fitting_model()
    if model is None:
        raise StackFailed("There is no model that fits the present data: `fubb train` makes it.")
    return model


def free_ports(count: int) -> list[int]:
    """Ports that nobody uses, below those that the system gives to outgoing connections: a killed process gets its own back."""
    start = random.SystemRandom().randrange(23_000, 31_000)
    found: list[int] = []
    while len(found) < count:
        if port_problem("127.0.0.1", start) is None:
            found.append(start)
        start += 1
    return found


@contextlib.contextmanager
def empty_postgres(server: str, which: str = "system") -> Iterator[str]:
    """Address of a new, empty database on that PostgreSQL server, dropped at the end."""
    name = f"fubb_{which}_{os.getpid()}"
    admin = create_engine(server, isolation_level="AUTOCOMMIT")
    try:
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
            connection.execute(text(f'CREATE DATABASE "{name}"'))
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
        with admin.connect() as connection:
            connection.execute(text(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)'))
    finally:
        admin.dispose()
