"""The training text as Rasa is given it."""

import json
from pathlib import Path

import pytest

from desk.checking.reading import Unreadable
from desk.training_text import gather_training_text

TEXT = """
version: "3.1"
nlu:
- intent: greet
  metadata: {language: sv, mood: calm}
  examples: |
    - hej
    - tjena: mors!
- synonym: tv
  examples: |
    - telly
"""


def test_every_utterance_comes_with_its_topic_and_what_its_block_says(tmp_path: Path) -> None:
    (tmp_path / "nlu/sv").mkdir(parents=True)
    (tmp_path / "nlu/sv/greetings.yml").write_text(TEXT, encoding="utf-8")
    gather_training_text(tmp_path / "nlu", tmp_path / "out/nlu.json")
    examples = json.loads((tmp_path / "out/nlu.json").read_text(encoding="utf-8"))["rasa_nlu_data"]["common_examples"]
    said = {"language": "sv", "mood": "calm"}
    assert examples == [
        {"text": "hej", "intent": "greet", "intent_metadata": said},
        {"text": "tjena: mors!", "intent": "greet", "intent_metadata": said},
    ]


@pytest.mark.parametrize("text", ["nlu: [", "- intent: greet", "nlu:\n- intent: greet\n  examples: [hi, hello]\n"])
def test_a_file_that_is_no_training_text_stops_the_training(tmp_path: Path, text: str) -> None:
    (tmp_path / "broken.yml").write_text(text, encoding="utf-8")
    with pytest.raises(Unreadable, match=r"broken\.yml: "):
        gather_training_text(tmp_path, tmp_path / "nlu.json")
