"""Settings are read once, loudly."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from desk.cli.settings_table import settings_page
from desk.secrets import load_or_make_secret
from desk.settings import ROOT, Settings, WrongSettings


@pytest.fixture(autouse=True)
def _no_settings_of_this_machine(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    import os

    for name in [n for n in os.environ if n.startswith("FUBB_")]:
        monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)


def test_the_page_of_settings_is_up_to_date() -> None:
    assert (ROOT / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page(), "fubb settings > docs/settings.md"


def test_every_setting_has_a_meaning() -> None:
    assert [name for name, field in Settings.model_fields.items() if not field.description] == []


def test_environment_wins_over_the_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("FUBB_PORT=8001\nFUBB_RASA_PORT=5006\nOTHER=x\n")
    monkeypatch.setenv("FUBB_PORT", "8002")
    settings = Settings.load()
    assert (settings.port, settings.rasa_port) == (8002, 5006)


@pytest.mark.parametrize("in_file", [True, False])
def test_a_misspelt_setting_stops_the_start(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, in_file: bool) -> None:
    if in_file:
        (tmp_path / ".env").write_text("FUBB_PROT=1\n")
    else:
        monkeypatch.setenv("FUBB_PROT", "1")
    with pytest.raises(WrongSettings, match="FUBB_PROT"):
        Settings.load()


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("FUBB_PORT", "eighty"),
        ("FUBB_PORT", "70000"),
        ("FUBB_LEASE", "0"),
        ("FUBB_DATABASE_URL", "mysql://db"),
        ("FUBB_SHOP_TIMEZONE", "Stockholm"),
        ("FUBB_DEMO", "perhaps"),
    ],
)
def test_a_wrong_value_stops_the_start_and_names_the_setting(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings, match=name):
        Settings.load()


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FUBB_PORT", "x")
    monkeypatch.setenv("FUBB_LEASE", "y")
    with pytest.raises(WrongSettings, match=r"FUBB_PORT.*FUBB_LEASE"):
        Settings.load()


def test_settings_are_frozen() -> None:
    with pytest.raises(ValidationError):
        Settings().port = 1  # type: ignore[misc]


def test_secrets_are_not_printed() -> None:
    assert "hunter2" not in repr(Settings(secret="hunter2"))


def test_the_shared_secret_is_made_once_and_private(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "var")
    secret = load_or_make_secret(settings)
    assert len(secret) == 43
    assert load_or_make_secret(settings) == secret
    assert (tmp_path / "var" / "secret").stat().st_mode & 0o777 == 0o600
    assert [p.name for p in (tmp_path / "var").iterdir()] == ["secret"]


def test_a_given_secret_is_used(tmp_path: Path) -> None:
    assert load_or_make_secret(Settings(secret="given", data_dir=tmp_path)) == "given"
    assert list(tmp_path.iterdir()) == []
