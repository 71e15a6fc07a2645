"""Conversations: opening one, receiving what a customer says, saying something in it."""

import hashlib
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import bindparam, func, select
from sqlalchemy.orm import Session

from desk.attachments.service import as_shown, send_pictures, unsent_pictures
from desk.conversations.rules import LANGUAGES, body_hash, clean_text
from desk.conversations.tables import Conversation, Message
from desk.db.base import new_id
from desk.db.events import announce
from desk.deliveries.service import queue_delivery
from desk.errors import Conflict, NotFound, NotLoggedIn, TooMany, WrongInput

# Statements of every message are built once: building one costs more than running it.
_LOCKED = select(Conversation).where(Conversation.id == bindparam("id")).with_for_update().execution_options(populate_existing=True)
_KNOWN = select(Message).where(Message.conversation_id == bindparam("conversation"), Message.client_id == bindparam("client"))
_LATEST = (
    select(Conversation)
    .where(Conversation.identity_id == bindparam("identity"))
    .order_by(Conversation.created_at.desc(), Conversation.id)
    .limit(1)
)
_LATEST_LOCKED = _LATEST.with_for_update().execution_options(populate_existing=True)
_SENT_SINCE = select(func.count(), func.min(Message.at)).where(
    Message.conversation_id == bindparam("conversation"), Message.author == "customer", Message.at > bindparam("since")
)


