"""Rehearses the stories of tests/conversations with the trained model: `python -m bot.rehearse --model M --stories FOLDER`.

Rasa's own `rasa test` reads the same stories, but passes over files not called test_*.yml without a word, forgets the danger that
was read in a message, and knows neither our moves (bot/moves.py) nor the way back into a form (actions/door.py).
"""

import argparse
import asyncio
import logging
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from rasa.core.agent import Agent
from rasa.core.channels.channel import UserMessage
from rasa.core.test import _create_data_generator
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.log_utils import configure_structlog

from bot.hearing import INTERRUPTS
from bot.turns import TurnProcessor

LED_ON = {"action_safety_advice": ("action_record_case", "action_not_solved"), "action_record_case": ("case_form",)}
"""Where an action itself names the next one."""


class Strayed(Exception):
    """The dialogue went another way than the story; the message says where."""


async def rehearse(story: DialogueStateTracker, processor: TurnProcessor, language: str) -> None:
    """Say what the story's customer says, and see that the dialogue does what it tells. Raises Strayed."""
    tracker = DialogueStateTracker(story.sender_id, processor.domain.slots)
    for event in story.events:
        if isinstance(event, UserUttered) and event.text:
            said = UserMessage(event.text, sender_id=story.sender_id, metadata={"language": language})
            parsed = await processor.parse_message(said, tracker)
            understood = parsed["intent"]["name"]
            if understood != event.intent_name:
                raise Strayed(f"'{event.text}' was understood as {understood}, not {event.intent_name}")
            tracker.update(UserUttered(event.text, parsed["intent"], parsed["entities"], parsed))
            if tracker.active_loop_name and parsed.get(INTERRUPTS):
                tracker.update(ActionExecutionRejected(tracker.active_loop_name))
        elif isinstance(event, ActionExecuted):
            _act(event.action_name or "", tracker, processor)
            tracker.update(ActionExecuted(event.action_name))
        else:
            tracker.update(event)


def _act(expected: str, tracker: DialogueStateTracker, processor: TurnProcessor) -> None:
    loop = tracker.active_loop_name
    if loop is not None and expected in processor.domain.form_names and tracker.latest_action_name != ACTION_LISTEN_NAME:
        return  # an action's door has led back into a form, or on into another
    predicted = processor.predict_next_with_tracker_if_should(tracker)[0].name()
    if loop is not None and predicted == loop != expected:  # the form heard nothing for itself, and passes
        tracker.update(ActionExecutionRejected(loop))
        predicted = processor.predict_next_with_tracker_if_should(tracker)[0].name()
    if predicted != expected and expected not in LED_ON.get(tracker.latest_action_name or "", ()):
        last = tracker.latest_message.text if tracker.latest_message else ""
        raise Strayed(f"after '{last}' came {predicted}, not {expected}")


def stories_in(path: Path, agent: Agent) -> Iterator[tuple[DialogueStateTracker, str]]:
    """Each story with the language of its file (test_sv.yml)."""
    for file in sorted(path.glob("test_*.yml")) if path.is_dir() else [path]:
        language = re.fullmatch(r"test_(en|sv|nb|fi).*", file.stem)
        for story in _create_data_generator(str(file), agent, use_conversation_test_files=True).generate_story_trackers():
            yield story, language[1] if language else "en"


async def rehearse_all(path: Path, agent: Agent) -> tuple[int, list[str]]:
    """How many stories went as written, and what became of the others."""
    assert agent.processor is not None
    processor, went, strayed = TurnProcessor.of(agent.processor), 0, list[str]()
    for story, language in stories_in(path, agent):
        try:
            await rehearse(story, processor, language)
            went += 1
        except Strayed as error:
            strayed.append(f"{story.sender_id}: {error}")
    return went, strayed


def main() -> int:
    """Say how many stories went as written, and where the others strayed; no story at all is an error."""
    parser = argparse.ArgumentParser(prog="python -m bot.rehearse")
    parser.add_argument("--model", required=True)
    parser.add_argument("--stories", required=True, type=Path, help="a folder with test_*.yml, or one such file")
    chosen = parser.parse_args()
    configure_structlog(logging.WARNING)  # it would tell of every prediction
    agent = Agent.load(model_path=chosen.model)
    if agent.processor is None:
        parser.error(f"{chosen.model} cannot be loaded")
    went, strayed = asyncio.run(rehearse_all(chosen.stories, agent))
    for story in strayed:
        print(story, file=sys.stderr)
    print(f"{went} of {went + len(strayed)} stories went as written.")
    return 1 if strayed or not went else 0


if __name__ == "__main__":
    sys.exit(main())
