"""How a message of the desk looks in Telegram: parts, keyboard, the speaker's name. Pure; no markup is ever parsed."""

import re
from collections.abc import Sequence

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, MessageEntity

LONGEST_PART = 4000
"""Telegram takes 4,096 UTF-16 units."""
LONGEST_NAME = 40
"""Of a speaker, so that a whole part fits under it."""
LONGEST_TITLE = 60
_BREAKS = (r"\n\n", r"\n", r"(?<=[.!?…])\s", r"\s")


def split_text(text: str, longest: int = LONGEST_PART) -> list[str]:
    """The text in parts that Telegram takes, cut at paragraphs, else lines, else sentences, else words."""
    parts = []
    while units(text) > longest:
        cut = _cut(text, _fitting(text, longest))
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text] if text or not parts else parts


def keyboard(message_id: str, buttons: Sequence[dict[str, str]]) -> InlineKeyboardMarkup | None:
    """The buttons, one a row. What comes back names the message and the button, so that a forged one is found out."""
    if not buttons:
        return None
    rows = [[InlineKeyboardButton(_short(b["title"]), callback_data=f"{message_id}:{n}")] for n, b in enumerate(buttons)]
    return InlineKeyboardMarkup(rows)


def pressed(data: str) -> tuple[str, int] | None:
    """Message and button that callback data names; None for what we never gave out."""
    found = re.fullmatch(r"([0-9a-f]{26}):([0-9]{1,2})", data)
    return (found[1], int(found[2])) if found else None


def with_speaker(text: str, name: str) -> tuple[str, list[MessageEntity]]:
    """An agent's words under his name in bold (by position, so that nothing in the text can be markup)."""
    name = name[:LONGEST_NAME]
    return f"{name}\n{text}", [MessageEntity(MessageEntity.BOLD, 0, units(name))]


def units(text: str) -> int:
    """Length as Telegram counts it: UTF-16 units."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def _short(title: str) -> str:
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1] + "…"


def _fitting(text: str, longest: int) -> int:
    """How many characters fit."""
    used = 0
    for n, c in enumerate(text):
        used += 2 if ord(c) > 0xFFFF else 1
        if used > longest:
            return n
    return len(text)


def _cut(text: str, fitting: int) -> int:
    for pattern in _BREAKS:
        ends = [found.start() for found in re.finditer(pattern, text[: fitting + 1])]
        if ends and ends[-1] > fitting // 3:
            return ends[-1]
    return fitting
