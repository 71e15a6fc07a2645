"""The bench of the worker's tests: a database and a clock that the test moves."""

from tests.desk.worker.conftest import bench

__all__ = ["bench"]
