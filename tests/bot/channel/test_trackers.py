"""A tracker that was kept is as good as one that is read anew, and never older than the database."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from conftest import ActionServer
from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

from bot.trackers import KeepingTrackerStore
from bot.turns import TurnFailed, TurnProcessor, WatchfulOutput


def turn(agent: Agent, loop: asyncio.AbstractEventLoop, text: str, message_id: str) -> DialogueStateTracker:
    said = UserMessage(text, WatchfulOutput(), "talk", input_channel="desk", message_id=message_id, metadata={"language": "en"})
    return loop.run_until_complete(TurnProcessor.of(agent.processor).answer(said, {}))


def read_anew(tmp_path: Path, agent: Agent, loop: asyncio.AbstractEventLoop) -> DialogueStateTracker:
    store = SQLTrackerStore(host=f"sqlite:///{tmp_path / 'tracker.sqlite'}", domain=agent.domain)
    tracker = loop.run_until_complete(store.retrieve("talk"))
    assert tracker is not None
    return tracker


def events_of_session(tracker: DialogueStateTracker) -> list[dict[str, Any]]:
    """Rasa reads from the start of the session on."""
    events = tracker.current_state(EventVerbosity.ALL)["events"]
    return events[next(i for i, event in enumerate(events) if event["event"] == "session_started") :]


def slots_of(tracker: DialogueStateTracker) -> dict[str, Any]:
    return {name: value for name, value in tracker.current_slot_values().items() if name != "session_started_metadata"}


def test_what_is_kept_is_what_is_stored(agent: Agent, tmp_path: Path, loop: asyncio.AbstractEventLoop) -> None:
    for number, text in enumerate(["hello", "broken", "hello", "broken"]):
        kept = turn(agent, loop, text, f"m{number}")
        stored = read_anew(tmp_path, agent, loop)
        assert events_of_session(kept) == events_of_session(stored)
        assert slots_of(kept) == slots_of(stored)


def test_the_next_turn_does_not_read_the_conversation_again(
    agent: Agent, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = turn(agent, loop, "hello", "m1")
    monkeypatch.setattr(SQLTrackerStore, "_retrieve", None)  # called, it would fail
    assert turn(agent, loop, "hello", "m2") is first


def test_what_another_rasa_stored_meanwhile_is_seen(agent: Agent, tmp_path: Path, loop: asyncio.AbstractEventLoop) -> None:
    turn(agent, loop, "hello", "m1")
    other = KeepingTrackerStore(host=f"sqlite:///{tmp_path / 'tracker.sqlite'}", domain=agent.domain)
    tracker = loop.run_until_complete(other.retrieve("talk"))
    assert tracker is not None
    tracker.update(UserUttered("said to another", message_id="m2"), agent.domain)
    loop.run_until_complete(other.save(tracker))
    heard = [e.message_id for e in turn(agent, loop, "hello", "m3").events if isinstance(e, UserUttered)]
    assert heard == ["m1", "m2", "m3"]


def test_nothing_of_a_failed_turn_is_kept(
    agent: Agent, actions: ActionServer, tmp_path: Path, loop: asyncio.AbstractEventLoop
) -> None:
    turn(agent, loop, "hello", "m1")
    actions.status = 500
    with pytest.raises(TurnFailed):
        turn(agent, loop, "broken", "m2")
    heard = [e.message_id for e in turn(agent, loop, "hello", "m3").events if isinstance(e, UserUttered)]
    assert heard == ["m1", "m3"]


def test_a_new_session_begins_without_the_old_one(
    agent: Agent, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    turn(agent, loop, "hello", "m1")
    monkeypatch.setattr(MessageProcessor, "_has_session_expired", lambda self, tracker: True)
    turn(agent, loop, "hello", "m2")
    monkeypatch.setattr(MessageProcessor, "_has_session_expired", lambda self, tracker: False)
    tracker = turn(agent, loop, "hello", "m3")
    assert [e.message_id for e in tracker.events if isinstance(e, UserUttered)] == ["m2", "m3"]
    assert sum(isinstance(e, SessionStarted) for e in tracker.events) == 1


def test_only_so_many_are_kept(
    agent: Agent, tmp_path: Path, loop: asyncio.AbstractEventLoop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.trackers.KEPT", 2)
    store = KeepingTrackerStore(host=f"sqlite:///{tmp_path / 'few.sqlite'}", domain=agent.domain)
    for name in ("a", "b", "c"):
        loop.run_until_complete(store.save(loop.run_until_complete(store.create_tracker(name))))
    assert list(store._kept) == ["b", "c"]
