"""What agents read: conversations with all that belongs to them, in a fixed number of queries whatever their number."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select, tuple_
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.cases.tables import CLOSED_STATES, OPEN_STATES, Case
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.errors import NotFound
from desk.followups.tables import Followup
from desk.handoffs.tables import Handoff

LAST_MESSAGES = 200


@dataclass(frozen=True)
class Overview:
    """A conversation as a list shows it. `customer` is there only once he has shown who he is."""

    conversation: Conversation
    customer: Customer | None
    agent: Agent | None
    handoff: Handoff | None
    case: Case | None
    last_words: Message | None  # the customer's own
    last: Message | None
    assigned: Agent | None = None  # whose turn it is

    @property
    def mood(self) -> str:
        return self.handoff.mood if self.handoff else self.conversation.mood

    @property
    def hazard(self) -> bool:
        return self.conversation.hazard or (self.handoff is not None and self.handoff.hazard)

    @property
    def awaits_answer(self) -> bool:
        return self.last is not None and self.last.author == "customer"


def overviews(session: Session, conversations: Sequence[Conversation]) -> list[Overview]:
    """Each conversation with what belongs to it, in the order given."""
    ids = [c.id for c in conversations]
    known = {c.customer_id for c in conversations if c.verified_at is not None and c.customer_id is not None}
    customers = {c.id: c for c in session.scalars(select(Customer).where(Customer.id.in_(known)))} if known else {}
    open_ones = select(Handoff).where(Handoff.conversation_id.in_(ids), Handoff.state != "ended")
    handoffs = {h.conversation_id: h for h in session.scalars(open_ones)}
    people = {c.agent_id for c in conversations} | {h.assigned_to_id for h in handoffs.values()}
    agents = {a.id: a for a in session.scalars(select(Agent).where(Agent.id.in_(people - {None})))} if people - {None} else {}
    cases = _latest_cases(session, ids)
    by_id = {c.id: c for c in cases.values()}
    words = _last_messages(session, ids, customers_only=True)
    last = _last_messages(session, ids, customers_only=False)
    found = []
    for c in conversations:
        handoff = handoffs.get(c.id)
        case = cases.get(c.id)
        if handoff is not None and (case is None or case.id != handoff.case_id):
            case = by_id.get(handoff.case_id) or session.get(Case, handoff.case_id)
        customer = customers.get(c.customer_id) if c.customer_id is not None else None
        agent = agents.get(c.agent_id) if c.agent_id is not None else None
        assigned = agents.get(handoff.assigned_to_id) if handoff and handoff.assigned_to_id is not None else None
        found.append(Overview(c, customer, agent, handoff, case, words.get(c.id), last.get(c.id), assigned))
    return found


def _latest_cases(session: Session, ids: list[str]) -> dict[str, Case]:
    """The latest open case of each conversation."""
    latest = (
        select(func.max(Case.id)).where(Case.conversation_id.in_(ids), Case.state.in_(OPEN_STATES)).group_by(Case.conversation_id)
    )
    return {c.conversation_id: c for c in session.scalars(select(Case).where(Case.id.in_(latest)))}


def _last_messages(session: Session, ids: list[str], *, customers_only: bool) -> dict[str, Message]:
    place = select(Message.conversation_id, func.max(Message.seq)).where(Message.conversation_id.in_(ids))
    if customers_only:
        place = place.where(Message.author == "customer")
    found = select(Message).where(tuple_(Message.conversation_id, Message.seq).in_(place.group_by(Message.conversation_id)))
    return {m.conversation_id: m for m in session.scalars(found)}


def last_messages(session: Session, conversation_id: str, limit: int = LAST_MESSAGES) -> list[Message]:
    """The last messages of a conversation, in order."""
    newest = select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq.desc()).limit(limit)
    return list(reversed(session.scalars(newest).all()))


def page_of_conversations(
    session: Session, holder: str | None, after: tuple[datetime, str] | None, limit: int
) -> Sequence[Conversation]:
    """Conversations, the newest first; one more than `limit` when there is a next page."""
    query = select(Conversation)
    if holder is not None:
        query = query.where(Conversation.holder == holder)
    if after is not None:
        moment, identifier = after
        same_moment = (Conversation.created_at == moment) & (Conversation.id < identifier)
        query = query.where((Conversation.created_at < moment) | same_moment)
    return session.scalars(query.order_by(Conversation.created_at.desc(), Conversation.id.desc()).limit(limit + 1)).all()


def page_of_cases(session: Session, state: str | None, before: int | None, limit: int) -> Sequence[Case]:
    """Cases, the newest first; one more than `limit` when there is a next page."""
    query = select(Case)
    if state is not None:
        query = query.where(Case.state.in_(OPEN_STATES if state == "open" else CLOSED_STATES))
    if before is not None:
        query = query.where(Case.id < before)
    return session.scalars(query.order_by(Case.id.desc()).limit(limit + 1)).all()


def cases_beside(session: Session, conversation: Conversation, limit: int = 5) -> list[Case]:
    """The cases of this conversation and of its verified customer: the open ones first, its own before the others."""
    mine = Case.conversation_id == conversation.id
    if conversation.verified_at is not None and conversation.customer_id is not None:
        mine = mine | (Case.customer_id == conversation.customer_id)
    closed, elsewhere = Case.state.in_(CLOSED_STATES), Case.conversation_id != conversation.id
    return list(session.scalars(select(Case).where(mine).order_by(closed, elsewhere, Case.id.desc()).limit(limit)))


def next_followups(session: Session, cases: Sequence[Case]) -> dict[int, Followup]:
    """The pending follow-up of each open case, by the case's id."""
    wanted = select(Followup).where(Followup.case_id.in_([c.id for c in cases]), Followup.state == "pending")
    return {f.case_id: f for f in session.scalars(wanted)}


def find_case(session: Session, number: str) -> Case:
    """The case with this number, without a lock; raises NotFound."""
    match = re.fullmatch(r"[Ff]-?([0-9]{6,9})", number.strip())
    case = session.get(Case, int(match[1]) - 100000) if match else None
    if case is None:
        raise NotFound("There is no such case.")
    return case
