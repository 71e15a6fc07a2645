"""A case's append-only history."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.tables import Case, CaseEvent
from desk.db.events import announce


def record(
    session: Session, case: Case, now: datetime, who: str, what: str, detail: dict[str, Any], source_message_id: str | None
) -> bool:
    """Add an event; False when this message has already caused it (a repeated action)."""
    if source_message_id is not None and _known(session, case, what, source_message_id):
        return False
    session.add(CaseEvent(case_id=case.id, at=now, who=who, what=what, detail=detail, source_message_id=source_message_id))
    announce(session, "cases", str(case.id))
    return True


def history_of(session: Session, case: Case) -> Sequence[CaseEvent]:
    return session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)).all()


def _known(session: Session, case: Case, what: str, source_message_id: str) -> bool:
    found = session.scalar(
        select(CaseEvent.id).where(
            CaseEvent.case_id == case.id, CaseEvent.what == what, CaseEvent.source_message_id == source_message_id
        )
    )
    return found is not None
