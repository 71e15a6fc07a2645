"""Answers that are a text: an article where there is one on the topic, what the catalogue says, or a response."""

from actions.agreement import say_agreed
from actions.door import Door, Event, Turn
from actions.misses import buttons_of, keep
from actions.products import product_asked_about, say_facts
from desk.answers.product_facts import asks_how_to
from desk.answers.service import answer_topic, find_answer, near_answers

ABOUT_PRODUCTS = ("ask_product_help", "ask_warranty")
ABOUT_TIMES = ("ask_delivery_time", "ask_delivery_options")
"""What he asks after something was agreed is meant of that, not in general."""
FEWEST_WORDS = 5
SMALL_TALK = ("affirm", "deny", "greet", "thank")


class Answer(Door):
    """Says what there is on the topic. Small talk inside a form only leads back to the form's question."""

    action_name = "action_answer"
    in_groups = True

    def do(self, turn: Turn) -> list[Event]:
        if turn.loop and turn.topic in SMALL_TALK:
            return []
        if turn.topic == "out_of_scope":
            if turn.loop and len(turn.heard.text.split()) < FEWEST_WORDS:  # an answer that we cannot read, rather than a question
                turn.utter("utter_did_not_get_that")
            else:
                answer_beyond_us(turn)
            return []
        if turn.topic in ABOUT_TIMES and say_agreed(turn):
            return []
        found = answer_topic(turn.session, turn.topic, turn.language, "" if turn.pressed else turn.heard.text)
        if turn.topic in ABOUT_PRODUCTS and _tell_facts(turn) and (found is None or turn.topic == "ask_product_help"):
            return []
        if found is None:
            turn.utter(f"utter_{turn.topic}")
        else:
            turn.dispatcher.utter_message(text=found.text, buttons=buttons_of(turn, found))
        return []


def _tell_facts(turn: Turn) -> bool:
    """What the catalogue says of a product, when he wants to know something of it."""
    asked = None if asks_how_to(turn.heard.text, turn.language) else product_asked_about(turn)
    if asked is None or not asked[1].known:
        return False
    say_facts(turn, *asked)
    return True


def answer_beyond_us(turn: Turn) -> None:
    """Not our business, it seems. Perhaps the catalogue or an article knows all the same; if not, it goes on the list."""
    if _tell_facts(turn):
        return
    found = find_answer(turn.session, turn.heard.text, turn.language)
    keep(turn, "out_of_scope", "article" if found else "told", articles=near_answers(turn.heard.text, turn.language))
    if found is None:
        turn.utter("utter_out_of_scope")
    else:
        turn.dispatcher.utter_message(text=found.text, buttons=buttons_of(turn, found))
