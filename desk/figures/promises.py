"""Figures of the promises: kept and broken, by whose promise it was and by week."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.figures.periods import monday_of
from desk.followups.rules import Kept, count_kept
from desk.followups.tables import Followup

BOT, TEAM = "Fubb, the bot", "The team"


@dataclass(frozen=True)
class Promised:
    """Kept and broken: of all, by week, and of each owner, by week too. Owners by name, the bot and the team last."""

    all: Kept
    by_week: dict[date, Kept]
    by_owner: dict[str, Kept]
    by_owner_and_week: dict[tuple[str, date], Kept]


def promises_in(session: Session, since: datetime, until: datetime, timezone: str) -> Promised:
    """The promises that came due in this time and have ended."""
    names = {a.id: a.name for a in session.scalars(select(Agent))}
    due = select(Followup.owner, Followup.owner_agent_id, Followup.due_at, Followup.promise).where(
        Followup.promise.in_(("kept", "broken")), Followup.due_at >= since, Followup.due_at < until
    )
    found: dict[tuple[str, date], list[str]] = {}
    for owner, agent_id, due_at, promise in session.execute(due):
        whose = names[agent_id] if agent_id is not None else BOT if owner == "bot" else TEAM
        found.setdefault((whose, monday_of(due_at, timezone)), []).append(promise)
    owners = sorted({whose for whose, _ in found}, key=lambda name: (name in (BOT, TEAM), name))
    weeks = sorted({week for _, week in found})
    return Promised(
        all=_count(found.values()),
        by_week={w: _count(states for (_, week), states in found.items() if week == w) for w in weeks},
        by_owner={o: _count(states for (whose, _), states in found.items() if whose == o) for o in owners},
        by_owner_and_week={key: count_kept(states) for key, states in found.items()},
    )


def _count(found: Iterable[list[str]]) -> Kept:
    return count_kept(state for states in found for state in states)
