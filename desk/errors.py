"""The desk's errors, each with the HTTP status it becomes (RFC 9457) in `desk.problems`."""


class DeskError(Exception):
    """Something the caller can be told. `title` is one sentence for people, in English.

    A sentence with places is given with what fills them, so that it can be said in another language:
    `WrongInput("Roles are %(roles)s.", roles="agent, lead")`.
    """

    status = 400
    title = "That did not work."

    def __init__(self, title: str | None = None, retry_after: float | None = None, **values: object) -> None:
        self.text, self.values = title or self.title, values
        self.title = self.text % values if values else self.text
        super().__init__(self.title)
        self.retry_after = retry_after


class NotLoggedIn(DeskError):
    status = 401
    title = "Log in first."


class NotAllowed(DeskError):
    status = 403
    title = "Your role does not allow that."


class NotFound(DeskError):
    status = 404
    title = "There is no such thing here."


class Conflict(DeskError):
    status = 409
    title = "It has changed meanwhile."


class TooLarge(DeskError):
    status = 413
    title = "That is too long."


class WrongInput(DeskError):
    status = 422
    title = "That cannot be used."


class TooMany(DeskError):
    status = 429
    title = "Too many at once. Please wait a moment."
