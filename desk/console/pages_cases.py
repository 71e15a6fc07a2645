"""Cases: the list, and one with its remedies, its next follow-up and its history; closing it by the rules of I2."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Form, Query
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.history import history_of
from desk.cases.life import mark_collected, mark_delivered, may_collect, may_deliver
from desk.cases.remedies import remedies_of
from desk.cases.service import case_by_number, close_unconfirmed
from desk.cases.tables import Case, CaseEvent, Remedy
from desk.console.cursors import read_number_cursor, write_cursor
from desk.console.doors import PageSession, TheParts
from desk.console.nav import counts_for
from desk.console.reading import find_case, next_followups, page_of_cases
from desk.console.rendering import PageRoute, page
from desk.conversations.rules import clean_text
from desk.customers.tables import Customer
from desk.errors import Conflict, DeskError, WrongInput
from desk.followups.contacts import contacts_of
from desk.followups.tables import Contact, Followup
from desk.shop.tables import Product

router = APIRouter(prefix="/cases", route_class=PageRoute)
PAGE = 30
CONTACTS_SHOWN = 12


@dataclass(frozen=True)
class Row:
    """A case in the list."""

    case: Case
    customer: Customer | None
    product: Product | None
    followup: Followup | None
    owner: str


@dataclass(frozen=True)
class CaseView:
    """One case with everything about it."""

    row: Row
    remedies: list[Remedy]
    history: list[CaseEvent]
    names: dict[str, str]  # of agents, by login
    closed_by: str
    contacts: list[Contact]
    may_collect: bool
    may_deliver: bool


def rows(session: Session, cases: list[Case]) -> list[Row]:
    followups = next_followups(session, cases)
    names = {a.id: a.name for a in session.scalars(select(Agent))}
    customer_ids, skus = {c.customer_id for c in cases}, {c.product_sku for c in cases}
    customers = {c.id: c for c in session.scalars(select(Customer).where(Customer.id.in_(customer_ids - {None})))}
    products = {p.sku: p for p in session.scalars(select(Product).where(Product.sku.in_(skus - {None})))}
    found = []
    for case in cases:
        followup = followups.get(case.id)
        owner = names.get(followup.owner_agent_id or 0, f"the {followup.owner}") if followup else ""
        found.append(Row(case, customers.get(case.customer_id or 0), products.get(case.product_sku or ""), followup, owner))
    return found


@router.get("", response_class=HTMLResponse)
def cases_page(
    me: PageSession,
    parts: TheParts,
    state: Literal["open", "closed"] = "open",
    cursor: Annotated[str | None, Query(max_length=300)] = None,
) -> HTMLResponse:
    now = parts.clock.now()
    before = read_number_cursor(cursor) if cursor is not None else None
    with parts.database.reading() as session:
        found = page_of_cases(session, state, before, PAGE)
        following = write_cursor(found[PAGE - 1].id) if len(found) > PAGE else None
        shown = rows(session, list(found[:PAGE]))
        counts = counts_for(session, me.agent, now)
    return page(
        "cases.html", me.agent, now, csrf=me.csrf, counts=counts, place="cases", watched="",
        rows=shown, state=state, next=following, first=cursor is None,
    )  # fmt: skip


@router.get("/{number}", response_class=HTMLResponse)
def case_page(number: str, me: PageSession, parts: TheParts) -> HTMLResponse:
    return _case_page(number, me, parts)


@router.post("/{number}/close")
def close(number: str, me: PageSession, parts: TheParts, reason: Annotated[str, Form()] = "") -> Response:
    """Close without the customer's word; what was written stays in the form when it cannot be."""
    try:
        with parts.database.writing() as session:
            case = case_by_number(session, number)
            if not reason.strip():
                raise WrongInput("Write the reason first: you answer for it.")
            close_unconfirmed(session, case, me.agent, clean_text(reason), parts.clock.now())
    except (Conflict, WrongInput) as error:
        return _case_page(number, me, parts, status=error.status, problem=error, reason=reason)
    return RedirectResponse(f"/desk/cases/{number}", 303)


@router.post("/{number}/{what}")
def goods(number: str, what: Literal["collected", "delivered"], me: PageSession, parts: TheParts) -> Response:
    """The goods of a case are collected, or delivered."""
    try:
        with parts.database.writing() as session:
            case, now = case_by_number(session, number), parts.clock.now()
            if what == "collected":
                mark_collected(session, case, me.agent.login, now)
            else:
                mark_delivered(session, case, me.agent.login, now, parts.settings.shop_timezone)
    except Conflict as error:
        return _case_page(number, me, parts, status=error.status, problem=error)
    return RedirectResponse(f"/desk/cases/{number}", 303)


def _case_page(
    number: str, me: PageSession, parts: TheParts, *, status: int = 200, problem: DeskError | str = "", reason: str = ""
) -> HTMLResponse:
    now = parts.clock.now()
    with parts.database.reading() as session:
        case = find_case(session, number)
        names = {a.login: a.name for a in session.scalars(select(Agent))}
        closer = session.get(Agent, case.closed_by_id) if case.closed_by_id else None
        view = CaseView(
            row=rows(session, [case])[0],
            remedies=remedies_of(session, case),
            history=list(history_of(session, case)),
            names=names,
            closed_by=closer.name if closer else "",
            contacts=list(contacts_of(session, case))[:CONTACTS_SHOWN],
            may_collect=may_collect(session, case),
            may_deliver=may_deliver(session, case),
        )
        counts = counts_for(session, me.agent, now)
    return page(
        "case.html", me.agent, now, status, csrf=me.csrf, counts=counts, place="cases", watched="", view=view,
        problem=problem, reason=reason,
    )  # fmt: skip
