"""What the database holds of a conversation, in a form that is the same for every run of the same script."""

import json
import re
from dataclasses import dataclass
from itertools import zip_longest
from typing import Any

from sqlalchemy import func, select, text
from sqlalchemy.orm import Session

from desk.cases.tables import OPEN_STATES, Case, CaseEvent, Remedy
from desk.conversations.tables import Conversation, Message
from desk.followups.tables import Followup
from desk.handoffs.tables import Handoff
from tests.system.customer import Customer

_DAYS = r"\b(today|tomorrow|(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)\b"
_MONTHS = r"\b(January|February|March|April|May|June|July|August|September|October|November|December)\b"


@dataclass(frozen=True)
class Truth:
    """Every message with its replies, every case with all that belongs to it, every hand-off."""

    turns: list[Any]
    cases: list[Any]
    handoffs: list[Any]
    holder: str


def truth_of(session: Session, conversation_id: str) -> Truth:
    """What became of a conversation; numbers and times are masked."""
    cases = session.scalars(select(Case).where(Case.conversation_id == conversation_id).order_by(Case.id)).all()
    handoffs = session.scalars(select(Handoff).where(Handoff.conversation_id == conversation_id)).all()
    return Truth(
        turns=[
            (masked(m.text), m.state, [_said(reply) for reply in _replies(session, m.id)])
            for m in messages_by(session, conversation_id, "customer")
        ],
        cases=[_case(session, case) for case in cases],
        handoffs=sorted((h.state, h.reason) for h in handoffs),
        holder=session.get_one(Conversation, conversation_id).holder,
    )


def messages_by(session: Session, conversation_id: str, author: str) -> list[Message]:
    wanted = select(Message).where(Message.conversation_id == conversation_id, Message.author == author)
    return list(session.scalars(wanted.order_by(Message.seq)))


def masked(said: str) -> str:
    """The text without what differs between two customers who say the same: numbers, addresses, signed links, days."""
    said = re.sub(r"https?://\S+", "<link>", said)
    said = re.sub(r"\S+@\S+", "<email>", said)
    said = re.sub(f"{_DAYS}|{_MONTHS}", "<day>", said, flags=re.IGNORECASE)
    return re.sub(r"[0-9][0-9 :.,]*", "#", said)


def problems_of_order(session: Session, conversation_id: str) -> list[str]:
    """Where a message was not answered exactly once, at one moment, in the order in which the messages came."""
    problems, last = [], 0
    by_seq = session.scalars(select(Message).where(Message.conversation_id == conversation_id).order_by(Message.seq)).all()
    if [m.seq for m in by_seq] != list(range(1, len(by_seq) + 1)):
        problems.append("the seqs have gaps")
    seqs = {m.id: m.seq for m in by_seq}
    for reply in (m for m in by_seq if m.author == "bot" and m.reply_to):
        if seqs[reply.reply_to or ""] < last:
            problems.append(f"reply {reply.seq} comes after the reply to a later message")
        last = seqs[reply.reply_to or ""]
    for message in (m for m in by_seq if m.author == "customer"):
        replies = _replies(session, message.id)
        if message.state == "waiting":
            problems.append(f"message {message.seq} was never processed")
        elif message.state == "answered" and not replies:
            problems.append(f"message {message.seq} has no answer")
        if [r.part for r in replies] != list(range(len(replies))) or len({r.at for r in replies}) > 1:
            problems.append(f"message {message.seq} was answered more than once")
        if any(r.seq < message.seq for r in replies):
            problems.append(f"message {message.seq} was answered before it came")
    return problems


def problems_of_i1(session: Session) -> list[str]:
    """Every case that breaks I1: open, with other than one pending follow-up that it names, with owner and time."""
    problems = []
    for case in session.scalars(select(Case)):
        pending = session.scalars(select(Followup).where(Followup.case_id == case.id, Followup.state == "pending")).all()
        if case.state in OPEN_STATES:
            if [f.id for f in pending] != [case.next_followup_id] or not all(f.owner and f.due_at for f in pending):
                problems.append(f"{case.number} is open and has {len(pending)} pending follow-ups")
        elif any(f.kind != "survey" and f.purpose != "last_word" for f in pending):  # these two come after the end
            problems.append(f"{case.number} is closed and has a pending follow-up")
    return problems


def messages_heard_twice(session: Session) -> list[str]:
    """Ids of messages that Rasa's own store holds more than once, in `events` of that database."""
    heard = session.execute(text("SELECT data FROM events WHERE type_name = 'user'")).scalars()
    ids = [json.loads(data)["message_id"] for data in heard]
    return sorted({each for each in ids if ids.count(each) > 1})


def waiting_messages(session: Session) -> int:
    return session.scalar(select(func.count()).where(Message.state == "waiting")) or 0


def problems_of_acknowledged(session: Session, customer: Customer) -> list[str]:
    """Where what the desk acknowledged, what it stored and what the customer could read are not the same."""
    problems = []
    stored = session.scalars(select(Message).where(Message.conversation_id == customer.id).order_by(Message.seq)).all()
    if [(s.client_id, s.id, s.seq) for s in sorted(customer.sent, key=lambda s: s.seq)] != [
        (m.client_id, m.id, m.seq) for m in stored if m.author == "customer"
    ]:
        problems.append("what was acknowledged is not what is stored")
    if [(m["id"], m["text"]) for m in customer.heard] != [(m.id, m.text) for m in stored]:
        problems.append("what the customer has read is not what is stored")
    return problems


def differences(wanted: Truth, found: Truth) -> list[str]:
    """Where a conversation did not come out as it should."""
    differing = []
    for part in ("turns", "cases", "handoffs"):
        both = zip_longest(getattr(wanted, part), getattr(found, part))
        differing += [f"{part}: {one} was to be, and is {other}" for one, other in both if one != other]
    if wanted.holder != found.holder:
        differing.append(f"{found.holder} holds it, not {wanted.holder}")
    return differing


def _replies(session: Session, message_id: str) -> list[Message]:
    return list(session.scalars(select(Message).where(Message.reply_to == message_id).order_by(Message.seq)))


def _said(reply: Message) -> Any:
    return (masked(reply.text), [masked(b["title"]) for b in reply.buttons])


def _case(session: Session, case: Case) -> Any:
    remedies = session.scalars(select(Remedy).where(Remedy.case_id == case.id)).all()
    followups = session.scalars(select(Followup).where(Followup.case_id == case.id)).all()
    history = session.scalars(select(CaseEvent).where(CaseEvent.case_id == case.id).order_by(CaseEvent.id)).all()
    return {
        "case": (case.kind, case.state, case.priority, case.hazard, case.mood, case.product_sku, case.order_number is None),
        "remedies": sorted((r.kind, r.state) for r in remedies),
        "followups": sorted((f.kind, f.state, f.owner, f.promise, masked(f.note)) for f in followups),
        "history": [(e.who, e.what) for e in history],
    }
