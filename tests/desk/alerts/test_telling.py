"""An alert is told once, whoever comes to it, and at whatever moment."""

import threading

from sqlalchemy import func, select

from desk.alerts.service import tell
from desk.alerts.tables import Alert
from desk.db.engine import Database
from tests.conftest import NOW


def test_two_workers_at_one_moment_tell_it_once_and_neither_fails(database: Database) -> None:
    told: list[bool] = []
    at_once = threading.Barrier(2)

    def one_worker() -> None:
        at_once.wait()
        with database.writing() as session:
            told.append(tell(session, "week:2026-W38:1", "week", NOW, {"line": "nobody is forgotten"}))

    for _ in range(5):
        workers = [threading.Thread(target=one_worker) for _ in range(2)]
        for worker in workers:
            worker.start()
        for worker in workers:
            worker.join()
        with database.writing() as session:
            assert session.scalar(select(func.count()).select_from(Alert)) == 1
            session.query(Alert).delete()
    assert sorted(told) == [False] * 5 + [True] * 5


def test_what_was_told_before_is_not_told_again(database: Database) -> None:
    with database.writing() as session:
        assert tell(session, "danger:1", "danger", NOW, {})
        assert not tell(session, "danger:1", "danger", NOW, {})
