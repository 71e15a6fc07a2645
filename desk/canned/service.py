"""Canned replies: searching them for a conversation, and writing them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.agents.tables import Agent
from desk.audit.service import audit
from desk.canned.rules import fill, matches, unknown_placeholders
from desk.canned.tables import CannedReply
from desk.cases.service import current_case
from desk.cases.tables import Case
from desk.conversations.languages import LANGUAGES
from desk.conversations.tables import Conversation
from desk.customers.tables import Customer
from desk.errors import Conflict, NotFound, WrongInput
from desk.handoffs.service import open_handoff
from desk.settings import ROOT
from desk.shop.tables import Product

STARTERS = ROOT / "data" / "shop" / "canned_replies.yml"
LONGEST_TITLE, LONGEST_TEXT = 80, 2000


@dataclass(frozen=True)
class Suggestion:
    """A canned reply in the customer's language, filled; in English where it is not translated."""

    id: int
    title: str
    language: str
    text: str


def list_replies(session: Session) -> Sequence[CannedReply]:
    return session.scalars(select(CannedReply).order_by(CannedReply.title)).all()


def find_reply(session: Session, reply_id: int) -> CannedReply:
    """The reply with this number. Raises NotFound."""
    reply = session.get(CannedReply, reply_id) if 0 < reply_id < 2**31 else None
    if reply is None:
        raise NotFound("There is no such reply.")
    return reply


def suggest(session: Session, conversation: Conversation, agent: Agent, query: str = "", limit: int = 20) -> list[Suggestion]:
    """The replies that fit the query, ready to be sent."""
    values = _values(session, conversation, agent)
    found = []
    for reply in list_replies(session):
        language = conversation.language if reply.texts.get(conversation.language) else "en"
        text = reply.texts.get(language, "")
        if text and matches(query[:100], reply.title, text):
            found.append(Suggestion(reply.id, reply.title, language, fill(text, values)))
    return found[:limit]


def write_reply(
    session: Session, lead: Agent, reply_id: int | None, title: str, texts: Mapping[str, str], now: datetime
) -> CannedReply:
    """Add or change a reply, with an entry in the audit trail. Raises WrongInput, NotFound, Conflict."""
    title, kept = " ".join(title.split()), {k: v.strip() for k, v in texts.items() if v.strip()}
    if not 1 <= len(title) <= LONGEST_TITLE or not title.isprintable():
        raise WrongInput("A title has 1 to %(most)s characters.", most=LONGEST_TITLE)
    if not kept.get("en"):
        raise WrongInput("Write it in English at least: it stands in where a language is missing.")
    if set(kept) - set(LANGUAGES) or any(len(v) > LONGEST_TEXT or "\x00" in v for v in kept.values()):
        raise WrongInput(
            "A reply has at most %(most)s characters, in %(languages)s.", most=LONGEST_TEXT, languages=", ".join(LANGUAGES)
        )
    unknown = sorted({name for text in kept.values() for name in unknown_placeholders(text)})
    if unknown:
        raise WrongInput(
            "Nothing fills {%(unknown)s}. There are {customer}, {agent}, {case}, {product} and {order}.", unknown=unknown[0]
        )
    reply = find_reply(session, reply_id) if reply_id is not None else None
    same = session.scalar(select(CannedReply.id).where(CannedReply.title == title))
    if same is not None and same != reply_id:
        raise Conflict("There is already a reply with this title.")
    before = _shape(reply) if reply else None
    if reply is None:
        reply = CannedReply(title=title, texts=kept, changed_at=now)
        session.add(reply)
    reply.title, reply.texts, reply.changed_at = title, kept, now
    session.flush()
    audit(session, lead, "reply_changed" if before else "reply_added", f"reply:{reply.id}", now, before=before, after=_shape(reply))
    return reply


def remove_reply(session: Session, lead: Agent, reply_id: int, now: datetime) -> None:
    """Remove a reply; the audit trail keeps what it said. Raises NotFound."""
    reply = find_reply(session, reply_id)
    audit(session, lead, "reply_removed", f"reply:{reply.id}", now, before=_shape(reply), after=None)
    session.delete(reply)
    session.flush()


def load_starters(session: Session, now: datetime, path: Path = STARTERS) -> int:
    """The replies to begin with, where there are none yet; how many."""
    if session.scalar(select(func.count()).select_from(CannedReply)) or not path.exists():
        return 0
    found: list[dict[str, Any]] = yaml.safe_load(path.read_text(encoding="utf-8"))["canned_replies"]
    session.add_all(CannedReply(title=r["title"], texts=r["texts"], changed_at=now) for r in found)
    session.flush()
    return len(found)


def _shape(reply: CannedReply) -> dict[str, Any]:
    return {"title": reply.title, "texts": dict(reply.texts)}


def _values(session: Session, conversation: Conversation, agent: Agent) -> dict[str, str]:
    """What the placeholders stand for in this conversation."""
    known = conversation.verified_at is not None and conversation.customer_id is not None
    customer = session.get(Customer, conversation.customer_id) if known else None
    handoff = open_handoff(session, conversation.id)
    case = session.get(Case, handoff.case_id) if handoff else current_case(session, conversation)
    product = session.get(Product, case.product_sku) if case and case.product_sku else None
    return {
        "customer": customer.name.split()[0] if customer else "",
        "agent": agent.name,
        "case": case.number if case else "",
        "product": product.name if product else "",
        "order": (case.order_number or "") if case else "",
    }
