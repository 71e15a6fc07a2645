"""Calls: offering times that agents have free, and promising one."""

from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.duty import agent_hours
from desk.cases.history import record
from desk.cases.rules import NextStep, step_after_agent
from desk.cases.tables import Case
from desk.db.events import announce
from desk.followups.phrases import parse_time
from desk.followups.service import set_next_step
from desk.followups.slots import Slot, free_slots, nearest_slots, slot_at
from desk.followups.tables import Followup

CALL = timedelta(minutes=30)


def offered_slots(session: Session, now: datetime, language: str, count: int = 3) -> list[Slot]:
    """Free times for a call with somebody who speaks the customer's language, spread over the coming days."""
    return free_slots(now, agent_hours(session, language), taken_slots(session, now), count=count)


def find_slot(session: Session, words: str, language: str, timezone: str, now: datetime) -> tuple[Slot | None, list[Slot]]:
    """The free slot that the words mean, if it is one; else the nearest free ones to offer."""
    agents, taken = agent_hours(session, language), taken_slots(session, now)
    reading = parse_time(words, language, now, timezone)
    if reading is None:
        return None, free_slots(now, agents, taken, count=3)
    if reading.exact:
        slot = slot_at(now, agents, taken, reading.start)
        return slot, [] if slot else nearest_slots(now, agents, taken, reading.start, count=3)
    within = [s for s in nearest_slots(now, agents, taken, reading.start, count=3) if reading.start <= s.start < reading.end]
    return None, within or nearest_slots(now, agents, taken, reading.start, count=3)


def promise_call(session: Session, case: Case, slot: Slot, now: datetime, message_id: str) -> Followup:
    """Promise the customer a call in this slot: from now on the one next step of the case. Idempotent on the message."""
    known = session.scalar(
        select(Followup).where(Followup.case_id == case.id, Followup.source_message_id == message_id, Followup.kind == "call")
    )
    if known is not None:
        return known
    followup = set_next_step(
        session, case, NextStep("call", slot.start, "agent", "call the customer, as promised"), now,
        who="customer", promised=True, agent_id=slot.agent_id, ends_at=slot.end,
        source_message_id=message_id, promise_of_old="moved",
    )  # fmt: skip
    record(session, case, now, "bot", "call_promised", {"at": slot.start.isoformat()}, message_id)
    announce(session, "followups", str(case.id))
    return followup


def call_off(session: Session, case: Case, now: datetime, message_id: str, check_in_days: int) -> bool:
    """The customer wants no call after all: he releases us from a promised one, and the bot asks him instead."""
    pending = session.scalar(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending"))
    if pending is None or pending.kind != "call":
        return False
    if record(session, case, now, "customer", "call_called_off", {"at": pending.due_at.isoformat()}, message_id):
        set_next_step(session, case, step_after_agent("he called the call off", check_in_days, now), now, who="customer")
    return True


def taken_slots(session: Session, now: datetime) -> list[tuple[int, datetime, datetime]]:
    """When agents are booked for calls."""
    pending = session.scalars(
        select(Followup).where(
            Followup.state == "pending", Followup.kind == "call", Followup.owner == "agent", Followup.due_at > now - CALL
        )
    )
    return [(f.owner_agent_id, f.due_at, f.ends_at or f.due_at + CALL) for f in pending if f.owner_agent_id is not None]
