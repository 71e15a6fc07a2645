"""The chats of the simulated Telegram and what stands in them."""

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from desk.simulator.errors import BLOCKED, ApiError, bad

Json = dict[str, Any]


@dataclass
class Person:
    """Somebody with a Telegram app."""

    id: int
    first_name: str
    language_code: str = "en"

    @property
    def body(self) -> Json:
        return {"id": self.id, "is_bot": False, "first_name": self.first_name, "language_code": self.language_code}


@dataclass
class Chat:
    """A chat with the bot: of two, or a group of `members`. `messages` are in the order in which they came."""

    id: int
    kind: str = "private"
    title: str = ""
    members: list[int] = field(default_factory=list)
    messages: list[Json] = field(default_factory=list)
    actions: list[str] = field(default_factory=list)
    blocked: bool = False
    moved_to: int | None = None
    unseen: set[int] = field(default_factory=set)
    """Messages that the bot did not get, because of its privacy mode."""
    sent_at: list[float] = field(default_factory=list)
    typing_until: float = 0.0

    @property
    def body(self) -> Json:
        named = {"first_name": self.title} if self.kind == "private" else {"title": self.title}
        return {"id": self.id, "type": self.kind, **named}

    def check_open(self) -> None:
        """Raises what Telegram says when nothing can be sent here."""
        if self.moved_to is not None:
            raise ApiError(400, "Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=self.moved_to)
        if self.blocked:
            raise BLOCKED

    def add(self, message_id: int, sender: Json, **content: Any) -> Json:
        """A message appears."""
        message = {
            "message_id": message_id,
            "date": int(datetime.now(UTC).timestamp()),
            "chat": self.body,
            "from": sender,
            **{name: value for name, value in content.items() if value is not None},
        }
        self.messages.append(message)
        return message

    def find(self, message_id: int) -> Json:
        """The message; raises what Telegram says when there is none."""
        for message in reversed(self.messages):
            if message["message_id"] == message_id:
                return message
        raise bad("message to edit not found")

    def is_typing(self) -> bool:
        return time.monotonic() < self.typing_until

    def from_bot(self) -> list[Json]:
        return [m for m in self.messages if m["from"]["is_bot"]]


def check_text(text: str, longest: int = 4096) -> None:
    """Raises what Telegram says about a text that it does not take."""
    if not text.strip():
        raise bad("message text is empty")
    if len(text.encode("utf-16-le")) // 2 > longest:
        raise bad("message is too long" if longest == 4096 else "message caption is too long")


def check_keyboard(markup: Json | None) -> None:
    for row in (markup or {}).get("inline_keyboard", []):
        for button in row:
            data = button.get("callback_data")
            if data is not None and not 1 <= len(data.encode()) <= 64:
                raise bad("BUTTON_DATA_INVALID")
            url = button.get("url")
            if url is not None and not url.startswith(("http://", "https://", "tg://")):
                raise bad("BUTTON_URL_INVALID")
