"""Keeps a set of programs running until it is told to end, and then ends them all within five seconds."""

import asyncio
import signal
import sys
import time
from collections.abc import Awaitable, Callable

from desk.supervisor.child import Child
from desk.supervisor.program import Program

LOOK_EVERY = 0.1
STILL_WAITING = 30.0


class Supervisor:
    """Runs programs until SIGINT, SIGTERM or SIGHUP comes; ends them with itself, whatever the reason."""

    def __init__(self, say: Callable[[str, str], None] | None = None) -> None:
        self.children: list[Child] = []
        self._say = say or print_line
        self._end = asyncio.Event()
        self._keeping: list[asyncio.Task[None]] = []

    def start(self, program: Program) -> None:
        """Start a program and keep it running."""
        child = Child(program, self._say)
        self.children.append(child)
        self._keeping.append(asyncio.create_task(child.keep_running()))

    async def run(
        self,
        start_all: Callable[[], Awaitable[None]],
        is_ready: Callable[[], Awaitable[bool]],
        when_ready: Callable[[float], None],
    ) -> None:
        """Let `start_all` start the programs, tell once when all of them answer, keep them running until a signal comes.

        What `start_all` raises ends everything and is raised again.
        """
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            loop.add_signal_handler(number, self._asked_to_end)
        ending = asyncio.create_task(self._end.wait())
        starting = asyncio.create_task(self._start_and_tell(start_all, is_ready, when_ready))
        try:
            await asyncio.wait((ending, starting), return_when=asyncio.FIRST_COMPLETED)
            if starting.done():
                starting.result()  # an error of start_all
            await self._end.wait()
        finally:
            starting.cancel()
            await self._end_all()

    def _asked_to_end(self) -> None:
        if self._end.is_set():  # asked twice: now
            for child in self.children:
                child.signal(signal.SIGKILL)
        self._end.set()

    async def _end_all(self) -> None:
        self._say("fubb", "Ending ...")
        await asyncio.gather(*(child.end() for child in self.children))
        if self._keeping:
            await asyncio.wait(self._keeping, timeout=1.2)

    async def _start_and_tell(
        self,
        start_all: Callable[[], Awaitable[None]],
        is_ready: Callable[[], Awaitable[bool]],
        when_ready: Callable[[float], None],
    ) -> None:
        started = last_said = time.monotonic()
        await start_all()
        while not await is_ready():
            if time.monotonic() - last_said > STILL_WAITING:
                last_said = time.monotonic()
                self._say("fubb", f"Still starting after {last_said - started:.0f} s (`fubb up --verbose` shows what is done).")
            await asyncio.sleep(LOOK_EVERY)
        when_ready(time.monotonic() - started)


def print_line(name: str, line: str) -> None:
    """Print a line of a program's log with the program's name before it."""
    try:
        print(f"[{name}] {line}" if name != "fubb" else line, flush=True)
    except (BrokenPipeError, ValueError):  # nobody reads any more: go on without
        sys.stdout = open("/dev/null", "w")  # noqa: SIM115
