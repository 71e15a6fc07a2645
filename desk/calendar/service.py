"""An agent's calls: for the day and week page, and as a private iCalendar feed under an address that can be revoked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from icalendar import Alarm, Calendar, Event
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

PAST = timedelta(days=30)
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

    @property
    def title(self) -> str:
        return f"Call {self.customer.name if self.customer else 'a customer'} ({self.case.number})"


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


def feed(session: Session, agent: Agent, now: datetime, address: str) -> bytes:
    """The calls as iCalendar (RFC 5545): no phone numbers, they are in the desk behind the link."""
    calendar = Calendar()
    calendar.add("prodid", "-//Fubb//Calls//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", f"Fubb: calls of {agent.name}")
    calendar.add("refresh-interval", timedelta(minutes=15), parameters={"value": "DURATION"})
    for call in calls_of(session, agent, now - PAST, now + timedelta(days=366)):
        event, followup = Event(), call.followup
        event.add("uid", f"{followup.id}@fubb")
        event.add("dtstamp", max(now, followup.created_at).replace(microsecond=0))
        event.add("dtstart", followup.due_at)
        event.add("dtend", call.ends_at)
        event.add("summary", ("✓ " if followup.state == "done" else "") + call.title)
        event.add("description", f"{call.case.kind.replace('_', ' ').capitalize()}. {followup.note}")
        event.add("url", f"{address}/desk/followups/{followup.id}")
        event.add("status", "CONFIRMED")
        if followup.state == "pending":
            alarm = Alarm()
            alarm.add("action", "DISPLAY")
            alarm.add("description", call.title)
            alarm.add("trigger", timedelta(minutes=-10))
            event.add_component(alarm)
        calendar.add_component(event)
    content: bytes = calendar.to_ical()
    return content
