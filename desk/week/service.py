"""The week in view: every open case with its next step, so that no one is forgotten."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import and_, func, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.tables import OPEN_STATES, Case, CaseEvent
from desk.conversations.tables import Conversation
from desk.customers.tables import Customer
from desk.followups.rules import Kept, count_kept
from desk.followups.tables import Contact, Followup
from desk.handoffs.tables import Handoff
from desk.shop.tables import Product
from desk.surveys.rounds import result_since
from desk.surveys.rules import Result
from desk.week.rules import week_begins, week_name


@dataclass(frozen=True)
class Row:
    """An open case with its next step, or a promise that was broken."""

    case: Case
    followup: Followup
    customer: str
    product: str
    owner: str
    mine: bool
    lapsed: bool


@dataclass(frozen=True)
class Waiting:
    """A customer who waits for a person."""

    conversation_id: str
    case: str
    customer: str
    answer_by: datetime
    late: bool


@dataclass(frozen=True)
class Week:
    """What one agent, or the lead (`agent` None), needs to know of the week."""

    name: str
    begins: datetime
    now: datetime
    agent: Agent | None
    rows: list[Row]
    broken: list[Row]
    waiting: list[Waiting]
    satisfied: list[Case]
    open_cases: int
    next_steps: int
    kept: Kept
    kept_by_agent: list[tuple[str, Kept]]
    surveys: Result
    held_back: int
    customers: dict[int, str] = field(default_factory=dict)

    @property
    def nobody_forgotten(self) -> bool:
        return self.open_cases == self.next_steps

    @property
    def lapsed(self) -> int:
        return sum(row.lapsed for row in self.rows)


def read_week(session: Session, agent: Agent | None, now: datetime, timezone: str) -> Week:
    """The week that `now` lies in, for an agent (his own and the team's) or, with None, for the lead (all)."""
    begins = week_begins(now, timezone)
    rows = session.execute(
        select(Case, Followup).join(Followup, Followup.id == Case.next_followup_id).where(Case.state.in_(OPEN_STATES))
    ).all()
    shown = [(c, f) for c, f in rows if agent is None or f.owner_agent_id == agent.id or f.owner == "team"]
    broken = session.execute(
        select(Case, Followup)
        .join(Followup, Followup.case_id == Case.id)
        .join(CaseEvent, and_(CaseEvent.case_id == Case.id, CaseEvent.what == "promise_broken"))
        .where(Followup.promise == "broken", CaseEvent.at >= begins, Followup.due_at >= begins)
        .distinct()
    ).all()
    his_broken = [(c, f) for c, f in broken if agent is None or agent.id in (f.owner_agent_id, f.done_by_id)]
    satisfied = list(
        session.scalars(select(Case).where(Case.state == "satisfied", Case.closed_at >= begins).order_by(Case.closed_at))
    )
    names = {a.id: a.name for a in session.scalars(select(Agent))}
    cases = [c for c, _ in rows] + [c for c, _ in broken] + satisfied
    customers = _customers(session, cases)
    products = _products(session, cases)

    def row(case: Case, followup: Followup) -> Row:
        return Row(
            case=case, followup=followup, customer=customers.get(case.customer_id or 0, ""),
            product=products.get(case.product_sku or "", ""),
            owner=names.get(followup.owner_agent_id or 0, f"the {followup.owner}"),
            mine=agent is not None and followup.owner_agent_id == agent.id, lapsed=followup.due_at <= now,
        )  # fmt: skip

    return Week(
        name=week_name(begins, timezone),
        begins=begins,
        now=now,
        agent=agent,
        rows=sorted((row(c, f) for c, f in shown), key=lambda r: (not r.lapsed, not r.mine, r.followup.due_at, r.case.id)),
        broken=sorted((row(c, f) for c, f in his_broken), key=lambda r: r.followup.due_at),
        waiting=_waiting(session, now, customers),
        satisfied=satisfied,
        open_cases=session.scalar(select(func.count()).where(Case.state.in_(OPEN_STATES))) or 0,
        next_steps=_next_steps(session),
        kept=count_kept(_promises(session, begins, now, agent)),
        kept_by_agent=_kept_by_agent(session, begins, now, names) if agent is None else [],
        surveys=result_since(session, begins, now),
        held_back=session.scalar(select(func.count()).where(Contact.held_because.is_not(None), Contact.at >= begins)) or 0,
        customers=customers,
    )


def _next_steps(session: Session) -> int:
    """Counted apart from the cases: pending follow-ups of open cases."""
    query = select(func.count()).select_from(Followup).join(Case, Case.id == Followup.case_id)
    return session.scalar(query.where(Followup.state == "pending", Case.state.in_(OPEN_STATES))) or 0


def _promises(session: Session, begins: datetime, until: datetime, agent: Agent | None) -> Sequence[str]:
    """How the promises of this time ended; an agent's are those that he owned."""
    due = and_(Followup.promise.in_(("kept", "broken")), Followup.due_at >= begins, Followup.due_at < until)
    return session.scalars(select(Followup.promise).where(due, *([Followup.owner_agent_id == agent.id] if agent else []))).all()


def _kept_by_agent(session: Session, begins: datetime, until: datetime, names: dict[int, str]) -> list[tuple[str, Kept]]:
    due = and_(Followup.promise.in_(("kept", "broken")), Followup.due_at >= begins, Followup.due_at < until)
    by_owner: dict[str, list[str]] = {}
    for owner_id, owner, promise in session.execute(select(Followup.owner_agent_id, Followup.owner, Followup.promise).where(due)):
        by_owner.setdefault(names.get(owner_id or 0, f"the {owner}"), []).append(promise)
    return [(name, count_kept(found)) for name, found in sorted(by_owner.items())]


def _waiting(session: Session, now: datetime, customers: dict[int, str]) -> list[Waiting]:
    found = session.execute(
        select(Handoff, Conversation, Case)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .join(Case, Case.id == Handoff.case_id)
        .where(Handoff.state == "queued", Conversation.holder == "queue")
        .order_by(Handoff.answer_by)
    ).all()
    return [
        Waiting(conversation.id, case.number, customers.get(case.customer_id or 0, ""), handoff.answer_by, handoff.answer_by <= now)
        for handoff, conversation, case in found
    ]


def _customers(session: Session, cases: Sequence[Case]) -> dict[int, str]:
    ids = {c.customer_id for c in cases if c.customer_id is not None}
    return {c.id: c.name for c in session.scalars(select(Customer).where(Customer.id.in_(ids)))} if ids else {}


def _products(session: Session, cases: Sequence[Case]) -> dict[str, str]:
    skus = {c.product_sku for c in cases if c.product_sku}
    return {p.sku: p.name for p in session.scalars(select(Product).where(Product.sku.in_(skus)))} if skus else {}
