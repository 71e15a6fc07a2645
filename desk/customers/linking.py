"""One customer in several chats: connecting two by a one-time code, with consent; taking them apart again.

What is connected is who may be written to where. What a chat may show stays a matter of that chat alone (I9).
"""

import hashlib
import re
import secrets
from datetime import datetime, timedelta

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from desk.conversations.tables import Conversation
from desk.customers.tables import Link, LinkCode

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


def _is_good(offer: LinkCode, conversation: Conversation, now: datetime) -> bool:
    return offer.used_at is None and now < offer.expires_at and offer.conversation_id != conversation.id


def _new_code() -> str:
    while True:
        code = "".join(secrets.choice(_LETTERS) for _ in range(8))
        if sum(c.isdigit() for c in code) >= 2:
            return f"{code[:4]}-{code[4:]}"


def _hash(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()
