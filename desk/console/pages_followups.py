"""Follow-ups: what is due and what is coming, mine first; marking one done with its outcome."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Annotated, Literal

from fastapi import APIRouter, Form
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.tables import Case
from desk.console.doors import PageSession, TheParts
from desk.console.nav import counts_for
from desk.console.rendering import PageRoute, page
from desk.conversations.rules import clean_text
from desk.conversations.tables import Conversation
from desk.customers.tables import Customer
from desk.errors import Conflict, DeskError, NotFound, WrongInput
from desk.followups.service import due_followups, mark_done
from desk.followups.tables import Followup
from desk.shop.tables import Product

router = APIRouter(prefix="/followups", route_class=PageRoute)
COMING = timedelta(days=7)
LONGEST_LIST = 200


@dataclass(frozen=True)
class Item:
    """A follow-up on the page."""

    followup: Followup
    case: Case
    customer: Customer | None
    product: str | None
    owner: str
    mine: bool


@dataclass(frozen=True)
class Week:
    """What is due, and what comes in the next days; the bot's own apart."""

    due: list[Item]
    coming: list[Item]
    bot: list[Item]


def read_week(session: Session, agent: Agent, parts: TheParts) -> Week:
    now = parts.clock.now()
    found = items(session, list(due_followups(session, now + COMING, LONGEST_LIST)), agent)
    people = [i for i in found if i.followup.owner != "bot"]
    mine_first = sorted((i for i in people if i.followup.due_at <= now), key=lambda i: (not i.mine, i.followup.due_at))
    return Week(
        due=mine_first,
        coming=[i for i in people if i.followup.due_at > now],
        bot=[i for i in found if i.followup.owner == "bot"],
    )


def items(session: Session, followups: list[Followup], agent: Agent) -> list[Item]:
    cases = {c.id: c for c in session.scalars(select(Case).where(Case.id.in_({f.case_id for f in followups})))}
    customer_ids = {c.customer_id for c in cases.values()} - {None}
    customers = {c.id: c for c in session.scalars(select(Customer).where(Customer.id.in_(customer_ids)))}
    skus = {c.product_sku for c in cases.values()} - {None}
    products = {p.sku: p.name for p in session.scalars(select(Product).where(Product.sku.in_(skus)))}
    names = {a.id: a.name for a in session.scalars(select(Agent))}
    return [
        Item(
            followup=f,
            case=cases[f.case_id],
            customer=customers.get(cases[f.case_id].customer_id or 0),
            product=products.get(cases[f.case_id].product_sku or ""),
            owner=names.get(f.owner_agent_id or 0, f"the {f.owner}"),
            mine=f.owner_agent_id == agent.id,
        )
        for f in followups
    ]


@router.get("", response_class=HTMLResponse)
def followups_page(me: PageSession, parts: TheParts) -> HTMLResponse:
    now = parts.clock.now()
    with parts.database.reading() as session:
        week, counts = read_week(session, me.agent, parts), counts_for(session, me.agent, now)
    return page("followups.html", me.agent, now, csrf=me.csrf, counts=counts, place="followups", watched="", week=week)


@router.get("/list", response_class=HTMLResponse)
def followups_fragment(me: PageSession, parts: TheParts) -> HTMLResponse:
    with parts.database.reading() as session:
        week = read_week(session, me.agent, parts)
    return page("_followups.html", me.agent, parts.clock.now(), week=week)


@router.get("/{followup_id}", response_class=HTMLResponse)
def followup_page(followup_id: str, me: PageSession, parts: TheParts) -> HTMLResponse:
    return _followup_page(followup_id, me, parts)


@router.post("/{followup_id}/done")
def done(
    followup_id: str,
    me: PageSession,
    parts: TheParts,
    outcome: Annotated[str, Form()] = "",
    reached: Annotated[Literal["yes", "no"], Form()] = "yes",
) -> Response:
    """Mark it done; what was written stays in the form when it cannot be."""
    _check_id(followup_id)
    try:
        if not outcome.strip():
            raise WrongInput("Say in a few words how it went.")
        now, days = parts.clock.now(), parts.settings.check_in_days
        with parts.database.writing() as session:
            mark_done(
                session, me.agent, followup_id, clean_text(outcome), now, days,
                reached=reached == "yes", timezone=parts.settings.shop_timezone,
            )  # fmt: skip
    except (Conflict, WrongInput) as error:
        return _followup_page(followup_id, me, parts, status=error.status, problem=error, outcome=outcome)
    return RedirectResponse("/desk/followups", 303)


def _followup_page(
    followup_id: str, me: PageSession, parts: TheParts, *, status: int = 200, problem: DeskError | str = "", outcome: str = ""
) -> HTMLResponse:
    _check_id(followup_id)
    now = parts.clock.now()
    with parts.database.reading() as session:
        followup = session.get(Followup, followup_id)
        if followup is None:
            raise NotFound("There is no such follow-up.")
        item = items(session, [followup], me.agent)[0]
        language = session.get_one(Conversation, item.case.conversation_id).language
        done_by = session.get(Agent, followup.done_by_id) if followup.done_by_id else None
        counts = counts_for(session, me.agent, now)
    return page(
        "followup.html", me.agent, now, status, csrf=me.csrf, counts=counts, place="followups", watched="", item=item,
        problem=problem, outcome=outcome, done_by=done_by.name if done_by else "", days=parts.settings.check_in_days,
        language=language,
    )  # fmt: skip


def _check_id(followup_id: str) -> None:
    if not (followup_id.isascii() and followup_id.isprintable()):
        raise NotFound("There is no such follow-up.")
