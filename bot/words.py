"""The bot's words in the customer's language: the domain's responses are English, data/words has the others."""

import copy
import re
from pathlib import Path
from typing import Any

from rasa.core.nlg.response import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.utils.io import read_yaml_file
from rasa.utils.endpoints import EndpointConfig

_PLACEHOLDER = re.compile(r"\{(\w+)\}")
FOLDER = Path(__file__).resolve().parent.parent / "data" / "words"


class TranslatedResponses(TemplatedNaturalLanguageGenerator):
    """Rasa's responses, chosen by the slot `language`. A response without translation is said in English."""

    def __init__(self, endpoint_config: EndpointConfig, domain: Domain) -> None:
        super().__init__(domain.responses)
        self._by_language: dict[str, dict[str, Any]] = {
            path.stem: (read_yaml_file(path) or {}).get("responses", {}) for path in sorted(FOLDER.glob("*.yml"))
        }

    async def generate(
        self, utter_action: str, tracker: DialogueStateTracker, output_channel: str, **kwargs: Any
    ) -> dict[str, Any] | None:
        """The response in the customer's language with its placeholders filled."""
        slots = tracker.current_slot_values()
        translated = self._by_language.get(slots.get("language") or "en", {}).get(utter_action)
        variants = translated or self.responses.get(utter_action)
        if not variants:
            raise KeyError(f"there is no response {utter_action}")
        return _filled(copy.deepcopy(variants[0]), {**slots, **kwargs})


def _filled(response: dict[str, Any], values: dict[str, Any]) -> dict[str, Any]:
    """The placeholders of the text and of the buttons' titles; Rasa's own way takes a payload's braces for placeholders too."""

    def fill(text: str) -> str:
        return _PLACEHOLDER.sub(lambda found: str(values.get(found[1], found[0])), text)

    if "text" in response:
        response["text"] = fill(response["text"])
    for button in response.get("buttons") or ():
        button["title"] = fill(button["title"])
    return response
