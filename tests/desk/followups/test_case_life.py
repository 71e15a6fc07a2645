"""A case's life in every order of events that Hypothesis thinks of: I1, I2, I6, I7 and I8 hold in every state it reaches.

FUBB_TEST_SEQUENCES says how many sequences are played on each database, new ones at every run: 2,000 on both in a usual one.
"""

import os

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.desk.followups.life import CaseLife
from tests.desk.followups.snapshots import Snapshots

SEQUENCES = int(os.environ.get("FUBB_TEST_SEQUENCES", "1000"))
STEPS = 8
"""After a beginning that is many steps itself."""


def play(snapshots: Snapshots, sequences: int, **more: object) -> None:
    if getattr(CaseLife, "snapshots", None) is not snapshots:
        CaseLife.database, CaseLife.snapshots, CaseLife.made = snapshots.database, snapshots, {}
    run_state_machine_as_test(
        CaseLife,
        settings=settings(
            max_examples=sequences,
            stateful_step_count=STEPS,
            deadline=None,
            suppress_health_check=list(HealthCheck),
            **{"print_blob": True, **more},  # type: ignore[arg-type]
        ),
    )


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_a_cases_life(snapshots: Snapshots) -> None:
    play(snapshots, SEQUENCES)
