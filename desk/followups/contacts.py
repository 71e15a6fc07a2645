"""When we spoke first to a customer, and when we held back: what the weekly budget counts, and what the lead can read."""

from collections.abc import Sequence
from datetime import datetime, time

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.orm import Session

from desk.cases.tables import Case
from desk.conversations.tables import Conversation, Message
from desk.customers.tables import Customer
from desk.followups.contact_rules import WEEK, ContactRules, Verdict, may_speak
from desk.followups.tables import Contact, Followup
from desk.settings import Settings


def contact_rules(settings: Settings) -> ContactRules:
    return ContactRules(
        quiet_from=time.fromisoformat(settings.quiet_from),
        quiet_until=time.fromisoformat(settings.quiet_until),
        per_week=settings.contacts_per_week,
        country=settings.shop_country,
    )


def may_we_speak(
    session: Session,
    conversation: Conversation,
    customer: Customer | None,
    now: datetime,
    settings: Settings,
    *,
    urgent: bool = False,
    owed: bool = False,
) -> Verdict:
    """Whether the desk may begin to speak to him now, over any channel. What he is `owed` (a promise) the budget lets through."""
    opted_out = conversation.quiet_since is not None or (customer is not None and customer.no_messages_since is not None)
    zone = customer.timezone if customer else settings.shop_timezone
    said = [] if urgent or owed or opted_out else said_since(session, conversation, customer, now)
    return may_speak(now, zone, said, contact_rules(settings), opted_out=opted_out, urgent=urgent)


def said_since(session: Session, conversation: Conversation, customer: Customer | None, now: datetime) -> Sequence[datetime]:
    """When we spoke first to him in the last seven days."""
    his = _his(conversation, customer.id if customer else None)
    return session.scalars(select(Contact.at).where(his, Contact.held_because.is_(None), Contact.at > now - WEEK)).all()


def note_contact(
    session: Session,
    conversation: Conversation,
    case: Case | None,
    now: datetime,
    who: str,
    what: str,
    followup: Followup | None = None,
    message: Message | None = None,
) -> None:
    """We have spoken first: it counts in his week."""
    session.add(
        Contact(
            at=now, customer_id=_customer_id(conversation, case), conversation_id=conversation.id,
            case_id=case.id if case else None, followup_id=followup.id if followup else None,
            message_id=message.id if message else None, who=who, what=what,
        )
    )  # fmt: skip


def note_held(
    session: Session, conversation: Conversation, case: Case, followup: Followup, now: datetime, why: str, until: datetime | None
) -> None:
    """We would have spoken, and held back."""
    session.add(
        Contact(
            at=now, customer_id=_customer_id(conversation, case), conversation_id=conversation.id, case_id=case.id,
            followup_id=followup.id, who="desk", what=followup.purpose or followup.kind, held_because=why, held_until=until,
        )
    )  # fmt: skip


def contacts_of(session: Session, case: Case) -> Sequence[Contact]:
    """What was said first and what was held back about a case, the newest first."""
    return session.scalars(select(Contact).where(Contact.case_id == case.id).order_by(Contact.at.desc(), Contact.id.desc())).all()


def held_back(session: Session, since: datetime, limit: int = 200) -> Sequence[Contact]:
    """What was held back since then, the newest first."""
    query = select(Contact).where(Contact.held_because.is_not(None), Contact.at > since)
    return session.scalars(query.order_by(Contact.at.desc(), Contact.id.desc()).limit(limit)).all()


def _his(conversation: Conversation, customer_id: int | None) -> ColumnElement[bool]:
    here = Contact.conversation_id == conversation.id
    return or_(here, Contact.customer_id == customer_id) if customer_id is not None else here


def _customer_id(conversation: Conversation, case: Case | None) -> int | None:
    if case is not None and case.customer_id is not None:
        return case.customer_id
    return conversation.customer_id if conversation.verified_at is not None else None
