"""The website chat over HTTP: open a session, send, read (with long-poll). Its contract is public."""

import asyncio
from typing import Annotated

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.responses import Response

from desk.attachments.pictures import clean_picture
from desk.attachments.service import as_shown, keep_picture, picture_of
from desk.attachments.serving import REQUEST_BODY, SHOWN, read_picture, show_picture
from desk.channels.own_answers import Own, answer_own
from desk.channels.website.schemas import ChatMessage, Messages, OpenSession, Picture, Send, Sent, Session
from desk.conversations.service import (
    conversation_of_token,
    lock_conversation,
    messages_after,
    open_conversation,
    receive_message,
)
from desk.customers.service import identify
from desk.errors import NotLoggedIn
from desk.parts import Parts, parts_of

router = APIRouter(prefix="/api/chat", tags=["website chat"])
LONGEST_WAIT = 30
PAGE = 200

bearer = HTTPBearer(auto_error=False)


def token_of(credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(bearer)]) -> str:
    """The bearer token of the request; raises NotLoggedIn."""
    if credentials is None:
        raise NotLoggedIn("Send the token of your chat session: Authorization: Bearer …")
    return credentials.credentials


Token = Annotated[str, Depends(token_of)]
TheParts = Annotated[Parts, Depends(parts_of)]


@router.post("/sessions", status_code=201)
def open_session(request: Request, body: OpenSession, parts: TheParts) -> Session:
    """Open a chat. The token in the answer opens it from now on."""
    parts.session_pace.check(request.client.host if request.client else "")
    now = parts.clock.now()
    with parts.database.writing() as session:
        identity = None
        if body.identity is not None:
            identity, customer = identify(session, body.identity, parts.settings.identity_secret.get_secret_value(), now)
        conversation, token = open_conversation(session, "website", body.language, now, identity.id if identity else None)
        if identity is not None:
            conversation.customer_id, conversation.verified_at = customer.id, now
        return Session(conversation=conversation.id, token=token, seq=conversation.last_seq)


@router.post("/messages", status_code=202)
def send_message(body: Send, token: Token, parts: TheParts) -> Sent:
    """Send a message. The same client_id again, with the same body, gives the same answer; with another body 409."""
    return store(parts, token, body)


@router.post("/attachments", status_code=201, openapi_extra=REQUEST_BODY)
async def send_picture(request: Request, token: Token, parts: TheParts) -> Picture:
    """Send a picture (JPEG, PNG, WebP or GIF, at most 8 MB) for a message to come, which names its id.

    It is drawn anew: where and when it was taken is not kept. One that no message names is forgotten after a day.
    """
    conversation_id = await asyncio.to_thread(conversation_id_of, parts, token)
    sent = await read_picture(request)
    return await asyncio.to_thread(_keep, parts, conversation_id, sent)


@router.get("/attachments/{attachment_id}", response_class=Response, responses=SHOWN)
def get_picture(attachment_id: Annotated[str, Path(max_length=64)], token: Token, parts: TheParts) -> Response:
    """A picture of this chat."""
    with parts.database.reading() as session:
        return show_picture(*picture_of(session, conversation_of_token(session, token).id, attachment_id))


def _keep(parts: Parts, conversation_id: str, sent: bytes) -> Picture:
    picture = clean_picture(sent)
    with parts.database.writing() as session:
        lock_conversation(session, conversation_id)
        kept = keep_picture(session, conversation_id, picture, parts.clock.now(), per_hour=parts.settings.pictures_per_hour)
        return Picture.of(as_shown([kept])[0])


@router.get("/messages")
async def read_messages(
    token: Token,
    parts: TheParts,
    after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0,
    wait: Annotated[float, Query(ge=0, le=LONGEST_WAIT)] = 0,
) -> Messages:
    """The messages behind `after`, in order, at most 200; with `wait` seconds of long-poll when there are none yet."""
    conversation_id = await asyncio.to_thread(conversation_id_of, parts, token)
    deadline = asyncio.get_running_loop().time() + wait
    async with parts.database.hub.listen("conversation", conversation_id) as news:
        while True:
            found = await asyncio.to_thread(read, parts, conversation_id, after)
            left = deadline - asyncio.get_running_loop().time()
            if found or left <= 0 or parts.stopping.is_set():
                return Messages(messages=found, seq=found[-1].seq if found else after)
            try:  # another process may have written on SQLite: look again each second
                await asyncio.wait_for(news.get(), min(left, 1.0))
            except TimeoutError:
                continue


def store(parts: Parts, token: str, body: Send) -> Sent:
    """Store a customer's message; it is acknowledged only after the commit."""
    with parts.database.writing() as session:
        message = receive_message(
            session,
            conversation_of_token(session, token).id,
            body.client_id,
            parts.clock.now(),
            text=body.text or "",
            payload=body.payload,
            attachments=body.attachments,
            per_minute=parts.settings.messages_per_minute,
        )
        conversation = lock_conversation(session, message.conversation_id)
        answer_own(Own(session, conversation, message, parts.words, parts.settings, parts.clock.now()))
        return Sent(id=message.id, seq=message.seq)


def conversation_id_of(parts: Parts, token: str) -> str:
    with parts.database.reading() as session:
        return conversation_of_token(session, token).id


def read(parts: Parts, conversation_id: str, after: int) -> list[ChatMessage]:
    with parts.database.reading() as session:
        return [ChatMessage.of(m) for m in messages_after(session, conversation_id, after, PAGE)]
