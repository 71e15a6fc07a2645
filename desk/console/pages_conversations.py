"""A conversation: its transcript live, what belongs to it beside it, and what the agent does with it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.agents.service import list_agents
from desk.agents.tables import Agent
from desk.audit.service import audit_look, has_looked
from desk.cases.remedies import remedies_of
from desk.cases.tables import Case, CaseEvent, Remedy
from desk.console.doors import PageSession, TheParts
from desk.console.nav import counts_for
from desk.console.reading import LAST_MESSAGES, Overview, cases_beside, last_messages, next_followups, overviews
from desk.console.rendering import PageRoute, by_htmx, page
from desk.console.transcript import Entry, entries_of
from desk.conversations.access import (
    access_conversation,
    hand_back_as_agent,
    say_as_agent,
    take_as_agent,
    transfer_as_agent,
)
from desk.conversations.people import own_free_slots, transfer_to_language
from desk.conversations.tables import Conversation, Message
from desk.customers.reaching import conversations_beside, why_unreachable
from desk.customers.service import latest_orders
from desk.db.base import new_id
from desk.followups.slots import Slot
from desk.followups.tables import Followup
from desk.handoffs.tables import Handoff
from desk.parts import Parts
from desk.shop.service import BoughtArticle, order_lines
from desk.shop.tables import Order, Product

router = APIRouter(prefix="/conversations", route_class=PageRoute)
ORDERS_SHOWN = 5
TO_QUEUE, TO_LANGUAGE = "", "language:"


@dataclass(frozen=True)
class CaseCard:
    """A case as it stands beside the conversation."""

    case: Case
    product: str | None
    remedies: list[Remedy]
    followup: Followup | None
    owner: str


@dataclass(frozen=True)
class View:
    """All that the page shows of a conversation. `stance` changes when the agent may do other things than before."""

    overview: Overview
    messages: list[Message]
    entries: list[Entry]
    asked_again: int  # how often this customer had to come back with the same thing
    slots: list[Slot]  # when this agent is free to call
    orders: list[tuple[Order, list[BoughtArticle]]]
    cases: list[CaseCard]
    elsewhere: list[Conversation]
    unreachable: str
    mine: bool

    @property
    def stance(self) -> str:
        conversation = self.overview.conversation
        return "me" if self.mine else f"{conversation.holder}-{conversation.agent_id or ''}"


def read_view(session: Session, agent: Agent, conversation_id: str, now: datetime | None = None) -> View:
    """Everything about one conversation; raises NotFound."""
    conversation = access_conversation(session, agent, conversation_id)
    cases = cases_beside(session, conversation)
    followups = next_followups(session, cases)
    owners = {a.id: a.name for a in list_agents(session)}
    orders = latest_orders(session, conversation)[:ORDERS_SHOWN]
    messages = last_messages(session, conversation.id)
    mine = conversation.agent_id == agent.id
    can_call = mine and now is not None and any(c.is_open for c in cases)
    return View(
        overview=overviews(session, [conversation])[0],
        messages=messages,
        entries=entries_of(session, conversation.id, messages, LAST_MESSAGES),
        asked_again=_asked_again(session, cases),
        slots=own_free_slots(session, agent, now) if can_call and now else [],
        orders=[(order, order_lines(session, order)) for order in orders],
        cases=[_card(session, case, followups.get(case.id), owners) for case in cases],
        elsewhere=conversations_beside(session, conversation),
        unreachable=why_unreachable(session, conversation),
        mine=mine,
    )


def _asked_again(session: Session, cases: list[Case]) -> int:
    """How often he said that it is not solved, or had to ask for a person again, in these cases."""
    ids = [c.id for c in cases]
    said = select(func.count()).where(CaseEvent.case_id.in_(ids), CaseEvent.what.in_(("not_solved", "customer_added")))
    handed = select(func.count()).where(Handoff.case_id.in_(ids))
    return (session.scalar(said) or 0) + max(0, (session.scalar(handed) or 0) - 1)


def _card(session: Session, case: Case, followup: Followup | None, owners: dict[int, str]) -> CaseCard:
    product = session.get(Product, case.product_sku) if case.product_sku else None
    owner = owners.get(followup.owner_agent_id or 0, f"the {followup.owner}") if followup else ""
    return CaseCard(case, product.name if product else None, remedies_of(session, case), followup, owner)


def colleagues(session: Session, agent: Agent) -> list[Agent]:
    """To whom he may transfer."""
    return list(session.scalars(select(Agent).where(Agent.active, Agent.id != agent.id).order_by(Agent.name)))


@router.get("/{conversation_id}", response_class=HTMLResponse)
def conversation_page(conversation_id: str, me: PageSession, parts: TheParts) -> HTMLResponse:
    now = parts.clock.now()
    about = f"conversation:{conversation_id}"
    with parts.database.reading() as session:
        view = read_view(session, me.agent, conversation_id, now)
        looked = has_looked(session, me.agent, about, now)
        counts, others = counts_for(session, me.agent, now), colleagues(session, me.agent)
    if not looked:
        with parts.database.writing() as session:
            audit_look(session, me.agent, about, now)
    parts.database.hub.publish(f"writing:{me.agent.id}:{me.agent.name}:looks at this conversation too", conversation_id)
    return page(
        "conversation.html", me.agent, now, csrf=me.csrf, counts=counts, view=view, colleagues=others,
        place="conversation", watched=conversation_id, seq=view.messages[-1].seq if view.messages else 0, client_id=new_id(),
    )  # fmt: skip


@router.get("/{conversation_id}/live", response_class=HTMLResponse)
def live_fragment(conversation_id: str, me: PageSession, parts: TheParts, stance: str = "") -> HTMLResponse:
    """Transcript and side; asks the page to fetch its actions again when another stance has come."""
    return _live(conversation_id, me, parts, stance)


@router.get("/{conversation_id}/stand", response_class=HTMLResponse)
def stand_fragment(conversation_id: str, me: PageSession, parts: TheParts) -> HTMLResponse:
    """What the agent may do now: take over; or answer, hand back, transfer."""
    with parts.database.reading() as session:
        view, others = read_view(session, me.agent, conversation_id), colleagues(session, me.agent)
    return page("_stand.html", me.agent, parts.clock.now(), csrf=me.csrf, view=view, colleagues=others, client_id=new_id())


@router.post("/{conversation_id}/take")
def take(conversation_id: str, me: PageSession, parts: TheParts) -> Response:
    with parts.database.writing() as session:
        take_as_agent(session, me.agent, conversation_id, parts.clock.now())
    return RedirectResponse(f"/desk/conversations/{conversation_id}", 303)


@router.post("/{conversation_id}/say")
def say(
    request: Request,
    conversation_id: str,
    me: PageSession,
    parts: TheParts,
    client_id: Annotated[str, Form(min_length=1, max_length=100, pattern=r"^[\x21-\x7e]+$")],
    text: Annotated[str, Form()] = "",
    attachments: Annotated[list[str], Form(max_length=5)] = [],  # noqa: B006
) -> Response:
    """Answer the customer, once per client_id however often the browser repeats it."""
    with parts.database.writing() as session:
        say_as_agent(session, me.agent, conversation_id, client_id, text, parts.clock.now(), attachments)
    if not by_htmx(request):
        return RedirectResponse(f"/desk/conversations/{conversation_id}", 303)
    response = _live(conversation_id, me, parts, "me", client_id=new_id())
    response.headers["HX-Trigger"] = "said"
    return response


@router.post("/{conversation_id}/typing", status_code=204)
def typing(conversation_id: str, me: PageSession, parts: TheParts) -> None:
    """An agent writes: his colleagues see it, and of the holder the customer."""
    with parts.database.reading() as session:
        mine = access_conversation(session, me.agent, conversation_id).agent_id == me.agent.id
    parts.database.hub.publish(f"writing:{me.agent.id}:{me.agent.name}:is writing here", conversation_id)
    if mine:
        parts.database.hub.publish(f"typing:agent:{me.agent.name}", conversation_id)


@router.post("/{conversation_id}/hand-back")
def hand_back(
    conversation_id: str, me: PageSession, parts: TheParts, agreed: Annotated[str, Form(max_length=2000)] = ""
) -> Response:
    with parts.database.writing() as session:
        conversation = hand_back_as_agent(session, me.agent, conversation_id, parts.clock.now(), agreed)
    return _to_queue(conversation, "hand-back")


@router.post("/{conversation_id}/transfer")
def transfer(
    conversation_id: str, me: PageSession, parts: TheParts, to: Annotated[str, Form(max_length=100)] = TO_QUEUE
) -> Response:
    within = timedelta(minutes=parts.settings.answer_within_minutes)
    now, timezone = parts.clock.now(), parts.settings.shop_timezone
    with parts.database.writing() as session:
        if to.startswith(TO_LANGUAGE):
            language = to.removeprefix(TO_LANGUAGE)
            conversation = transfer_to_language(session, me.agent, conversation_id, language, now, within, timezone)
        else:
            conversation = transfer_as_agent(session, me.agent, conversation_id, to or None, now, within, timezone)
    return _to_queue(conversation, "transfer")


def _to_queue(conversation: Conversation, did: str) -> Response:
    """Back to the queue, where a slip can be undone."""
    return RedirectResponse(f"/desk/?undo={conversation.id}&version={conversation.version}&did={did}", 303)


def _live(conversation_id: str, me: PageSession, parts: Parts, stance: str, client_id: str = "") -> HTMLResponse:
    with parts.database.reading() as session:
        view = read_view(session, me.agent, conversation_id, parts.clock.now())
    response = page("_live.html", me.agent, parts.clock.now(), csrf=me.csrf, view=view, client_id=client_id)
    if view.stance != stance:
        response.headers["HX-Trigger"] = "stance"
    return response
