"""Answers that are a text."""

from actions.door import Door, Event, Turn

SMALL_TALK = ("affirm", "deny", "greet", "thank")


class Answer(Door):
    """Says the response named like the topic. Small talk inside a form only leads back to the form's question."""

    action_name = "action_answer"

    def do(self, turn: Turn) -> list[Event]:
        if not (turn.loop and turn.topic in SMALL_TALK):
            turn.utter(f"utter_{turn.topic}")
        return []
