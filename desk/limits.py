"""Limits on what comes from outside: the size of a body, the pace of an address."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.errors import TooMany
from desk.problems import problem

LARGEST_BODY = 64 * 1024
"""Bytes of a request body."""
LARGEST_UPLOAD = 8 * 1024 * 1024 + 1024
"""Bytes of a picture on its way in; its route says at how many it stops."""
UPLOADS = "/attachments"
"""How the address of a route that takes pictures ends."""


class Pace:
    """How often one address may do something in a minute, counted in this process."""

    def __init__(self, per_minute: int) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._item = RateLimitItemPerMinute(per_minute)

    def check(self, address: str) -> None:
        """Count one; raises TooMany past the limit."""
        if not self._limiter.hit(self._item, address):
            raise TooMany(retry_after=60)


class LimitBody:
    """Answers 413 to a larger body, without reading it to its end."""

    def __init__(self, app: ASGIApp, largest: int = LARGEST_BODY) -> None:
        self._app = app
        self._largest = largest
        self._largest_upload = max(largest, LARGEST_UPLOAD)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        largest = self._largest_upload if scope["path"].endswith(UPLOADS) else self._largest
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > largest:
            await problem(413, "That is too large.", headers={"Connection": "close"})(scope, receive, send)
            return
        read, too_large, answered = 0, False, False

        async def counted() -> Message:
            nonlocal read, too_large
            message = await receive()
            read += len(message.get("body", b""))
            if read > largest:
                too_large = True
                return {"type": "http.disconnect"}  # the app stops reading; its answer is replaced by ours
            return message

        async def answer(message: Message) -> None:
            nonlocal answered
            if not too_large:
                answered = True
                await send(message)

        try:
            await self._app(scope, counted, answer)
        except ClientDisconnect:
            if not too_large:
                raise
        if too_large and not answered:
            await problem(413, "That is too large.", headers={"Connection": "close"})(scope, receive, send)
