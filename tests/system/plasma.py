"""The plasma TV to its end: what the customer says in each language, and when what comes next is due; over the API and in the browser."""

import time
from collections.abc import Collection
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from desk.followups.rules import GRACE
from desk.followups.tables import Followup
from tests.e2e.conftest import Shop

SAYS = {
    "en": ("My new plasma TV smells burnt and makes strange noises!!! Outrageous!", "a new one please", "it still smells", "Quick and kind all the way"),
    "sv": ("Min nya plasma-tv luktar bränt och låter konstigt!!! Skandal!", "en ny, tack", "den luktar fortfarande", "Snabbt och vänligt hela vägen"),
    "nb": ("Den nye plasma-TV-en min lukter svidd og lager rare lyder!!! Skandale!", "en ny, takk", "den lukter fortsatt", "Raskt og vennlig hele veien"),
    "fi": ("Uusi plasma-tv haisee palaneelta ja pitää outoa ääntä!!! Törkeää!", "uusi tilalle, kiitos", "se haisee vieläkin", "Nopeaa ja ystävällistä alusta loppuun"),
}  # fmt: skip
"""He is upset; he chooses; on day 1; of the survey."""
OUTCOME = "Called: another new one has come, no smell."
A_MINUTE = timedelta(minutes=1)


def next_step(shop: Shop, case_id: int) -> Followup:
    """What comes next; after the end of a case too."""
    with shop.stack.database.reading() as session:
        found = select(Followup).where(Followup.case_id == case_id, Followup.state == "pending").order_by(Followup.due_at)
        return session.scalars(found).first() or pytest.fail(f"case {case_id}: nothing comes next")


def when_due(shop: Shop, cases: Collection[int]) -> datetime:
    """When the next step of each is due, and no longer held back."""
    steps = [next_step(shop, case) for case in cases]
    return max(max(step.due_at, step.hold_until or step.due_at) for step in steps) + A_MINUTE


def when_missed(shop: Shop, cases: Collection[int]) -> datetime:
    """When the promised call of each was to be made, and was not."""
    steps = [next_step(shop, case) for case in cases]
    assert {(step.kind, step.promise) for step in steps} == {("call", "open")}
    return max(step.ends_at or step.due_at for step in steps) + GRACE + A_MINUTE


def until_said(shop: Shop, cases: Collection[int]) -> None:
    """Move on until the next step of each is done; what his week's budget holds back comes when that is over."""
    steps = {case: next_step(shop, case).id for case in cases}
    for _ in range(4):
        shop.move_clock_to(when_due(shop, [case for case, step in steps.items() if next_step(shop, case).id == step]))
        for _ in range(20):
            time.sleep(0.2)
            if all(next_step(shop, case).id != step for case, step in steps.items()):
                return
    raise AssertionError("what is due is not said")
