"""Alerts: telling an agent or the leads once, showing what is unseen, marking it seen."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, func, not_, or_, select
from sqlalchemy.orm import Session

from desk.agents.tables import LEADS, Agent
from desk.alerts.tables import Alert
from desk.cases.tables import Case
from desk.db.events import announce
from desk.db.inserting import insert_unless_there
from desk.errors import NotFound

TO_KNOW = ("week", "promise_soon")
"""Kinds of messages that ask nothing of the lead."""
AT_RISK_FOR = timedelta(hours=2)
"""By then a promise at risk is kept, or told of as broken."""


def tell(
    session: Session,
    key: str,
    kind: str,
    now: datetime,
    detail: dict[str, Any],
    *,
    agent_id: int | None = None,
    case_id: int | None = None,
) -> bool:
    """Tell it to this agent, or to the leads; False when it was told before."""
    if session.scalar(select(Alert.id).where(Alert.key == key)) is not None:
        return False
    # Several workers may come to it at once: one of them tells.
    values = {"key": key, "kind": kind, "at": now, "agent_id": agent_id, "case_id": case_id, "detail": detail}
    if not insert_unless_there(session, Alert, values):
        return False
    announce(session, "alerts", str(agent_id or "leads"))
    return True


def alerts_for(
    session: Session, agent: Agent, limit: int = 100, unseen_only: bool = False, before: int | None = None
) -> Sequence[Alert]:
    """What this agent was told, the newest first; from before an alert's id on."""
    query = select(Alert).where(_his(agent)).order_by(Alert.id.desc()).limit(limit)
    if before is not None:
        query = query.where(Alert.id < before)
    return session.scalars(query.where(Alert.seen_at.is_(None)) if unseen_only else query).all()


def unseen_count(session: Session, agent: Agent) -> int:
    return session.scalar(select(func.count()).where(_his(agent), Alert.seen_at.is_(None))) or 0


def find_alert(session: Session, agent: Agent, alert_id: int, *, to_change: bool = False) -> Alert:
    """What he was told under this number. Raises NotFound for what was not told to him."""
    query = select(Alert).where(Alert.id == alert_id, _his(agent))
    known = session.scalar(query.with_for_update() if to_change else query) if 0 < alert_id < 2**31 else None
    if known is None:
        raise NotFound("There is no such message.")
    return known


def mark_seen(session: Session, agent: Agent, alert_id: int, now: datetime) -> Alert:
    """Seen by him. Raises NotFound for what was not told to him."""
    alert = find_alert(session, agent, alert_id, to_change=True)
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by_id = now, agent.id
    return alert


def mark_all_seen(session: Session, agent: Agent, until: int, now: datetime) -> int:
    """All that he was told up to that message is seen by him; how many there were."""
    unseen = session.scalars(select(Alert).where(_his(agent), Alert.seen_at.is_(None), Alert.id <= until).with_for_update()).all()
    for alert in unseen:
        alert.seen_at, alert.seen_by_id = now, agent.id
    return len(unseen)


def alerts_to_act_on(session: Session, lead: Agent, now: datetime) -> Sequence[Alert]:
    """What still wants something of a lead, dangers first, then the newest: not what was only to be known, or is over by now."""
    over = and_(Alert.kind == "promise_at_risk", Alert.at < now - AT_RISK_FOR)
    ended = and_(Case.closed_at.is_not(None), Alert.kind != "pattern")
    query = select(Alert).outerjoin(Case, Case.id == Alert.case_id).where(_his(lead), Alert.seen_at.is_(None))
    query = query.where(Alert.kind.not_in(TO_KNOW), not_(over), or_(Case.id.is_(None), not_(ended)))
    return session.scalars(query.order_by(Alert.kind != "danger", Alert.id.desc())).all()


def _his(agent: Agent) -> ColumnElement[bool]:
    mine = Alert.agent_id == agent.id
    return or_(mine, Alert.agent_id.is_(None)) if agent.role in LEADS else mine
