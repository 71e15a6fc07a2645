"""The readers inside Rasa: trained, stored, loaded, and what the action server gets of them."""

import asyncio
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import CATALOGUE, small_training_text
from rasa.core.agent import Agent
from rasa.core.channels.channel import CollectingOutputChannel, UserMessage
from rasa.model_training import train
from rasa.shared.core.trackers import EventVerbosity

from bot.nlu.understand import ModelError, describe, load_model, main

DOMAIN = """
version: "3.1"
intents: [greet, track_order, report_fault, nlu_fallback]
entities: [order_number, product, product_kind, email, phone, amount, room_size, time]
responses: {utter_hello: [{text: hello}]}
"""
CONFIG = f"""
recipe: default.v1
assistant_id: small
language: en
pipeline:
- name: bot.nlu.components.entities.ShopEntityExtractor
  catalogue: {CATALOGUE}
- name: bot.nlu.components.language.LanguageReader
  catalogue: {CATALOGUE}
- name: bot.nlu.components.topic.TopicClassifier
  catalogue: {CATALOGUE}
- name: bot.nlu.components.mood.MoodReader
  catalogue: {CATALOGUE}
- name: bot.nlu.components.hazard.HazardReader
  catalogue: {CATALOGUE}
policies: [{{name: RulePolicy}}]
"""


def training_file() -> str:
    lines = ['version: "3.1"', "nlu:"]
    for example in small_training_text("en", "sv", "nb", "fi"):
        metadata = {"language": example.language, "mood": example.mood, "hazard": example.hazard}
        known = json.dumps({name: value for name, value in metadata.items() if value is not None})
        lines += [f"- intent: {example.topic}", f"  metadata: {known}", "  examples: |", f"    - {example.text}"]
    return "\n".join([*lines, "rules:", "- rule: hello", "  steps: [{intent: greet}, {action: utter_hello}]"])


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("model")
    for name, text in (("domain.yml", DOMAIN), ("config.yml", CONFIG), ("nlu.yml", training_file())):
        (folder / name).write_text(text, encoding="utf-8")
    result = train(str(folder / "domain.yml"), str(folder / "config.yml"), [str(folder / "nlu.yml")], output=str(folder))
    assert result.model
    return Path(result.model)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.AbstractEventLoop]:
    loop = asyncio.new_event_loop()
    yield loop
    loop.close()


@pytest.fixture(scope="module")
def agent(model: Path) -> Agent:
    return Agent.load(str(model))


def latest(agent: Agent, loop: asyncio.AbstractEventLoop, text: str, language: str = "en") -> dict:
    """What the action server is told of the latest message."""
    message = UserMessage(text, CollectingOutputChannel(), sender_id=text, metadata={"language": language})
    loop.run_until_complete(agent.handle_message(message))
    tracker = loop.run_until_complete(agent.tracker_store.retrieve(text))
    return tracker.current_state(EventVerbosity.NONE)["latest_message"]


def test_all_that_was_read_reaches_the_action_server(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    said = latest(agent, loop, "the Aurora P50 of order 100 238 47: smoke comes out")
    assert (said["language"], said["language_sure"], said["hazard"]) == ("en", True, True)
    assert said["mood"] in {"calm", "annoyed", "furious"}
    assert [(one["entity"], one["value"]) for one in said["entities"]] == [("product", "Aurora P50"), ("order_number", "10023847")]
    assert {"start", "end", "extractor", "confidence_entity"} <= said["entities"][0].keys()
    assert said["intent"]["name"] == "report_fault"


def test_an_undecided_message_keeps_the_language_of_the_metadata(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    said = latest(agent, loop, "10023901", "fi")
    assert (said["language"], said["language_sure"]) == ("fi", False)


def test_an_unclear_message_falls_back_and_keeps_its_candidates(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    said = latest(agent, loop, "qqq zzz")
    assert said["intent"]["name"] == "nlu_fallback"
    assert [one["name"] for one in said["intent_ranking"]][0] == "nlu_fallback"
    assert len(said["intent_ranking"]) == 4


def test_a_buttons_payload_is_taken_as_it_is(agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    said = latest(agent, loop, "/track_order", "nb")
    assert said["intent"]["name"] == "track_order"
    assert (said["language"], said["mood"], said["hazard"], said["entities"]) == ("nb", "calm", False, [])


def test_understand_reads_like_rasa(model: Path, agent: Agent, loop: asyncio.AbstractEventLoop) -> None:
    understanding = load_model(model.parent)
    for text in ("where is my order", "min tv luktar bränt", "THIS IS A DISGRACE!!!", "akku on turvonnut", "qqq"):
        mine = understanding.read(text)
        rasas = latest(agent, loop, text, "")
        assert (mine.language, mine.mood, mine.hazard) == (rasas["language"], rasas["mood"], rasas["hazard"])
        assert mine.topic == rasas["intent"]["name"].replace("nlu_fallback", "out_of_scope")


def test_understand_prints_one_object_a_line(model: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    lines = tmp_path / "lines"
    lines.write_text("where is 10023847\n\nmoi kaikille\n", encoding="utf-8")
    with lines.open(encoding="utf-8") as stdin:
        monkeypatch.setattr("sys.stdin", stdin)
        monkeypatch.setattr("sys.stdout", _Reconfigurable(capsys))
        assert main(["--model", str(model), "--json"]) == 0
    printed = [json.loads(line) for line in _Reconfigurable.lines]
    assert [one["text"] for one in printed] == ["where is 10023847", "", "moi kaikille"]
    assert set(printed[0]) == {"text", "language", "topic", "confidence", "mood", "hazard", "entities"}
    assert printed[0]["entities"] == [{"entity": "order_number", "value": "10023847", "start": 9, "end": 17}]


class _Reconfigurable:
    """A standard output that keeps its lines."""

    lines: list[str] = []

    def __init__(self, _: object) -> None:
        self.lines.clear()

    def reconfigure(self, **_: str) -> None:
        pass

    def write(self, text: str) -> None:
        if text.strip():
            self.lines.append(text)

    def flush(self) -> None:
        pass


def test_without_a_model_it_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="fubb train"):
        load_model(tmp_path)


def test_a_person_can_read_it_too(model: Path) -> None:
    assert "danger" in describe(load_model(model).read("min tv luktar bränt"))
