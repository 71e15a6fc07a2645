"""Customers: who writes, and whether he has shown it (I9)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import jwt
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.cases.service import current_case
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation
from desk.customers.identities import others_read_along
from desk.customers.tables import Customer, Identity
from desk.errors import NotLoggedIn, WrongInput
from desk.shop.service import find_order
from desk.shop.tables import Order


def what_the_bot_knows(session: Session, conversation: Conversation) -> dict[str, Any]:
    """The slots that the desk fills at every turn: nothing personal before the customer has shown who he is."""
    case = current_case(session, conversation)
    return {
        "language": conversation.language,
        "verified": conversation.verified_at is not None,
        "asked": "check_in" if conversation.asked == "check_in" else None,
        "open_case": case.number if case else None,
    }


@dataclass(frozen=True)
class Verification:
    """What came of an order number and an e-mail: the order, or why not (and the failed attempt is counted)."""

    order: Order | None
    too_many: bool = False


def verify_by_order(session: Session, conversation_id: str, number: str, email: str, now: datetime, attempts: int) -> Verification:
    """Verify the customer by an order number and its e-mail; after `attempts` wrong pairs nothing is looked up for an hour.

    No such order, another e-mail, and an order of another customer than this chat's have the same answer.
    """
    conversation = lock_conversation(session, conversation_id)
    failed_at = conversation.verify_failed_at
    if failed_at is None or now - failed_at > timedelta(hours=1):
        conversation.verify_failures = 0
    if conversation.verify_failures >= attempts:
        return Verification(None, too_many=True)
    if others_read_along(session, conversation):
        return Verification(None)
    order = find_order(session, number, email)
    if order is None or (conversation.verified_at is not None and conversation.customer_id != order.customer_id):
        conversation.verify_failures += 1
        conversation.verify_failed_at = now
        return Verification(None)
    conversation.customer_id, conversation.verified_at = order.customer_id, now
    return Verification(order)


def latest_orders(session: Session, conversation: Conversation) -> list[Order]:
    """The verified customer's orders, newest first; none for anybody else."""
    if conversation.verified_at is None or conversation.customer_id is None:
        return []
    found = select(Order).where(Order.customer_id == conversation.customer_id).order_by(Order.ordered_at.desc(), Order.number)
    return list(session.scalars(found))


def stop_messages(session: Session, conversation: Conversation, now: datetime) -> None:
    """He wants no messages from us: from now on none, until he writes."""
    if conversation.verified_at is not None and conversation.customer_id is not None:
        customer = session.get_one(Customer, conversation.customer_id)
        customer.no_messages_since = customer.no_messages_since or now
    conversation.quiet_since = conversation.quiet_since or now


def identify(session: Session, token: str, key: str, now: datetime) -> tuple[Identity, Customer]:
    """The customer named by a token that the shop's site signed (HS256; sub, email, name, exp). Raises NotLoggedIn."""
    if not key:
        raise WrongInput("This desk accepts no signed identities (FUBB_IDENTITY_SECRET is not set).")
    try:
        claims = jwt.decode(token, key, algorithms=["HS256"], options={"require": ["sub", "email", "exp"], "verify_exp": False})
    except jwt.InvalidTokenError as error:
        raise NotLoggedIn("The signed identity is not valid.") from error
    if datetime.fromtimestamp(float(claims["exp"]), now.tzinfo) <= now:
        raise NotLoggedIn("The signed identity has expired.")
    email = str(claims["email"]).strip().lower()
    customer = session.scalar(select(Customer).where(func.lower(Customer.email) == email))
    if customer is None:
        customer = Customer(name=str(claims.get("name") or email), email=email, created_at=now)
        session.add(customer)
        session.flush()
    address = str(claims["sub"])
    identity = session.scalar(select(Identity).where(Identity.channel == "website", Identity.address == address))
    if identity is None:
        identity = Identity(channel="website", address=address, customer_id=customer.id, created_at=now)
        session.add(identity)
        session.flush()
    elif identity.customer_id != customer.id:
        raise NotLoggedIn("The signed identity names another customer than before.")
    return identity, customer
