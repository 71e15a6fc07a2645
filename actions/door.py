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
from desk.channels.telegram.deep_link import deep_link
from desk.clock import Clock
from desk.conversations.languages import LANGUAGES
from desk.conversations.outcomes import keep_outcome, outcome_of
from desk.conversations.service import lock_conversation
from desk.conversations.tables import Conversation, Message
from desk.customers.identities import others_read_along
from desk.db.engine import Database
from desk.settings import Settings
from desk.surveys.answering import answer_words
from desk.surveys.rules import Say
from desk.unanswered.rules import Ranked
from desk.unanswered.service import note_choice
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
    ranking: list[Ranked]
    slots: Mapping[str, Any]
    new_slots: Mapping[str, Any]
    entities: list[dict[str, Any]]
    loop: str | None
    pressed: bool  # a button, not typed words
    now: datetime
    desk: Desk
    dispatcher: CollectingDispatcher

    @property
    def in_group(self) -> bool:
        """Whether others read along."""
        return others_read_along(self.session, self.conversation)

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
    begins: ClassVar[str | None] = None  # the form behind it: not back into the one that is open, but on into this
    in_form: ClassVar[bool] = False  # called by the form itself: to validate, or to ask
    in_groups: ClassVar[bool] = False  # done also where others read along: it says nothing about anybody, and keeps nothing
    is_miss: ClassVar[bool] = False  # the customer was not understood: two in a row bring a person

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
            if turn.in_group and not self.may_be_read_by_others(turn):
                events = decline_in_group(turn)
            elif _take_as_words_of_a_survey(turn):
                events = [FollowupAction("action_listen")]
            else:
                events = self._way_on(turn, self.do(turn)) + self._understood_again(turn)
            keep_outcome(session, turn.heard.message_id, step, dispatcher.messages, events)
        return events

    def _way_on(self, turn: Turn, events: list[Event]) -> list[Event]:
        """What was done, and where the dialogue goes from there."""
        if self.in_form:
            return [event for event in events if _changes(event, turn)]
        if self.ends_forms:
            return [*events, ActiveLoop(None), SlotSet("requested_slot", None)] if turn.loop else events
        if turn.loop and not any(e["event"] == "followup" for e in events):
            return [*events, FollowupAction(self.begins or turn.loop)]
        return events

    def _understood_again(self, turn: Turn) -> list[Event]:
        heard = bool(turn.new_slots) if self.in_form else not self.is_miss
        return [SlotSet("misses", 0)] if turn.slots.get("misses") and heard else []

    def may_be_read_by_others(self, turn: Turn) -> bool:
        """Whether this is done in a group too."""
        return self.in_groups

    @abstractmethod
    def do(self, turn: Turn) -> list[Event]:
        """Call one service, utter one named response, return events."""


def read_turn(session: Session, desk: Desk, dispatcher: CollectingDispatcher, tracker: Tracker) -> Turn:
    """The tracker's state as typed values; the conversation is locked until the action has committed."""
    message = next(e for e in tracker.events if e["event"] == "user")
    parsed = message["parse_data"]
    topic, entities = (parsed.get("intent") or {}).get("name") or "", parsed.get("entities") or []
    slots = tracker.current_slot_values()
    conversation = lock_conversation(session, tracker.sender_id)
    if slots.get("language") in LANGUAGES:  # he may have changed it with this very message
        conversation.language = slots["language"]
    heard = Heard(
        message_id=message["message_id"],
        text=message["text"] or "",
        mood=parsed.get("mood") or "calm",
        hazard=bool(parsed.get("hazard")),
    )
    return Turn(
        session=session,
        conversation=conversation,
        heard=_meant_by_button(session, heard, topic, entities) if heard.text.startswith("/") else heard,
        topic=topic,
        ranking=[(one["name"], float(one["confidence"])) for one in parsed.get("intent_ranking") or []],
        slots=slots,
        new_slots=tracker.slots_to_validate(),
        entities=entities,
        pressed=heard.text.startswith("/"),
        loop=(tracker.active_loop or {}).get("name"),
        now=desk.clock.now(),
        desk=desk,
        dispatcher=dispatcher,
    )


def _changes(event: Event, turn: Turn) -> bool:
    """Whether a form's event does anything. A form that is given a slot, though nothing new, believes that it was answered."""
    if event["event"] != "slot" or event["name"] == "requested_slot" or event["name"] in turn.new_slots:
        return True
    return bool(turn.slots.get(event["name"]) != event["value"])


def _step(action_name: str, tracker: Tracker) -> str:
    """Which call of the turn this is: the action, and how many events lie between the message and it."""
    since, message = next((n, event) for n, event in enumerate(reversed(tracker.events)) if event["event"] == "user")
    part = (message.get("metadata") or {}).get("part")  # a message may hold two wishes
    return f"{action_name}@{since}" + (f"/{part}" if part else "")


def _meant_by_button(session: Session, heard: Heard, topic: str, entities: list[dict[str, Any]]) -> Heard:
    """A button's title is what the customer said. One of "did you mean" explains an earlier message: that one counts."""
    pressed = session.get(Message, heard.message_id)
    about = next((str(e["value"]) for e in entities if e["entity"] == "about"), None)
    explained = session.get(Message, about) if about else None
    if explained is None or pressed is None or explained.conversation_id != pressed.conversation_id:
        return Heard(heard.message_id, pressed.text if pressed else "", heard.mood, heard.hazard)
    if topic != "none_of_these":
        note_choice(session, explained.id, topic)
    return Heard(heard.message_id, explained.text, str((explained.understood or {}).get("mood") or "calm"), heard.hazard)


def _take_as_words_of_a_survey(turn: Turn) -> bool:
    """We asked why he rated so, and this is why, whatever its topic: he is thanked, and no more is done."""
    if turn.pressed:
        return False
    sure = next((confidence for topic, confidence in turn.ranking if topic == turn.topic), 0.0)
    understood = (turn.topic, sure, turn.heard.hazard)
    say, thanks = answer_words(turn.session, turn.conversation, turn.heard.text, understood, turn.now, turn.desk.words)
    for said in thanks:
        turn.dispatcher.utter_message(text=said.text, buttons=said.buttons)
    return say is Say.THANKS


def decline_in_group(turn: Turn) -> list[Event]:
    """What is about somebody belongs into a chat of two: he is invited, and nothing is asked or kept."""
    turn.utter("utter_in_private", link=deep_link(turn.session, turn.desk.settings, "private"))
    return [ActiveLoop(None), SlotSet("requested_slot", None), *forget("later", "interrupted"), FollowupAction("action_listen")]


def one_of(value: object) -> str | None:
    """A slot that may hold several: the last one."""
    if isinstance(value, list):
        value = value[-1] if value else None
    return None if value is None else str(value)


def forget(*slots: str) -> list[Event]:
    """Empty these slots."""
    return [SlotSet(slot, None) for slot in slots]
