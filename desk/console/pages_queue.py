"""The queue: who waits, what I hold, what the others and the bot hold. Live."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse
from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.console.doors import PageSession, TheParts
from desk.console.nav import counts_for
from desk.console.reading import Overview, overviews
from desk.console.rendering import PageRoute, page
from desk.conversations.tables import Conversation
from desk.handoffs.tables import Handoff

router = APIRouter(route_class=PageRoute)
LONGEST_QUEUE, LONGEST_LIST = 100, 15


@dataclass(frozen=True)
class Queue:
    """What the page shows."""

    waiting: list[Overview]
    mine: list[Overview]
    others: list[Overview]
    bot: list[Overview]


@router.get("/", response_class=HTMLResponse)
def queue_page(
    me: PageSession,
    parts: TheParts,
    undo: Annotated[str, Query(pattern="^[0-9a-f]{0,64}$")] = "",
    version: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    did: Literal["", "hand-back", "transfer", "swap"] = "",
) -> HTMLResponse:
    """The queue; after a hand-back or transfer with a way to undo it."""
    now = parts.clock.now()
    with parts.database.reading() as session:
        queue, counts = read_queue(session, me.agent), counts_for(session, me.agent, now)
    return page(
        "queue.html",
        me.agent,
        now,
        csrf=me.csrf,
        counts=counts,
        queue=queue,
        place="queue",
        watched="",
        undo=undo,
        version=version,
        did=did,
    )


@router.get("/queue", response_class=HTMLResponse)
def queue_fragment(me: PageSession, parts: TheParts) -> HTMLResponse:
    """The lists of the page, fetched again when something changes."""
    with parts.database.reading() as session:
        queue = read_queue(session, me.agent)
    return page("_queue.html", me.agent, parts.clock.now(), csrf=me.csrf, queue=queue)


@router.get("/nav", response_class=HTMLResponse)
def nav_fragment(me: PageSession, parts: TheParts, place: str = "") -> HTMLResponse:
    now = parts.clock.now()
    with parts.database.reading() as session:
        counts = counts_for(session, me.agent, now)
    return page("_nav.html", me.agent, now, counts=counts, place=place)


def read_queue(session: Session, agent: Agent) -> Queue:
    """The queue by promised time; what I hold, the others hold and the bot holds by the latest word."""
    waiting = (
        select(Conversation)
        .join(Handoff, (Handoff.conversation_id == Conversation.id) & (Handoff.state == "queued"))
        .where(Conversation.holder == "queue")
        .order_by(Handoff.assigned_to_id != agent.id, Handoff.answer_by)
        .limit(LONGEST_QUEUE)
    )
    held = select(Conversation).where(Conversation.holder == "agent").order_by(Conversation.changed_at.desc())
    mine = held.where(Conversation.agent_id == agent.id).limit(LONGEST_QUEUE)
    others = held.where(Conversation.agent_id != agent.id).limit(LONGEST_LIST)
    bot = (
        select(Conversation)
        .where(Conversation.holder == "bot", Conversation.last_seq > 0)
        .order_by(Conversation.changed_at.desc())
        .limit(LONGEST_LIST)
    )
    lists = [session.scalars(query).all() for query in (waiting, mine, others, bot)]
    found = {o.conversation.id: o for o in overviews(session, [c for part in lists for c in part])}
    return Queue(*([found[c.id] for c in part] for part in lists))
