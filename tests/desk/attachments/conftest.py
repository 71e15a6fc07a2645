"""A worker, for what it says to a picture."""

from tests.desk.worker.conftest import bench

__all__ = ["bench"]
