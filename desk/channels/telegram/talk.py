"""A chat of Telegram as a conversation of the desk."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.channels.own_answers import Own, answer_own
from desk.channels.telegram.channel import NAME
from desk.channels.telegram.reading import Who
from desk.conversations.service import append_message, lock_latest_conversation, note_message, open_conversation
from desk.conversations.tables import Conversation, Message
from desk.customers.identities import meet
from desk.settings import Settings
from desk.words import Words

GROUP_PER_MINUTE = 15
"""Telegram lets a bot say twenty things a minute in a group."""


@dataclass(frozen=True)
class Desk:
    """What taking in works with."""

    words: Words
    bot_name: str
    messages_per_minute: int
    pictures_per_hour: int
    settings: Settings
    when_gone: Callable[[Session, int, datetime], None]


@dataclass(frozen=True)
class Talk:
    """The locked conversation of a chat, while one update is taken in."""

    session: Session
    conversation: Conversation
    update_id: int
    is_new: bool
    is_private: bool
    desk: Desk
    now: datetime

    @property
    def per_minute(self) -> int:
        """How many messages it may send in a minute."""
        return self.desk.messages_per_minute if self.is_private else min(self.desk.messages_per_minute, GROUP_PER_MINUTE)

    @property
    def client_id(self) -> str:
        """Under which a message of this update is stored."""
        return f"telegram:{self.update_id}"

    def text(self, response: str, **values: object) -> str:
        return self.desk.words.say(response, self.conversation.language, **values).text

    def say(self, response: str, **values: object) -> None:
        """The desk itself says something."""
        said = self.desk.words.say(response, self.conversation.language, **values)
        append_message(self.session, self.conversation, "system", said.text, self.now, buttons=said.buttons)

    def note_and_say(self, sign: str, response: str, **values: object) -> None:
        """Keep that something came, and answer it: once."""
        if note_message(self.session, self.conversation, self.client_id, sign, self.now) is not None:
            self.say(response, **values)

    def say_at_most_once_a_minute(self, response: str, **values: object) -> None:
        """Say it, unless it was said in the last minute."""
        text = self.text(response, **values)
        said = select(Message.id).where(
            Message.conversation_id == self.conversation.id, Message.author == "system", Message.text == text,
            Message.at > self.now - timedelta(minutes=1),
        )  # fmt: skip
        if self.session.scalar(said.limit(1)) is None:
            self.say(response, **values)

    def answer_own(self, message: Message) -> None:
        """What is for the desk itself it answers at once; in a group it does nothing for anybody."""
        if self.is_private:
            answer_own(Own(self.session, self.conversation, message, self.desk.words, self.desk.settings, self.now))

    def message_under(self, client_id: str) -> Message | None:
        known = select(Message).where(Message.conversation_id == self.conversation.id, Message.client_id == client_id)
        return self.session.scalar(known)


def find_talk(session: Session, who: Who, update_id: int, desk: Desk, now: datetime) -> Talk:
    """The conversation of this chat, begun when there is none yet, and locked."""
    identity = meet(session, NAME, str(who.chat_id), who.name if who.is_private else "", now)
    conversation = lock_latest_conversation(session, identity.id)
    is_new = conversation is None
    if conversation is None:
        conversation, _ = open_conversation(session, NAME, who.language, now, identity.id)
    return Talk(session, conversation, update_id, is_new, who.is_private, desk, now)
