"""The channel by which the desk talks to Rasa: POST /webhooks/desk/turn and /read, on loopback, with a shared secret.

A turn is answered 200 only when it is stored and none of its actions failed; otherwise 503, and the desk tries again.
A repeated message id gets the stored answer again.
"""

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable
from typing import Any
from weakref import WeakValueDictionary

from rasa.core.agent import Agent
from rasa.core.channels.channel import InputChannel, UserMessage
from sanic import Blueprint, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.remote_actions import make_remote_actions_light
from bot.states import make_states_light
from bot.turns import TurnProcessor, WatchfulOutput, turn_of

logger = logging.getLogger(__name__)


class DeskChannel(InputChannel):
    """Rasa's side of the conversation between desk and bot."""

    def __init__(self, secret: str) -> None:
        if not secret:
            raise ValueError("credentials.yml: the desk channel needs a secret (FUBB_SECRET)")
        self._secret = secret
        self._processor: TurnProcessor | None = None
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        make_remote_actions_light()
        make_states_light()

    @classmethod
    def name(cls) -> str:
        return "desk"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> "DeskChannel":
        return cls(secret=(credentials or {}).get("secret", ""))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """The channel's routes. `on_new_message` is not used: it hides failures."""
        routes = Blueprint("desk_channel", __name__)

        @routes.get("/")
        async def ready(request: Request) -> HTTPResponse:
            agent: Agent | None = getattr(request.app.ctx, "agent", None)
            up = agent is not None and agent.is_ready()
            return response.json({"ready": up}, status=200 if up else 503)

        @routes.post("/turn")
        async def turn(request: Request) -> HTTPResponse:
            agent = self._let_in(request)
            return agent if isinstance(agent, HTTPResponse) else await self._answer(agent, request.json)

        @routes.post("/read")
        async def read(request: Request) -> HTTPResponse:
            """What a message says that people will answer; nothing of it is kept here."""
            agent = self._let_in(request)
            if isinstance(agent, HTTPResponse):
                return agent
            said = UserMessage(_without_command(request.json["text"]), metadata={"language": request.json["language"]})
            parsed = await self._processor_of(agent).read(said)
            return response.json({name: parsed.get(name) for name in ("language", "mood", "hazard")})

        return routes

    def _let_in(self, request: Request) -> Agent | HTTPResponse:
        """The agent with its model, for who knows the secret; else the refusal."""
        given = request.headers.get("authorization", "")
        if not hmac.compare_digest(given.encode(), f"Bearer {self._secret}".encode()):
            return response.json({"error": "wrong secret"}, status=401)
        agent: Agent | None = getattr(request.app.ctx, "agent", None)
        if agent is None or not agent.is_ready():
            return response.json({"error": "no model is loaded"}, status=503)
        return agent

    async def _answer(self, agent: Agent, turn: dict[str, Any]) -> HTTPResponse:
        conversation, message_id = turn["conversation"], turn["message_id"]
        message = UserMessage(
            text=turn.get("payload") or _without_command(turn["text"]),
            output_channel=WatchfulOutput(),
            sender_id=conversation,
            input_channel=self.name(),
            message_id=message_id,
            metadata={"language": turn["language"]},
        )
        lock = self._locks.setdefault(conversation, asyncio.Lock())
        try:
            async with lock:
                tracker = await self._processor_of(agent).answer(message, turn.get("slots", {}), turn.get("fresh", False))
        except Exception as error:
            logger.warning("turn %s of %s failed: %s", message_id, conversation, error, exc_info=error)
            return response.json({"error": type(error).__name__}, status=503)
        language = tracker.get_slot("language")
        return response.json({"message_id": message_id, "language": language, **(turn_of(tracker, message_id) or {})})

    def _processor_of(self, agent: Agent) -> TurnProcessor:
        if self._processor is None or self._processor.graph_runner is not agent.processor.graph_runner:
            self._processor = TurnProcessor.of(agent.processor)
        return self._processor


def _without_command(text: str) -> str:
    """Typed text is never a command: Rasa reads a leading "/" as an intent, so a customer could forge one."""
    stripped = text.lstrip("/ \n\t")
    return stripped or "?"
