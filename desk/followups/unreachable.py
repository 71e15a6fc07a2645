"""A customer who cannot be reached on his channel any more: what the bot was to ask him, a person does."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.history import record
from desk.cases.rules import NextStep
from desk.cases.tables import OPEN_STATES, Case
from desk.conversations.tables import Conversation
from desk.customers.reaching import can_be_reached, where_to_write
from desk.customers.tables import Customer
from desk.followups.service import set_next_step
from desk.followups.tables import Followup

WITHIN = timedelta(hours=4)


def leave_unreachable_to_people(session: Session, conversation_id: str, why: str, now: datetime) -> None:
    """Each open case of this conversation whose next step is a message gets a person's task, unless another chat reaches him."""
    open_cases = select(Case).where(Case.conversation_id == conversation_id, Case.state.in_(OPEN_STATES))
    for case in session.scalars(open_cases):
        step = session.get_one(Followup, case.next_followup_id)
        customer = session.get(Customer, case.customer_id) if case.customer_id is not None else None
        elsewhere = where_to_write(session, session.get_one(Conversation, conversation_id), customer)
        if step.kind in ("check_in", "survey") and not can_be_reached(session, elsewhere):
            record(session, case, now, "desk", "unreachable", {"why": why}, None)
            note = f"his messages do not arrive any more ({why}): reach him by phone or e-mail"
            set_next_step(session, case, NextStep("task", now + WITHIN, "team", note), now, who="desk")
