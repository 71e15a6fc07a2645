"""What the Bot API answers when it does not do what it is asked."""

from typing import Any


class ApiError(Exception):
    """An error answer of the Bot API, in its own words."""

    def __init__(self, code: int, description: str, **parameters: Any) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.parameters = parameters

    @property
    def body(self) -> dict[str, Any]:
        body: dict[str, Any] = {"ok": False, "error_code": self.code, "description": self.description}
        return body | ({"parameters": self.parameters} if self.parameters else {})


class Cut(Exception):
    """The connection breaks; what was asked for is done all the same when `done`."""

    def __init__(self, done: bool) -> None:
        super().__init__("cut")
        self.done = done


def too_many(seconds: int) -> ApiError:
    return ApiError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)


def bad(why: str) -> ApiError:
    return ApiError(400, f"Bad Request: {why}")


BLOCKED = ApiError(403, "Forbidden: bot was blocked by the user")
UNAUTHORIZED = ApiError(401, "Unauthorized")
CONFLICT = ApiError(409, "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running")
