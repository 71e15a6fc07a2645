"""What the three programs are told."""

from pathlib import Path

from desk.settings import ROOT, Settings
from desk.supervisor.child import Child
from desk.supervisor.program import Program
from desk.supervisor.programs import NOISE, shared_environment, tracker_url


def test_programs_are_told_every_setting_resolved(tmp_path: Path) -> None:
    settings = Settings(port=8123, data_dir=tmp_path, demo=True, notice_after=2.5)
    told = shared_environment(settings, "shared", verbose=False)
    assert told["FUBB_PORT"] == "8123"
    assert told["FUBB_RASA_PORT"] == "5005"
    assert told["FUBB_DATA_DIR"] == str(tmp_path)
    assert told["FUBB_DEMO"] == "true"
    assert told["FUBB_NOTICE_AFTER"] == "2.5"
    assert told["FUBB_SECRET"] == "shared"
    assert told["FUBB_ACTIONS_URL"] == "http://127.0.0.1:5055/webhook"
    assert told["FUBB_TRACKER_URL"] == f"sqlite:///{tmp_path}/rasa.sqlite"
    assert told["FUBB_LOG_LEVEL"] == "WARNING"
    assert told["PYTHONPATH"].split(":")[0] == str(ROOT)


def test_a_child_reads_back_the_settings_it_was_told(tmp_path: Path) -> None:
    settings = Settings(port=8123, data_dir=tmp_path, demo=True, database_url="postgresql://u:p%40ss@db/fubb")
    told = shared_environment(settings, "shared", verbose=True)
    fields = {name: told[f"FUBB_{name.upper()}"] for name in settings.model_fields_set}
    assert Settings(**fields) == settings


def test_rasa_uses_our_postgresql_in_its_own_spelling() -> None:
    settings = Settings(database_url="postgresql://fubb:s%40cret@db.example:5433/fubb")
    assert tracker_url(settings) == "postgresql://fubb:s%40cret@db.example:5433/fubb"


def test_noise_is_dropped_with_its_second_line_and_nothing_else() -> None:
    said: list[str] = []
    child = Child(Program("rasa", ("true",), ROOT, noise=NOISE), lambda name, line: said.append(line))
    lines = (
        "/x/site-packages/y.py:12: DeprecationWarning: old",
        "  import old",
        "Traceback (most recent call last):",
        '  File "bot/nlu/x.py", line 3, in learn',
        "ValueError: no",
    )
    for line in lines:
        child._show(line.encode())
    assert said == list(lines[2:])
