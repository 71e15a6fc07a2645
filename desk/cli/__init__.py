"""The command `fubb`."""

from desk.cli.main import app

__all__ = ["app"]
