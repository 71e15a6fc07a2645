"""What is checked before anything is started."""

import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from desk.settings import Settings
from desk.supervisor.checks import CannotStart, free_port, only_one, port_problem, refuse_taken_ports


@pytest.fixture
def taken_port() -> Iterator[int]:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        yield door.getsockname()[1]


def test_second_start_on_the_same_data_folder_is_refused(tmp_path: Path) -> None:
    with only_one(tmp_path):
        with pytest.raises(CannotStart, match=rf"already runs on .* \(process {os.getpid()}\)"), only_one(tmp_path):
            pass
        with only_one(tmp_path / "another"):
            pass
    with only_one(tmp_path):
        pass


def test_data_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotStart, match="FUBB_DATA_DIR"), only_one(tmp_path / "file" / "var"):
        pass


def test_taken_port_is_named_with_its_setting(taken_port: int) -> None:
    settings = Settings(port=free_port(), rasa_port=taken_port, actions_port=free_port())
    with pytest.raises(CannotStart, match=rf"^Port {taken_port} \(FUBB_RASA_PORT\) is taken by another program: set FUBB_RASA"):
        refuse_taken_ports(settings)


def test_same_port_twice_is_refused() -> None:
    port = free_port()
    with pytest.raises(CannotStart, match=f"are both {port}"):
        refuse_taken_ports(Settings(port=port, rasa_port=port, actions_port=free_port()))


def test_free_ports_pass() -> None:
    refuse_taken_ports(Settings(port=free_port(), rasa_port=free_port(), actions_port=free_port()))


def test_host_that_is_not_ours_is_told() -> None:
    assert port_problem("192.0.2.1", 8000) is not None
