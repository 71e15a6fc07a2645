"""What agents decide about remedies: within the shop's rules any agent, beyond them a lead."""

from datetime import datetime

from sqlalchemy.orm import Session

from desk.agents.tables import LEADS, Agent
from desk.alerts.service import tell
from desk.cases.history import record
from desk.cases.remedies import COMES_WITH, offers_for, remedies_of, set_unless_promised
from desk.cases.rules import step_after_arranging
from desk.cases.tables import REMEDY_KINDS, Case, Remedy
from desk.errors import Conflict, WrongInput

DECISIONS = ("arrange", "decline", "done")


def decide_remedy(
    session: Session, agent: Agent, case: Case, kind: str, decision: str, now: datetime, check_in_days: int
) -> Remedy:
    """Arrange a remedy, decline it, or mark it done.

    Beyond the rules a lead arranges at once; for anybody else it waits for a lead, who is alerted (`needs_human`).
    Raises WrongInput, Conflict.
    """
    if kind not in REMEDY_KINDS or decision not in DECISIONS:
        raise WrongInput(
            "Remedies are %(remedies)s; one can %(decisions)s.", remedies=", ".join(REMEDY_KINDS), decisions=", ".join(DECISIONS)
        )
    if not case.is_open:
        raise Conflict("This case is closed.")
    known = {r.kind: r for r in remedies_of(session, case)}
    if decision == "arrange":
        return _arrange(session, agent, case, kind, known, now, check_in_days)
    remedy = known.get(kind)
    if remedy is None:
        raise Conflict("No %(remedy)s has been offered in this case.", remedy=kind)
    if decision == "done" and remedy.state != "arranged":
        raise Conflict("Only what was arranged can be done.")
    if decision == "decline" and remedy.state in ("arranged", "done"):
        raise Conflict("It is arranged already. Agree with the customer on something else first.")
    remedy.state, remedy.changed_at = ("done" if decision == "done" else "declined"), now
    session.flush()
    record(session, case, now, agent.login, f"remedy_{remedy.state}", {"kinds": [kind]}, None)
    return remedy


def is_within_rules(session: Session, case: Case, kind: str, now: datetime) -> bool:
    """Whether the shop's rules allow this remedy, if need be with a person's look."""
    return kind in {o.kind for o in offers_for(session, case, now)}


def _arrange(
    session: Session, agent: Agent, case: Case, kind: str, known: dict[str, Remedy], now: datetime, check_in_days: int
) -> Remedy:
    allowed = is_within_rules(session, case, kind, now) or agent.role in LEADS
    if kind in known and known[kind].state in ("arranged", "done"):
        return known[kind]
    kinds = tuple(k for k in COMES_WITH.get(kind, (kind,)))
    for each in kinds:
        if each not in known:
            known[each] = Remedy(case_id=case.id, kind=each, offered_at=now, changed_at=now)
            session.add(known[each])
        if known[each].state not in ("arranged", "done"):
            known[each].state, known[each].changed_at = ("arranged" if allowed else "needs_human"), now
    session.flush()
    if allowed:
        beyond = not is_within_rules(session, case, kind, now)
        record(session, case, now, agent.login, "remedy_arranged", {"kinds": list(kinds), "beyond_rules": beyond}, None)
        case.state = "arranged"
        case.delivered_at = None
        set_unless_promised(session, case, step_after_arranging(check_in_days, now), now)
    else:
        record(session, case, now, agent.login, "approval_asked", {"kinds": list(kinds)}, None)
        told = {"conversation": case.conversation_id, "agent": agent.id, "kinds": list(kinds)}
        tell(session, f"approval_wanted:{case.id}:{kind}:{now.isoformat()}", "approval_wanted", now, told, case_id=case.id)
    return known[kind]
