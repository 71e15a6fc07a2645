"""What a person agreed with the customer before he handed back: the bot holds on to it."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.tables import Case, CaseEvent
from desk.conversations.tables import Conversation, Message


@dataclass(frozen=True)
class Agreement:
    """What was agreed, by whom (no name: nobody of us had said a word), and when."""

    text: str
    agent: str
    at: datetime


def standing_agreement(session: Session, conversation: Conversation, case: Case | None) -> Agreement | None:
    """What was agreed last, as long as the case is open that it was about."""
    at = conversation.agreed_at
    if case is None or at is None or not conversation.agreed or not case.is_open or at < case.opened_at:
        return None
    said = select(Message.name).where(Message.conversation_id == conversation.id, Message.author == "agent", Message.at <= at)
    agent = session.scalar(said.order_by(Message.seq.desc()).limit(1))
    text = conversation.agreed.strip()
    return Agreement(text if text.endswith((".", "!", "?")) else f"{text}.", agent or "", at)


def was_held_against(session: Session, case: Case, agreement: Agreement, message_id: str) -> bool:
    """Whether he has come back with it before, and heard then what was agreed: now a person is due."""
    came = select(CaseEvent.id).where(
        CaseEvent.case_id == case.id, CaseEvent.what == "customer_added", CaseEvent.at >= agreement.at,
        CaseEvent.source_message_id != message_id,
    )  # fmt: skip
    return session.scalar(came.limit(1)) is not None
