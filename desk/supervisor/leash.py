"""Become another program that the system ends (SIGKILL) when the process that started it dies (on Linux).

A program of its own, because what runs between fork and exec in a process with threads may hang.
Usage: leash.py PARENT-PID COMMAND ...
"""

import os
import signal
import sys

PR_SET_PDEATHSIG = 1


def leashed(command: list[str]) -> list[str]:
    """The same command, ended by the system when this process dies."""
    return [sys.executable, "-I", "-S", __file__, str(os.getpid()), *command]


def main(parent: int, command: list[str]) -> None:
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        if os.getppid() != parent:  # it died before the leash was on
            return
    os.execvp(command[0], command)  # noqa: S606 (no shell wanted)


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2:])
