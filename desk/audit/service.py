"""The audit trail: written with the deed, in its transaction."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.audit.tables import AuditEntry

SEEN_AGAIN = timedelta(minutes=30)
"""Looking at a conversation within this time is one look."""


def audit(session: Session, agent: Agent | None, what: str, about: str, now: datetime, **detail: Any) -> None:
    """Write down a deed; of a change what was `before` and is `after`, where they differ."""
    if isinstance(detail.get("before"), dict) and isinstance(detail.get("after"), dict):
        before, after = detail["before"], detail["after"]
        changed = {k for k in before.keys() | after.keys() if before.get(k) != after.get(k)}
        if not changed:
            return
        detail = {"before": {k: before.get(k) for k in sorted(changed)}, "after": {k: after.get(k) for k in sorted(changed)}}
    session.add(AuditEntry(at=now, agent_id=agent.id if agent else None, what=what, about=about, detail=detail))
    session.flush()


def audit_look(session: Session, agent: Agent, about: str, now: datetime) -> None:
    """Write down that he looked at it, unless he just did."""
    recent = select(AuditEntry.id).where(
        AuditEntry.about == about, AuditEntry.what == "seen", AuditEntry.agent_id == agent.id, AuditEntry.at > now - SEEN_AGAIN
    )
    if session.scalar(recent.limit(1)) is None:
        audit(session, agent, "seen", about, now)


def has_looked(session: Session, agent: Agent, about: str, now: datetime) -> bool:
    """Whether his look is on record already: then nothing need be written."""
    recent = select(AuditEntry.id).where(
        AuditEntry.about == about, AuditEntry.what == "seen", AuditEntry.agent_id == agent.id, AuditEntry.at > now - SEEN_AGAIN
    )
    return session.scalar(recent.limit(1)) is not None


def trail(session: Session, before: int | None, limit: int, about: str = "") -> Sequence[tuple[AuditEntry, Agent | None]]:
    """Entries with who did it, the newest first; one more than `limit` when there are more."""
    query = select(AuditEntry, Agent).outerjoin(Agent, Agent.id == AuditEntry.agent_id)
    if before is not None:
        query = query.where(AuditEntry.id < before)
    if about:
        query = query.where(AuditEntry.about == about)
    return [(e, a) for e, a in session.execute(query.order_by(AuditEntry.id.desc()).limit(limit + 1))]
