"""A fixed cast for tests: the customer Erik Lund and his plasma TV, the agents Anna and Mikko, their lead Siv.

Made by the services themselves, so that what a test finds is what the desk would have made.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import Table, func, insert, select
from sqlalchemy.orm import Session

from desk.agents.passwords import hash_password, hash_token
from desk.agents.tables import Agent
from desk.cases.remedies import accept_remedy, offer_remedies
from desk.cases.rules import NextStep
from desk.cases.service import Heard, attach_order, record_case
from desk.cases.tables import Case
from desk.conversations.service import append_message, lock_conversation, open_conversation, receive_message
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.db.tables import Base
from desk.followups.service import set_next_step
from desk.followups.tables import Followup
from desk.handoffs.service import queue_requested_handoff, request_handoff
from desk.handoffs.tables import Handoff
from desk.shop.demo import load_demo_shop
from desk.shop.tables import Order
from tests.conftest import NOW

PASSWORD = "correct horse battery"
OFFICE_HOURS: dict[str, Any] = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SMELL = "The TV smells funny and makes strange noises! I am furious."
WITHIN = timedelta(minutes=10)


@dataclass(frozen=True)
class Cast:
    """Who is there."""

    anna: Agent  # en, sv
    mikko: Agent  # fi, en
    siv: Agent  # the lead
    erik: Customer
    order: Order  # 10023847, one Aurora P50, delivered yesterday


def token_of(agent: Agent) -> str:
    """The API token of an agent of the cast."""
    return f"token-of-{agent.login}"


def gather(session: Session, now: datetime = NOW) -> Cast:
    """Agents, the demo shop, and Erik with his order."""
    anna = add_agent(session, "anna", "Anna Berg", ["en", "sv"], now=now)
    mikko = add_agent(session, "mikko", "Mikko Laine", ["fi", "en"], now=now)
    siv = add_agent(session, "siv", "Siv Holm", ["sv", "nb", "en"], role="lead", now=now)
    stock_demo_shop(session, now)
    erik = session.scalars(select(Customer).where(Customer.email == "erik.lund@example.com")).one()
    return Cast(anna, mikko, siv, erik, session.get_one(Order, "10023847"))


def stock_demo_shop(session: Session, now: datetime = NOW) -> None:
    """The demo shop as it was loaded at `now`; its files are read once for all tests."""
    for table, found in _demo_shop(now):
        session.execute(insert(table), [dict(row) for row in found])
    if session.get_bind().dialect.name == "postgresql":  # the ids were given, so the counter does not know of them
        highest = select(func.max(Customer.id)).scalar_subquery()
        session.execute(select(func.setval(func.pg_get_serial_sequence("customers", "id"), highest)))


@lru_cache(maxsize=4)
def _demo_shop(now: datetime) -> list[tuple[Table, list[dict[str, Any]]]]:
    with TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/shop.sqlite")
        create_schema(database)
        with database.writing() as session:
            load_demo_shop(session, now)
            tables = [Base.metadata.tables[n] for n in ("shop_rules", "products", "customers", "orders", "order_lines")]
            found = [(table, [dict(row) for row in session.execute(select(table)).mappings()]) for table in tables]
        database.dispose()
    return found


def add_agent(
    session: Session, login: str, name: str, languages: Sequence[str], *, role: str = "agent", now: datetime = NOW
) -> Agent:
    """An agent with office hours, the password PASSWORD and the token of `token_of`; hashed once for all tests."""
    agent = Agent(
        login=login, name=name, role=role, languages=list(languages), hours=OFFICE_HOURS,
        password_hash=_hash_of_password(), token_hash=hash_token(f"token-of-{login}"), created_at=now,
    )  # fmt: skip
    session.add(agent)
    session.flush()
    return agent


@lru_cache
def _hash_of_password() -> str:
    return hash_password(PASSWORD)


def talk(session: Session, *words: str, language: str = "en", now: datetime = NOW) -> Conversation:
    """A conversation with the bot in which the customer has said these words, each answered."""
    conversation, _ = open_conversation(session, "website", language, now)
    for number, text in enumerate(words):
        message = receive_message(session, conversation.id, f"c{number}", now, text=text)
        message.state = "answered"
        conversation.waiting = 0
        append_message(session, conversation, "bot", f"I have read: {text}", now, name="Fubb", reply_to=message.id, part=0)
    return conversation


def verify(session: Session, conversation: Conversation, cast: Cast, now: datetime = NOW) -> Conversation:
    """He has shown that he is Erik."""
    conversation.customer_id, conversation.verified_at = cast.erik.id, now
    session.flush()
    return conversation


def heard_last(session: Session, conversation: Conversation, mood: str = "calm", hazard: bool = False) -> Heard:
    """The customer's last message, as an action hears it."""
    message = session.scalars(
        select(Message)
        .where(Message.conversation_id == conversation.id, Message.author == "customer")
        .order_by(Message.seq.desc())
        .limit(1)
    ).one()
    return Heard(message.id, message.text, mood, hazard)


def smelling_tv(session: Session, cast: Cast, *, arranged: bool = False, now: datetime = NOW) -> Case:
    """Erik's case: his plasma TV smells; he is verified, remedies are offered (and return and replacement arranged)."""
    conversation = verify(session, talk(session, SMELL, now=now), cast, now)
    conversation.mood, conversation.hazard = "furious", True
    heard = heard_last(session, conversation, "furious", hazard=True)
    case = record_case(session, conversation, "fault", heard, now, "AUR-P50").case
    attach_order(session, case, cast.order, now, heard.message_id)
    offer_remedies(session, case, now, heard.message_id)
    if arranged:
        accept_remedy(session, case, "replacement", now, heard.message_id, 1)
    return case


def hand_off(
    session: Session, conversation: Conversation, reason: str = "asked_for_human", now: datetime = NOW, mood: str = "calm"
) -> Handoff:
    """The conversation waits in the queue."""
    conversation = lock_conversation(session, conversation.id)
    heard = heard_last(session, conversation, mood, conversation.hazard)
    handoff = request_handoff(session, conversation, reason, heard, now, WITHIN)
    queue_requested_handoff(session, conversation, heard.message_id, now)
    return handoff


def promise_call(session: Session, case: Case, agent: Agent, at: datetime, now: datetime = NOW) -> Followup:
    """The customer was told that this agent calls at this time."""
    step = NextStep("call", at, "agent", "call the customer, as promised")
    return set_next_step(
        session, case, step, now, who="customer", promised=True, agent_id=agent.id, ends_at=at + timedelta(minutes=30)
    )
