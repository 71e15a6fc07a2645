"""What is done when a message was not understood: ask what he means, then bring a person. Each is kept on a list."""

from datetime import timedelta
from typing import Any

from rasa_sdk.events import FollowupAction, SlotSet

from actions.door import Door, Event, Turn, decline_in_group, forget
from actions.people import say_who_answers
from actions.products import product_asked_about, products_named, say_facts
from desk.answers.service import Found, find_answer, near_answers
from desk.handoffs.service import request_handoff
from desk.unanswered.rules import Ranked, likely_topics
from desk.unanswered.service import Outcome, Why, keep_unanswered
from desk.words import payload

MISSES_UNTIL_A_PERSON = 2
SURE_ENOUGH_TO_LEAVE_A_FORM = 0.2


class NotUnderstood(Door):
    """Owns up to it and asks what he means, with the likeliest topics to choose from; the second time a person comes."""

    action_name = "action_not_understood"
    in_groups = True
    is_miss = True

    def do(self, turn: Turn) -> list[Event]:
        misses = int(turn.slots.get("misses") or 0) + 1
        if misses >= MISSES_UNTIL_A_PERSON:
            return bring_a_person(turn, "not_understood")
        product = product_asked_about(turn)
        if product is not None and (product[1].known or products_named(turn)):
            say_facts(turn, *product)
            return [SlotSet("misses", 0)]
        topics = likely_topics(turn.ranking, SURE_ENOUGH_TO_LEAVE_A_FORM) if turn.loop else likely_topics(turn.ranking)
        found = find_answer(turn.session, turn.heard.text, turn.language, {topic for topic, _ in topics})
        keep(turn, "not_understood", "article" if found else "asked", articles=near_answers(turn.heard.text, turn.language))
        if found is not None:
            offer_article(turn, found)
            return [SlotSet("misses", misses)]
        if topics:
            ask_what_he_means(turn, topics)
            return [SlotSet("misses", misses), FollowupAction("action_listen")]
        turn.utter("utter_not_understood")
        return [SlotSet("misses", misses), FollowupAction(turn.loop or "action_listen")]


class NoneOfThese(Door):
    """What we thought he meant was not it: a person comes."""

    action_name = "action_none_of_these"
    in_groups = True
    is_miss = True

    def do(self, turn: Turn) -> list[Event]:
        return bring_a_person(turn, "none_of_these")


def ask_what_he_means(turn: Turn, topics: list[Ranked]) -> None:
    """A button for each topic, in the customer's words; each carries the message that it explains."""
    buttons = [
        {"title": turn.text(f"utter_topic_{topic}"), "payload": payload(topic, about=turn.heard.message_id)} for topic, _ in topics
    ]
    none = payload("none_of_these", about=turn.heard.message_id)
    buttons.append({"title": turn.text("utter_button_none_of_these"), "payload": none})
    turn.dispatcher.utter_message(response="utter_did_you_mean", buttons=buttons)


def offer_article(turn: Turn, found: Found) -> None:
    """An article that may be what he asked for, and the way on when it is not."""
    turn.utter("utter_found_article", title=found.title)
    not_it = {"title": turn.text("utter_button_not_it"), "payload": payload("none_of_these", about=turn.heard.message_id)}
    turn.dispatcher.utter_message(text=found.text, buttons=[*buttons_of(turn, found), not_it])


def buttons_of(turn: Turn, found: Found) -> list[dict[str, str]]:
    """An article's buttons, named in the customer's words."""
    return [{"title": turn.text(f"utter_topic_{topic}"), "payload": payload(topic)} for topic in found.buttons]


def bring_a_person(turn: Turn, why: Why) -> list[Event]:
    """Ask for a person, and say who comes and when."""
    if turn.in_group:
        return decline_in_group(turn)
    keep(turn, why, "person")
    turn.utter("utter_person_instead")
    within = timedelta(minutes=turn.desk.settings.answer_within_minutes)
    handoff = request_handoff(turn.session, turn.conversation, "not_understood", turn.heard, turn.now, within)
    say_who_answers(turn, handoff)
    return [SlotSet("misses", 0), *forget("later", "interrupted"), FollowupAction("action_listen")]


def keep(turn: Turn, why: Why, outcome: Outcome, **tried: Any) -> None:
    """Put the message that was not answered on the list for whoever writes the answers."""
    about = next((str(e["value"]) for e in turn.entities if e["entity"] == "about"), None)
    found = {"topics": [{"topic": t, "confidence": round(c, 3)} for t, c in turn.ranking[:5]], **tried} if about is None else tried
    keep_unanswered(turn.session, about or turn.heard.message_id, turn.language, why, found, outcome, turn.now)
