"""Figures of the answers: how soon, by whom, and whether one contact was enough."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import ColumnElement, and_, exists, func, or_, select
from sqlalchemy.orm import Session

from desk.cases.rules import APOLOGY_KINDS
from desk.cases.tables import CLOSED_STATES, Case, CaseEvent
from desk.conversations.tables import Conversation, Message
from desk.figures.periods import monday_of
from desk.figures.rules import Share, Times, is_first_contact
from desk.followups.tables import Followup
from desk.handoffs.tables import Handoff


@dataclass(frozen=True)
class Alone:
    """Conversations that the bot answered alone: of all, and by the week in which they were opened."""

    all: Share
    by_week: dict[date, Share]


def first_bot_answers(session: Session, since: datetime, until: datetime) -> Times:
    """How long customers waited for the bot's first message in a new conversation."""
    first = (
        select(Message.conversation_id, Message.author, func.min(Message.at).label("at"))
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(_opened(since, until), Message.author.in_(("customer", "bot")))
        .group_by(Message.conversation_id, Message.author)
    )
    asked: dict[str, datetime] = {}
    answered: dict[str, datetime] = {}
    for conversation_id, author, at in session.execute(first):
        (asked if author == "customer" else answered)[conversation_id] = at
    waited = ((answered[c] - at).total_seconds() for c, at in asked.items() if c in answered)
    return Times(tuple(w for w in waited if w >= 0), len(asked))


def first_human_answers(session: Session, since: datetime, until: datetime) -> Times:
    """How long customers waited for a person's first words after one was asked for."""
    said = and_(
        Message.conversation_id == Handoff.conversation_id,
        Message.author == "agent",
        Message.at >= Handoff.requested_at,
        or_(Handoff.ended_at.is_(None), Message.at <= Handoff.ended_at),
    )
    first = select(func.min(Message.at)).where(said).correlate(Handoff).scalar_subquery()
    asked = select(Handoff.requested_at, first).where(
        Handoff.requested_at >= since, Handoff.requested_at < until, Handoff.reason != "transfer"
    )
    rows = session.execute(asked).all()
    return Times(tuple((answered - at).total_seconds() for at, answered in rows if answered is not None), len(rows))


def people_needed(session: Session, since: datetime, until: datetime, timezone: str) -> Alone:
    """In how many of the new conversations no person has taken part."""
    wrote = exists().where(Message.conversation_id == Conversation.id, Message.author == "customer")
    handed = exists().where(Handoff.conversation_id == Conversation.id)
    spoke = exists().where(Message.conversation_id == Conversation.id, Message.author == "agent")
    his_case = and_(Case.id == Followup.case_id, Case.conversation_id == Conversation.id)
    did = exists().where(his_case, Followup.done_by_id.is_not(None))
    rows = session.execute(select(Conversation.created_at, or_(handed, spoke, did)).where(_opened(since, until), wrote))
    by_week: dict[date, list[bool]] = {}
    for opened, needed in rows:
        by_week.setdefault(monday_of(opened, timezone), []).append(not needed)
    shares = {week: Share(sum(found), len(found)) for week, found in sorted(by_week.items())}
    return Alone(Share(sum(s.count for s in shares.values()), sum(s.of for s in shares.values())), shares)


def solved_at_first_contact(session: Session, since: datetime, until: datetime) -> tuple[Share, int]:
    """Of the closed cases opened in the period; and how many are still open."""
    trouble = and_(Case.kind.in_(APOLOGY_KINDS), Case.opened_at >= since, Case.opened_at < until)
    cases = session.execute(select(Case.id, Case.state, Case.opened_at).where(trouble)).all()
    told: dict[int, list[tuple[str, datetime]]] = {}
    again = CaseEvent.what.in_(("not_solved", "reopened", "customer_added"))
    for case_id, what, at in session.execute(
        select(CaseEvent.case_id, CaseEvent.what, CaseEvent.at).join(Case, Case.id == CaseEvent.case_id).where(trouble, again)
    ):
        told.setdefault(case_id, []).append((what, at))
    closed = [c for c in cases if c.state in CLOSED_STATES]
    solved = sum(is_first_contact(c.state, c.opened_at, told.get(c.id, [])) for c in closed)
    return Share(solved, len(closed)), len(cases) - len(closed)


def _opened(since: datetime, until: datetime) -> ColumnElement[bool]:
    return and_(Conversation.created_at >= since, Conversation.created_at < until)
