"""Makes Rasa's calls to the action server light: docs/decisions/0003-where-rasas-time-goes.md has the figures."""

from typing import Any

from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity

_VALIDATOR = Draft7Validator(RemoteAction.action_response_format_spec())


def make_remote_actions_light() -> None:
    """Check the answer's schema with one validator made once, and send only the events of this turn."""
    RemoteAction._validate_action_result = _validate  # type: ignore[method-assign]
    RemoteAction._action_call_format = _call_format  # type: ignore[method-assign]


def _validate(action: RemoteAction, result: dict[str, Any]) -> bool:
    _VALIDATOR.validate(result)
    return True


def _call_format(action: RemoteAction, tracker: DialogueStateTracker, domain: Any) -> dict[str, Any]:
    state = tracker.current_state(EventVerbosity.NONE)
    state["events"] = [event.as_dict() for event in _events_of_turn(tracker)]
    return {
        "next_action": action.name(),
        "sender_id": tracker.sender_id,
        "tracker": state,
        "domain": {},  # our actions do not read it; without the key the action server asks for the whole one
        "version": "3.6.21",
    }


def _events_of_turn(tracker: DialogueStateTracker) -> list:
    events = list(tracker.events)
    for index in range(len(events) - 1, -1, -1):
        if isinstance(events[index], UserUttered):
            return events[index:]
    return events
