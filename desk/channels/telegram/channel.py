"""Sends the desk's messages to Telegram, and reads what its errors mean for a message."""

import asyncio
from datetime import timedelta

import httpx
from telegram import Bot, LinkPreviewOptions, Message
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, NetworkError, RetryAfter, TelegramError

from desk.attachments.service import picture_of
from desk.channels.telegram.pacing import Pacer
from desk.channels.telegram.texts import keyboard, split_text, with_speaker
from desk.db.engine import Database
from desk.deliveries.channel import AddressGone, AddressMoved, NotSent, Outgoing, Refused, SendError, Sent, Uncertain
from desk.errors import DeskError

NAME = "telegram"
_NO_PREVIEW = LinkPreviewOptions(is_disabled=True)
_NEVER_LEFT = (httpx.ConnectError, httpx.ConnectTimeout, httpx.PoolTimeout)
"""The connection was never made: surely not sent."""
_GONE = (
    "chat not found", "user is deactivated", "chat_write_forbidden", "peer_id_invalid", "no rights to send",
    "group chat was deactivated", "user not found",
)  # fmt: skip


class TelegramChannel:
    """Telegram as the desk's channel."""

    name = NAME

    def __init__(self, bot: Bot, pacer: Pacer, database: Database) -> None:
        self._bot = bot
        self._pacer = pacer
        self._database = database

    async def send(self, outgoing: Outgoing) -> Sent:
        """Send one part when its turn comes. Raises SendError."""
        later = await self._pacer.turn(outgoing.address)
        if later:
            raise NotSent("held back: Telegram takes no more now", after=later)
        try:
            message, is_last = await self._send_part(outgoing)
        except TelegramError as error:
            if isinstance(error, RetryAfter):
                self._pacer.pause(outgoing.address, seconds_of(error))
            raise meaning_of(error) from error
        except DeskError as error:  # a picture that is no longer there
            raise Refused(error.title) from error
        return Sent(str(message.message_id), is_last)

    async def _send_part(self, outgoing: Outgoing) -> tuple[Message, bool]:
        """The texts first, then the pictures; the keyboard under the last."""
        texts = split_text(outgoing.text) if outgoing.text else []
        is_last = outgoing.part >= len(texts) + len(outgoing.attachments) - 1
        markup = keyboard(outgoing.message_id, outgoing.buttons) if is_last else None
        chat = int(outgoing.address)
        if outgoing.part >= len(texts):
            shown = outgoing.attachments[outgoing.part - len(texts)]
            content = await asyncio.to_thread(self._picture, outgoing.conversation_id, str(shown["id"]))
            caption = outgoing.name if outgoing.author == "agent" and not texts else None
            return await self._bot.send_photo(chat, content, caption, reply_markup=markup, filename="picture"), is_last
        text, entities = texts[outgoing.part], None
        if outgoing.author == "agent" and outgoing.name:
            text, entities = with_speaker(text, outgoing.name)
        message = await self._bot.send_message(chat, text, entities=entities, reply_markup=markup, link_preview_options=_NO_PREVIEW)
        return message, is_last

    def _picture(self, conversation_id: str, attachment_id: str) -> bytes:
        with self._database.reading() as session:
            return picture_of(session, conversation_id, attachment_id)[1]


def meaning_of(error: TelegramError) -> SendError:
    """What Telegram's error means for the message: not sent, nobody knows, refused, or the chat is gone or moved."""
    why = error.message
    match error:
        case RetryAfter():
            return NotSent(why, after=seconds_of(error))
        case ChatMigrated():
            return AddressMoved(str(error.new_chat_id))
        case Forbidden():
            return AddressGone(why)
        case BadRequest():
            return AddressGone(why) if any(sign in why.lower() for sign in _GONE) else Refused(why)
        case InvalidToken():
            return NotSent(f"Telegram does not know the token: {why}", after=30)
        case NetworkError() if isinstance(error.__cause__, _NEVER_LEFT):
            return NotSent(why)
        case _:  # cut off, timed out, or an error of Telegram's own: it may have arrived
            return Uncertain(why or type(error).__name__)


def seconds_of(error: RetryAfter) -> float:
    """How long Telegram says to wait."""
    after = error.retry_after
    return after.total_seconds() if isinstance(after, timedelta) else float(after)
