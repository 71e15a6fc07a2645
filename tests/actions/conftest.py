"""The actions as Rasa calls them: with what it knows at this point of a turn."""

import json
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from actions.door import Desk, Door, Event
from desk.clock import Clock
from desk.conversations.service import append_message, lock_conversation, open_conversation, receive_message
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

    def hear(
        self, text: str, topic: str, mood: str = "calm", hazard: bool = False, ranking: dict[str, float] | None = None
    ) -> dict[str, Any]:
        """The customer says something; the event by which Rasa knows of it."""
        with self.database.writing() as session:
            number = _count(session, self.conversation)
            message = receive_message(session, self.conversation, f"c{number}", NOW + number * LATER, text=text)
            ranked = [{"name": name, "confidence": confidence} for name, confidence in (ranking or {}).items()]
            parse = {"intent": {"name": topic}, "mood": mood, "hazard": hazard, "entities": [], "intent_ranking": ranked}
            message.understood = {"topic": topic, "mood": mood}
            return {"event": "user", "text": text, "message_id": message.id, "parse_data": parse}

    def press(self, button: dict[str, str]) -> dict[str, Any]:
        """The customer presses a button that the bot has just shown."""
        topic, _, entities = button["payload"].removeprefix("/").partition("{")
        named = json.loads("{" + entities) if entities else {}
        with self.database.writing() as session:
            conversation, number = lock_conversation(session, self.conversation), _count(session, self.conversation)
            append_message(session, conversation, "bot", "?", NOW + number * LATER, buttons=[button])
            when = NOW + (number + 1) * LATER
            message = receive_message(session, self.conversation, f"c{number + 1}", when, payload=button["payload"])
            found = [{"entity": entity, "value": value} for entity, value in named.items()]
            parse = {"intent": {"name": topic}, "entities": found}
            return {"event": "user", "text": button["payload"], "message_id": message.id, "parse_data": parse}

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
    Door.desk = Desk(database, Settings(secret="s" * 40), Still(), load_words())  # type: ignore[arg-type]
    with database.writing() as session:
        cast = gather(session)
        conversation, _ = open_conversation(session, "website", "en", NOW)
        return Caller(database, cast, conversation.id)
