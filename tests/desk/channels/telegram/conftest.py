"""The desk with a Telegram of our own: the real python-telegram-bot, over HTTP."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from sqlalchemy import select

from desk.app import make_parts
from desk.channels.telegram.service import run_telegram
from desk.conversations.service import messages_after
from desk.conversations.tables import Conversation, Message
from desk.customers.identities import identity_at
from desk.db.engine import Database
from desk.deliveries.tables import Delivery
from desk.parts import Parts
from desk.settings import Settings
from desk.simulator.bot_api import bot_api
from desk.simulator.chats import Chat
from desk.simulator.telegram import FakeTelegram
from desk.worker.loop import run_worker
from tests.desk.worker.scripted import ScriptedBot

PATIENCE = 15.0


@asynccontextmanager
async def served(app: Any) -> AsyncIterator[str]:
    """The app on a port of its own; its address."""
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="critical", lifespan="off"))
    server.install_signal_handlers = lambda: None  # type: ignore[attr-defined]
    task = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 (uvicorn has no event for it)
        await asyncio.sleep(0.01)
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = server.force_exit = True
        await task


@dataclass
class Stage:
    """The desk at work, Telegram, and short ways to look at both."""

    parts: Parts
    telegram: FakeTelegram
    bot: ScriptedBot
    tasks: list[asyncio.Task[None]]

    async def until(self, what: Callable[[], object], patience: float = PATIENCE) -> None:
        """Wait until it is so."""
        end = asyncio.get_running_loop().time() + patience
        while not what():
            assert asyncio.get_running_loop().time() < end, "it never came to be"
            for task in self.tasks:
                assert not task.done(), task.exception()
            await asyncio.sleep(0.02)

    async def hear(self, chat: Chat, text: str, patience: float = PATIENCE) -> dict[str, Any]:
        """Wait until the bot has said this (or something with it in it) in the chat; the message."""
        await self.until(lambda: any(text in m.get("text", "") for m in chat.from_bot()), patience)
        return next(m for m in reversed(chat.from_bot()) if text in m.get("text", ""))

    def conversation(self, chat: Chat) -> Conversation:
        with self.parts.database.reading() as session:
            identity = identity_at(session, "telegram", str(chat.id))
            assert identity is not None
            return session.scalars(select(Conversation).where(Conversation.identity_id == identity.id)).one()

    def messages(self, chat: Chat) -> list[Message]:
        with self.parts.database.reading() as session:
            return list(messages_after(session, self.conversation(chat).id, 0))

    def deliveries(self) -> list[Delivery]:
        with self.parts.database.reading() as session:
            return list(session.scalars(select(Delivery).order_by(Delivery.id)))

    async def all_settled(self) -> None:
        await self.until(lambda: all(d.settled_at for d in self.deliveries()))

    async def end(self) -> None:
        """End the desk's tasks, in an orderly way."""
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        self.tasks.clear()

    def start(self) -> None:
        self.tasks += [asyncio.create_task(run_telegram(self.parts)), asyncio.create_task(run_worker(self.parts, self.bot))]


@pytest.fixture
async def stage(database: Database, tmp_path: Path) -> AsyncIterator[Stage]:
    fake = FakeTelegram()
    async with served(bot_api(fake)) as url:
        settings = Settings(
            data_dir=tmp_path,
            secret="s" * 43,
            telegram_token=fake.token,
            telegram_base_url=url,
            messages_per_minute=30,  # type: ignore[arg-type]
        )
        stage = Stage(make_parts(settings, database), fake, ScriptedBot(), [])
        stage.start()
        try:
            yield stage
        finally:
            await stage.end()
