"""Shows in Telegram that an answer is being written."""

import asyncio

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from desk.channels.telegram.channel import NAME
from desk.conversations.tables import Conversation
from desk.customers.tables import Identity
from desk.db.engine import Database

EVERY = 4.0
"""Telegram shows it for five seconds."""
AT_ONCE = 8
PATIENCE = 0.4


async def show_typing(database: Database, bot: Bot) -> None:
    """Pass on who is typing until cancelled. A courtesy: dropped when many are."""
    shown: dict[str, float] = {}
    places = asyncio.Semaphore(AT_ONCE)
    clock = asyncio.get_running_loop().time
    async with database.hub.listen("*") as news, asyncio.TaskGroup() as group:
        while True:
            topic, conversation_id = await news.get()
            if not topic.startswith("typing") or clock() - shown.get(conversation_id, -EVERY) < EVERY or places.locked():
                continue
            if len(shown) > 1000:
                shown = {c: at for c, at in shown.items() if clock() - at < EVERY}
            shown[conversation_id] = clock()
            group.create_task(_show(database, bot, conversation_id, places))


async def _show(database: Database, bot: Bot, conversation_id: str, places: asyncio.Semaphore) -> None:
    await asyncio.sleep(PATIENCE)  # who is answered at once need not be told
    async with places:
        chat = await asyncio.to_thread(_chat_of, database, conversation_id)
        if chat is None:
            return
        try:
            await bot.send_chat_action(chat, ChatAction.TYPING)
        except TelegramError:
            return


def _chat_of(database: Database, conversation_id: str) -> int | None:
    with database.reading() as session:
        conversation = session.get(Conversation, conversation_id)
        if conversation is None or conversation.channel != NAME or conversation.identity_id is None:
            return None
        if conversation.holder == "bot" and conversation.waiting == 0:
            return None
        return int(session.get_one(Identity, conversation.identity_id).address)
