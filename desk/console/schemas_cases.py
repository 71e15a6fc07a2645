"""The public shapes of the agents' API: cases and follow-ups."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.tables import Case, CaseEvent, Remedy
from desk.console.examples import example
from desk.console.schemas import CustomerOut, Mood
from desk.customers.tables import Customer
from desk.followups.tables import Followup
from desk.shop.tables import Product


class RemedyOut(BaseModel):
    id: int
    kind: Literal["return", "replacement", "refund", "repair"]
    state: str


class FollowupOut(BaseModel):
    """The next thing to do about a case. `owner` is "bot", "team" or an agent's login.

    `promised`: the customer was told the time.
    """

    id: str
    kind: Literal["check_in", "call", "task", "survey"]
    state: Literal["pending", "done", "cancelled"]
    owner: str
    due_at: datetime
    promised: bool


class HistoryOut(BaseModel):
    """Something that happened. `who` is "customer", "bot", "desk" or an agent's login."""

    at: datetime
    who: str
    what: str
    detail: dict[str, Any]


class CaseOut(BaseModel):
    """Something to put right for a customer. `product` is its name, `order` and `conversation` their numbers."""

    model_config = example("CaseOut")

    number: str = Field(examples=["F-100001"])
    kind: Literal["complaint", "fault", "late_delivery", "wrong_item", "suggestion", "request"]
    state: Literal[
        "open",
        "acknowledged",
        "remedy_offered",
        "accepted",
        "declined",
        "arranged",
        "collected",
        "delivered",
        "waiting_for_word",
        "satisfied",
        "closed_unconfirmed",
    ]
    priority: Literal["normal", "high", "urgent"]
    hazard: bool
    mood: Mood
    customer: CustomerOut | None
    conversation: str
    product: str | None
    order: str | None
    remedies: list[RemedyOut]
    followups: list[FollowupOut]
    history: list[HistoryOut]


class Cases(BaseModel):
    model_config = example("Cases")

    cases: list[CaseOut]
    next: str | None = Field(description="Cursor of the next page.")


class DueFollowup(FollowupOut):
    """A follow-up on the agents' list, with what it is about."""

    model_config = example("DueFollowup")

    case: str
    conversation: str
    customer: CustomerOut | None
    note: str
    ends_at: datetime | None
    outcome: str


class Followups(BaseModel):
    model_config = example("Followups")

    followups: list[DueFollowup]
    next: str | None = Field(description="Cursor of the next page.")


class CloseCase(BaseModel):
    """Why an agent closes a case without the customer's word; he answers for it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"reason": "Called three times and wrote; no answer."}]})

    reason: str


class Outcome(BaseModel):
    """How a follow-up went."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"outcome": "Called Erik: the new set arrives on Friday."}]})

    outcome: str
    reached: bool = Field(True, description="Whether a call reached the customer; if not, the plan says what follows.")


def cases_out(session: Session, cases: Sequence[Case]) -> list[CaseOut]:
    """The cases with remedies, follow-ups and history, in a fixed number of queries."""
    ids = [c.id for c in cases]
    customers = _customers(session, cases)
    skus = {c.product_sku for c in cases if c.product_sku}
    products = {p.sku: p.name for p in session.scalars(select(Product).where(Product.sku.in_(skus)))} if skus else {}
    remedies = session.scalars(select(Remedy).where(Remedy.case_id.in_(ids)).order_by(Remedy.id)).all()
    followups = session.scalars(
        select(Followup).where(Followup.case_id.in_(ids)).order_by(Followup.created_at, Followup.state == "pending", Followup.id)
    ).all()
    events = session.scalars(select(CaseEvent).where(CaseEvent.case_id.in_(ids)).order_by(CaseEvent.id)).all()
    logins = _logins(session, followups)
    return [
        CaseOut(
            number=case.number,
            kind=case.kind,
            state=case.state,
            priority=case.priority,
            hazard=case.hazard,
            mood=case.mood,
            customer=CustomerOut.of(customers.get(case.customer_id or 0)),
            conversation=case.conversation_id,
            product=products.get(case.product_sku or ""),
            order=case.order_number,
            remedies=[RemedyOut(id=r.id, kind=r.kind, state=r.state) for r in remedies if r.case_id == case.id],
            followups=[_followup_out(f, logins) for f in followups if f.case_id == case.id],
            history=[HistoryOut(at=e.at, who=e.who, what=e.what, detail=e.detail) for e in events if e.case_id == case.id],
        )
        for case in cases
    ]


def followups_out(session: Session, followups: Sequence[Followup]) -> list[DueFollowup]:
    """The follow-ups with case and customer, in a fixed number of queries."""
    ids = {f.case_id for f in followups}
    cases = {c.id: c for c in session.scalars(select(Case).where(Case.id.in_(ids)))} if ids else {}
    customers = _customers(session, list(cases.values()))
    logins = _logins(session, followups)
    return [
        DueFollowup(
            **_followup_out(f, logins).model_dump(),
            case=cases[f.case_id].number,
            conversation=cases[f.case_id].conversation_id,
            customer=CustomerOut.of(customers.get(cases[f.case_id].customer_id or 0)),
            note=f.note,
            ends_at=f.ends_at,
            outcome=f.outcome,
        )
        for f in followups
    ]


def _followup_out(followup: Followup, logins: dict[int, str]) -> FollowupOut:
    return FollowupOut(
        id=followup.id,
        kind=followup.kind,
        state=followup.state,
        owner=logins.get(followup.owner_agent_id or 0, followup.owner),
        due_at=followup.due_at,
        promised=followup.promised,
    )


def _customers(session: Session, cases: Sequence[Case]) -> dict[int, Customer]:
    ids = {c.customer_id for c in cases if c.customer_id is not None}
    return {c.id: c for c in session.scalars(select(Customer).where(Customer.id.in_(ids)))} if ids else {}


def _logins(session: Session, followups: Sequence[Followup]) -> dict[int, str]:
    ids = {f.owner_agent_id for f in followups if f.owner_agent_id is not None}
    return {a.id: a.login for a in session.scalars(select(Agent).where(Agent.id.in_(ids)))} if ids else {}
