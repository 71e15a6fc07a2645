"""Plans and what follows silence."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from desk.cases.tables import KINDS
from desk.followups.ladder import first_step, step_after_call, step_after_delivery, step_after_end, step_after_question
from desk.followups.plan_store import FILE, plans_from_file
from desk.followups.plans import Plan

ZONE = "Europe/Stockholm"
PLANS = plans_from_file(FILE.read_text(encoding="utf-8"))
widening = st.lists(st.integers(1, 60), min_size=1, max_size=6, unique=True).map(sorted)
plans = st.builds(
    lambda ask, again, call, decide: PLANS["fault"].model_copy(
        update={"ask_on_days": ask, "ask_again_after_days": again, "call_after_days": call, "decide_after_days": decide}
    ),
    widening, widening, st.integers(1, 30), st.integers(1, 30),
)  # fmt: skip
moments = st.datetimes(datetime(2026, 1, 1), datetime(2028, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


@given(plan=plans, now=moments, delivered=st.booleans(), late=st.lists(st.integers(0, 5), min_size=14, max_size=14))
def test_silence_leads_to_a_person_in_the_end_and_each_question_comes_after_the_one_before(
    plan: Plan, now: datetime, delivered: bool, late: list[int]
) -> None:
    delivered_at = now if delivered else None
    step = step_after_delivery(plan, now, ZONE) if delivered else None
    asked, tries = now, 0
    while step is None or step.kind == "check_in":
        if step is not None:
            assert step.due_at > asked
            assert step.tries == tries
            asked = step.due_at + timedelta(days=late[tries])
        tries += 1
        assert tries <= 1 + len(plan.ask_on_days if delivered else plan.ask_again_after_days)
        step = step_after_question(plan, tries, delivered_at, asked, ZONE)
    assert (step.kind, step.owner, step.purpose) == ("call", "team", "silent")
    after = step_after_call(plan, step.purpose, step.due_at, ZONE, step.tries)
    assert (after.kind, after.owner, after.purpose) == ("task", "team", "decide")


def test_after_a_delivery_the_bot_asks_on_day_one_seven_and_thirty_across_the_leap_day() -> None:
    plan, came = PLANS["fault"], datetime(2028, 2, 28, 13, 30, tzinfo=ZoneInfo(ZONE))
    first = step_after_delivery(plan, came, ZONE).due_at
    second = step_after_question(plan, 1, came, first, ZONE).due_at
    third = step_after_question(plan, 2, came, second, ZONE).due_at
    said = [m.astimezone(ZoneInfo(ZONE)).strftime("%d.%m. %H:%M") for m in (first, second, third)]
    assert said == ["29.02. 13:30", "06.03. 13:30", "29.03. 13:30"]  # the clock went forward on the 26th


def test_an_idea_is_for_a_person_to_decide() -> None:
    now = datetime(2026, 11, 18, 9, tzinfo=UTC)
    step = first_step(PLANS["suggestion"], "suggestion", "normal", now)
    assert (step.kind, step.purpose, step.due_at) == ("task", "decide_suggestion", now + timedelta(days=5))


def test_a_promised_call_that_nobody_answered_is_made_once_more() -> None:
    now = datetime(2026, 11, 18, 9, tzinfo=UTC)
    again = step_after_call(PLANS["fault"], "", now, ZONE)
    assert (again.kind, again.due_at - now) == ("call", timedelta(days=1))
    assert step_after_call(PLANS["fault"], again.purpose, again.due_at, ZONE, again.tries).purpose == "decide"


def test_after_the_end_come_what_the_plan_says_and_then_nothing() -> None:
    now = datetime(2026, 11, 18, 9, tzinfo=UTC)
    plan = PLANS["fault"].model_copy(update={"survey_after_hours": 3})
    survey = step_after_end(plan, now, "", now, ZONE)
    assert survey is not None
    assert (survey.kind, survey.due_at - now) == ("survey", timedelta(hours=3))
    word = step_after_end(plan, now, "survey", now + timedelta(hours=3), ZONE)
    assert word is not None
    assert (word.purpose, word.due_at - now) == ("last_word", timedelta(days=30))
    assert step_after_end(plan, now, "last_word", now, ZONE) is None
    assert step_after_end(PLANS["suggestion"], now, "", now, ZONE) is None


def test_the_last_word_keeps_its_distance_from_a_survey_that_came_late() -> None:
    ended = datetime(2026, 6, 1, 9, tzinfo=UTC)
    late = ended + timedelta(days=40)
    plan = PLANS["fault"].model_copy(update={"survey_after_hours": 3})
    word = step_after_end(plan, ended, "survey", late, ZONE)
    assert word is not None
    assert word.due_at - late == timedelta(days=30) - timedelta(hours=3)


def test_every_kind_has_a_plan() -> None:
    assert set(PLANS) == set(KINDS)


@pytest.mark.parametrize(
    "wrong",
    [
        {"ask_on_days": [7, 1]},
        {"ask_on_days": []},
        {"ask_again_after_days": [5, 3]},
        {"call_after_days": 0},
        {"first_hours": {"urgent": 5, "high": 4, "normal": 24}},
        {"first_hours": {"urgent": 1, "high": 4}},
        {"survey_after_hours": -1},
        {"colour": "blue"},
    ],
)
def test_a_plan_that_makes_no_sense_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Plan.model_validate({**PLANS["fault"].model_dump(), **wrong})


def test_a_file_with_an_unknown_kind_is_refused() -> None:
    with pytest.raises(ValueError, match="no kind of case called faults"):
        plans_from_file("faults: {call_after_days: 3}")
