"""Follow-ups at their time: what the bot asks is said when it may be, a call or task is put before its owner."""

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.orm import Session

from desk.alerts.service import tell
from desk.cases.history import record
from desk.cases.rules import NextStep
from desk.cases.tables import Case
from desk.conversations.tables import Conversation
from desk.db.events import announce
from desk.followups.contacts import note_held, verdict_on
from desk.followups.rules import TRY_AGAIN_AFTER
from desk.followups.saying import Due, Spoken, read_what_matters, say, write_down
from desk.followups.service import set_next_step
from desk.followups.tables import Followup
from desk.followups.unreachable import leave_unreachable_to_people
from desk.settings import Settings
from desk.words import Words

BY_THE_BOT = ("check_in", "survey")


def is_due(now: datetime) -> ColumnElement[bool]:
    not_held = or_(Followup.hold_until.is_(None), Followup.hold_until <= now)
    return and_(Followup.state == "pending", Followup.due_at <= now, Followup.delivered_at.is_(None), not_held)


def due_ids(session: Session, now: datetime, limit: int) -> list[str]:
    """The follow-ups that are longest due and not delivered yet."""
    return list(session.scalars(select(Followup.id).where(is_due(now)).order_by(Followup.due_at, Followup.id).limit(limit)))


def deliver_due_followups(
    session: Session, now: datetime, words: Words, settings: Settings, limit: int = 1, only: str | None = None
) -> int:
    """Deliver the follow-ups that are longest due and not delivered yet, at most `limit` (or the one); how many there were.

    1. Claim them with their cases and conversations (locked; others skip them), then their customers, in a fixed order.
    2. Read what matters for all of them; decide one by one, each knowing what was said to his customer before it.
    3. What the bot says: when it may be said now, say it and set the next step; else move it to when it may.
    4. A call or task: it is now before its owner (`delivered_at`), the console shows it as due.
    """
    claim = (
        select(Followup, Case, Conversation)
        .join(Case, Case.id == Followup.case_id)
        .join(Conversation, Conversation.id == Case.conversation_id)
        .where(is_due(now), *([Followup.id == only] if only else []))
        .order_by(Followup.due_at, Followup.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .execution_options(populate_existing=True)
    )
    claimed = [Due(*row) for row in session.execute(claim)]
    matters = read_what_matters(session, claimed, now)
    spoken: list[Spoken] = []
    for_people: list[Callable[[], None]] = []  # they read and write as they go: after what is said at once
    for due in claimed:
        followup, case, conversation = due.followup, due.case, due.conversation
        if followup.kind not in BY_THE_BOT:
            followup.delivered_at = now
            record(session, case, now, "desk", "followup_due", {"kind": followup.kind}, None)
            announce(session, "followups", str(case.id))
        elif conversation.holder != "bot":
            for_people.append(lambda due=due: _leave_to_people(session, due, now))  # type: ignore[misc]
        else:
            customer, owed = matters.customer_of(case), followup.promise == "open"
            verdict = verdict_on(conversation, customer, matters.said, now, settings, owed=owed)
            where = matters.where(due)
            if not verdict.allowed:
                note_held(session, conversation, case, followup, now, verdict.why, verdict.until)
                if verdict.until is not None:
                    followup.due_at = verdict.until
                else:
                    for_people.append(lambda due=due: _leave_opted_out(session, due, now))  # type: ignore[misc]
            elif not matters.reach.arrives(where):
                for_people.append(lambda due=due: _leave_unreachable(session, due, now))  # type: ignore[misc]
            else:
                spoken.append(say(session, due, where, matters, now, words))
    write_down(session, spoken, matters, now, settings)
    for leave in for_people:
        leave()
    return len(claimed)


def put_aside(session: Session, followup_id: str, now: datetime, why: str) -> None:
    """This one cannot be delivered: it is tried again later, the lead is told, and the others are not held up by it."""
    followup = session.scalar(select(Followup).where(Followup.id == followup_id).with_for_update())
    if followup is None or followup.state != "pending":
        return
    followup.hold_until = now + TRY_AGAIN_AFTER
    case = session.get_one(Case, followup.case_id)
    detail = {"case": case.number, "followup": followup.id, "what": followup.kind, "why": why[:200]}
    if tell(session, f"failed:{followup.id}", "followup_failed", now, detail, case_id=case.id):
        record(session, case, now, "desk", "followup_failed", {"kind": followup.kind}, None)


def _leave_to_people(session: Session, due: Due, now: datetime) -> None:
    """Only the holder speaks: whoever holds the conversation asks how it went. What comes after the end waits a day."""
    followup, case, conversation = due.followup, due.case, due.conversation
    if not case.is_open:
        followup.due_at = now + timedelta(days=1)
        note_held(session, conversation, case, followup, now, "person_talks", followup.due_at)
        return
    step = NextStep("task", now + timedelta(hours=4), "team", "ask the customer how it went (you hold the conversation)", "ask")
    set_next_step(session, case, step, now, who="desk", agent_id=conversation.agent_id)


def _leave_opted_out(session: Session, due: Due, now: datetime) -> None:
    """He wants no messages: a person decides how to follow up. What comes after the end is dropped."""
    if due.case.is_open:
        note = "he wants no messages: decide how to follow up"
        set_next_step(session, due.case, NextStep("call", now + timedelta(days=1), "team", note, "opted_out"), now, who="desk")
    else:
        _drop(due.followup, now, "he wants no messages")


def _leave_unreachable(session: Session, due: Due, now: datetime) -> None:
    if due.case.is_open:
        leave_unreachable_to_people(session, due.conversation.id, "the chat is blocked or gone", now)
    else:
        _drop(due.followup, now, "he cannot be reached any more")


def _drop(followup: Followup, now: datetime, why: str) -> None:
    followup.state, followup.done_at, followup.outcome = "cancelled", now, why
