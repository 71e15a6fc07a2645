"""One customer in several chats: connecting two by a one-time code, with consent; taking them apart again.

What is connected is who may be written to where. What a chat may show stays a matter of that chat alone (I9).
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import func, or_, select, update
from sqlalchemy.orm import Session

from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer, Identity, Link, LinkCode

GOOD_FOR = timedelta(minutes=15)
WRONG_AN_HOUR = 5
"""Wrong codes that one chat may try in an hour."""
_LETTERS = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
_CODE = re.compile(r"\s*(?:/start\s+|/link\s+)?([2-9A-HJKMNP-Z]{4})-([2-9A-HJKMNP-Z]{4})\s*", re.IGNORECASE)


def code_in(text: str) -> str | None:
    """The code that a message consists of: two groups of four, with digits, so that no word is taken for one."""
    found = _CODE.fullmatch(text)
    code = f"{found[1]}-{found[2]}".upper() if found else ""
    return code if sum(c.isdigit() for c in code) >= 2 else None


def offer_link(session: Session, conversation: Conversation, now: datetime) -> str:
    """A new code that connects this chat with the one where it is entered; those before are void."""
    session.execute(
        update(LinkCode).where(LinkCode.conversation_id == conversation.id, LinkCode.used_at.is_(None)).values(expires_at=now)
    )
    code = _new_code()
    session.add(LinkCode(conversation_id=conversation.id, code_hash=_hash(code), created_at=now, expires_at=now + GOOD_FOR))
    session.flush()
    return code


def find_offer(session: Session, conversation: Conversation, code: str, now: datetime) -> LinkCode | None:
    """The good offer behind a code that was entered in another chat. Wrong, used, void and late have one answer: None."""
    if conversation.link_failed_at is None or now - conversation.link_failed_at > timedelta(hours=1):
        conversation.link_failures = 0
    if conversation.link_failures >= WRONG_AN_HOUR:
        return None
    offer = session.scalar(select(LinkCode).where(LinkCode.code_hash == _hash(code)))
    if offer is None or not _is_good(offer, conversation, now):
        conversation.link_failures += 1
        conversation.link_failed_at = now
        return None
    return offer


def accept_offer(session: Session, conversation: Conversation, offer_id: int, now: datetime) -> Link | None:
    """He consents: the two chats are connected, once. None when the offer is no longer good."""
    offer = session.scalar(select(LinkCode).where(LinkCode.id == offer_id).with_for_update())
    if offer is None or not _is_good(offer, conversation, now):
        return None
    offer.used_at = now
    known = linked_conversations(session, conversation)
    link = Link(first_id=offer.conversation_id, second_id=conversation.id, made_at=now)
    if offer.conversation_id not in {c.id for c in known}:
        session.add(link)
        session.flush()
    return link


def unlink(session: Session, conversation: Conversation, now: datetime) -> list[Conversation]:
    """This chat is connected with no other from now on; those that were."""
    others = linked_conversations(session, conversation)
    links = select(Link).where(or_(Link.first_id == conversation.id, Link.second_id == conversation.id), Link.ended_at.is_(None))
    for link in session.scalars(links):
        link.ended_at = now
    conversation.chosen_at = None
    session.flush()
    return others


def choose(session: Session, conversation: Conversation, now: datetime) -> None:
    """He wants to be written to here."""
    for other in linked_conversations(session, conversation):
        other.chosen_at = None
    conversation.chosen_at = now
    session.flush()


def linked_conversations(session: Session, conversation: Conversation) -> list[Conversation]:
    """The chats connected with this one, over as many links as it takes."""
    seen, ahead = {conversation.id}, [conversation.id]
    while ahead:
        links = session.scalars(
            select(Link).where(Link.ended_at.is_(None), or_(Link.first_id.in_(ahead), Link.second_id.in_(ahead)))
        )
        ahead = list({each for link in links for each in (link.first_id, link.second_id)} - seen)
        seen.update(ahead)
    others = select(Conversation).where(Conversation.id.in_(seen - {conversation.id}))
    return list(session.scalars(others.order_by(Conversation.created_at)))


def reachable_channels(session: Session, customer: Customer) -> list[Conversation]:
    """The chats in which this customer has shown who he is and can be reached: the chosen one first, then where he wrote last."""
    mine = select(Conversation).where(Conversation.customer_id == customer.id, Conversation.verified_at.is_not(None))
    return _best_first(session, list(session.scalars(mine)))


def where_to_write(session: Session, conversation: Conversation, about: Customer | None) -> Conversation:
    """Where to write first about something of this chat: where he chose, else where he wrote last, and may be shown it.

    What is about a customer is said only in this chat and where he has shown that he is that customer.
    """
    linked = linked_conversations(session, conversation)
    if about is not None:
        linked = [c for c in linked if c.customer_id == about.id and c.verified_at is not None]
        linked += [c for c in reachable_channels(session, about) if c.id not in {k.id for k in linked}]
    best = _best_first(session, [conversation, *(c for c in linked if c.id != conversation.id)])
    return best[0] if best else conversation


def conversations_beside(session: Session, conversation: Conversation, limit: int = 5) -> list[Conversation]:
    """The customer's other chats: those connected with this one, and those where he showed that he is the same."""
    beside = linked_conversations(session, conversation)
    if conversation.verified_at is not None and conversation.customer_id is not None:
        beside += reachable_channels(session, session.get_one(Customer, conversation.customer_id))
    return list({c.id: c for c in beside if c.id != conversation.id}.values())[:limit]


def why_unreachable(session: Session, conversation: Conversation) -> str:
    """Why nothing arrives in this chat any more; empty when it does."""
    identity = session.get(Identity, conversation.identity_id) if conversation.identity_id is not None else None
    return (identity.ended_why or "the chat is gone") if identity is not None and identity.ended_at is not None else ""


def can_be_reached(session: Session, conversation: Conversation) -> bool:
    """Whether what is said in this chat can still arrive."""
    return not why_unreachable(session, conversation)


def _best_first(session: Session, conversations: list[Conversation]) -> list[Conversation]:
    ids = [c.identity_id for c in conversations if c.identity_id is not None]
    ended = set(session.scalars(select(Identity.id).where(Identity.id.in_(ids), Identity.ended_at.is_not(None))))
    open_ones = [c for c in conversations if c.identity_id not in ended and c.quiet_since is None]
    wrote = select(Message.conversation_id, func.max(Message.at)).where(
        Message.conversation_id.in_([c.id for c in open_ones]), Message.author == "customer"
    )
    last = {row[0]: row[1] for row in session.execute(wrote.group_by(Message.conversation_id))}
    return sorted(open_ones, key=lambda c: (c.chosen_at is not None, str(last.get(c.id, "")), c.created_at), reverse=True)


def _is_good(offer: LinkCode, conversation: Conversation, now: datetime) -> bool:
    return offer.used_at is None and now < offer.expires_at and offer.conversation_id != conversation.id


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(8))
        if sum(c.isdigit() for c in code) >= 2:
            return f"{code[:4]}-{code[4:]}"


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
