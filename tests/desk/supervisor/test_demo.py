"""The demo's agent."""

from datetime import timedelta
from pathlib import Path

from desk.agents.logins import log_in
from desk.agents.service import change_password
from desk.db.engine import Database
from desk.settings import Settings
from desk.supervisor.demo import FILE_NAME, DemoLogin, demo_login
from tests.conftest import NOW


def test_demo_login_works_and_stays_the_same(database: Database, tmp_path: Path) -> None:
    first = demo_login(database, tmp_path, NOW)
    assert demo_login(database, tmp_path, NOW + timedelta(days=1)) == first
    assert log_in(database, first.login, first.password or "", "192.0.2.1", NOW, Settings()).login == "demo"
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o777 == 0o600


def test_a_password_changed_by_hand_is_not_shown(database: Database, tmp_path: Path) -> None:
    demo_login(database, tmp_path, NOW)
    with database.writing() as session:
        change_password(session, "demo", "chosen by hand")
    assert demo_login(database, tmp_path, NOW) == DemoLogin("demo", None)


def test_a_lost_or_broken_file_gives_a_new_password(database: Database, tmp_path: Path) -> None:
    first = demo_login(database, tmp_path, NOW)
    (tmp_path / FILE_NAME).write_text("{broken")
    second = demo_login(database, tmp_path, NOW)
    assert second.password != first.password
    assert log_in(database, "demo", second.password or "", "192.0.2.1", NOW, Settings()).login == "demo"
