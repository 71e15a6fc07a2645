"""The lead's board: who waits how long, which promises are about to break, how the team stands."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.alerts.service import alerts_to_act_on
from desk.alerts.tables import Alert
from desk.cases.tables import Case
from desk.console.pages_followups import Item, items
from desk.console.reading import Overview, overviews
from desk.conversations.tables import Conversation
from desk.followups.tables import Followup
from desk.handoffs.assigning import candidates
from desk.handoffs.assignment import Candidate
from desk.handoffs.tables import Handoff

SOON = timedelta(hours=2)
LONGEST = 200
MOST_ALERTS = 20


@dataclass(frozen=True)
class Member:
    """An agent on the board."""

    agent: Agent
    stands: Candidate
    furious: int

    @property
    def held(self) -> int:
        return len(self.stands.moods)


@dataclass(frozen=True)
class Raised:
    """An alert with what it is about."""

    alert: Alert
    agent: Agent | None
    case: Case | None


@dataclass(frozen=True)
class Board:
    """All that the lead sees at a glance."""

    alerts: list[Raised]
    more_alerts: int
    waiting: list[Overview]
    held: list[Overview]
    promises: list[Item]
    team: list[Member]


def read_board(session: Session, lead: Agent, now: datetime) -> Board:
    queued = (
        select(Conversation)
        .join(Handoff, (Handoff.conversation_id == Conversation.id) & (Handoff.state == "queued"))
        .where(Conversation.holder == "queue")
        .order_by(Handoff.answer_by)
        .limit(LONGEST)
    )
    held = (
        select(Conversation)
        .where(Conversation.holder == "agent")
        .order_by(Conversation.awaiting_since.is_(None), Conversation.awaiting_since)
        .limit(LONGEST)
    )
    waiting, with_agents = session.scalars(queued).all(), session.scalars(held).all()
    found = {o.conversation.id: o for o in overviews(session, [*waiting, *with_agents])}
    promised = (
        select(Followup)
        .where(Followup.state == "pending", Followup.promise == "open", Followup.due_at <= now + SOON)
        .order_by(Followup.due_at)
        .limit(LONGEST)
    )
    agents = {a.id: a for a in session.scalars(select(Agent).where(Agent.active).order_by(Agent.name))}
    stands = {c.agent_id: c for c in candidates(session, now)}
    raised = alerts_to_act_on(session, lead, now)
    return Board(
        alerts=[
            Raised(a, agents.get(a.detail.get("agent") or 0), session.get(Case, a.case_id) if a.case_id else None)
            for a in raised[:MOST_ALERTS]
        ],
        more_alerts=len(raised[MOST_ALERTS:]),
        waiting=[found[c.id] for c in waiting],
        held=[found[c.id] for c in with_agents],
        promises=items(session, list(session.scalars(promised)), lead),
        team=[Member(a, stands[i], stands[i].moods.count("furious")) for i, a in agents.items()],
    )
