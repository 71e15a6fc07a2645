"""The desk's simplest channel: what is said is printed. A twin of the others, for tests and for trying things out."""

from collections.abc import Callable
from datetime import datetime

from sqlalchemy.orm import Session

from desk.channels.own_answers import Own, answer_own
from desk.conversations.service import latest_conversation, lock_conversation, messages_after, open_conversation, receive_message
from desk.conversations.tables import Conversation, Message
from desk.customers.identities import meet
from desk.deliveries.channel import Outgoing, Sent
from desk.settings import Settings
from desk.words import Words

NAME = "console"


class ConsoleChannel:
    """Prints what is said, its buttons numbered."""

    name = NAME

    def __init__(self, write: Callable[[str], None] = print) -> None:
        self._write = write

    async def send(self, outgoing: Outgoing) -> Sent:
        """Print a message. It always arrives."""
        who = outgoing.name or "Fubb"
        self._write(f"{who}: {outgoing.text}" + "".join(f"\n  [{n}] {b['title']}" for n, b in enumerate(outgoing.buttons, 1)))
        return Sent(str(outgoing.delivery_id), is_last=True)


def hear_line(session: Session, who: str, line_id: str, line: str, words: Words, settings: Settings, now: datetime) -> Message:
    """A line was typed: words, or the number of a button of what was said last. Raises WrongInput, TooLarge, TooMany."""
    identity = meet(session, NAME, who, who, now)
    found = latest_conversation(session, identity.id) or open_conversation(session, NAME, "en", now, identity.id)[0]
    conversation = lock_conversation(session, found.id)
    payload = _button(session, conversation, line)
    message = receive_message(
        session, conversation.id, line_id, now, text=line, payload=payload, per_minute=settings.messages_per_minute
    )
    answer_own(Own(session, conversation, message, words, settings, now))
    return message


def _button(session: Session, conversation: Conversation, line: str) -> str | None:
    """The payload of the button with this number, among those still open."""
    said = [m for m in messages_after(session, conversation.id, max(0, conversation.last_seq - 10)) if m.author != "customer"]
    buttons = said[-1].buttons if said else []
    number = int(line) if line.isascii() and line.isdigit() and len(line) <= 2 else 0
    return buttons[number - 1]["payload"] if 0 < number <= len(buttons) else None
