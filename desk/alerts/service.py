"""Alerts: telling an agent or the leads once, showing what is unseen, marking it seen."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.alerts.tables import Alert
from desk.db.events import announce
from desk.errors import NotFound

LEADS = ("lead", "admin")


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
    session.add(Alert(key=key, kind=kind, at=now, agent_id=agent_id, case_id=case_id, detail=detail))
    session.flush()
    announce(session, "alerts", str(agent_id or "leads"))
    return True


def alerts_for(session: Session, agent: Agent, limit: int = 100, unseen_only: bool = False) -> Sequence[Alert]:
    """What this agent was told, the newest first."""
    query = select(Alert).where(_his(agent)).order_by(Alert.id.desc()).limit(limit)
    return session.scalars(query.where(Alert.seen_at.is_(None)) if unseen_only else query).all()


def unseen_count(session: Session, agent: Agent) -> int:
    return session.scalar(select(func.count()).where(_his(agent), Alert.seen_at.is_(None))) or 0


def mark_seen(session: Session, agent: Agent, alert_id: int, now: datetime) -> None:
    """Seen by him. Raises NotFound for what was not told to him."""
    alert = session.scalar(select(Alert).where(Alert.id == alert_id, _his(agent)).with_for_update())
    if alert is None:
        raise NotFound("There is no such message.")
    if alert.seen_at is None:
        alert.seen_at, alert.seen_by_id = now, agent.id


def _his(agent: Agent) -> ColumnElement[bool]:
    mine = Alert.agent_id == agent.id
    return or_(mine, Alert.agent_id.is_(None)) if agent.role in LEADS else mine
