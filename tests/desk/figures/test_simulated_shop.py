"""A small simulated shop: what always holds holds at its end, and every figure counted again by hand is the same.

The full one: `python -m tests.simulation --customers 1000 --days 90`.
"""

from datetime import UTC, date, datetime

import pytest

from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.settings import Settings
from tests.simulation.agreement import differences
from tests.simulation.checks import problems_of
from tests.simulation.raw import Rows, copy_rows, read_rows
from tests.simulation.shop import simulate

SEED = 7
LAST = date(2026, 11, 18)
END = datetime(2026, 11, 18, 23, 0, tzinfo=UTC)
SETTINGS = Settings(secret="simulated", retention_days=20)  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def rows(tmp_path_factory: pytest.TempPathFactory) -> Rows:
    folder = tmp_path_factory.mktemp("shop")
    database = Database(f"sqlite:///{folder / 'fubb.sqlite'}")
    create_schema(database)
    simulate(database, folder, SEED, customers=60, end=END, days=30, bustle=6)
    found = read_rows(database)
    database.dispose()
    return found


@pytest.mark.timeout(600)
def test_what_always_holds_holds_over_the_simulated_shop(rows: Rows) -> None:
    assert problems_of(rows, SETTINGS, END) == []
    # and there was enough of everything for it to mean something
    assert len(rows["cases"]) >= 40
    assert {c["state"] for c in rows["cases"]} >= {"satisfied"}
    assert {f["promise"] for f in rows["followups"]} >= {"kept", "broken", "none"}
    assert {s["state"] for s in rows["surveys"]} >= {"asked", "rated"}
    assert any(c["held_because"] for c in rows["contacts"])
    assert any(s["words"] for s in rows["surveys"])
    assert any(s["recommend"] is not None for s in rows["surveys"])


@pytest.mark.timeout(600)
def test_every_figure_is_the_same_when_counted_by_hand(database: Database, rows: Rows) -> None:
    copy_rows(rows, database)
    for first, last in (
        (date(2026, 10, 20), LAST),
        (date(2026, 11, 9), date(2026, 11, 15)),
        (date(2026, 10, 1), date(2026, 12, 31)),
    ):
        found, compared = differences(database, rows, first, last, END, SETTINGS)
        assert found == []
        assert compared > 100


@pytest.mark.timeout(600)
def test_counting_by_hand_notices_a_wrong_row(database: Database, rows: Rows) -> None:
    copy_rows(rows, database)
    kept = next(n for n, f in enumerate(rows["followups"]) if f["promise"] == "kept")
    forged = rows | {"followups": [f | {"promise": "broken"} if n == kept else f for n, f in enumerate(rows["followups"])]}
    found, _ = differences(database, forged, date(2026, 10, 20), LAST, END, SETTINGS)
    assert any(line.startswith("/promises") for line in found)
