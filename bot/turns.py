"""One turn of the dialogue: all of it happens and is stored, or it fails and nothing is.

Stock Rasa swallows a failing action and a failing tracker store and answers 200 as if all were well
(rasa/core/processor.py `_run_action`, rasa/core/tracker_store.py `FailSafeTrackerStore`). A turn here raises instead.
"""

import copy
from collections.abc import Mapping
from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import CollectingOutputChannel, OutputChannel, UserMessage
from rasa.core.processor import MessageProcessor
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.core.events import (
    ActionExecutionRejected,
    ActiveLoop,
    AllSlotsReset,
    BotUttered,
    FollowupAction,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker

from bot.hearing import INTERRUPTS, Part, as_topic, hear, part_of, two_wishes
from bot.wishes import QUICK

LATER = "later"
"""The slot with the second wish of a message, while it waits."""
RESUMED = "case_form"
"""The form that goes on after another one has come in between: what went wrong is not forgotten for a question."""


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
        message.metadata = {**(message.metadata or {}), "talking": bool(tracker.latest_message and tracker.latest_message.text)}
        parsed = message.parse_data or await self.parse_message(message, tracker)
        wishes = await two_wishes(self.read, message, parsed) if tracker.active_loop is None else None
        for part in await self._parts(message, parsed, wishes, tracker):
            await self._take(part, tracker, output)
        await self._take_what_waits(message, tracker, output)
        if output.failure is not None:
            raise TurnFailed(str(output.failure)) from output.failure
        await self.save_tracker(tracker)
        return tracker

    async def parse_message(
        self, message: UserMessage, tracker: DialogueStateTracker | None = None, only_output_properties: bool = True
    ) -> dict[str, Any]:
        """What the readers make of a message, and what it does in this conversation: bot/hearing.py."""
        parsed = await super().parse_message(message, tracker, only_output_properties)
        return await hear(self.read, message, parsed, tracker)

    async def read(self, message: UserMessage) -> dict[str, Any]:
        """What the readers make of a message by itself."""
        return await super().parse_message(message)

    async def _parts(
        self, message: UserMessage, parsed: dict[str, Any], wishes: list[Part] | None, tracker: DialogueStateTracker
    ) -> list[UserMessage]:
        """The message itself; or two wishes in it, of which one that needs questions of ours may have to wait."""
        if wishes is None:
            return [part_of(message, Part(message.text or "", parsed), 0)]
        first, second = wishes
        if first.topic in QUICK:
            return [part_of(message, first, 0), part_of(message, second, 1)]
        tracker.update(SlotSet(LATER, {"text": second.text, "topic": second.topic}), self.domain)
        return [part_of(message, first, 0)]

    async def _take(self, part: UserMessage, tracker: DialogueStateTracker, output: OutputChannel) -> None:
        """One wish: heard, and acted on until the bot listens again."""
        before = tracker.active_loop_name
        await self._handle_message_with_tracker(part, tracker)
        self._follow_language(tracker)
        if before is None and tracker.slots.get(LATER) is not None and tracker.get_slot(LATER) and not part.metadata.get("waited"):
            await self._say("utter_two_wishes", tracker, output)
        await self.run_action_extract_slots(output, tracker)
        if before is not None and (part.parse_data or {}).get(INTERRUPTS):
            tracker.update(ActionExecutionRejected(before), self.domain)
        await self._run_prediction_loop(output, tracker)
        if before == RESUMED and tracker.active_loop_name not in (None, RESUMED) and "interrupted" in tracker.slots:
            tracker.update(SlotSet("interrupted", before), self.domain)

    async def _take_what_waits(self, message: UserMessage, tracker: DialogueStateTracker, output: OutputChannel) -> None:
        """Once nothing is asked any more: the form that was interrupted goes on, then the second wish is taken."""
        if tracker.active_loop is None and "interrupted" in tracker.slots and (form := tracker.get_slot("interrupted")):
            tracker.update(SlotSet("interrupted", None), self.domain)
            tracker.update(FollowupAction(form), self.domain)
            await self._run_prediction_loop(output, tracker)
        if tracker.active_loop is None and LATER in tracker.slots and (waiting := tracker.get_slot(LATER)):
            tracker.update(SlotSet(LATER, None), self.domain)
            await self._say("utter_next_wish", tracker, output, words=waiting["text"])
            parsed = await self.read(UserMessage(waiting["text"], metadata=message.metadata))
            parsed = as_topic(parsed, waiting["topic"], tracker.get_slot("language"))
            count = sum(isinstance(e, UserUttered) and e.message_id == message.message_id for e in tracker.events)
            part = part_of(message, Part(waiting["text"], parsed), count)
            part.metadata["waited"] = True
            await self._take(part, tracker, output)

    async def _say(self, response: str, tracker: DialogueStateTracker, output: OutputChannel, **values: object) -> None:
        """Say a response of our own, outside of any action."""
        said = await self.nlg.generate(response, tracker, output.name(), **values)
        tracker.update(BotUttered(text=said["text"], data={"buttons": said.get("buttons")}), self.domain)

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
            if event.message_id == message_id:  # again for each wish in it
                understood = understood or _understood(event)
            elif understood is not None:
                break
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
