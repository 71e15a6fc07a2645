"""Keeping what could not be answered, and labelling it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.checking.topics import TOPICS
from desk.conversations.tables import Message
from desk.errors import NotFound, WrongInput
from desk.unanswered.tables import Unanswered

Why = Literal["not_understood", "out_of_scope", "none_of_these"]
Outcome = Literal["asked", "article", "told", "person"]
Label = Literal["training", "article", "nothing"]
LABELS: tuple[Label, ...] = ("training", "article", "nothing")


@dataclass(frozen=True)
class Kept:
    """A message on the list, with its words."""

    unanswered: Unanswered
    text: str
    conversation_id: str


_KEPT = select(Unanswered, Message.text, Message.conversation_id).join(Message, Message.id == Unanswered.message_id)


def keep_unanswered(
    session: Session, message_id: str, language: str, why: Why, tried: dict[str, Any], outcome: Outcome, now: datetime
) -> None:
    """Put a message on the list. Said again of the same message, the later word counts; what was tried adds up."""
    known = session.get(Unanswered, message_id)
    if known is None:
        session.add(Unanswered(message_id=message_id, at=now, language=language, why=why, tried=tried, outcome=outcome))
    else:
        known.why, known.outcome, known.tried = why, outcome, {**known.tried, **tried}
    session.flush()


def note_choice(session: Session, message_id: str, topic: str) -> None:
    """The customer has said which topic he meant: the best label there is, for a person to confirm."""
    known = session.get(Unanswered, message_id)
    if known is not None:
        known.chosen_topic = topic


def list_unanswered(
    session: Session, label: Label | None = None, after: tuple[datetime, str] | None = None, limit: int = 50
) -> list[Kept]:
    """What has this label (None: none yet), the newest first; what follows on the one `after`, named by its time and message."""
    wanted = Unanswered.label.is_(None) if label is None else Unanswered.label == label
    query = _KEPT.where(wanted).order_by(Unanswered.at.desc(), Unanswered.message_id).limit(limit)
    if after is not None:
        moment, message = after
        query = query.where((Unanswered.at < moment) | ((Unanswered.at == moment) & (Unanswered.message_id > message)))
    return [Kept(one, text, conversation) for one, text, conversation in session.execute(query)]


def read_unanswered(session: Session, message_id: str) -> Kept:
    """One message of the list, whatever its label. Raises NotFound."""
    found = session.execute(_KEPT.where(Unanswered.message_id == message_id)).first() if _looks_like_an_id(message_id) else None
    if found is None:
        raise NotFound("There is no such message on the list.")
    return Kept(*found)


def count_unanswered(session: Session) -> int:
    """How many wait for a label."""
    return session.scalar(select(func.count()).select_from(Unanswered).where(Unanswered.label.is_(None))) or 0


def label_unanswered(
    session: Session, message_id: str, label: str | None, topic: str | None, now: datetime, agent_id: int | None = None
) -> Unanswered:
    """Say what becomes of a message: training text of a topic, a new article, nothing; None takes it back.

    Raises NotFound, WrongInput.
    """
    known = read_unanswered(session, message_id).unanswered
    if label is not None and label not in LABELS:
        raise WrongInput("A label is one of %(labels)s.", labels=", ".join(LABELS))
    if label == "training" and topic not in TOPICS:
        raise WrongInput("Training text needs one of the topics.")
    known.label = label
    known.label_topic = topic if label == "training" else None
    known.labelled_at = now if label else None
    known.labelled_by_id = agent_id if label else None
    session.flush()
    return known


def texts_to_train(kept: Sequence[Kept]) -> dict[str, dict[str, list[str]]]:
    """By language and topic, the words labelled as training text."""
    found: dict[str, dict[str, list[str]]] = {}
    for one in kept:
        if one.unanswered.label == "training" and one.unanswered.label_topic:
            text = " ".join(one.text.split())
            found.setdefault(one.unanswered.language, {}).setdefault(one.unanswered.label_topic, []).append(text)
    return found


def _looks_like_an_id(value: str) -> bool:
    """Nothing that the database could choke on."""
    return value.isascii() and value.isprintable()
