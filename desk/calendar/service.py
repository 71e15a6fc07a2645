"""An agent's calls: for the day and week page, and for a private feed under an address that can be revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.passwords import hash_token, new_token
from desk.agents.tables import Agent
from desk.audit.service import audit
from desk.cases.tables import Case
from desk.customers.tables import Customer
from desk.errors import NotFound
from desk.followups.calls import CALL
from desk.followups.tables import Followup

MOST = 500


@dataclass(frozen=True)
class Call:
    """A call in an agent's calendar."""

    followup: Followup
    case: Case
    customer: Customer | None

    @property
    def ends_at(self) -> datetime:
        return self.followup.ends_at or self.followup.due_at + CALL


def calls_of(session: Session, agent: Agent, begin: datetime, end: datetime) -> Sequence[Call]:
    """The agent's calls that begin between two moments, made or still to be made, in order of time."""
    found = session.execute(
        select(Followup, Case, Customer)
        .join(Case, Case.id == Followup.case_id)
        .outerjoin(Customer, Customer.id == Case.customer_id)
        .where(
            Followup.kind == "call", Followup.owner_agent_id == agent.id, Followup.state != "cancelled",
            Followup.due_at >= begin, Followup.due_at < end,
        )
        .order_by(Followup.due_at, Followup.id)
        .limit(MOST)
    )  # fmt: skip
    return [Call(followup, case, customer) for followup, case, customer in found]


def open_feed(session: Session, agent: Agent, now: datetime) -> str:
    """A new secret for the feed's address, shown once; the address before it does not work any more."""
    secret = new_token()
    session.get_one(Agent, agent.id).calendar_hash = hash_token(secret)
    audit(session, agent, "calendar_opened", f"agent:{agent.login}", now)
    return secret


def revoke_feed(session: Session, agent: Agent, now: datetime) -> None:
    """The feed's address does not work any more."""
    session.get_one(Agent, agent.id).calendar_hash = None
    audit(session, agent, "calendar_revoked", f"agent:{agent.login}", now)


def agent_of_feed(session: Session, secret: str) -> Agent:
    """Whose feed this is; raises NotFound."""
    agent = session.scalar(select(Agent).where(Agent.calendar_hash == hash_token(secret), Agent.active))
    if agent is None:
        raise NotFound("There is no such calendar.")
    return agent
