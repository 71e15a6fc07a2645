"""A turn is all or nothing, a repeated message has the same answer, and the pinned Rasa is still the one we know."""

import asyncio
import json
from typing import Any

import pytest
import rasa
from conftest import ActionServer
from rasa.core.actions.action import RemoteAction
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
from rasa.shared.core.events import ActiveLoop, UserUttered

from bot.desk_channel import DeskChannel
from bot.trackers import KeepingTrackerStore
from bot.turns import TurnFailed, TurnProcessor, WatchfulOutput, turn_of


def message(text: str, message_id: str) -> UserMessage:
    return UserMessage(text, WatchfulOutput(), "talk", input_channel="desk", message_id=message_id, metadata={"language": "en"})


def stored(agent: Agent, loop: asyncio.AbstractEventLoop) -> list[Any]:
    tracker = loop.run_until_complete(agent.tracker_store.retrieve("talk"))
    return list(tracker.events) if tracker else []


def users(agent: Agent, loop: asyncio.AbstractEventLoop) -> list[str]:
    return [e.message_id for e in stored(agent, loop) if isinstance(e, UserUttered)]


def test_a_turn_gives_its_replies_and_is_stored(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    tracker = loop.run_until_complete(TurnProcessor.of(agent.processor).answer(message("hello", "m1"), {}))
    turn = turn_of(tracker, "m1")
    assert turn is not None
    assert turn["understood"]["topic"] == "greet"
    assert turn["replies"] == [{"text": "Hello!", "buttons": [{"title": "It is broken", "payload": "/report_fault"}]}]
    assert users(agent, loop) == ["m1"]


def test_a_repeated_message_has_the_same_answer_and_happens_once(
    agent: Agent, actions: ActionServer, loop: asyncio.AbstractEventLoop
) -> None:
    turns = [
        turn_of(loop.run_until_complete(TurnProcessor.of(agent.processor).answer(message("broken", "m1"), {})), "m1")
        for _ in range(2)
    ]
    assert turns[0] == turns[1]
    assert turns[0] is not None
    assert [r["text"] for r in turns[0]["replies"]] == ["Recorded as F-100001."]
    assert len(actions.calls) == 1
    assert users(agent, loop) == ["m1"]


def test_an_answer_is_found_again_behind_later_turns(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    processor = TurnProcessor.of(agent.processor)
    for number, text in enumerate(["hello", "broken", "hello"]):
        loop.run_until_complete(processor.answer(message(text, f"m{number}"), {}))
    again = turn_of(loop.run_until_complete(processor.answer(message("broken", "m1"), {})), "m1")
    assert again is not None
    assert [r["text"] for r in again["replies"]] == ["Recorded as F-100001."]


@pytest.mark.parametrize("status", [500, 404, 401])
def test_a_turn_whose_action_fails_is_not_stored_and_can_be_tried_again(
    agent: Agent, actions: ActionServer, loop: asyncio.AbstractEventLoop, status: int
) -> None:
    processor = TurnProcessor.of(agent.processor)
    actions.status = status
    with pytest.raises(TurnFailed):
        loop.run_until_complete(processor.answer(message("broken", "m1"), {}))
    assert users(agent, loop) == []
    actions.status = 200
    tracker = loop.run_until_complete(processor.answer(message("broken", "m1"), {}))
    assert turn_of(tracker, "m1") is not None
    assert users(agent, loop) == ["m1"]


def test_a_turn_that_cannot_be_stored_fails(agent: Agent, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch) -> None:
    async def full(self: KeepingTrackerStore, tracker: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(KeepingTrackerStore, "save", full)
    with pytest.raises(OSError, match="disk full"):
        loop.run_until_complete(TurnProcessor.of(agent.processor).answer(message("hello", "m1"), {}))


@pytest.mark.parametrize(("sure", "then"), [(True, "sv"), (False, "en")])
def test_the_answer_to_a_message_is_already_in_its_language(
    agent: Agent, loop: asyncio.AbstractEventLoop, sure: bool, then: str
) -> None:
    said = message("hej", "m1")
    said.parse_data = {"intent": {"name": "greet"}, "entities": [], "language": "sv", "language_sure": sure}  # type: ignore[assignment]
    tracker = loop.run_until_complete(TurnProcessor.of(agent.processor).answer(said, {"language": "en"}))
    assert tracker.get_slot("language") == then


def test_the_desk_is_told_in_which_language_the_conversation_goes_on(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    status, body = answer(DeskChannel("secret"), agent, loop, text="hello", slots={"language": "fi"})
    assert (status, body["language"]) == (200, "fi")


def test_what_the_desk_knows_is_in_the_slots(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    tracker = loop.run_until_complete(TurnProcessor.of(agent.processor).answer(message("hello", "m1"), {"language": "fi", "x": 1}))
    assert tracker.get_slot("language") == "fi"


def test_a_fresh_turn_ends_an_open_form(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    processor = TurnProcessor.of(agent.processor)
    tracker = loop.run_until_complete(processor.answer(message("hello", "m1"), {}))
    tracker.update(ActiveLoop("fault_form"), processor.domain)
    loop.run_until_complete(processor.save_tracker(tracker))
    tracker = loop.run_until_complete(processor.answer(message("hello", "m2"), {}, fresh=True))
    assert tracker.active_loop_name is None


def test_an_action_gets_the_events_of_its_turn_only(agent: Agent, actions: ActionServer, loop: asyncio.AbstractEventLoop) -> None:
    DeskChannel("secret")
    processor = TurnProcessor.of(agent.processor)
    for number in range(5):
        loop.run_until_complete(processor.answer(message("hello", f"m{number}"), {}))
    loop.run_until_complete(processor.answer(message("broken", "last"), {}))
    events = actions.calls[-1]["tracker"]["events"]
    assert [e["message_id"] for e in events if e["event"] == "user"] == ["last"]
    assert events[0]["parse_data"]["intent"]["name"] == "report_fault"


def answer(channel: DeskChannel, agent: Agent, loop: asyncio.AbstractEventLoop, **turn: Any) -> tuple[int, dict[str, Any]]:
    full = {"conversation": "talk", "message_id": "m1", "text": "hello", "language": "en"} | turn
    response = loop.run_until_complete(channel._answer(agent, full))
    return response.status, json.loads(response.body)


def test_the_channel_answers_503_until_the_action_works(
    agent: Agent, actions: ActionServer, loop: asyncio.AbstractEventLoop
) -> None:
    channel = DeskChannel("secret")
    actions.status = 500
    assert answer(channel, agent, loop, text="broken")[0] == 503
    actions.status = 200
    status, body = answer(channel, agent, loop, text="broken")
    assert (status, body["message_id"], len(body["replies"])) == (200, "m1", 1)


def test_typed_text_is_never_a_command_but_a_payload_is(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    channel = DeskChannel("secret")
    assert answer(channel, agent, loop, text="/report_fault")[1]["understood"]["topic"] != "report_fault"
    assert (
        answer(channel, agent, loop, text="x", payload="/report_fault", message_id="m2")[1]["understood"]["topic"] == "report_fault"
    )


def test_two_calls_with_one_id_at_once_happen_once(agent: Agent, actions: ActionServer, loop: asyncio.AbstractEventLoop) -> None:
    channel = DeskChannel("secret")
    turn = {"conversation": "talk", "message_id": "m1", "text": "broken", "language": "en"}

    async def both() -> list[bytes]:
        return [r.body for r in await asyncio.gather(channel._answer(agent, turn), channel._answer(agent, turn))]

    first, second = loop.run_until_complete(both())
    assert first == second
    assert len(actions.calls) == 1


def test_the_channel_does_not_start_without_a_secret() -> None:
    with pytest.raises(ValueError, match="secret"):
        DeskChannel.from_credentials({})


class TestThePinnedRasa:
    """What the channel relies on in 3.6.21, or works around; when one of these fails, look at bot/turns.py again."""

    def test_it_is_the_release_that_we_know(self) -> None:
        assert rasa.__version__ == "3.6.21"

    def test_its_processor_swallows_a_failing_action(
        self, agent: Agent, actions: ActionServer, loop: asyncio.AbstractEventLoop
    ) -> None:
        actions.status = 500
        said = UserMessage("broken", CollectingOutputChannel(), "talk", message_id="m1")
        loop.run_until_complete(agent.handle_message(said))
        assert users(agent, loop) == ["m1"]

    def test_its_agent_wraps_the_tracker_store_into_one_that_swallows_errors(self, agent: Agent) -> None:
        assert isinstance(agent.tracker_store, FailSafeTrackerStore)
        assert isinstance(TurnProcessor.of(agent.processor).tracker_store, SQLTrackerStore)

    @pytest.mark.parametrize(
        "name",
        ["_run_action", "_run_prediction_loop", "_handle_message_with_tracker", "run_action_extract_slots",
         "fetch_tracker_and_update_session", "save_tracker"],
    )  # fmt: skip
    def test_its_processor_has_the_methods_that_a_turn_is_made_of(self, name: str) -> None:
        assert callable(getattr(MessageProcessor, name))

    def test_its_remote_action_has_the_methods_that_we_replace(self) -> None:
        assert callable(RemoteAction._validate_action_result)
        assert callable(RemoteAction._action_call_format)
