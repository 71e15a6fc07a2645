"""The machine of a case's life notices a desk that breaks a rule: each is broken on purpose, and must be found."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from hypothesis import Phase
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases import service as cases
from desk.cases.history import record
from desk.cases.tables import Case
from desk.followups import contacts, delivery, promises, saying
from desk.followups.contact_rules import ALLOWED, Verdict, may_speak
from desk.followups.tables import Followup
from desk.worker import watch
from tests.desk.followups.snapshots import Snapshots
from tests.desk.followups.test_case_life import SEQUENCES, play

WITHIN = min(SEQUENCES, 600)
"""Sequences within which a broken rule must be found, of those of a usual run."""
Break = Callable[[pytest.MonkeyPatch], None]


def let_pass(why: str) -> Break:
    """The desk speaks although this stands against it."""

    def judge(*given: Any, **more: Any) -> Verdict:
        verdict = may_speak(*given, **more)
        return ALLOWED if verdict.why == why else verdict

    return lambda patch: patch.setattr(contacts, "may_speak", judge)


def forget_the_next_step(patch: pytest.MonkeyPatch) -> None:
    """I1: after a question nothing comes."""
    patch.setattr(saying, "put_next_step", lambda *given, **more: None)


def close_in_silence(patch: pytest.MonkeyPatch) -> None:
    """I2: what the customer is asked closes the case, as if he had said that he is satisfied."""
    note = delivery.write_down

    def close(session: Any, spoken: Any, *given: Any) -> None:
        note(session, spoken, *given)
        for each in spoken:
            if each.due.case.is_open:
                cases.confirm_solved(session, each.due.case, cases.Heard(each.message.id, "(silence)"), given[1])

    patch.setattr(delivery, "write_down", close)


def apologise_at_every_turn(patch: pytest.MonkeyPatch) -> None:
    """I6."""
    patch.setattr(cases, "_apologise_once", lambda session, case, heard, now: case.kind in cases.APOLOGY_KINDS)


def break_promises_in_silence(patch: pytest.MonkeyPatch) -> None:
    """I8: a missed call is nobody's business."""
    patch.setattr(watch, "break_one_promise", lambda *given: False)


def keep_broken_promises_to_ourselves(patch: pytest.MonkeyPatch) -> None:
    """I8: on record, and the customer does not hear of it."""

    def record_it(session: Session, now: datetime, *_: object) -> bool:
        followup = session.scalars(select(Followup).where(promises.is_broken(now)).limit(1)).first()
        if followup is not None:
            followup.promise = "broken"
            record(session, session.get_one(Case, followup.case_id), now, "desk", "promise_broken", {}, None)
        return followup is not None

    patch.setattr(watch, "break_one_promise", record_it)


BROKEN: dict[str, Break] = {
    "I1: no next step": forget_the_next_step,
    "I2: closed by silence": close_in_silence,
    "I6: an apology at every turn": apologise_at_every_turn,
    "I7: over the budget": let_pass("budget"),
    "I7: in quiet hours": let_pass("quiet_hours"),
    "I7: on a holiday": let_pass("holiday"),
    "I7: against his wish": let_pass("opt_out"),
    "I8: missed in silence": break_promises_in_silence,
    "I8: not told": keep_broken_promises_to_ourselves,
}


@pytest.mark.timeout(600)
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("name", BROKEN)
def test_a_rule_that_is_broken_on_purpose_is_found(snapshots: Snapshots, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    BROKEN[name](monkeypatch)
    with pytest.raises(AssertionError):
        play(snapshots, WITHIN, phases=[Phase.generate], database=None, print_blob=False, report_multiple_bugs=False)
