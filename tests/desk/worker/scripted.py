"""A bot at the desk's door to Rasa that answers as the test says."""

import asyncio
from collections.abc import Callable

from desk.words import Said
from desk.worker.bot import BotUnavailable, Read, Reply, Turn


class ScriptedBot:
    """Echoes; or fails so many times first; or waits until it is let go. Keeps what it was asked."""

    def __init__(self, answer: Callable[[Turn], Reply] | None = None, failures: int = 0) -> None:
        self.turns: list[Turn] = []
        self.failures = failures
        self.gate: asyncio.Event | None = None
        self.reached = asyncio.Event()
        self._answer = answer or echo

    async def answer(self, turn: Turn) -> Reply:
        self.turns.append(turn)
        self.reached.set()
        if self.gate is not None:
            await self.gate.wait()
        if self.failures > 0:
            self.failures -= 1
            raise BotUnavailable("told to fail")
        return self._answer(turn)

    async def read(self, text: str, language: str) -> Read:
        if self.failures > 0:
            raise BotUnavailable("told to fail")
        return Read(hazard=text.startswith("danger"))


def echo(turn: Turn) -> Reply:
    return Reply([Said(f"re: {turn.text}", [])], {"topic": "greet", "mood": "calm", "hazard": False})
