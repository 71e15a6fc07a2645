"""Answers that are a text, and what to do when nothing was understood."""

from datetime import timedelta

from rasa_sdk.events import FollowupAction, SlotSet

from actions.door import Door, Event, Turn
from actions.people import say_who_answers
from desk.handoffs.service import request_handoff

SMALL_TALK = ("affirm", "deny", "greet", "thank")
MISSES_UNTIL_A_PERSON = 2


class Answer(Door):
    """Says the response named like the topic. Small talk inside a form only leads back to the form's question."""

    action_name = "action_answer"

    def do(self, turn: Turn) -> list[Event]:
        if not (turn.loop and turn.topic in SMALL_TALK):
            turn.utter(f"utter_{turn.topic}")
        return [SlotSet("misses", 0)]


class NotUnderstood(Door):
    """Owns up to it; the second time in a row a person is asked."""

    action_name = "action_not_understood"

    def do(self, turn: Turn) -> list[Event]:
        misses = int(turn.slots.get("misses") or 0) + 1
        if misses < MISSES_UNTIL_A_PERSON:
            turn.utter("utter_not_understood")
            return [SlotSet("misses", misses), FollowupAction(turn.loop or "action_listen")]
        within = timedelta(minutes=turn.desk.settings.answer_within_minutes)
        handoff = request_handoff(turn.session, turn.conversation, "not_understood", turn.heard, turn.now, within)
        say_who_answers(turn, handoff)
        return [SlotSet("misses", 0), FollowupAction("action_listen")]


class ChangeLanguage(Door):
    """Goes on in the language that the customer names, or offers the four."""

    action_name = "action_change_language"

    def do(self, turn: Turn) -> list[Event]:
        named = next((e["value"] for e in turn.entities if e["entity"] == "language"), None)
        if named not in ("en", "sv", "nb", "fi"):
            turn.utter("utter_change_language")
            return []
        turn.conversation.language = named
        turn.dispatcher.utter_message(text=turn.text("utter_language_changed"))
        return [SlotSet("language", named)]
