"""Giving hand-offs to agents: once, again when one does not come, and by the swap button that needs no reason."""

from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from desk.agents.duty import hours_of
from desk.agents.tables import Agent
from desk.cases.tables import Case
from desk.conversations.tables import Conversation, Message
from desk.db.events import announce
from desk.followups.slots import is_open
from desk.handoffs.assignment import PAUSE, TAKE_WITHIN, Candidate, Need, can_take, choose, presence_now
from desk.handoffs.tables import Handoff
from desk.shop.tables import Product

_ASSIGNMENT_LOCK = 4_822_003  # PostgreSQL advisory lock: two hand-offs at once must not miss each other
LOOKED_AT = 20
"""Queued hand-offs looked at in one step, those promised first."""


def candidates(session: Session, now: datetime) -> list[Candidate]:
    """Every active agent as he stands now, whatever this session has read of him before; in three queries."""
    as_now = select(Agent).where(Agent.active).order_by(Agent.id).execution_options(populate_existing=True)
    agents = session.scalars(as_now).all()
    moods: dict[int, list[str]] = {a.id: [] for a in agents}
    mood = func.coalesce(Handoff.mood, Conversation.mood)
    held = (
        select(Conversation.agent_id, mood)
        .outerjoin(Handoff, (Handoff.conversation_id == Conversation.id) & (Handoff.state != "ended"))
        .where(Conversation.holder == "agent")
    )
    given = select(Handoff.assigned_to_id, Handoff.mood).where(Handoff.state == "queued", Handoff.assigned_to_id.is_not(None))
    for agent_id, felt in [*session.execute(held), *session.execute(given)]:
        moods.setdefault(agent_id, []).append(felt)
    return [
        Candidate(
            agent_id=a.id, languages=tuple(a.languages), presence=presence_now(a.presence, a.seen_at, now),
            at_work=is_open(now, [hours_of(a)]), moods=tuple(moods[a.id]), skills=frozenset(a.skills),
            given_hard=a.given_hard, given_at=a.given_at, breathes_until=a.breathes_until,
        )
        for a in agents
    ]  # fmt: skip


def need_of(session: Session, handoff: Handoff, conversation: Conversation) -> Need:
    """What this hand-off asks for."""
    case = session.get_one(Case, handoff.case_id)
    product = session.get(Product, case.product_sku) if case.product_sku else None
    skills = {case.kind, handoff.reason, *([product.kind] if product else [])}
    return Need(
        language=conversation.language, mood=handoff.mood, skills=frozenset(skills),
        knows=_known_agent(session, conversation), passed=frozenset(handoff.passed),
    )  # fmt: skip


def assign(session: Session, handoff: Handoff, conversation: Conversation, now: datetime) -> Agent | None:
    """Give it to whom it suits best; None when nobody at work can be asked: then it is the whole team's."""
    _one_at_a_time(session)
    need = need_of(session, handoff, conversation)
    chosen = choose(need, candidates(session, now), now)
    if chosen is None:
        handoff.assigned_to_id = handoff.assigned_at = None
        return None
    agent = session.get_one(Agent, chosen.agent_id)
    handoff.assigned_to_id, handoff.assigned_at = agent.id, now
    agent.given_hard, agent.given_at = need.is_hard, now
    session.flush()
    announce(session, "queue", conversation.id)
    announce(session, "assigned", str(agent.id))
    return agent


def take_from(session: Session, handoff: Handoff) -> None:
    """Whom it was given to has lost it, or let it pass: it is not given to him again."""
    if handoff.assigned_to_id is not None and handoff.assigned_to_id not in handoff.passed:
        handoff.passed = [*handoff.passed, handoff.assigned_to_id]
    handoff.assigned_to_id = handoff.assigned_at = None


def note_taken(agent: Agent, handoff: Handoff, now: datetime) -> None:
    """He takes it: what was given to another, or to nobody, counts as given to him."""
    if handoff.assigned_to_id != agent.id:
        agent.given_hard, agent.given_at = handoff.mood == "furious", now
    handoff.assigned_to_id, handoff.assigned_at = agent.id, handoff.assigned_at or now


def let_breathe(session: Session, agent_id: int | None, handoff: Handoff, now: datetime) -> None:
    """A hard conversation is over for him: a short pause."""
    agent = session.get(Agent, agent_id) if agent_id else None
    if agent is not None and handoff.mood == "furious":
        agent.breathes_until = now + PAUSE


def next_to_assign(session: Session, now: datetime) -> str | None:
    """The queued hand-off, by promised time, that somebody can take now and nobody does; its conversation's id."""
    stands = candidates(session, now)
    there = {c.agent_id: c for c in stands}
    if not any(c.presence == "online" and c.at_work and not c.is_resting(now) for c in stands):
        return None
    slow = or_(Handoff.assigned_to_id.is_(None), Handoff.assigned_at <= now - TAKE_WITHIN)
    gone = [c.agent_id for c in stands if c.presence in ("silent", "away")]
    waiting = (
        select(Handoff, Conversation)
        .join(Conversation, Conversation.id == Handoff.conversation_id)
        .where(Handoff.state == "queued", Conversation.holder == "queue", or_(slow, Handoff.assigned_to_id.in_(gone)))
        .order_by(Handoff.answer_by)
        .limit(LOOKED_AT)
    )
    for handoff, conversation in session.execute(waiting):
        need = need_of(session, handoff, conversation)
        others = [c for c in there.values() if c.agent_id != handoff.assigned_to_id]
        if any(can_take(c, need, now) for c in others):
            return conversation.id
    return None


def assign_anew(session: Session, handoff: Handoff, conversation: Conversation, now: datetime) -> Agent | None:
    """It has waited long enough for the one it was given to: another gets it."""
    take_from(session, handoff)
    return assign(session, handoff, conversation, now)


def _known_agent(session: Session, conversation: Conversation) -> int | None:
    """Who helped this customer last."""
    mine = Conversation.id == conversation.id
    if conversation.verified_at is not None and conversation.customer_id is not None:
        mine = mine | (Conversation.customer_id == conversation.customer_id)
    return session.scalar(
        select(Message.agent_id)
        .join(Conversation, Conversation.id == Message.conversation_id)
        .where(mine, Message.author == "agent")
        .order_by(Message.at.desc())
        .limit(1)
    )


def _one_at_a_time(session: Session) -> None:
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_ASSIGNMENT_LOCK)))
