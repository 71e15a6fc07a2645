"""Errors as people at a terminal want them: one line, and an exit code."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import NoReturn

import typer

FAILED, WRONG_USE, INTERRUPTED = 1, 2, 130


def fail(message: str, code: int = FAILED) -> NoReturn:
    """End with a message on standard error."""
    typer.echo(f"fubb: {message}", err=True)
    raise typer.Exit(code)


@contextmanager
def told_in_one_line() -> Iterator[None]:
    """Turn the errors we know into a message and an exit code: 2 for wrong settings, 1 for the rest."""
    from desk.errors import DeskError
    from desk.settings import WrongSettings
    from desk.supervisor.checks import CannotStart
    from desk.training import NotSetUp, TrainingFailed

    try:
        yield
    except WrongSettings as error:
        fail(str(error), WRONG_USE)
    except DeskError as error:
        fail(error.title)
    except (CannotStart, NotSetUp) as error:
        fail(str(error))
    except TrainingFailed as error:
        fail(f"the training failed. {error}")
