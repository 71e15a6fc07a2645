"""When we spoke first to a customer, and when we held back: what the weekly budget counts, and what the lead can read."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from datetime import datetime, time

from sqlalchemy import or_, select
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


class SaidFirst:
    """When we spoke first to several customers in the last seven days. What is said meanwhile is added, and counts too."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        self._here: dict[str, list[Contact]] = defaultdict(list)
        self._his: dict[int, list[Contact]] = defaultdict(list)
        for contact in contacts:
            self.add(contact)

    def add(self, contact: Contact) -> None:
        self._here[contact.conversation_id].append(contact)
        if contact.customer_id is not None:
            self._his[contact.customer_id].append(contact)

    def to(self, conversation: Conversation, customer: Customer | None) -> list[datetime]:
        """In this conversation, and to this customer in any other."""
        his = self._his[customer.id] if customer is not None else []
        here = (c for c in self._here[conversation.id] if customer is None or c.customer_id != customer.id)
        return [c.at for c in (*his, *here)]


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
    said = said_first(session, [conversation.id], [customer.id] if customer else [], now)
    return verdict_on(conversation, customer, said, now, settings, urgent=urgent, owed=owed)


def verdict_on(
    conversation: Conversation,
    customer: Customer | None,
    said: SaidFirst,
    now: datetime,
    settings: Settings,
    *,
    urgent: bool = False,
    owed: bool = False,
) -> Verdict:
    """As `may_we_speak`, from what was read before."""
    opted_out = conversation.quiet_since is not None or (customer is not None and customer.no_messages_since is not None)
    zone = customer.timezone if customer else settings.shop_timezone
    counted = [] if urgent or owed or opted_out else said.to(conversation, customer)
    return may_speak(now, zone, counted, contact_rules(settings), opted_out=opted_out, urgent=urgent)


def said_first(session: Session, conversation_ids: Collection[str], customer_ids: Collection[int], now: datetime) -> SaidFirst:
    """When we spoke first in these conversations or to these customers, in the last seven days."""
    theirs = or_(Contact.conversation_id.in_(conversation_ids), Contact.customer_id.in_(customer_ids))
    return SaidFirst(session.scalars(select(Contact).where(theirs, Contact.held_because.is_(None), Contact.at > now - WEEK)))


def new_contact(
    conversation: Conversation,
    case: Case | None,
    now: datetime,
    who: str,
    what: str,
    followup: Followup | None = None,
    message: Message | None = None,
) -> Contact:
    """We have spoken first, which counts in his week: to be added once the message that it names is in the database."""
    return Contact(
        at=now, customer_id=_customer_id(conversation, case), conversation_id=conversation.id,
        case_id=case.id if case else None, followup_id=followup.id if followup else None,
        message_id=message.id if message else None, who=who, what=what,
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


def _customer_id(conversation: Conversation, case: Case | None) -> int | None:
    if case is not None and case.customer_id is not None:
        return case.customer_id
    return conversation.customer_id if conversation.verified_at is not None else None
