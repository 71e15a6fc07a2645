"""Where a customer can be written to: where he chose, else where he wrote last, and only where he may be shown it (I9)."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from desk.conversations.tables import Conversation, Message
from desk.customers.linking import linked_conversations
from desk.customers.tables import Customer, Identity, Link

Talk = tuple[Conversation, Customer | None]
"""A chat that something is about, and the customer whom it is about, if he is known."""


@dataclass(frozen=True)
class Reach:
    """The chats in which several customers may be written to, as they were read at one time."""

    _linked: Mapping[str, Sequence[Conversation]]  # by the chat that they are connected with
    _verified: Mapping[int, Sequence[Conversation]]  # by the customer who showed there who he is
    _ended: frozenset[int]  # identities at which nothing arrives any more
    _wrote: Mapping[str, datetime]  # when he wrote last, where it matters

    def place(self, conversation: Conversation, about: Customer | None) -> Conversation:
        """The best place; the chat itself when there is none."""
        best = self.ranked(_candidates(conversation, about, self._linked, self._verified))
        return best[0] if best else conversation

    def verified(self, customer: Customer) -> Sequence[Conversation]:
        """Where this customer has shown who he is."""
        return self._verified.get(customer.id, ())

    def arrives(self, conversation: Conversation) -> bool:
        """Whether what is said in this chat can still arrive."""
        return conversation.identity_id not in self._ended

    def ranked(self, conversations: Sequence[Conversation]) -> list[Conversation]:
        """Those that he wants to be written to in, and can be: the chosen one first, then where he wrote last."""
        open_ones = [c for c in conversations if self.arrives(c) and c.quiet_since is None]
        return sorted(
            open_ones, key=lambda c: (c.chosen_at is not None, str(self._wrote.get(c.id, "")), c.created_at), reverse=True
        )


def read_reach(session: Session, talks: Sequence[Talk]) -> Reach:
    """Where to write about each of these, in a few queries however many they are."""
    ids, customers = [c.id for c, _ in talks], {about.id for _, about in talks if about is not None}
    links = select(Link.first_id, Link.second_id).where(
        Link.ended_at.is_(None), or_(Link.first_id.in_(ids), Link.second_id.in_(ids))
    )
    connected = {each for pair in session.execute(links) for each in pair}
    linked = {c.id: linked_conversations(session, c) for c, _ in talks if c.id in connected}
    verified: dict[int, list[Conversation]] = defaultdict(list)
    if customers:
        shown = select(Conversation).where(Conversation.customer_id.in_(customers), Conversation.verified_at.is_not(None))
        for conversation in session.scalars(shown):
            verified[conversation.customer_id or 0].append(conversation)
    candidates = [_candidates(conversation, about, linked, verified) for conversation, about in talks]
    everybody = {c.id: c for found in candidates for c in found}
    compared = {c.id for found in candidates if len(found) > 1 for c in found}
    return Reach(linked, verified, _ended(session, everybody.values()), _last_words(session, compared))


def where_to_write(session: Session, conversation: Conversation, about: Customer | None) -> Conversation:
    """Where to write first about something of this chat: where he chose, else where he wrote last, and may be shown it.

    What is about a customer is said only in this chat and where he has shown that he is that customer.
    """
    return read_reach(session, [(conversation, about)]).place(conversation, about)


def reachable_channels(session: Session, customer: Customer) -> list[Conversation]:
    """The chats in which this customer has shown who he is and can be reached: the chosen one first, then where he wrote last."""
    mine = select(Conversation).where(Conversation.customer_id == customer.id, Conversation.verified_at.is_not(None))
    found = list(session.scalars(mine))
    return Reach({}, {}, _ended(session, found), _last_words(session, {c.id for c in found})).ranked(found)


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


def _candidates(
    conversation: Conversation,
    about: Customer | None,
    linked: Mapping[str, Sequence[Conversation]],
    verified: Mapping[int, Sequence[Conversation]],
) -> list[Conversation]:
    """The chat itself, and those beside it that may be shown what it is about."""
    beside = list(linked.get(conversation.id, ()))
    if about is not None:
        beside = [c for c in beside if c.customer_id == about.id and c.verified_at is not None]
        beside += verified.get(about.id, ())
    return list({c.id: c for c in [conversation, *beside]}.values())


def _ended(session: Session, conversations: Iterable[Conversation]) -> frozenset[int]:
    ids = [c.identity_id for c in conversations if c.identity_id is not None]
    if not ids:
        return frozenset()
    return frozenset(session.scalars(select(Identity.id).where(Identity.id.in_(ids), Identity.ended_at.is_not(None))))


def _last_words(session: Session, conversation_ids: set[str]) -> dict[str, datetime]:
    """When the customer wrote last in each."""
    if not conversation_ids:
        return {}
    wrote = select(Message.conversation_id, func.max(Message.at)).where(
        Message.conversation_id.in_(conversation_ids), Message.author == "customer"
    )
    return {row[0]: row[1] for row in session.execute(wrote.group_by(Message.conversation_id))}
