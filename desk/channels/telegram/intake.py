"""What becomes of what a customer does in Telegram: a message to be answered, or an answer of the desk's own.

Everything here happens in one transaction; what has to be told to Telegram besides (`Effect`) is done after the commit.
"""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy.orm import Session

from desk.attachments.pictures import LARGEST_FILE, Picture
from desk.attachments.service import keep_picture
from desk.channels.telegram.channel import NAME
from desk.channels.telegram.commands import GENERAL, obey
from desk.channels.telegram.deep_link import deep_link
from desk.channels.telegram.fetching import Fetched
from desk.channels.telegram.inbox import update_of_message
from desk.channels.telegram.reading import Command, File, Incoming, Moved, Press, Reachability, Unreadable, Who, Words
from desk.channels.telegram.talk import Desk, Talk, find_talk
from desk.channels.telegram.texts import pressed
from desk.conversations.rules import LONGEST_TEXT
from desk.conversations.service import is_open_choice, receive_message
from desk.conversations.tables import Message
from desk.customers.identities import end_identity, move_identity
from desk.customers.linking import code_in
from desk.errors import NotFound, TooLarge, TooMany, WrongInput


@dataclass(frozen=True)
class AnswerPress:
    """Tell the app that the press has arrived; `text` is shown over the chat."""

    query_id: str
    text: str = ""


@dataclass(frozen=True)
class RemoveKeyboard:
    """The buttons under this message are used, or no longer what is asked."""

    chat_id: int
    message_id: int


Effect = AnswerPress | RemoveKeyboard


@dataclass(frozen=True)
class Taken:
    """What came of an update."""

    effects: list[Effect] = field(default_factory=list)
    why: str = ""


def take_in(
    session: Session, incoming: Incoming | None, update_id: int, desk: Desk, now: datetime, fetched: Fetched | None = None
) -> Taken:
    """Take one update in, as far as the database goes; `fetched` is its file. Repeated it changes nothing."""
    match incoming:
        case None:
            return Taken(why="not for us")
        case Moved(chat_id, to):
            move_identity(session, NAME, str(chat_id), str(to))
            return Taken()
        case Reachability(who, blocked):
            if blocked:
                end_identity(session, NAME, str(who.chat_id), "blocked by the customer", now)
                desk.when_gone(session, who.chat_id, now)
            return Taken()
    who = incoming.who
    talk = find_talk(session, who, update_id, desk, now)
    if not who.is_private:
        return _in_group(talk, incoming)
    match incoming:
        case Press():
            return _press(talk, incoming)
        case Command(_, name, argument):
            obey(talk, name, argument)
        case Words(_, text, edits):
            if not (edits and _is_unchanged(talk, who, text)):
                hear(talk, text)
        case File(_, _, _, _, caption):
            _look_at(talk, fetched, caption)
        case Unreadable(_, kind, sign):
            talk.note_and_say(sign, f"utter_no_{kind}")
    return Taken()


def hear(talk: Talk, text: str) -> None:
    """Words for whoever holds the conversation. What cannot be taken is answered at once."""
    try:
        message = receive_message(
            talk.session, talk.conversation.id, talk.client_id, talk.now, text=text, per_minute=talk.per_minute
        )
        talk.answer_own(message)
    except TooLarge:
        talk.note_and_say(text[: LONGEST_TEXT - 1] + "…", "utter_too_long", limit=LONGEST_TEXT)
    except TooMany:
        talk.say_at_most_once_a_minute("utter_too_many")
    except WrongInput:
        talk.note_and_say("❔", "utter_no_other")


def _look_at(talk: Talk, fetched: Fetched | None, caption: str) -> None:
    """A picture with its caption for whoever holds the conversation; any other file is declined."""
    match fetched:
        case Picture():
            try:
                with talk.session.begin_nested():
                    kept = keep_picture(talk.session, talk.conversation.id, fetched, talk.now, per_hour=talk.desk.pictures_per_hour)
                    receive_message(
                        talk.session, talk.conversation.id, talk.client_id, talk.now,
                        text=caption, attachments=[kept.id], per_minute=talk.per_minute,
                    )  # fmt: skip
            except TooMany:
                talk.say_at_most_once_a_minute("utter_too_many")
        case NotFound():
            talk.note_and_say(f"📎 {caption}".strip(), "utter_picture_lost")
        case _:
            talk.note_and_say(f"📎 {caption}".strip(), "utter_no_file", megabytes=LARGEST_FILE // 2**20)


def _press(talk: Talk, press: Press) -> Taken:
    """A button: used, its keyboard goes. An old or a forged one explains itself."""
    message = _message_of(talk, press)
    effects: list[Effect] = []
    if press.who.message_id is not None:
        effects.append(RemoveKeyboard(press.who.chat_id, press.who.message_id))
    if message is None or not is_open_choice(talk.session, message[0]):
        text = talk.text("utter_old_choice")
        return Taken([AnswerPress(press.query_id, text), *effects], why="an old or unknown button")
    button = message[0].buttons[message[1]]
    try:
        said = receive_message(
            talk.session, talk.conversation.id, talk.client_id, talk.now,
            payload=button["payload"], title=button["title"], per_minute=talk.per_minute,
        )  # fmt: skip
        talk.answer_own(said)
    except TooMany:
        return Taken([AnswerPress(press.query_id, talk.text("utter_too_many"))])
    return Taken([AnswerPress(press.query_id), *effects])


def _message_of(talk: Talk, press: Press) -> tuple[Message, int] | None:
    """The message and the number of its button; None unless this conversation was shown both."""
    named = pressed(press.data)
    message = talk.session.get(Message, named[0]) if named else None
    if named is None or message is None or message.conversation_id != talk.conversation.id or named[1] >= len(message.buttons):
        return None
    return message, named[1]


def _in_group(talk: Talk, incoming: Incoming) -> Taken:
    """Others read along. General questions are the bot's, for a stranger; what is about one customer needs a chat of two."""
    match incoming:
        case Press():
            return _press(talk, incoming)
        case Command(_, name, argument) if name in GENERAL and code_in(argument) is None:
            obey(talk, name, argument)
        case Words(who, text, edits):
            if not (edits and _is_unchanged(talk, who, text)):
                hear(talk, text)
        case Unreadable(_, kind, sign):
            talk.note_and_say(sign, f"utter_no_{kind}")
        case _:
            talk.say_at_most_once_a_minute("utter_in_private", link=deep_link(talk.session, talk.desk.settings, "private"))
    return Taken()


def _is_unchanged(talk: Talk, who: Who, text: str) -> bool:
    """Telegram also calls it an edit when only a preview was added."""
    first = update_of_message(talk.session, who.chat_id, who.message_id) if who.message_id is not None else None
    before = talk.message_under(f"telegram:{first}") if first is not None else None
    return before is not None and before.text == text.strip()
