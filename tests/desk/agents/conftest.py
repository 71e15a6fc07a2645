"""Cheap passwords for tests that are not about their cost."""

import pytest
from argon2 import PasswordHasher

from desk.agents import passwords


@pytest.fixture(autouse=True)
def cheap_passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """New hashes take a millisecond instead of a quarter of a second, except in a test of that cost."""
    if "real_cost" not in request.node.name:
        monkeypatch.setattr(passwords, "_HASHER", PasswordHasher(time_cost=1, memory_cost=8, parallelism=1))
