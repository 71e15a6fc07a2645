"""The actions as Rasa calls them: with what it knows at this point of a turn."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.door import Desk, Door, Event
from desk.clock import Clock
from desk.conversations.service import open_conversation, receive_message
from desk.db.engine import Database
from desk.settings import Settings
from desk.words import load_words
from tests.conftest import NOW
from tests.desk.cast import Cast, gather

LATER = timedelta(minutes=1)


class Still(Clock):
    """Time stands still."""

    def now(self) -> Any:
        return NOW


@dataclass
class Caller:
    """Rasa's part: a conversation, and its slots as they stand."""

    database: Database
    cast: Cast
    conversation: str
    slots: dict[str, Any] = field(default_factory=dict)
    loop: str | None = None

    def hear(self, text: str, topic: str, mood: str = "calm", hazard: bool = False) -> dict[str, Any]:
        """The customer says something; the event by which Rasa knows of it."""
        with self.database.writing() as session:
            number = _count(session, self.conversation)
            message = receive_message(session, self.conversation, f"c{number}", NOW + number * LATER, text=text)
            parse = {"intent": {"name": topic}, "mood": mood, "hazard": hazard, "entities": []}
            return {"event": "user", "text": text, "message_id": message.id, "parse_data": parse}

    def call(self, door: type[Door], *events: dict[str, Any]) -> tuple[list[dict[str, Any]], list[Event]]:
        """Run an action after these events of the turn: what it said, and the events it returns."""
        dispatcher = CollectingDispatcher()
        slots = {**self.slots, **{e["name"]: e["value"] for e in events if e["event"] == "slot"}}
        loop = {"name": self.loop} if self.loop else {}
        tracker = Tracker(self.conversation, slots, {}, list(events), False, None, loop, None)
        answer = door()._run(dispatcher, tracker)
        return dispatcher.messages, answer


def _count(session: Session, conversation: str) -> int:
    from desk.conversations.tables import Conversation

    return session.get_one(Conversation, conversation).last_seq


@pytest.fixture
def caller(database: Database) -> Caller:
    Door.desk = Desk(database, Settings(secret="s"), Still(), load_words())  # type: ignore[arg-type]
    with database.writing() as session:
        cast = gather(session)
        conversation, _ = open_conversation(session, "website", "en", NOW)
        return Caller(database, cast, conversation.id)
