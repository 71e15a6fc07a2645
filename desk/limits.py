"""Limits on what comes from outside: the size of a body, the pace of an address."""

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from desk.errors import TooMany
from desk.problems import problem

LARGEST_BODY = 64 * 1024
"""Bytes of a request body."""


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

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        declared = dict(scope["headers"]).get(b"content-length", b"0")
        if not declared.isdigit() or int(declared) > self._largest:
            await problem(413, "That is too large.", headers={"Connection": "close"})(scope, receive, send)
            return
        read = 0

        async def counted() -> Message:
            nonlocal read
            message = await receive()
            read += len(message.get("body", b""))
            if read > self._largest:
                raise _BodyTooLarge
            return message

        try:
            await self._app(scope, counted, send)
        except _BodyTooLarge:
            await problem(413, "That is too large.", headers={"Connection": "close"})(scope, receive, send)


class _BodyTooLarge(Exception):
    """The body went on past the limit without having said so."""
