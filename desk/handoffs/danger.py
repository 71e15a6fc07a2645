"""A danger that a customer writes of while people hold his conversation (I5)."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.alerts.patterns import tell_of_danger_or_pattern
from desk.alerts.service import tell
from desk.cases.history import record
from desk.cases.rules import priority_of
from desk.cases.service import current_case
from desk.cases.tables import Case
from desk.conversations.service import append_message
from desk.conversations.tables import Conversation, Message
from desk.handoffs.service import open_handoff
from desk.words import Words


def heed_danger(session: Session, conversation: Conversation, message: Message, mood: str, words: Words, now: datetime) -> bool:
    """The first time in a hand-off: advice in the desk's own voice, the case urgent, its holder and the leads told; else False.

    The bot keeps quiet (I4); what the desk says is no answer, and the person who holds the conversation still gives it.
    A danger that was known before the hand-off may be a greater one by now: it is said again what to do, and told to the holder.
    """
    handoff = open_handoff(session, conversation.id)
    case = session.get_one(Case, handoff.case_id) if handoff else current_case(session, conversation)
    known = conversation.hazard or (case is not None and case.hazard)
    advice, reminder = (words.say(f"utter_safety_{what}", conversation.language).text for what in ("advice", "reminder"))
    since = handoff.requested_at if handoff else conversation.created_at
    if _was_said(session, conversation, (advice, reminder), since):
        return False
    conversation.hazard = True
    append_message(session, conversation, "system", reminder if known else advice, now)
    if handoff is not None:
        handoff.hazard = True
    if case is None:
        return True
    case.hazard, case.priority = True, priority_of(mood, True, case.priority)
    record(session, case, now, "customer", "customer_added", {"text": message.text}, message.id)
    tell_of_danger_or_pattern(session, case, now)
    if conversation.agent_id is not None:
        detail = {"case": case.number, "product": "", "text": message.text[:200]}
        tell(session, f"danger:{message.id}", "danger", now, detail, agent_id=conversation.agent_id, case_id=case.id)
    return True


def _was_said(session: Session, conversation: Conversation, texts: tuple[str, ...], since: datetime) -> bool:
    """Whether the desk has said one of these in this conversation since then."""
    said = select(Message.id).where(
        Message.conversation_id == conversation.id, Message.author == "system", Message.at >= since, Message.text.in_(texts)
    )
    return session.scalar(said.limit(1)) is not None
