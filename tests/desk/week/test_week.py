"""The week in view: nobody is forgotten, lapsed first, and it comes on Monday at seven whatever the clock does."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from desk.alerts.tables import Alert
from desk.cases.service import confirm_solved
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.followups.service import mark_done
from desk.settings import Settings
from desk.week.monday import write_the_week_if_it_has_begun
from desk.week.report import as_data, as_text, closing_line
from desk.week.rules import week_begins, week_name
from desk.week.service import read_week
from tests.conftest import NOW
from tests.desk.cast import gather, hand_off, heard_last, promise_call, smelling_tv, talk

SHOP = "Europe/Stockholm"
MONDAY = datetime.fromisoformat("2026-11-23T07:00+01:00")


@given(now=st.datetimes(datetime(2026, 1, 1), datetime(2030, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_week_begins_on_monday_at_seven_by_the_shops_clock(now: datetime) -> None:
    begins = week_begins(now, SHOP)
    local = begins.astimezone(ZoneInfo(SHOP))
    assert (local.weekday(), local.hour, local.minute) == (0, 7, 0)
    assert begins <= now < begins + timedelta(days=7, hours=1)
    assert week_begins(begins, SHOP) == begins
    assert week_name(begins, SHOP).startswith(("2025", "2026", "2027", "2028", "2029", "2030"))


def test_every_open_case_is_there_with_its_next_step_lapsed_ones_first(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        tv = smelling_tv(session, cast)
        promise_call(session, tv, cast.anna, NOW + timedelta(hours=3))
        hand_off(session, talk(session, "I want to talk to a person"))
    with database.reading() as session:
        week = read_week(session, None, NOW + timedelta(days=1), SHOP)
        assert (week.open_cases, week.next_steps, len(week.rows)) == (2, 2, 2)
        assert [r.lapsed for r in week.rows] == [True, True]
        assert week.rows[0].customer == "Erik Lund"
        assert closing_line(week) == "Nobody is forgotten: 2 open cases, 2 next steps."
        assert len(week.waiting) == 1
        assert week.waiting[0].late
        mikko = read_week(session, cast.mikko, NOW, SHOP)
        assert [r.owner for r in mikko.rows] == ["the team"]  # Anna's call is hers
        text = as_text(week, SHOP)
    assert tv.number in text
    assert "LAPSED promised" in text
    data = json.loads(json.dumps(as_data(week)))
    assert [c["number"] for c in data["cases"]] == [r.case.number for r in week.rows]


def test_promises_and_satisfied_customers_of_the_week_are_counted(database: Database) -> None:
    with database.writing() as session:
        cast = gather(session)
        tv = smelling_tv(session, cast)
        kept = promise_call(session, tv, cast.anna, NOW + timedelta(hours=1))
        mark_done(session, cast.anna, kept.id, "talked", NOW + timedelta(hours=1))
        late = promise_call(session, tv, cast.anna, NOW + timedelta(hours=2))
        mark_done(session, cast.anna, late.id, "talked late", NOW + timedelta(hours=4))
        conversation = session.get_one(Conversation, tv.conversation_id)
        confirm_solved(session, tv, heard_last(session, conversation), NOW + timedelta(hours=5))
    with database.reading() as session:
        week = read_week(session, None, NOW + timedelta(hours=6), SHOP)
        assert (week.kept.kept, week.kept.broken, week.kept.rate) == (1, 1, 0.5)
        assert [(name, k.kept, k.broken) for name, k in week.kept_by_agent] == [("Anna Berg", 1, 1)]
        assert [r.followup.id for r in week.broken] == [late.id]
        assert [c.number for c in week.satisfied] == [tv.number]
        assert (week.open_cases, week.next_steps) == (0, 0)
        nothing = read_week(session, None, NOW + timedelta(days=8), SHOP)
        assert (nothing.satisfied, nothing.broken, nothing.kept.rate) == ([], [], None)


def test_on_monday_at_seven_each_finds_the_week_as_message_and_file_once(database: Database, tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path, secret="s")  # type: ignore[arg-type]
    with database.writing() as session:
        cast = gather(session)
        smelling_tv(session, cast)
    assert write_the_week_if_it_has_begun(database, settings, MONDAY - timedelta(seconds=1)) == 0
    assert write_the_week_if_it_has_begun(database, settings, MONDAY) == 3
    assert write_the_week_if_it_has_begun(database, settings, MONDAY + timedelta(days=2)) == 0
    with database.reading() as session:
        told = session.scalars(select(Alert).where(Alert.kind == "week")).all()
        assert {a.agent_id for a in told} == {cast.anna.id, cast.mikko.id, cast.siv.id}
        assert told[0].detail["line"] == "Nobody is forgotten: 1 open cases, 1 next steps."
    files = sorted(p.name for p in (tmp_path / "reports").iterdir())
    assert files == ["week-2026-W48-anna.md", "week-2026-W48-mikko.md", "week-2026-W48-siv.md"]
    assert write_the_week_if_it_has_begun(database, settings, MONDAY + timedelta(days=9)) == 3
