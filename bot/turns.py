"""One turn of the dialogue: all of it happens and is stored, or it fails and nothing is.

Stock Rasa swallows a failing action and a failing tracker store and answers 200 as if all were well
(rasa/core/processor.py `_run_action`, rasa/core/tracker_store.py `FailSafeTrackerStore`). A turn here raises instead.
"""

import copy
from collections.abc import Mapping
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import ActiveLoop, AllSlotsReset, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker


class TurnFailed(Exception):
    """An action of the turn failed; nothing of the turn was stored, it can be tried again."""


class TurnProcessor(MessageProcessor):
    """Rasa's processor, with a turn that is all or nothing and that knows the messages it has answered."""

    @classmethod
    def of(cls, processor: MessageProcessor) -> "TurnProcessor":
        """The same model and stores, behind the stricter turn."""
        strict = cls.__new__(cls)
        strict.__dict__.update(processor.__dict__)
        store = processor.tracker_store
        strict.tracker_store = store._tracker_store if isinstance(store, FailSafeTrackerStore) else store
        return strict

    async def answer(self, message: UserMessage, slots: Mapping[str, Any], fresh: bool = False) -> DialogueStateTracker:
        """Answer a message, or find the answer given before to the same message id.

        `slots` is what the desk knows of the customer; `fresh` ends whatever form was open (an agent has spoken since).
        Raises TurnFailed, or whatever the tracker store raises.
        """
        output = message.output_channel
        assert isinstance(output, WatchfulOutput)
        tracker = await self.fetch_tracker_and_update_session(message.sender_id, output, message.metadata)
        if turn_of(tracker, message.message_id) is not None:
            return tracker
        self._tell(tracker, slots, fresh)
        await self._handle_message_with_tracker(message, tracker)
        self._follow_language(tracker)
        tracker = await self.run_action_extract_slots(output, tracker)
        await self._run_prediction_loop(output, tracker)
        if output.failure is not None:
            raise TurnFailed(str(output.failure)) from output.failure
        await self.save_tracker(tracker)
        return tracker

    def _tell(self, tracker: DialogueStateTracker, slots: Mapping[str, Any], fresh: bool) -> None:
        if fresh and tracker.active_loop is not None:
            tracker.update(ActiveLoop(None), self.domain)
        if fresh:
            tracker.update(AllSlotsReset(), self.domain)
        for name, value in slots.items():
            if name in tracker.slots and tracker.get_slot(name) != value:
                tracker.update(SlotSet(name, value), self.domain)

    def _follow_language(self, tracker: DialogueStateTracker) -> None:
        """Already the answer to this message is in its language, where the message itself leaves no doubt."""
        parse = (tracker.latest_message.parse_data if tracker.latest_message else None) or {}
        spoken = parse.get("language")
        if parse.get("language_sure") and spoken and "language" in tracker.slots and tracker.get_slot("language") != spoken:
            tracker.update(SlotSet("language", spoken), self.domain)

    async def _run_action(self, action: Action, tracker, output_channel, nlg, prediction) -> bool:  # type: ignore[no-untyped-def]
        if getattr(output_channel, "failure", None) is not None:
            return False  # the turn has failed: nothing more of it happens
        return await super()._run_action(_Witness(action), tracker, output_channel, nlg, prediction)


class WatchfulOutput(CollectingOutputChannel):
    """Collects what the bot says, and keeps the error of the action that failed."""

    def __init__(self) -> None:
        super().__init__()
        self.failure: Exception | None = None


class _Witness(Action):
    """Lets an action's error pass to Rasa, which swallows it, but keeps it for the turn."""

    def __init__(self, action: Action) -> None:
        self._action = action

    def __getattr__(self, name: str) -> Any:
        return getattr(self._action, name)

    def name(self) -> str:
        return self._action.name()

    def event_for_successful_execution(self, prediction):  # type: ignore[no-untyped-def]
        return self._action.event_for_successful_execution(prediction)

    async def run(self, output_channel, nlg, tracker, domain):  # type: ignore[no-untyped-def]
        try:
            return await self._action.run(output_channel, nlg, tracker, domain)
        except ActionExecutionRejection:
            raise
        except Exception as error:
            output_channel.failure = error
            raise


def turn_of(tracker: DialogueStateTracker, message_id: str) -> dict[str, Any] | None:
    """What the message was understood as, and the replies to it; None when it was not answered in this session."""
    understood: dict[str, Any] | None = None
    replies: list[dict[str, Any]] = []
    for event in tracker.events:
        if isinstance(event, UserUttered):
            if understood is not None:
                break
            if event.message_id == message_id:
                understood = _understood(event)
        elif understood is not None and isinstance(event, BotUttered):
            replies.append(_reply(event))
    return None if understood is None else {"understood": understood, "replies": replies}


def _understood(event: UserUttered) -> dict[str, Any]:
    parse = event.parse_data or {}
    return {
        "topic": event.intent.get("name") if event.intent else None,
        "confidence": (event.intent or {}).get("confidence"),
        "language": parse.get("language"),
        "language_sure": bool(parse.get("language_sure")),
        "mood": parse.get("mood", "calm"),
        "hazard": bool(parse.get("hazard", False)),
    }


def _reply(event: BotUttered) -> dict[str, Any]:
    data = copy.deepcopy(event.data or {})
    buttons = data.get("buttons") or []
    return {
        "text": event.text or "",
        "buttons": [{"title": b["title"], "payload": b["payload"]} for b in buttons],
    }
