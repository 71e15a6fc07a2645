"""What happens to the goods of a case: collected, delivered. An agent says so; the plan's questions count from the delivery."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.history import record
from desk.cases.remedies import remedies_of
from desk.cases.tables import Case
from desk.errors import Conflict
from desk.followups.ladder import step_after_delivery
from desk.followups.plan_store import plan_of
from desk.followups.service import set_next_step, timezone_of
from desk.followups.tables import Followup

BEFORE_COLLECTION = ("accepted", "arranged", "waiting_for_word")
BEFORE_DELIVERY = (*BEFORE_COLLECTION, "collected")
REPLACED_BY_QUESTIONS = ("", "new", "arranged", "after_agent", "delivered", "decide_remedy")
"""Purposes of steps that a delivery makes needless."""


def may_collect(session: Session, case: Case) -> bool:
    return case.state in BEFORE_COLLECTION and _under_way(session, case)


def may_deliver(session: Session, case: Case) -> bool:
    return case.state in BEFORE_DELIVERY and _under_way(session, case)


def mark_collected(session: Session, case: Case, who: str, now: datetime) -> None:
    """The old goods are with us. Raises Conflict when nothing is to be collected."""
    if not may_collect(session, case):
        raise Conflict("Nothing of this case is waiting to be collected.")
    case.state = "collected"
    record(session, case, now, who, "collected", {}, None)


def mark_delivered(session: Session, case: Case, who: str, now: datetime, timezone: str) -> None:
    """The new goods are with the customer: the bot asks him on the days of the plan. A promised time stays as it is."""
    if not may_deliver(session, case):
        raise Conflict("Nothing of this case is waiting to be delivered.")
    case.state, case.delivered_at = "delivered", now
    for remedy in remedies_of(session, case):
        if remedy.state == "arranged":
            remedy.state, remedy.changed_at = "done", now
    record(session, case, now, who, "delivered", {}, None)
    pending = session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).one()
    if pending.promise == "none" and pending.purpose in REPLACED_BY_QUESTIONS:
        plan = plan_of(session, case, now)
        set_next_step(session, case, step_after_delivery(plan, now, timezone_of(session, case, timezone)), now, who="desk")


def _under_way(session: Session, case: Case) -> bool:
    return any(r.state == "arranged" for r in remedies_of(session, case))
