"""What must be so before anything is started, each with a message that says what to do."""

import errno
import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from desk.settings import Settings


class CannotStart(Exception):
    """The message says why, and what to change."""


@contextmanager
def only_one(data_dir: Path) -> Iterator[None]:
    """Hold the data folder for this process. Raises CannotStart when another one holds it."""
    try:
        data_dir.mkdir(parents=True, exist_ok=True)
        path = data_dir / "fubb.lock"
        file = path.open("a+", encoding="utf-8")
    except OSError as error:
        raise CannotStart(f"The data folder {data_dir} cannot be written ({error.strerror}): set FUBB_DATA_DIR.") from error
    with file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            other = file.read().strip() or "?"
            raise CannotStart(
                f"Fubb already runs on {data_dir} (process {other}): end that one, or set FUBB_DATA_DIR to another folder."
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield


def refuse_taken_ports(settings: Settings) -> None:
    """Raise CannotStart naming every port that is in use, and the setting that changes it."""
    wanted = (
        (settings.host, settings.port, "FUBB_PORT"),
        ("127.0.0.1", settings.rasa_port, "FUBB_RASA_PORT"),
        ("127.0.0.1", settings.actions_port, "FUBB_ACTIONS_PORT"),
    )
    problems = []
    for host, port, name in wanted:
        if same := [other for _, number, other in wanted if number == port and other != name]:
            problems.append(f"{name} and {same[0]} are both {port}.")
        elif problem := port_problem(host, port):
            problems.append(f"Port {port} ({name}) {problem}: set {name} to another one, for example {name}={port + 1}.")
    if problems:
        raise CannotStart("\n".join(dict.fromkeys(problems)))


def port_problem(host: str, port: int) -> str | None:
    """Why we cannot listen there, or None."""
    try:
        family = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0][0]
        with socket.socket(family, socket.SOCK_STREAM) as door:
            door.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            door.bind((host, port))
            door.listen(1)
    except PermissionError:
        return "may not be used by this user"
    except OSError as error:
        taken = error.errno == errno.EADDRINUSE
        return "is taken by another program" if taken else f"on {host} cannot be used ({error.strerror or error})"
    return None


def free_port() -> int:
    """A port that nobody uses at this moment."""
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        return int(door.getsockname()[1])
