"""Which language we speak."""

from rasa_sdk.events import SlotSet

from actions.door import Door, Event, Turn
from desk.conversations.languages import LANGUAGES, language_named


class ChangeLanguage(Door):
    """Goes on in the language that the customer names, or offers the four."""

    action_name = "action_change_language"
    in_groups = True

    def do(self, turn: Turn) -> list[Event]:
        pressed = next((str(e["value"]) for e in turn.entities if e["entity"] == "language"), None)
        wanted = pressed if pressed in LANGUAGES else language_named(turn.heard.text, turn.language)
        if wanted is None:
            turn.utter("utter_change_language")
            return []
        turn.conversation.language = wanted
        turn.dispatcher.utter_message(text=turn.text("utter_language_changed"))
        return [SlotSet("language", wanted)]