def hash_token(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


def open_conversation(
    session: Session, channel: str, language: str | None, now: datetime, identity_id: int | None = None
) -> tuple[Conversation, str]:
    """A new conversation, held by the bot, and the token that opens it."""
    if language is not None and language not in LANGUAGES:
        raise WrongInput("language is one of %(languages)s or null.", languages=", ".join(LANGUAGES))
    token = secrets.token_urlsafe(32)
    conversation = Conversation(
        channel=channel,
        language=language or "en",
        identity_id=identity_id,
        token_hash=hash_token(token),
        created_at=now,
        changed_at=now,
        next_try_at=now,
    )
    session.add(conversation)
    session.flush()
    return conversation, token


def conversation_of_token(session: Session, token: str) -> Conversation:
    """The conversation that this token opens; raises NotLoggedIn."""
    found = session.scalar(select(Conversation).where(Conversation.token_hash == hash_token(token)))
    if found is None:
        raise NotLoggedIn("This chat is not known here. Start a new one.")
    return found


def lock_conversation(session: Session, conversation_id: str) -> Conversation:
    """The conversation, locked until the transaction ends, as it is now; raises NotFound."""
    found = session.scalar(_LOCKED, {"id": conversation_id})
    if found is None:
        raise NotFound("There is no such conversation.")
    return found


def receive_message(
    session: Session,
    conversation_id: str,
    client_id: str,
    now: datetime,
    *,
    text: str = "",
    payload: str | None = None,
    title: str = "",
    attachments: Sequence[str] = (),
    per_minute: int = 0,
) -> Message:
    """Store a customer's message under the id its sender gave it.

    The same id with the same body gives the message stored before; with another body raises Conflict. A payload must be
    that of a button shown in this conversation, unless its channel vouches for it by giving its `title`. `attachments`: ids
    of pictures kept for it; then it needs no text. Raises TooMany past `per_minute` (0: no limit), TooLarge, WrongInput.
    """
    if client_id.startswith("agent:"):
        raise WrongInput("client_id may not begin with agent:, so the desk names its own.")
    conversation = lock_conversation(session, conversation_id)
    if payload is not None:
        text = title or _title_of_button(session, conversation_id, payload)
    text = clean_text(text, may_be_empty=bool(attachments))
    digest = body_hash(text, payload, attachments)
    known = session.scalar(_KNOWN, {"conversation": conversation_id, "client": client_id})
    if known is not None:
        if known.body_hash != digest:
            raise Conflict("Another message was sent under this client_id.")
        return known
    if per_minute:
        _check_pace(session, conversation_id, now, per_minute)
    pictures = unsent_pictures(session, conversation_id, attachments) if attachments else []
    if conversation.waiting == 0:
        conversation.next_try_at = now
        conversation.tries = 0
    conversation.waiting += 1
    message = append_message(
        session, conversation, "customer", text, now, payload=payload, client_id=client_id, body_hash=digest, state="waiting",
        attachments=as_shown(pictures),
    )  # fmt: skip
    if pictures:
        send_pictures(session, pictures, message.id)
    announce(session, "work", conversation.id)
    return message


def note_message(session: Session, conversation: Conversation, client_id: str, text: str, now: datetime) -> Message | None:
    """Keep what a customer sent and the desk itself answers, in a locked conversation; None when it is known already."""
    if session.scalar(_KNOWN, {"conversation": conversation.id, "client": client_id}) is not None:
        return None
    state = "answered" if conversation.holder == "bot" else "for_human"
    return append_message(session, conversation, "customer", text, now, client_id=client_id, body_hash="", state=state)


def settle_by_desk(session: Session, conversation: Conversation, message: Message, now: datetime) -> None:
    """The desk itself answers a message just stored in a locked conversation: nobody else is to."""
    message.state = "answered" if conversation.holder == "bot" else "for_human"
    conversation.waiting -= 1
    if conversation.waiting == 0:
        conversation.next_try_at = now + timedelta(days=3650)


def append_message(session: Session, conversation: Conversation, author: str, text: str, now: datetime, **fields: Any) -> Message:
    """Say something in a locked conversation, under its next seq."""
    message = put_message(session, conversation, author, text, now, **fields)
    session.flush()
    queue_delivery(session, conversation, message, now)
    return message


def put_message(session: Session, conversation: Conversation, author: str, text: str, now: datetime, **fields: Any) -> Message:
    """As `append_message`, for who says many things at once: he flushes, then queues their deliveries."""
    conversation.last_seq += 1
    conversation.changed_at = now
    if author == "customer":
        conversation.awaiting_since = conversation.awaiting_since or now
    elif author != "system":
        conversation.awaiting_since = None
    message = Message(
        conversation_id=conversation.id, seq=conversation.last_seq, author=author, text=text, at=now, **{"id": new_id(), **fields}
    )
    session.add(message)
    announce(session, "conversation", conversation.id)
    return message


def messages_after(session: Session, conversation_id: str, after: int, limit: int = 200) -> Sequence[Message]:
    """The messages behind `after`, in order, at most `limit`."""
    return session.scalars(
        select(Message).where(Message.conversation_id == conversation_id, Message.seq > after).order_by(Message.seq).limit(limit)
    ).all()


def latest_conversation(session: Session, identity_id: int) -> Conversation | None:
    """The conversation that this identity has; None when it has none yet."""
    return session.scalar(_LATEST, {"identity": identity_id})


def lock_latest_conversation(session: Session, identity_id: int) -> Conversation | None:
    """The conversation that this identity has, locked until the transaction ends, as it is now; None when it has none yet."""
    return session.scalar(_LATEST_LOCKED, {"identity": identity_id})


def is_open_choice(session: Session, message: Message) -> bool:
    """Whether the customer has said nothing since this message: its buttons are still what is asked."""
    later = select(Message.id).where(
        Message.conversation_id == message.conversation_id, Message.author == "customer", Message.seq > message.seq
    )
    return session.scalar(later.limit(1)) is None


def _title_of_button(session: Session, conversation_id: str, payload: str) -> str:
    shown = session.scalars(
        select(Message.buttons)
        .where(Message.conversation_id == conversation_id, Message.author != "customer")
        .order_by(Message.seq.desc())
        .limit(200)
    )
    for buttons in shown:
        for button in buttons:
            if button["payload"] == payload:
                return button["title"]
    raise WrongInput("No button with this payload was shown in this conversation.")


def _check_pace(session: Session, conversation_id: str, now: datetime, per_minute: int) -> None:
    since = now - timedelta(minutes=1)
    sent, first = session.execute(_SENT_SINCE, {"conversation": conversation_id, "since": since}).one()
    if sent >= per_minute:
        wait = 60 - (now - first).total_seconds()
        raise TooMany("That was a lot at once. Please wait a moment.", retry_after=max(1.0, wait))
