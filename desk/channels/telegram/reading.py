"""Reads an update of Telegram into one of the things that the desk knows. Pure."""

import re
from dataclasses import dataclass

from telegram import Message, MessageEntity, Update

from desk.conversations.languages import language_of_code

MAX_PAYLOAD = 64
_ENDED = ("kicked", "left")


@dataclass(frozen=True)
class Who:
    """Who wrote, and where."""

    chat_id: int
    name: str
    language: str
    is_private: bool
    message_id: int | None = None


@dataclass(frozen=True)
class Words:
    """A text; `edits` when it replaces the text of a message sent before."""

    who: Who
    text: str
    edits: bool = False


@dataclass(frozen=True)
class Command:
    """/name argument."""

    who: Who
    name: str
    argument: str


@dataclass(frozen=True)
class Press:
    """A button of ours was pressed; `data` is what came, to be distrusted."""

    who: Who
    query_id: str
    data: str


@dataclass(frozen=True)
class File:
    """A picture or a document, with what was written under it."""

    who: Who
    file_id: str
    size: int
    name: str
    caption: str


@dataclass(frozen=True)
class Unreadable:
    """Something that the desk politely declines; `kind` names its response, `sign` stands for it in the conversation."""

    who: Who
    kind: str
    sign: str


@dataclass(frozen=True)
class Reachability:
    """The bot was blocked or let in again, in a chat of two."""

    who: Who
    blocked: bool


@dataclass(frozen=True)
class Moved:
    """A group has another id now."""

    chat_id: int
    to: int


Incoming = Words | Command | Press | File | Unreadable | Reachability | Moved


def read_update(update: Update, bot_name: str) -> Incoming | None:
    """What the update is; None for what is not meant for us (channels, other people's talk in a group)."""
    if update.callback_query is not None:
        return _read_press(update)
    if update.my_chat_member is not None:
        change = update.my_chat_member
        if change.chat.type != "private":
            return None
        return Reachability(_who(change.chat, change.from_user), change.new_chat_member.status in _ENDED)
    message = update.message or update.edited_message
    if message is None or (message.from_user is not None and message.from_user.is_bot):
        return None
    if message.migrate_to_chat_id is not None:
        return Moved(message.chat.id, message.migrate_to_chat_id)
    if message.chat.type not in ("private", "group", "supergroup"):
        return None
    if message.chat.type != "private" and not _is_addressed(message, bot_name):
        return None
    return _read_message(message, bot_name, edits=update.edited_message is not None)


def _read_press(update: Update) -> Press | None:
    query = update.callback_query
    if query is None or query.message is None:
        return None
    who = _who(query.message.chat, query.from_user, query.message.message_id)
    return Press(who, query.id, query.data or "")


def _read_message(message: Message, bot_name: str, *, edits: bool) -> Incoming | None:
    who = _who(message.chat, message.from_user, message.message_id)
    if message.text is not None:
        command = None if edits else _command(message.text, bot_name)
        return Command(who, *command) if command else Words(who, _without_mention(message.text, bot_name), edits)
    if edits and message.caption is not None:
        return Words(who, message.caption, edits)
    if message.photo:
        largest = message.photo[-1]
        return File(who, largest.file_id, largest.file_size or 0, "photo.jpg", message.caption or "")
    if message.document is not None:
        document = message.document
        return File(who, document.file_id, document.file_size or 0, document.file_name or "document", message.caption or "")
    if message.sticker is not None and message.sticker.emoji:
        return Words(who, message.sticker.emoji)
    return _unreadable(who, message)


def _unreadable(who: Who, message: Message) -> Unreadable | None:
    kinds = (
        ("voice", "🎤", message.voice or message.audio or message.video_note),
        ("location", "📍", message.location or message.venue),
        ("contact", "👤", message.contact),
        ("video", "🎬", message.video or message.animation),
        ("sticker", "🖼", message.sticker),
        ("other", "❔", message.poll or message.dice or message.story or message.game or message.paid_media),
    )
    return next((Unreadable(who, kind, sign) for kind, sign, found in kinds if found), None)


def _who(chat: object, user: object, message_id: int | None = None) -> Who:
    return Who(
        chat_id=getattr(chat, "id"),  # noqa: B009 (three kinds of chat, one attribute)
        name=getattr(user, "full_name", None) or "",
        language=language_of_code(getattr(user, "language_code", None) or "") or "en",
        is_private=getattr(chat, "type", "") == "private",
        message_id=message_id,
    )


def _command(text: str, bot_name: str) -> tuple[str, str] | None:
    """Name and argument of a command that is meant for this bot."""
    found = re.match(r"/([A-Za-z]\w{0,31})(?:@(\w+))?(?:\s+(.*))?$", text.strip(), re.DOTALL)
    if found is None or (found[2] and found[2].casefold() != bot_name.casefold()):
        return None
    return found[1].lower(), (found[3] or "").strip()


def _is_addressed(message: Message, bot_name: str) -> bool:
    """In a group: a command for us, our name in the text, or an answer to one of our messages."""
    text = message.text or message.caption or ""
    if text.startswith("/"):
        return _command(text, bot_name) is not None
    replied = message.reply_to_message
    asked = replied.from_user if replied is not None else None
    if asked is not None and (asked.username or "").casefold() == bot_name.casefold():
        return True
    mentions = message.parse_entities([MessageEntity.MENTION]) | message.parse_caption_entities([MessageEntity.MENTION])
    return any(name.casefold() == f"@{bot_name}".casefold() for name in mentions.values())


def _without_mention(text: str, bot_name: str) -> str:
    return re.sub(rf"@{re.escape(bot_name)}\b", "", text, flags=re.IGNORECASE).strip() or text
