"""Two wishes in one message, and "yes, but": as a turn, with a reader that knows what each piece is about."""

import asyncio
from typing import Any

import pytest
from conftest import ActionServer
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.hearing import hear, two_wishes
from bot.turns import LATER, TurnProcessor, WatchfulOutput, turn_of

READ = {
    "My TV is broken": ("report_fault", 0.9),
    "when do you open?": ("ask_opening_hours", 0.95),
    "send me the invoice": ("get_invoice", 0.9),
    "it still smells": ("not_solved", 0.8),
    "whatever": ("nlu_fallback", 0.3),
}


async def read(message: UserMessage) -> dict[str, Any]:
    topic, confidence = READ.get(message.text or "", ("nlu_fallback", 0.3))
    return {"intent": {"name": topic, "confidence": confidence}, "entities": [], "text": message.text}


def whole(topic: str, **more: Any) -> dict[str, Any]:
    return {"intent": {"name": topic, "confidence": 0.5}, "entities": [], "mood": "annoyed", "language": "en", **more}


def run(coroutine: Any, loop: asyncio.AbstractEventLoop) -> Any:
    return loop.run_until_complete(coroutine)


def test_what_is_answered_at_once_comes_before_what_needs_questions(loop: asyncio.AbstractEventLoop) -> None:
    said = UserMessage("My TV is broken and when do you open?")
    parts = run(two_wishes(read, said, whole("report_fault")), loop)
    assert [(part.text, part.topic) for part in parts] == [
        ("when do you open?", "ask_opening_hours"),
        ("My TV is broken", "report_fault"),
    ]
    assert {part.parsed["mood"] for part in parts} == {"annoyed"}


def test_two_that_need_questions_are_taken_in_his_order(loop: asyncio.AbstractEventLoop) -> None:
    parts = run(two_wishes(read, UserMessage("My TV is broken and send me the invoice"), whole("nlu_fallback")), loop)
    assert [part.topic for part in parts] == ["report_fault", "get_invoice"]


@pytest.mark.parametrize("parsed", [whole("report_fault", hazard=True), whole("complain")])
def test_danger_is_not_cut_nor_a_message_that_is_about_a_third_thing(
    loop: asyncio.AbstractEventLoop, parsed: dict[str, Any]
) -> None:
    assert run(two_wishes(read, UserMessage("My TV is broken and send me the invoice"), parsed), loop) is None


def test_yes_but_is_never_a_bare_yes(loop: asyncio.AbstractEventLoop) -> None:
    meant = run(hear(read, UserMessage("yes but it still smells"), whole("affirm"), None), loop)
    assert meant["intent"]["name"] == "not_solved"
    meant = run(hear(read, UserMessage("yes but whatever"), whole("affirm"), None), loop)
    assert meant["intent"]["name"] == "nlu_fallback"
    pressed = run(hear(read, UserMessage("/affirm"), whole("affirm"), None), loop)
    assert pressed["intent"]["name"] == "affirm"


def test_the_other_one_is_an_order_in_the_order_form(loop: asyncio.AbstractEventLoop) -> None:
    from rasa.shared.core.events import ActiveLoop

    tracker = DialogueStateTracker("talk", [])
    said = UserMessage("no, the other one")
    assert run(hear(read, said, whole("deny"), tracker), loop)["intent"]["name"] == "deny"
    tracker.update(ActiveLoop("order_form"))
    assert run(hear(read, said, whole("deny"), tracker), loop)["intent"]["name"] == "other_order"


def test_both_wishes_are_answered_in_one_turn_under_one_id(
    agent: Agent, actions: ActionServer, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.hearing.are_two", lambda first, second: {first, second} == {"greet", "report_fault"})
    monkeypatch.setattr("bot.hearing.SURE", 0.0)
    monkeypatch.setattr("bot.turns.QUICK", {"greet"})
    said = UserMessage(
        "hello to you all. it is broken", WatchfulOutput(), "talk", input_channel="desk", message_id="m1", metadata={}
    )
    tracker = run(TurnProcessor.of(agent.processor).answer(said, {}), loop)
    turn = turn_of(tracker, "m1")
    assert turn is not None
    assert [reply["text"] for reply in turn["replies"]] == ["Hello!", "Recorded as F-100001."]
    heard = [event for event in tracker.events if isinstance(event, UserUttered)]
    assert [(event.message_id, event.metadata.get("part")) for event in heard] == [("m1", None), ("m1", 1)]
    assert len(actions.calls) == 1


def test_a_wish_that_has_to_wait_is_taken_when_nothing_is_asked_any_more(
    agent: Agent, actions: ActionServer, loop: asyncio.AbstractEventLoop
) -> None:
    processor = TurnProcessor.of(agent.processor)
    waiting = {LATER: {"text": "it is broken", "topic": "report_fault"}}
    said = UserMessage("hello", WatchfulOutput(), "talk", input_channel="desk", message_id="m1", metadata={"language": "en"})
    tracker = run(processor.answer(said, waiting), loop)
    turn = turn_of(tracker, "m1")
    assert turn is not None
    assert [reply["text"] for reply in turn["replies"]][1:] == ["Hello!", "Now: it is broken", "Recorded as F-100001."]
    assert tracker.get_slot(LATER) is None
