"""What an agent reads first: what happened so far, in a few lines."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.cases.tables import Case, Remedy
from desk.conversations.tables import Conversation, Message
from desk.customers.linking import code_in
from desk.shop.tables import Product

LOOKED_AT = 10


def summarise(session: Session, conversation: Conversation, case: Case, reason: str) -> str:
    """Reason, case, product and order, remedies, the customer's own latest words; a line each."""
    lines = [f"Why: {reason.replace('_', ' ')}. Case {case.number} ({case.kind.replace('_', ' ')}), {case.priority} priority."]
    product = session.get(Product, case.product_sku) if case.product_sku else None
    about = ", ".join(x for x in (product.name if product else "", f"order {case.order_number}" if case.order_number else "") if x)
    if about:
        lines.append(f"About: {about}.")
    remedies = session.scalars(select(Remedy).where(Remedy.case_id == case.id).order_by(Remedy.id)).all()
    if remedies:
        lines.append("Remedies: " + ", ".join(f"{r.kind} ({r.state})" for r in remedies) + ".")
    if conversation.agreed:
        lines.append(f"Agreed before: “{_short(conversation.agreed)}”")
    if case.summary:
        lines.append(f"It began with: “{_short(case.summary)}”")
    words = _last_words(session, conversation)
    if words and words != case.summary:
        lines.append(f"Last words: “{_short(words)}”")
    return "\n".join(lines)


def _last_words(session: Session, conversation: Conversation) -> str:
    """The customer's own: no command, no one-time code, no sign for something that could not be read."""
    latest = session.scalars(
        select(Message.text)
        .where(Message.conversation_id == conversation.id, Message.author == "customer", Message.payload.is_(None))
        .order_by(Message.seq.desc())
        .limit(LOOKED_AT)
    )
    return next((text for text in latest if _are_words(text)), "")


def _are_words(text: str) -> bool:
    return not text.startswith("/") and code_in(text) is None and any(c.isalnum() for c in text)


def _short(text: str, longest: int = 160) -> str:
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 1].rstrip() + "…"
