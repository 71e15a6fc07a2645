"""What every action shares: reading the tracker into typed values, a transaction, the way back into an open form."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from sqlalchemy.orm import Session

from desk.cases.service import Heard
from desk.clock import Clock
from desk.conversations.outcomes import keep_outcome, outcome_of
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.settings import Settings
from desk.words import Words

Event = dict[str, Any]


@dataclass(frozen=True)
class Desk:
    """What the actions work with."""

    database: Database
    settings: Settings
    clock: Clock
    words: Words


@dataclass
class Turn:
    """One call of an action: what the customer said, in which conversation, and where to answer."""

    session: Session
    conversation: Conversation
    heard: Heard
    topic: str
    slots: Mapping[str, Any]
    new_slots: Mapping[str, Any]
    entities: list[dict[str, Any]]
    loop: str | None
    now: datetime
    desk: Desk
    dispatcher: CollectingDispatcher

    @property
    def language(self) -> str:
        return self.conversation.language

    def utter(self, response: str, **values: object) -> None:
        """Say a named response with its {placeholders} filled."""
        self.dispatcher.utter_message(response=response, **values)

    def text(self, response: str, **values: object) -> str:
        """A response as text, to be a part of another one."""
        return self.desk.words.say(response, self.language, **values).text


class Door(Action, ABC):  # type: ignore[misc]  # the SDK has no types
    """An action with a transaction around it, committed before Rasa hears of it; idempotent on the message id.

    An action that is run while a form is open leads back into it, unless it `ends_forms`.
    """

    action_name: ClassVar[str]
    desk: ClassVar[Desk]
    ends_forms: ClassVar[bool] = False
    in_form: ClassVar[bool] = False  # called by the form itself: to validate, or to ask

    def name(self) -> str:
        return self.action_name

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: dict[str, Any]) -> list[Event]:
        return await asyncio.to_thread(self._run, dispatcher, tracker)

    def _run(self, dispatcher: CollectingDispatcher, tracker: Tracker) -> list[Event]:
        with self.desk.database.writing() as session:
            turn = read_turn(session, self.desk, dispatcher, tracker)
            step = _step(self.action_name, tracker)
            before = outcome_of(session, turn.heard.message_id, step)
            if before is not None:  # an earlier try of this turn came as far as here
                dispatcher.messages.extend(before.said)
                return before.events
            events = self._way_on(turn, self.do(turn))
            keep_outcome(session, turn.heard.message_id, step, dispatcher.messages, events)
        return events

    def _way_on(self, turn: Turn, events: list[Event]) -> list[Event]:
        """What was done, and where the dialogue goes from there."""
        if self.in_form:
            return events
        if self.ends_forms:
            return [*events, ActiveLoop(None), SlotSet("requested_slot", None)] if turn.loop else events
        if turn.loop and not any(e["event"] == "followup" for e in events):
            return [*events, FollowupAction(turn.loop)]
        return events

    @abstractmethod
    def do(self, turn: Turn) -> list[Event]:
        """Call one service, utter one named response, return events."""


def read_turn(session: Session, desk: Desk, dispatcher: CollectingDispatcher, tracker: Tracker) -> Turn:
    """The tracker's state as typed values; the conversation is locked until the action has committed."""
    message = next(e for e in tracker.events if e["event"] == "user")
    parsed = message["parse_data"]
    heard = Heard(
        message_id=message["message_id"],
        text=message["text"] or "",
        mood=parsed.get("mood") or "calm",
        hazard=bool(parsed.get("hazard")),
    )
    conversation = lock_conversation(session, tracker.sender_id)
    if heard.text.startswith("/"):  # a button: its title is what the customer said
        heard = Heard(heard.message_id, _words_of(session, heard), heard.mood, heard.hazard)
    return Turn(
        session=session,
        conversation=conversation,
        heard=heard,
        topic=(parsed.get("intent") or {}).get("name") or "",
        slots=tracker.current_slot_values(),
        new_slots=tracker.slots_to_validate(),
        entities=parsed.get("entities") or [],
        loop=(tracker.active_loop or {}).get("name"),
        now=desk.clock.now(),
        desk=desk,
        dispatcher=dispatcher,
    )


def _step(action_name: str, tracker: Tracker) -> str:
    """Which call of the turn this is: the action, and how many events lie between the message and it."""
    since = next(n for n, event in enumerate(reversed(tracker.events)) if event["event"] == "user")
    return f"{action_name}@{since}"


def _words_of(session: Session, heard: Heard) -> str:
    from desk.conversations.tables import Message

    message = session.get(Message, heard.message_id)
    return message.text if message else ""


def forget(*slots: str) -> list[Event]:
    """Empty these slots."""
    return [SlotSet(slot, None) for slot in slots]
