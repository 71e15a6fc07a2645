"""The command line, as a program: exit codes, JSON, one-line errors."""

import json
import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from desk.settings import ROOT

pytestmark = pytest.mark.timeout(180)


@pytest.fixture
def fubb(tmp_path: Path) -> "Fubb":
    return Fubb(tmp_path)


class Fubb:
    """Runs `fubb` with a data folder of its own."""

    def __init__(self, data_dir: Path) -> None:
        self.data_dir = data_dir

    def __call__(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        environment = {n: v for n, v in os.environ.items() if not n.startswith("FUBB_")}
        environment |= {"FUBB_DATA_DIR": str(self.data_dir), "NO_COLOR": "1", "COLUMNS": "120", **settings}
        command = [sys.executable, "-c", "from desk.cli import app; app()", *arguments]
        return subprocess.run(command, capture_output=True, text=True, env=environment, cwd=ROOT, timeout=120, check=False)


def test_help_names_every_command(fubb: Fubb) -> None:
    help_text = fubb("--help").stdout
    for command in ("up", "train", "check", "import", "doctor", "understand", "settings", "agent"):
        assert f" {command} " in help_text


def test_agent_is_added_listed_and_given_a_new_password(fubb: Fubb) -> None:
    added = fubb("agent", "add", "maja", "--name", "Maja Berg", "--languages", "en,sv", "--lead", "--json")
    assert added.returncode == 0, added.stderr
    maja = json.loads(added.stdout)
    assert sorted(maja) == ["login", "password", "token"]
    listed = json.loads(fubb("agent", "list", "--json").stdout)
    assert listed["agents"] == [{"login": "maja", "name": "Maja Berg", "role": "lead", "languages": ["en", "sv"], "active": True}]
    changed = json.loads(fubb("agent", "password", "maja", "--json").stdout)
    assert changed["login"] == "maja"
    assert changed["password"] != maja["password"]


def test_wrong_agents_are_refused_in_one_line(fubb: Fubb) -> None:
    refused = fubb("agent", "add", "maja", "--name", "Maja", "--languages", "en,de")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr == "fubb: Languages are en, sv, nb, fi, not de.\n"
    assert fubb("agent", "password", "nobody").stderr == "fubb: There is no agent with the login nobody.\n"


def test_wrong_settings_end_with_code_2(fubb: Fubb) -> None:
    for command in (("up",), ("agent", "list"), ("doctor",)):
        ended = fubb(*command, FUBB_PROT="8001")
        assert ended.returncode == 2
        assert ended.stderr == "fubb: unknown setting: FUBB_PROT (docs/settings.md lists them all)\n"


def test_unreachable_database_is_told_in_one_line(fubb: Fubb) -> None:
    ended = fubb("agent", "list", FUBB_DATABASE_URL="postgresql://nobody@127.0.0.1:1/none")
    assert ended.returncode == 1
    assert "the database does not answer (FUBB_DATABASE_URL" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_doctor_names_a_port_that_another_program_uses(fubb: Fubb) -> None:
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        door.listen()
        port = door.getsockname()[1]
        ended = fubb("doctor", "--json", FUBB_PORT=str(port))
    found = {f["name"]: f for f in json.loads(ended.stdout)["findings"]}
    assert ended.returncode == 1
    assert found["port of the desk"] == {
        "name": "port of the desk",
        "ok": False,
        "found": f"{port} is taken by another program: set FUBB_PORT.",
    }
    assert found["python"]["ok"]
    assert found["clock"]["ok"]
    assert found["data folder"]["ok"]


def test_settings_prints_the_page(fubb: Fubb) -> None:
    assert fubb("settings").stdout == (ROOT / "docs" / "settings.md").read_text(encoding="utf-8")


def test_figures_are_printed_for_people_programs_and_spreadsheets(fubb: Fubb) -> None:
    names = ("rules.yml", "products.csv", "customers.csv", "orders.csv", "order_lines.csv")
    assert fubb("import", *(f"data/shop/{name}" for name in names)).returncode == 0
    data = json.loads(fubb("report", "figures", "--json").stdout)
    assert data["period"]["kind"] == "month"
    assert data["currency"] == "SEK"
    assert data["one_percent"]["customers"] > 0
    assert data["one_percent"]["low"] <= data["one_percent"]["middle"] <= data["one_percent"]["high"]
    assert data["promises"] == {"kept": 0, "broken": 0, "rate": None, "weeks": {}, "owners": {}}
    file = fubb("report", "figures", "--csv", "--period", "week", "--day", "2026-11-18").stdout
    assert file.startswith("figure,of,value,count,total,low,high\nperiod,2026-W47,")
    assert "Promises kept: none (0 of 0)" in fubb("report", "figures").stdout


def test_a_period_that_is_none_ends_with_code_2(fubb: Fubb) -> None:
    for wrong in (
        ("--period", "year"),
        ("--day", "soon"),
        ("--from", "2026-11-02", "--to", "2026-11-01"),
        ("--from", "2026-11-02"),
    ):
        ended = fubb("report", "figures", *wrong)
        assert (ended.returncode, ended.stdout) == (2, "")
        assert ended.stderr.startswith("fubb: ")
        assert "Traceback" not in ended.stderr


def test_import_of_a_missing_file_says_so(fubb: Fubb) -> None:
    ended = fubb("import", "nowhere.csv")
    assert (ended.returncode, ended.stderr) == (2, "fubb: there is no file nowhere.csv\n")


def test_import_takes_the_demo_shop(fubb: Fubb) -> None:
    names = ("rules.yml", "products.csv", "customers.csv", "orders.csv", "order_lines.csv")
    ended = fubb("import", "--json", *(f"data/shop/{name}" for name in names))
    assert ended.returncode == 0, ended.stderr
    assert all(report["added"] + report["changed"] for report in json.loads(ended.stdout)["files"])
