"""Makes Rasa's calls to the action server light: docs/decisions/0003-where-rasas-time-goes.md has the figures."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
from jsonschema import Draft7Validator
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import UserUttered
from rasa.shared.core.trackers import DialogueStateTracker, EventVerbosity
from rasa.utils.endpoints import DEFAULT_REQUEST_TIMEOUT, EndpointConfig

KEEP_ALIVE = 4.0
"""Seconds that an idle connection is kept; the action server closes it after 5."""
_VALIDATOR = Draft7Validator(RemoteAction.action_response_format_spec())


def make_remote_actions_light() -> None:
    """Check the answer's schema with one validator made once, send only the events of this turn, keep the connection."""
    RemoteAction._validate_action_result = _validate  # type: ignore[method-assign]
    RemoteAction._action_call_format = _call_format  # type: ignore[method-assign]
    EndpointConfig.session = _session  # type: ignore[method-assign]


def _validate(action: RemoteAction, result: dict[str, Any]) -> bool:
    _VALIDATOR.validate(result)
    return True


@contextlib.asynccontextmanager
async def _session(endpoint: EndpointConfig) -> AsyncIterator[aiohttp.ClientSession]:
    """The endpoint's session of this event loop, left open for the next call."""
    loop = asyncio.get_running_loop()
    kept: tuple[asyncio.AbstractEventLoop, aiohttp.ClientSession] | None = endpoint.__dict__.get("_fubb_session")
    if kept is None or kept[0] is not loop or kept[1].closed:
        session = aiohttp.ClientSession(
            headers=endpoint.headers,
            timeout=aiohttp.ClientTimeout(total=DEFAULT_REQUEST_TIMEOUT),
            connector=aiohttp.TCPConnector(keepalive_timeout=KEEP_ALIVE),
        )
        kept = endpoint.__dict__["_fubb_session"] = (loop, session)
    yield kept[1]


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
