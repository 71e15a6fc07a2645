"""The website chat as a stream: messages as they come, and who is typing. The customer may send on it too."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Annotated, Any

import anyio
from fastapi import APIRouter, Query, WebSocket, WebSocketDisconnect
from pydantic import ValidationError

from desk.channels.website.chat import conversation_id_of, read, store
from desk.channels.website.schemas import Send
from desk.errors import DeskError
from desk.parts import Parts

router = APIRouter()
PROTOCOL = "fubb"
LONGEST_FRAME = 16 * 1024


@router.websocket("/api/chat/stream")
async def stream(socket: WebSocket, after: Annotated[int, Query(ge=0, le=2**31 - 1)] = 0) -> None:
    """Frames: {"type": "message", …the message}, {"type": "typing", …}, {"type": "sent", …}, {"type": "problem", …}.

    The token comes in the Authorization header, or from a browser as the subprotocol "bearer.<token>".
    """
    parts: Parts = socket.app.state.parts
    protocols = socket.scope.get("subprotocols", [])
    token = _token_of(socket, protocols)
    try:
        conversation_id = await asyncio.to_thread(conversation_id_of, parts, token)
    except DeskError:
        await socket.close(code=4401, reason="Log in first.")
        return
    await socket.accept(subprotocol=PROTOCOL if PROTOCOL in protocols else None)
    async with anyio.create_task_group() as group:

        async def until_it_ends(part: Callable[[], Awaitable[None]]) -> None:
            with suppress(WebSocketDisconnect, RuntimeError):  # Starlette says either when the socket is gone
                await part()
            group.cancel_scope.cancel()

        async def until_we_stop() -> None:
            await parts.stopping.wait()
            await socket.close(code=1012, reason="The desk restarts.")

        group.start_soon(until_it_ends, lambda: _send_news(socket, parts, conversation_id, after))
        group.start_soon(until_it_ends, lambda: _receive(socket, parts, token, conversation_id))
        group.start_soon(until_it_ends, until_we_stop)


def _token_of(socket: WebSocket, protocols: list[str]) -> str:
    header = socket.headers.get("authorization", "")
    if header.lower().startswith("bearer "):
        return header[7:].strip()
    return next((p.removeprefix("bearer.") for p in protocols if p.startswith("bearer.")), "")


async def _send_news(socket: WebSocket, parts: Parts, conversation_id: str, after: int) -> None:
    seen = after
    async with parts.database.hub.listen("*", conversation_id) as news:
        while True:
            for message in await asyncio.to_thread(read, parts, conversation_id, seen):
                await socket.send_text(json.dumps({"type": "message", **message.model_dump(mode="json", exclude_none=True)}))
                seen = message.seq
            try:
                topic, _ = await asyncio.wait_for(news.get(), 1.0)
            except TimeoutError:
                continue
            if topic.startswith("typing"):
                author, _, name = topic.removeprefix("typing").lstrip(":").partition(":")
                await socket.send_text(
                    json.dumps({"type": "typing", "author": author or "bot", "name": name or "Fubb", "on": True})
                )


async def _receive(socket: WebSocket, parts: Parts, token: str, conversation_id: str) -> None:
    while True:
        try:
            frame = await socket.receive_text()
        except (WebSocketDisconnect, KeyError):
            return
        answer = await asyncio.to_thread(_take, parts, token, conversation_id, frame)
        if answer is not None:
            await socket.send_text(json.dumps(answer))


def _take(parts: Parts, token: str, conversation_id: str, frame: str) -> dict[str, Any] | None:
    client_id: Any = None
    try:
        if len(frame) > LONGEST_FRAME:
            return {"type": "problem", "client_id": None, "status": 413, "title": "That is too large."}
        content = json.loads(frame)
        if not isinstance(content, dict):
            raise TypeError("not an object")
        client_id = content.get("client_id")
        if content.get("type") == "typing":
            parts.database.hub.publish("customer_typing", conversation_id)
            return None
        sent = store(parts, token, Send(**{k: content[k] for k in ("client_id", "text", "payload", "attachments") if k in content}))
    except DeskError as error:
        return {"type": "problem", "client_id": client_id, "status": error.status, "title": error.title}
    except (ValueError, TypeError, ValidationError):
        return {"type": "problem", "client_id": client_id, "status": 422, "title": "That cannot be used."}
    return {"type": "sent", "client_id": client_id, "id": sent.id, "seq": sent.seq}
