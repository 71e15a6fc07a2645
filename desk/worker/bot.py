"""The desk's door to Rasa: one turn over HTTP (its other side is bot/desk_channel.py)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

import httpx
from pydantic import BaseModel, ValidationError

from desk.words import Said

READING_TAKES = 2.0
"""Seconds at most: people see the message anyway, it is never held up for this."""


class BotUnavailable(Exception):
    """Rasa did not take the turn: it is down, slow, or an action failed. The turn is tried again under the same id.

    `unreachable`: nobody answered at all, so other turns would fare no better just now.
    """

    def __init__(self, why: str, unreachable: bool = False) -> None:
        super().__init__(why)
        self.unreachable = unreachable


@dataclass(frozen=True)
class Turn:
    """A customer's message on its way to the bot, with what the desk knows."""

    conversation_id: str
    message_id: str
    text: str
    payload: str | None
    language: str
    fresh: bool
    slots: Mapping[str, Any]


@dataclass(frozen=True)
class Reply:
    """What the bot made of a message and says to it."""

    messages: list[Said]
    understood: dict[str, Any] = field(default_factory=dict)
    language: str | None = None
    """The language that the conversation is in from now on."""

    @property
    def clears_question(self) -> bool:
        """Whether what our last proactive message asked is answered by this turn."""
        return self.understood.get("topic") in ("affirm", "deny", "confirm_solved", "not_solved")


class Read(BaseModel):
    """What was read in a message that nobody but people answers."""

    mood: Literal["calm", "annoyed", "furious"] = "calm"
    hazard: bool = False


class Bot(Protocol):
    """Whoever answers first."""

    async def answer(self, turn: Turn) -> Reply:
        """Answer a turn; the same message id again gives the same answer. Raises BotUnavailable."""
        ...

    async def read(self, text: str, language: str) -> Read:
        """What a message says that people will answer. Raises BotUnavailable."""
        ...


class _Button(BaseModel):
    title: str
    payload: str


class _Said(BaseModel):
    text: str
    buttons: list[_Button]


class _Answer(BaseModel):
    understood: dict[str, Any]
    replies: list[_Said]
    language: Literal["en", "sv", "nb", "fi"] | None = None


class RasaBot:
    """Rasa, over our own channel."""

    def __init__(self, url: str, secret: str, timeout: float) -> None:
        self._client = httpx.AsyncClient(
            base_url=url, headers={"Authorization": f"Bearer {secret}"}, timeout=httpx.Timeout(timeout, connect=2.0)
        )

    async def answer(self, turn: Turn) -> Reply:
        try:
            response = await self._client.post(
                "/webhooks/desk/turn",
                json={
                    "conversation": turn.conversation_id,
                    "message_id": turn.message_id,
                    "text": turn.text,
                    "payload": turn.payload,
                    "language": turn.language,
                    "fresh": turn.fresh,
                    "slots": dict(turn.slots),
                },
            )
            response.raise_for_status()
            answer = _Answer.model_validate_json(response.content)
        except (httpx.HTTPError, ValidationError) as error:
            raise BotUnavailable(f"{type(error).__name__}: {error}", isinstance(error, httpx.TransportError)) from error
        said = [Said(r.text, [b.model_dump() for b in r.buttons]) for r in answer.replies if r.text]
        return Reply(said, answer.understood, answer.language)

    async def read(self, text: str, language: str) -> Read:
        try:
            response = await self._client.post(
                "/webhooks/desk/read", json={"text": text, "language": language}, timeout=READING_TAKES
            )
            response.raise_for_status()
            return Read.model_validate_json(response.content)
        except (httpx.HTTPError, ValidationError) as error:
            raise BotUnavailable(f"{type(error).__name__}: {error}") from error

    async def is_ready(self) -> bool:
        """Whether Rasa has its model and answers."""
        try:
            return (await self._client.get("/webhooks/desk/", timeout=2.0)).status_code == 200
        except httpx.HTTPError:
            return False

    async def close(self) -> None:
        await self._client.aclose()
