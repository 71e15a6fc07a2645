"""What Telegram marks in a text, and what of a group a bot gets to see. Pure."""

import re

from desk.simulator.chats import Json

_COMMAND = re.compile(r"(?<![\w/@])/[A-Za-z0-9_]{1,32}(?:@(\w{5,32}))?(?![\w@])")
_MENTION = re.compile(r"(?<![\w/@])@([A-Za-z]\w{4,31})")


def entities_of(text: str) -> list[Json]:
    """Commands and mentions, placed and measured in UTF-16 units as Telegram does. A name behind a command is a part of it."""
    found = [("bot_command", match) for match in _COMMAND.finditer(text)] + [("mention", m) for m in _MENTION.finditer(text)]
    return [
        {"type": kind, "offset": _units(text[: match.start()]), "length": _units(match[0])}
        for kind, match in sorted(found, key=lambda one: one[1].start())
    ]


def is_for_bot(message: Json, bot: Json) -> bool:
    """Whether a bot in privacy mode gets this message of a group: a command or a mention of it, or an answer to it."""
    if message.get("reply_to_message", {}).get("from", {}).get("id") == bot["id"] or "new_chat_members" in message:
        return True
    text, name = message.get("text") or message.get("caption") or "", bot["username"].casefold()
    commands = [match[1] for match in _COMMAND.finditer(text)]
    mentions = [match[1] for match in _MENTION.finditer(text)]
    return any(to is None or to.casefold() == name for to in commands) or name in [to.casefold() for to in mentions]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
