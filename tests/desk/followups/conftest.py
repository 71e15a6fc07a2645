"""The bench of the worker's tests: a database and a clock that the test moves. States of a database that are put back."""

from collections.abc import Iterator

import pytest

from desk.db.engine import Database
from tests.desk.followups.life import prepare
from tests.desk.followups.snapshots import Snapshots
from tests.desk.worker.conftest import bench

__all__ = ["bench"]


@pytest.fixture
def snapshots(database: Database) -> Iterator[Snapshots]:
    kept = prepare(database)
    yield kept
    kept.forget()
