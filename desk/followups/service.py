"""Follow-ups: setting the next step of a case, doing it, and what becomes of promises."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.history import record
from desk.cases.rules import NextStep, step_after_agent, step_after_decision
from desk.cases.tables import Case
from desk.conversations.tables import Conversation
from desk.customers.tables import Customer
from desk.db.base import new_id
from desk.db.events import announce
from desk.errors import Conflict, NotFound, WrongInput
from desk.followups.contacts import new_contact
from desk.followups.ladder import step_after_call
from desk.followups.plan_store import plan_of
from desk.followups.rules import kept_until
from desk.followups.tables import Followup


def set_next_step(
    session: Session,
    case: Case,
    step: NextStep,
    now: datetime,
    *,
    who: str,
    promised: bool = False,
    agent_id: int | None = None,
    ends_at: datetime | None = None,
    source_message_id: str | None = None,
    promise_of_old: str = "released",
) -> Followup:
    """Make `step` the one next follow-up of an open case; the one before it is cancelled, if still pending.

    `promise_of_old` is what becomes of the old one's promise: "moved" with the customer's consent, or "released".
    """
    cancel_pending(session, case, now, promise_of_old)
    followup = put_next_step(
        session,
        case,
        step,
        now,
        who=who,
        promised=promised,
        agent_id=agent_id,
        ends_at=ends_at,
        source_message_id=source_message_id,
    )
    session.flush()
    return followup


def put_next_step(
    session: Session,
    case: Case,
    step: NextStep,
    now: datetime,
    *,
    who: str,
    promised: bool = False,
    agent_id: int | None = None,
    ends_at: datetime | None = None,
    source_message_id: str | None = None,
) -> Followup:
    """As `set_next_step`, once the step before is settled and that is flushed; whoever calls flushes this one."""
    followup = Followup(
        id=new_id(),
        case_id=case.id,
        kind=step.kind,
        state="pending",
        owner="agent" if agent_id else step.owner,
        owner_agent_id=agent_id,
        due_at=step.due_at,
        ends_at=ends_at,
        promise="open" if promised else "none",
        note=step.note,
        purpose=step.purpose,
        tries=step.tries,
        source_message_id=source_message_id,
        created_at=now,
    )
    session.add(followup)
    case.next_followup_id, case.next_followup_state = followup.id, "pending"
    record(
        session, case, now, who, "followup_set",
        {"kind": step.kind, "due_at": step.due_at.isoformat(), "promised": promised}, None,
    )  # fmt: skip
    announce(session, "followups", str(case.id))
    return followup


def cancel_pending(session: Session, case: Case, now: datetime, promise: str = "released") -> None:
    """Cancel the pending follow-up of a case, if there is one. The case names another, or is closed, before the commit."""
    pending = session.scalar(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending"))
    if pending is not None:
        pending.state = "cancelled"
        if pending.promise == "open":
            pending.promise = promise
        pending.done_at = now
        session.flush()


def finish(
    session: Session,
    followup: Followup,
    now: datetime,
    outcome: str,
    next_step: NextStep,
    *,
    who: str,
    agent: Agent | None = None,
) -> Followup:
    """Mark a pending follow-up done and set the case's next one. A promise done in time is kept."""
    settle_done(session, followup, now, outcome, agent)
    case = session.get_one(Case, followup.case_id)
    record(session, case, now, who, "followup_done", {"kind": followup.kind, "outcome": outcome}, None)
    return set_next_step(session, case, next_step, now, who=who)


def settle_done(session: Session, followup: Followup, now: datetime, outcome: str, agent: Agent | None = None) -> None:
    """Write down that a follow-up was done, by whom and how; whoever calls sets the next step or closes the case."""
    followup.state = "done"
    followup.done_at = now
    followup.done_by_id = agent.id if agent else None
    followup.outcome = outcome
    if followup.promise == "open":
        followup.promise = "kept" if now <= kept_until(followup.kind, followup.due_at, followup.ends_at) else "broken"
        if followup.promise == "broken":
            detail = {"due_at": followup.due_at.isoformat(), "late": True}
            record(session, session.get_one(Case, followup.case_id), now, "desk", "promise_broken", detail, None)
    announce(session, "followups", str(followup.case_id))


def mark_done(
    session: Session,
    agent: Agent,
    followup_id: str,
    outcome: str,
    now: datetime,
    check_in_days: int = 1,
    *,
    reached: bool = True,
    timezone: str = "Europe/Stockholm",
) -> Followup:
    """An agent has done a follow-up. The customer has the last word: the bot's check-in is the next step.

    Not `reached`: the call was made, and is followed by what the plan says. `timezone`: of a customer who is not known.
    """
    outcome = outcome.strip()
    if not outcome:
        raise WrongInput("Say in a few words how it went.")
    followup = session.scalar(select(Followup).where(Followup.id == followup_id).with_for_update())
    if followup is None:
        raise NotFound("There is no such follow-up.")
    if followup.state != "pending":
        if followup.state == "done" and followup.done_by_id == agent.id and followup.outcome == outcome:
            return followup
        raise Conflict("This follow-up is no longer pending.")
    case = session.get_one(Case, followup.case_id)
    if not case.is_open:
        raise Conflict("This case is closed. The bot does what is left by itself.")
    if followup.kind == "call":
        conversation = session.get_one(Conversation, case.conversation_id)
        session.add(new_contact(conversation, case, now, "agent", "call", followup))
    if followup.kind == "call" and not reached:
        zone = timezone_of(session, case, timezone)
        step = step_after_call(plan_of(session, case, now), followup.purpose, now, zone, followup.tries)
    elif followup.purpose == "decide_suggestion":
        case.state = "waiting_for_word"
        step = step_after_decision(now)
    else:
        case.state = "waiting_for_word"
        step = step_after_agent(outcome, check_in_days, now)
    finish(session, followup, now, outcome, step, who=agent.login, agent=agent)
    return followup


def timezone_of(session: Session, case: Case, otherwise: str) -> str:
    """The customer's time zone; of one who is not known the shop's."""
    customer = session.get(Customer, case.customer_id) if case.customer_id else None
    return customer.timezone if customer else otherwise


def due_followups(session: Session, due_before: datetime, limit: int, after: str | None = None) -> Sequence[Followup]:
    """Pending follow-ups due before a moment, soonest first; `after` is the cursor of the page before."""
    query = select(Followup).where(Followup.state == "pending", Followup.due_at < due_before)
    if after:
        due, _, identifier = after.partition("~")
        moment = datetime.fromisoformat(due)
        query = query.where((Followup.due_at > moment) | ((Followup.due_at == moment) & (Followup.id > identifier)))
    return session.scalars(query.order_by(Followup.due_at, Followup.id).limit(limit)).all()
