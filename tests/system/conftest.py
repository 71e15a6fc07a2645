"""One real stack for all system tests of a run: Rasa takes its time to start. SYSTEM_DATABASE=postgresql: on PostgreSQL."""

import contextlib
import os
from collections.abc import Iterator

import pytest

from tests.conftest import POSTGRES
from tests.system.stack import Stack, empty_postgres, running


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """Rasa, actions and desk. The tests take processes away for long: nobody is handed to people for that."""
    with contextlib.ExitStack() as ends:
        on_postgres = os.environ.get("SYSTEM_DATABASE") == "postgresql"
        url = ends.enter_context(empty_postgres(POSTGRES)) if on_postgres else ""
        yield ends.enter_context(running(tmp_path_factory.mktemp("stack"), url, handoff_after=1800.0, sessions_per_minute=10_000))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    """A failed test shows the ends of the three logs."""
    report = yield
    stack = getattr(item, "funcargs", {}).get("stack")
    if report.failed and isinstance(stack, Stack):
        report.sections.append(("logs of rasa, actions and desk", stack.logs()))
    return report
