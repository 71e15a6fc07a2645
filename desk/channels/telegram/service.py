"""Telegram while the desk runs: one process of all receives and sends."""

import asyncio
import hashlib
import hmac
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from datetime import datetime
from typing import Any

from sqlalchemy import text
from sqlalchemy.orm import Session
from telegram import Bot
from telegram.error import InvalidToken, TelegramError
from telegram.request import HTTPXRequest

from desk.channels.telegram.channel import NAME, TelegramChannel
from desk.channels.telegram.commands import show_menu
from desk.channels.telegram.deep_link import remember_bot
from desk.channels.telegram.fetching import Fetcher
from desk.channels.telegram.is_typing import show_typing
from desk.channels.telegram.pacing import Pacer
from desk.channels.telegram.receiving import KINDS, Receiver
from desk.channels.telegram.talk import Desk
from desk.conversations.service import latest_conversation
from desk.customers.identities import identity_at
from desk.db.engine import Database
from desk.deliveries.sender import Sender
from desk.followups.unreachable import leave_unreachable_to_people
from desk.parts import Parts
from desk.settings import Settings

logger = logging.getLogger(__name__)
WEBHOOK_PATH = "/api/telegram/webhook"
_ONE_PROCESS = 4_822_002  # PostgreSQL advisory lock: the process that holds it receives and sends
_ASK_AGAIN = 5.0


def make_bot(settings: Settings) -> Bot:
    """Telegram's Bot for our token, at the address of the settings."""
    base = settings.telegram_base_url.rstrip("/")
    return Bot(
        settings.telegram_token.get_secret_value(),
        base_url=f"{base}/bot",
        base_file_url=f"{base}/file/bot",
        request=HTTPXRequest(connection_pool_size=64, read_timeout=10, connect_timeout=5, pool_timeout=5),
        get_updates_request=HTTPXRequest(connection_pool_size=2, connect_timeout=5),
    )


def webhook_secret(settings: Settings) -> str:
    """What Telegram shows with every call, so that nobody else can call."""
    key = settings.secret.get_secret_value() + settings.telegram_token.get_secret_value()
    return hmac.new(key.encode(), b"telegram webhook", hashlib.sha256).hexdigest()


async def run_telegram(parts: Parts) -> None:
    """Receive and send until cancelled, if a token is set and as long as no other process does."""
    if not parts.settings.telegram_token.get_secret_value():
        return
    while True:
        try:
            async with _the_only_one(parts.database) as still_ours:
                if still_ours is not None:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(_receive_and_send(parts))
                        group.create_task(still_ours())
        except* Exception:
            logger.exception("Telegram begins anew in a moment")
        await asyncio.sleep(_ASK_AGAIN)


async def _receive_and_send(parts: Parts) -> None:
    bot = make_bot(parts.settings)
    fetcher = Fetcher(bot, lambda: parts.database.hub.publish("telegram_updates"))
    try:
        await _introduce(bot)
        await asyncio.to_thread(_remember, parts.database, bot)
        desk = Desk(
            words=parts.words,
            bot_name=bot.username,
            messages_per_minute=parts.settings.messages_per_minute,
            pictures_per_hour=parts.settings.pictures_per_hour,
            settings=parts.settings,
            when_gone=_when_blocked,
        )
        receiver = Receiver(parts.database, bot, fetcher, parts.clock, desk)
        pacer = Pacer(parts.settings.telegram_per_second, parts.settings.telegram_chat_per_second)
        sender = Sender(parts.database, TelegramChannel(bot, pacer, parts.database), parts.clock, leave_unreachable_to_people)
        async with asyncio.TaskGroup() as group:
            group.create_task(receiver.take_in_for_ever())
            group.create_task(receiver.tell_telegram())
            group.create_task(sender.run())
            group.create_task(show_typing(parts.database, bot))
            await _ask_telegram(lambda: show_menu(bot, parts.words), "showing the commands")
            if parts.settings.telegram_webhook:
                await _ask_telegram(lambda: _be_called(bot, parts.settings), "setting the webhook")
            else:
                await _ask_telegram(lambda: bot.delete_webhook(), "removing the webhook")
                group.create_task(receiver.poll())
    finally:
        fetcher.end()
        await bot.shutdown()


async def _introduce(bot: Bot) -> None:
    """Ask Telegram who we are, until it answers."""
    await _ask_telegram(bot.initialize, "asking Telegram for the bot's name")


async def _ask_telegram(ask: Callable[[], Awaitable[object]], what: str) -> None:
    """Ask until it is answered, ever more rarely."""
    pause = 0.5
    while True:
        try:
            await ask()
            return
        except InvalidToken:
            logger.error("Telegram does not know this bot: FUBB_TELEGRAM_TOKEN is wrong (`fubb doctor` examines it)")
            pause = 60.0
        except TelegramError as error:
            logger.warning("%s failed, again in %.0f s: %s", what, pause, error)
        await asyncio.sleep(pause)
        pause = min(30.0, pause * 2)


async def _be_called(bot: Bot, settings: Settings) -> None:
    url = settings.public_url.rstrip("/") + WEBHOOK_PATH
    await bot.set_webhook(url, allowed_updates=KINDS, secret_token=webhook_secret(settings), max_connections=20)


def _remember(database: Database, bot: Bot) -> None:
    with database.writing() as session:
        remember_bot(session, bot.id, bot.username)


def _when_blocked(session: Session, chat_id: int, now: datetime) -> None:
    identity = identity_at(session, NAME, str(chat_id))
    conversation = latest_conversation(session, identity.id) if identity else None
    if conversation is not None:
        leave_unreachable_to_people(session, conversation.id, "he blocked the bot", now)


async def _for_ever() -> None:
    await asyncio.Event().wait()


@asynccontextmanager
async def _the_only_one(database: Database) -> AsyncIterator[Callable[[], Coroutine[Any, Any, None]] | None]:
    """None unless this process may; else what watches over that, and raises when it may no longer. On SQLite one desk runs."""
    if database.is_sqlite:
        yield _for_ever
        return
    engine = database.engine.execution_options(isolation_level="AUTOCOMMIT")
    connection = await asyncio.to_thread(engine.connect)

    async def still_ours() -> None:
        while True:  # a lost connection has lost the lock
            await asyncio.sleep(_ASK_AGAIN)
            await asyncio.to_thread(connection.execute, text("SELECT 1"))

    try:
        is_ours = await asyncio.to_thread(connection.scalar, text(f"SELECT pg_try_advisory_lock({_ONE_PROCESS})"))
        yield still_ours if is_ours else None
    finally:
        connection.invalidate()  # closes it for good, and with it the lock
        connection.close()
