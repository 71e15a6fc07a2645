"""Many follow-ups due at once: taken together, each as if it were alone."""

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from desk.agents.tables import Agent
from desk.alerts.service import alerts_for
from desk.cases.tables import Case
from desk.followups.contacts import held_back
from desk.followups.tables import Contact, Followup, FollowupPlan
from tests.conftest import NOW
from tests.desk.crowd import Wanted, add_crowd
from tests.desk.worker.conftest import Bench


def crowd(bench: Bench, wanted: Sequence[Wanted]) -> None:
    with bench.database.writing() as session:
        add_crowd(session, wanted, NOW)


def test_each_is_said_once_and_followed_by_its_next_step(bench: Bench) -> None:
    crowd(bench, [Wanted(customer=n, due_at=NOW, ended=n % 3 == 0) for n in range(120)])
    while bench.watch().step(NOW):
        pass
    with bench.database.reading() as session:
        said = select(func.count(), func.count(Contact.followup_id.distinct()), func.count(Contact.message_id.distinct()))
        assert tuple(session.execute(said).one()) == (120, 120, 120)
        pending = session.scalars(select(Followup).where(Followup.state == "pending")).all()
        assert len({f.case_id for f in pending}) == len(pending) == 120
        named = session.scalars(select(Case.next_followup_id).where(Case.next_followup_id.is_not(None))).all()
        assert set(named) == {f.id for f in pending if f.purpose != "last_word"}
        assert len(named) == 80


def test_the_weekly_budget_counts_what_was_said_in_the_same_moment(bench: Bench) -> None:
    crowd(bench, [Wanted(customer=0, due_at=NOW) for _ in range(5)])
    bench.watch().step(NOW)
    with bench.database.reading() as session:
        said = session.scalar(select(func.count()).where(Contact.held_because.is_(None)))
        held = held_back(session, NOW - timedelta(days=1))
    assert said == bench.settings.contacts_per_week == 3
    assert [c.held_because for c in held] == ["budget", "budget"]


@pytest.mark.parametrize("place", [0, 2, 4])
def test_one_that_fails_is_put_aside_told_to_the_lead_and_does_not_stop_the_rest(bench: Bench, place: int) -> None:
    crowd(bench, [Wanted(customer=n, due_at=NOW + timedelta(seconds=n)) for n in range(5)])
    with bench.database.writing() as session:
        damaged = FollowupPlan(kind="fault", version=2, plan={}, made_at=NOW)
        session.add(damaged)
        session.flush()
        case = session.scalars(select(Case).order_by(Case.id).offset(place).limit(1)).one()
        case.plan_id = damaged.id
    now = bench.clock.pass_(minutes=1)
    bench.watch().step(now)
    with bench.database.reading() as session:
        assert session.scalar(select(func.count(Contact.id))) == 4
        lead = session.scalars(select(Agent).where(Agent.login == "siv")).one()
        assert [a.kind for a in alerts_for(session, lead)] == ["followup_failed"]
    assert bench.watch().step(now) == 0, "it is not tried at every look"
    with bench.database.writing() as session:  # the plan is mended
        session.get_one(FollowupPlan, damaged.id).plan = session.scalars(
            select(FollowupPlan.plan).where(FollowupPlan.version == 1)
        ).one()
    bench.watch().step(bench.clock.pass_(minutes=16))
    with bench.database.reading() as session:
        assert session.scalar(select(func.count(Contact.id))) == 5
