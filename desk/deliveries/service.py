"""Deliveries: queued with the message, claimed, sent by the channel, settled. Messages to one address never overtake."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import Session, aliased

from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Identity
from desk.db.events import announce
from desk.deliveries.channel import Outgoing
from desk.deliveries.rules import next_try
from desk.deliveries.tables import Delivery

SENT_TO = ("telegram", "console")
"""Channels that the desk sends to; on the website the customer's page reads."""


def _due() -> ColumnElement[bool]:
    earlier = aliased(Delivery)
    is_behind = exists().where(
        earlier.identity_id == Delivery.identity_id, earlier.settled_at.is_(None), earlier.id < Delivery.id
    )  # fmt: skip
    free = or_(Delivery.lease_until.is_(None), Delivery.lease_until <= bindparam("now"))
    is_ours = and_(Delivery.channel == bindparam("channel"), Delivery.settled_at.is_(None))
    return and_(is_ours, Delivery.next_try_at <= bindparam("now"), free, ~is_behind)


# Statements of every send are built once: building one costs more than running it.
_IS_DUE = select(Delivery.id).where(_due()).limit(1)
_DUE = (
    select(Delivery, Identity, Message, Conversation.language)
    .join(Identity, Identity.id == Delivery.identity_id)
    .join(Message, Message.id == Delivery.message_id)
    .join(Conversation, Conversation.id == Delivery.conversation_id)
    .where(_due())
    .order_by(Delivery.next_try_at, Delivery.id)
    .limit(bindparam("limit", type_=Integer))
    .with_for_update(skip_locked=True, of=Delivery)
)
_CLAIMED = select(Delivery).where(Delivery.id == bindparam("id")).with_for_update()


@dataclass(frozen=True)
class ClaimedSend:
    """The right to send one part. It holds while nobody has claimed the delivery anew."""

    fence: int
    outgoing: Outgoing


def queue_delivery(session: Session, conversation: Conversation, message: Message, now: datetime) -> None:
    """Put a message on its way, in the transaction that says it. Nothing to do where the customer's page reads."""
    if conversation.channel not in SENT_TO or conversation.identity_id is None or message.author == "customer":
        return
    session.add(
        Delivery(
            message_id=message.id, conversation_id=conversation.id, identity_id=conversation.identity_id,
            channel=conversation.channel, next_try_at=now, created_at=now,
        )
    )  # fmt: skip
    announce(session, "deliveries", conversation.channel)


def sends_are_due(session: Session, channel: str, now: datetime) -> bool:
    """Whether there is a delivery to claim."""
    return session.scalar(_IS_DUE, {"channel": channel, "now": now}) is not None


def claim_sends(session: Session, channel: str, now: datetime, lease: timedelta, limit: int) -> list[ClaimedSend]:
    """Claim what is due on this channel: of each address the oldest unsettled delivery, those that wait longest first."""
    claimed = []
    for delivery, identity, message, language in session.execute(_DUE, {"channel": channel, "now": now, "limit": limit}).all():
        if identity.ended_at is not None:
            _settle(delivery, "failed", now, f"the address is no longer used: {identity.ended_why}")
            continue
        if delivery.state == "sending":  # claimed before, and whoever did it is gone: it may have arrived
            delivery.uncertain += 1
        delivery.state = "sending"
        delivery.fence += 1
        delivery.lease_until = now + lease
        claimed.append(ClaimedSend(delivery.fence, _outgoing(delivery, identity, message, language)))
    return claimed


def settle_sent(session: Session, send: ClaimedSend, reference: str, is_last: bool, now: datetime) -> bool:
    """A part has arrived; the next part is due, or the delivery is settled. False when somebody else claimed it since."""
    delivery = _claimed(session, send)
    if delivery is None:
        return False
    delivery.references = [*delivery.references, reference]
    delivery.tries = 0
    if is_last:
        _settle(delivery, "sent", now, delivery.why)
    else:
        delivery.state, delivery.lease_until, delivery.next_try_at = "waiting", None, now
    return True


def settle_not_sent(session: Session, send: ClaimedSend, why: str, now: datetime, after: float | None, *, uncertain: bool) -> None:
    """A part did not arrive, or nobody knows: it is tried again."""
    delivery = _claimed(session, send)
    if delivery is None:
        return
    delivery.uncertain += uncertain
    delivery.state, delivery.lease_until, delivery.why = "waiting", None, why[:500]
    again = next_try(delivery.tries, now, uncertain=uncertain)
    delivery.next_try_at = now + timedelta(seconds=after) if after is not None else again
    delivery.tries += 1


def settle_refused(session: Session, send: ClaimedSend, why: str, now: datetime) -> None:
    """This message will never arrive."""
    delivery = _claimed(session, send)
    if delivery is not None:
        _settle(delivery, "failed", now, why)


def release_all_sends(session: Session, channel: str) -> None:
    """End every claim. Only for the start of the one process that sends on this channel."""
    held = update(Delivery).where(Delivery.channel == channel, Delivery.lease_until.is_not(None))
    session.execute(held.values(lease_until=None))


def _claimed(session: Session, send: ClaimedSend) -> Delivery | None:
    delivery = session.scalar(_CLAIMED, {"id": send.outgoing.delivery_id})
    return delivery if delivery is not None and delivery.fence == send.fence and delivery.settled_at is None else None


def _settle(delivery: Delivery, state: str, now: datetime, why: str) -> None:
    delivery.state, delivery.settled_at, delivery.lease_until, delivery.why = state, now, None, why[:500]


def _outgoing(delivery: Delivery, identity: Identity, message: Message, language: str) -> Outgoing:
    return Outgoing(
        delivery_id=delivery.id, conversation_id=delivery.conversation_id, message_id=message.id,
        address=identity.address, author=message.author, name=message.name, text=message.text,
        language=language,
        part=len(delivery.references), buttons=message.buttons, attachments=message.attachments,
    )  # fmt: skip
