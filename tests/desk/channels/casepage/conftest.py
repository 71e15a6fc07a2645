"""The desk's own app, as in the tests of the console."""

from tests.desk.console.conftest import app, cast, client, clock, nobody, parts

__all__ = ["app", "cast", "client", "clock", "nobody", "parts"]
