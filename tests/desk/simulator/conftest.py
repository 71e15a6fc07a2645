"""A simulated Telegram, and its page."""

import pytest
from starlette.testclient import TestClient

from desk.simulator.page import simulator
from desk.simulator.telegram import FakeTelegram


@pytest.fixture
def fake() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def client(fake: FakeTelegram) -> TestClient:
    return TestClient(simulator(fake))
