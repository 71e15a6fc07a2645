"""One program kept running: started, its output prefixed, started again when it dies, ended with all it started."""

import asyncio
import contextlib
import os
import signal
import subprocess
import time
from collections.abc import Callable

from desk.supervisor.leash import leashed
from desk.supervisor.program import Program
from desk.supervisor.rules import next_wait

PATIENCE = 2.5
"""Seconds a program has to end by itself before it is killed."""
_LONGEST_LINE = 10_000


class Child:
    """A program and its present process. `keep_running()` returns only after `end()`."""

    def __init__(self, program: Program, say: Callable[[str, str], None]) -> None:
        self.program = program
        self._say = say
        self._in_noise = False
        self._process: subprocess.Popen[bytes] | None = None
        self._exited = asyncio.Event()
        self._ending = asyncio.Event()

    async def keep_running(self) -> None:
        """Start it, and again whenever it ends, waiting longer each time that it did not live long."""
        wait: float | None = None
        while not self._ending.is_set():
            started = time.monotonic()
            how = await self._run_once()
            if self._ending.is_set():
                return
            wait = next_wait(wait, time.monotonic() - started)
            self._say("fubb", f"{self.program.name} {how}; starting it again in {wait:.1f} s.")
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._ending.wait(), wait)

    async def end(self) -> None:
        """End the process and all of its group: politely, then by force after PATIENCE."""
        self._ending.set()
        if self._process is None:
            return
        self.signal(signal.SIGTERM)
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._exited.wait(), PATIENCE)
        self.signal(signal.SIGKILL)

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the process and what it started (its group outlives it if they do)."""
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.killpg(self._process.pid, number)

    async def _run_once(self) -> str:
        """Run it to its end; says how it ended."""
        # Not asyncio's own subprocess: its wait() waits for the pipe too, which a grandchild may hold open for ever.
        self._exited.clear()
        try:
            self._process = process = subprocess.Popen(  # noqa: S603, ASYNC220 (our own command; a fork takes a millisecond)
                leashed(list(self.program.command)),
                cwd=self.program.folder,
                env={**os.environ, **self.program.environment},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                process_group=0,  # Ctrl-C in the terminal reaches only us
            )
        except OSError as error:
            return f"could not be started ({error})"
        reading = asyncio.create_task(self._pass_on(process))
        code = await asyncio.to_thread(process.wait)
        self._exited.set()
        self.signal(signal.SIGKILL)  # whatever it had started: the new one needs its port
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(reading, 1)
        return f"was killed by {signal.Signals(-code).name}" if code < 0 else f"ended with code {code}"

    async def _pass_on(self, process: subprocess.Popen[bytes]) -> None:
        """Say each line it prints; a line without an end is said in parts."""
        reader = asyncio.StreamReader()
        transport, _ = await asyncio.get_running_loop().connect_read_pipe(
            lambda: asyncio.StreamReaderProtocol(reader), process.stdout
        )
        rest = b""
        try:
            while chunk := await reader.read(65_536):
                *lines, rest = (rest + chunk).split(b"\n")
                if len(rest) > _LONGEST_LINE:
                    lines, rest = [*lines, rest], b""
                for line in lines:
                    self._show(line)
            if rest:
                self._show(rest)
        finally:
            transport.close()

    def _show(self, printed: bytes) -> None:
        line, noise = printed.decode(errors="replace"), self.program.noise
        self._in_noise = noise is not None and (bool(noise.search(line)) or (self._in_noise and line.startswith("  ")))
        if not self._in_noise:
            self._say(self.program.name, line)
