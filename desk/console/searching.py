"""Search over everything an agent may see: customers, cases, orders, what was said, private notes."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from desk.cases.tables import Case
from desk.console.reading import Overview, overviews
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.notes.tables import Note
from desk.shop.tables import Order, Product

MOST = 20
FEWEST_LETTERS = 2


@dataclass(frozen=True)
class Found:
    """What was found; each list the newest first."""

    customers: Sequence[tuple[Customer, str | None]]  # with their latest conversation
    cases: Sequence[Case]
    orders: Sequence[tuple[Order, Customer]]
    conversations: Sequence[tuple[Overview, str]]  # with the words that were found

    @property
    def is_empty(self) -> bool:
        return not (self.customers or self.cases or self.orders or self.conversations)


def search(session: Session, query: str) -> Found | None:
    """Everything that has these words; None when the query is too short to search for."""
    query = " ".join("".join(c for c in query if c.isprintable()).split())[:100]
    if len(query) < FEWEST_LETTERS:
        return None
    return Found(_customers(session, query), _cases(session, query), _orders(session, query), _conversations(session, query))


def _has(column: InstrumentedAttribute[str], query: str) -> ColumnElement[bool]:
    return column.icontains(query, autoescape=True)


def _customers(session: Session, query: str) -> list[tuple[Customer, str | None]]:
    digits = re.sub(r"\D", "", query)
    phone = func.replace(func.replace(Customer.phone, " ", ""), "-", "")
    by_phone = [phone.contains(digits)] if len(digits) >= 5 else []
    wanted = or_(_has(Customer.name, query), _has(Customer.email, query), *by_phone)
    customers = session.scalars(select(Customer).where(wanted).order_by(Customer.name).limit(MOST)).all()
    ids = [c.id for c in customers]
    talks = session.execute(
        select(Conversation.customer_id, Conversation.id)
        .where(Conversation.customer_id.in_(ids), Conversation.verified_at.is_not(None))
        .order_by(Conversation.changed_at)
    )
    latest: dict[int, str] = dict(talks.all())  # type: ignore[arg-type]
    return [(c, latest.get(c.id)) for c in customers]


def _cases(session: Session, query: str) -> Sequence[Case]:
    number = re.fullmatch(r"[Ff]?-?(\d{6,9})", query)
    if number:
        return session.scalars(select(Case).where(Case.id == int(number[1]) - 100000)).all()
    skus = select(Product.sku).where(_has(Product.name, query))
    wanted = or_(_has(Case.summary, query), Case.product_sku.in_(skus))
    return session.scalars(select(Case).where(wanted).order_by(Case.id.desc()).limit(MOST)).all()


def _orders(session: Session, query: str) -> list[tuple[Order, Customer]]:
    wanted = (
        select(Order, Customer)
        .join(Customer, Customer.id == Order.customer_id)
        .where(Order.number.startswith(query, autoescape=True))
        .order_by(Order.ordered_at.desc())
        .limit(MOST)
    )
    return [(order, customer) for order, customer in session.execute(wanted)]


def _conversations(session: Session, query: str) -> list[tuple[Overview, str]]:
    said = select(Message.conversation_id, Message.text, Message.at).where(_has(Message.text, query))
    noted = select(Note.conversation_id, Note.text, Note.at).where(_has(Note.text, query))
    words: dict[str, str] = {}
    hits = [
        *session.execute(said.order_by(Message.at.desc()).limit(200)),
        *session.execute(noted.order_by(Note.at.desc()).limit(50)),
    ]
    for conversation_id, text, _ in sorted(hits, key=lambda h: h[2], reverse=True):
        words.setdefault(conversation_id, text)
    ids = list(words)[:MOST]
    found = {c.id: c for c in session.scalars(select(Conversation).where(Conversation.id.in_(ids)))}
    return [(o, words[o.conversation.id]) for o in overviews(session, [found[i] for i in ids if i in found])]
