"""What a message does in a conversation, beyond its topic: bot/moves.py, bot/form_answers.py and bot/wishes.py on what was read."""

import copy
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.trackers import DialogueStateTracker

from bot.form_answers import answer_in, interrupts, only_answers, without_asides
from bot.moves import behind_but, move_in
from bot.wishes import SURE, Wish, are_two, halves, in_order

Parsed = dict[str, Any]
Read = Callable[[UserMessage], Awaitable[Parsed]]
FALLBACK = "nlu_fallback"
ABOUT_ORDERS = ("order_form", "case_form")
NO_TOPIC = ("affirm", "deny", "thank", FALLBACK)
INTERRUPTS = "interrupts"
"""Of what was read in a message: the form that is open passes on it, whatever it names."""


@dataclass(frozen=True)
class Part:
    """A piece of a message with what was read in it."""

    text: str
    parsed: Parsed

    @property
    def topic(self) -> str:
        return str(self.parsed["intent"]["name"])


async def hear(read: Read, message: UserMessage, parsed: Parsed, tracker: DialogueStateTracker | None) -> Parsed:
    """A move instead of a topic where the message is one; behind "yes, but ..." what follows; to a form's question the answer."""
    text = message.text or ""
    if text.startswith("/"):
        return parsed
    if parsed.get("hazard"):  # no form's question comes before it
        return {**parsed, "entities": without_asides(parsed["entities"]), INTERRUPTS: True}
    move = move_in(text, _about_an_order(tracker))
    if move is not None:
        return {**parsed, "intent": {"name": move, "confidence": 1.0}}
    rest = behind_but(text)
    if rest is not None:
        parsed = _behind(parsed, await read(UserMessage(rest, metadata=message.metadata)))
    return _in_the_light_of(tracker, text, parsed)


def _in_the_light_of(tracker: DialogueStateTracker | None, text: str, parsed: Parsed) -> Parsed:
    """What the message says to the question of the open form."""
    question = tracker.get_slot("requested_slot") if tracker is not None and tracker.active_loop else None
    if not question:
        return parsed
    topic, confidence = parsed["intent"]["name"], parsed["intent"]["confidence"]
    answer = answer_in(question, text, parsed["entities"])
    entities = [*parsed["entities"], *([answer] if answer else [])]
    if interrupts(question, text, topic, confidence, entities):
        return {**parsed, "entities": without_asides(parsed["entities"]), INTERRUPTS: True}
    sure = parsed.get("language_sure") and not only_answers(question, text, entities)
    return {**parsed, "entities": entities, "language_sure": sure}


def _behind(whole: Parsed, behind: Parsed) -> Parsed:
    """The message means what stands behind its but; a bare "yes" it never is: what is not understood is asked about."""
    topic = behind["intent"]["name"]
    if topic == FALLBACK and whole["intent"]["name"] not in NO_TOPIC:
        return whole
    return {**whole, "intent": behind["intent"], "intent_ranking": behind.get("intent_ranking", [])}


def _about_an_order(tracker: DialogueStateTracker | None) -> bool:
    if tracker is None:
        return False
    shown = "shown_order" in tracker.slots and tracker.get_slot("shown_order")
    return tracker.active_loop_name in ABOUT_ORDERS or bool(shown)


async def two_wishes(read: Read, message: UserMessage, whole: Parsed) -> list[Part] | None:
    """Both wishes of a message that has two, in the order to take them; None when it has one.

    Danger is never cut: it is dealt with as a whole, before anything else.
    """
    text = message.text or ""
    if text.startswith("/") or whole.get("hazard"):
        return None
    best: tuple[float, Part, Part] | None = None
    for first_text, second_text in halves(text):
        first = Part(first_text, await read(UserMessage(first_text, metadata=message.metadata)))
        second = Part(second_text, await read(UserMessage(second_text, metadata=message.metadata)))
        sure = min(first.parsed["intent"]["confidence"], second.parsed["intent"]["confidence"])
        if sure >= SURE and are_two(first.topic, second.topic) and (best is None or sure > best[0]):
            best = (sure, first, second)
    if best is None or whole["intent"]["name"] not in (FALLBACK, best[1].topic, best[2].topic):
        return None
    _, first, second = best
    taken = in_order(Wish(first.text, first.topic), Wish(second.text, second.topic))
    ordered = [first, second] if taken[0].text == first.text else [second, first]
    return [Part(part.text, _with_mood_of(whole, part.parsed)) for part in ordered]


def _with_mood_of(whole: Parsed, part: Parsed) -> Parsed:
    """Language and mood are those of the whole message."""
    return {**part, **{key: whole[key] for key in ("language", "language_sure", "mood", "hazard") if key in whole}}


def as_topic(parsed: Parsed, topic: str, language: str | None) -> Parsed:
    """A wish that has waited: its topic is settled, and it changes no language."""
    return {**parsed, "intent": {"name": topic, "confidence": 1.0}, "language": language, "language_sure": False}


def part_of(message: UserMessage, part: Part, number: int) -> UserMessage:
    """The message that this part is, under the id of the whole; `number` tells the parts of a message apart."""
    metadata = {**(message.metadata or {}), **({"part": number} if number else {})}
    return UserMessage(
        text=part.text,
        output_channel=message.output_channel,
        sender_id=message.sender_id,
        parse_data=copy.deepcopy(part.parsed),
        input_channel=message.input_channel,
        message_id=message.message_id,
        metadata=metadata,
    )
