"""Pictures in a conversation: keeping one, naming it in a message, reading it, forgetting those never sent."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, select
from sqlalchemy.orm import Session

from desk.attachments.pictures import Picture
from desk.attachments.tables import Attachment, AttachmentContent
from desk.errors import NotFound, TooMany, WrongInput

MOST_IN_MESSAGE = 5
"""Pictures in one message."""
KEPT_UNSENT = timedelta(days=1)
"""How long a picture waits for the message that names it."""


def keep_picture(
    session: Session, conversation_id: str, picture: Picture, now: datetime, agent_id: int | None = None, per_hour: int = 0
) -> Attachment:
    """Keep a picture for a message to come. The same one again, before it was sent, is the one kept already.

    Raises TooMany past `per_hour` (0: no limit).
    """
    known = session.scalar(
        select(Attachment)
        .where(
            Attachment.conversation_id == conversation_id,
            Attachment.digest == picture.digest,
            Attachment.message_id.is_(None),
            _sent_by(agent_id),
        )
        .limit(1)
    )
    if known is not None:
        return known
    if per_hour:
        _check_pace(session, conversation_id, now, per_hour)
    attachment = Attachment(
        conversation_id=conversation_id, agent_id=agent_id, kind=picture.kind, width=picture.width, height=picture.height,
        size=len(picture.content), digest=picture.digest, created_at=now,
    )  # fmt: skip
    session.add(attachment)
    session.flush()
    session.add(AttachmentContent(attachment_id=attachment.id, content=picture.content))
    session.flush()
    return attachment


def unsent_pictures(session: Session, conversation_id: str, ids: Sequence[str], agent_id: int | None = None) -> list[Attachment]:
    """The pictures of these ids, to be named by a message of who sent them. Raises WrongInput."""
    if len(ids) > MOST_IN_MESSAGE or len(set(ids)) < len(ids):
        raise WrongInput("A message has at most %(most)s pictures, each once.", most=MOST_IN_MESSAGE)
    if not all(i.isascii() and i.isalnum() for i in ids):
        raise WrongInput("There is no such picture to send here.")
    wanted = select(Attachment).where(
        Attachment.id.in_(ids), Attachment.conversation_id == conversation_id, Attachment.message_id.is_(None), _sent_by(agent_id)
    )
    found = {a.id: a for a in session.scalars(wanted.with_for_update())}
    if len(found) < len(ids):
        raise WrongInput("There is no such picture to send here. Send it once more.")
    return [found[i] for i in ids]


def as_shown(attachments: Sequence[Attachment]) -> list[dict[str, Any]]:
    """What a message says of its pictures."""
    return [{"id": a.id, "type": a.kind, "width": a.width, "height": a.height, "size": a.size} for a in attachments]


def send_pictures(session: Session, attachments: Sequence[Attachment], message_id: str) -> None:
    """They belong to this message from now on."""
    for attachment in attachments:
        attachment.message_id = message_id
    session.flush()


def picture_of(session: Session, conversation_id: str, attachment_id: str) -> tuple[Attachment, bytes]:
    """A picture of this conversation and its bytes. Raises NotFound."""
    if not (attachment_id.isascii() and attachment_id.isalnum()):
        raise NotFound("There is no such picture.")
    found = session.execute(
        select(Attachment, AttachmentContent.content)
        .join(AttachmentContent, AttachmentContent.attachment_id == Attachment.id)
        .where(Attachment.id == attachment_id, Attachment.conversation_id == conversation_id)
    ).one_or_none()
    if found is None:
        raise NotFound("There is no such picture.")
    return found[0], found[1]


def is_forgotten(now: datetime) -> ColumnElement[bool]:
    """Never sent, and nobody will."""
    return and_(Attachment.message_id.is_(None), Attachment.created_at <= now - KEPT_UNSENT)


def forget_unsent_pictures(session: Session, now: datetime, limit: int = 20) -> int:
    """Delete pictures that no message ever named; how many."""
    ids = session.scalars(select(Attachment.id).where(is_forgotten(now)).limit(limit).with_for_update(skip_locked=True)).all()
    session.execute(delete(AttachmentContent).where(AttachmentContent.attachment_id.in_(ids)))
    session.execute(delete(Attachment).where(Attachment.id.in_(ids)))
    return len(ids)


def _sent_by(agent_id: int | None) -> ColumnElement[bool]:
    return Attachment.agent_id.is_(None) if agent_id is None else Attachment.agent_id == agent_id


def _check_pace(session: Session, conversation_id: str, now: datetime, per_hour: int) -> None:
    sent, first = session.execute(
        select(func.count(), func.min(Attachment.created_at)).where(
            Attachment.conversation_id == conversation_id,
            Attachment.agent_id.is_(None),
            Attachment.created_at > now - timedelta(hours=1),
        )
    ).one()
    if sent >= per_hour:
        wait = 3600 - (now - first).total_seconds()
        raise TooMany("Those were a lot of pictures. Please wait a little.", retry_after=max(1.0, wait))
