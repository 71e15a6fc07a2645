"""What can go wrong with agents and their logins."""

from desk.errors import Conflict, NotAllowed, NotFound, NotLoggedIn, TooMany, WrongInput


class WrongLogin(NotLoggedIn):
    """Unknown login, wrong password or an agent who has left: never said which."""

    title = "Login or password is wrong."


class TooManyAttempts(TooMany):
    """Too many failed logins from one address; `retry_after` is in seconds."""

    title = "Too many failed logins. Please wait a moment."


class LoginTaken(Conflict):
    title = "There is already an agent with this login."


class UnknownAgent(NotFound):
    title = "There is no agent with this login."


class WrongAgent(WrongInput):
    """A login, name, language or role that cannot be used; the message says which."""


class WeakPassword(WrongInput):
    title = "A password needs 10 to 200 characters."


class CodesNeeded(NotAllowed):
    """A lead without one-time codes, where leads need them."""

    title = "Turn on your one-time codes first, under your name."
