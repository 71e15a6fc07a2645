"""Search over everything an agent may see: customers, cases, orders, what was said, private notes.

By words and their beginnings, in any order, all in one text; a phone number by any five digits and more in a row.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from desk.cases.tables import Case
from desk.console.reading import Overview, overviews
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.db.word_index import Source, word_index, words_of
from desk.notes.tables import Note
from desk.shop.tables import Order, Product

MOST = 20
FEWEST_LETTERS, FEWEST_DIGITS = 2, 5
MESSAGES = Source("messages", Message.id, "messages.text")
NOTES = Source("notes", Note.id, "notes.text")
CUSTOMERS = Source("customers", Customer.id, "customers.name || ' ' || customers.email")
PHONES = Source("phones", Customer.id, "phone_endings(customers.phone)")
CASES = Source("cases", Case.id, "cases.summary")
ORDERS = Source("orders", Order.number, "orders.number")


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
    words = words_of(query)
    if not words:
        return Found([], [], [], [])
    return Found(
        _customers(session, query, words), _cases(session, query, words), _orders(session, words), _conversations(session, words)
    )


def _customers(session: Session, query: str, words: list[str]) -> list[tuple[Customer, str | None]]:
    index, digits = word_index(session), re.sub(r"\D", "", query)
    by_phone = [index.has(PHONES, [digits])] if len(digits) >= FEWEST_DIGITS else []
    wanted = or_(index.has(CUSTOMERS, words), *by_phone)
    customers = session.scalars(select(Customer).where(wanted).order_by(Customer.name).limit(MOST)).all()
    ids = [c.id for c in customers]
    talks = session.execute(
        select(Conversation.customer_id, Conversation.id)
        .where(Conversation.customer_id.in_(ids), Conversation.verified_at.is_not(None))
        .order_by(Conversation.changed_at)
    )
    latest: dict[int, str] = dict(talks.all())  # type: ignore[arg-type]
    return [(c, latest.get(c.id)) for c in customers]


def _cases(session: Session, query: str, words: list[str]) -> Sequence[Case]:
    number = re.fullmatch(r"[Ff]?-?(\d{6,9})", query)
    if number:
        return session.scalars(select(Case).where(Case.id == int(number[1]) - 100000)).all()
    newest = select(Case).order_by(Case.id.desc()).limit(MOST)
    found = {c.id: c for c in session.scalars(newest.where(word_index(session).has(CASES, words)))}
    named = and_(*(Product.name.icontains(word, autoescape=True) for word in words))
    skus = session.scalars(select(Product.sku).where(named)).all()
    if skus:
        found |= {c.id: c for c in session.scalars(newest.where(Case.product_sku.in_(skus)))}
    return [found[i] for i in sorted(found, reverse=True)[:MOST]]


def _orders(session: Session, words: list[str]) -> list[tuple[Order, Customer]]:
    wanted = (
        select(Order, Customer)
        .join(Customer, Customer.id == Order.customer_id)
        .where(word_index(session).has(ORDERS, words))
        .order_by(Order.ordered_at.desc())
        .limit(MOST)
    )
    return [(order, customer) for order, customer in session.execute(wanted)]


def _conversations(session: Session, query_words: list[str]) -> list[tuple[Overview, str]]:
    index = word_index(session)
    said = select(Message.conversation_id, Message.text, Message.at).where(index.has(MESSAGES, query_words))
    noted = select(Note.conversation_id, Note.text, Note.at).where(index.has(NOTES, query_words))
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
