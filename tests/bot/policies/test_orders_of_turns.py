"""Whatever the order of the turns, each has the action of its rule: no story has to foresee it."""

import random
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from rasa.core.agent import Agent
from rasa.core.policies.policy import PolicyPrediction
from rasa.model_training import train
from rasa.shared.core.events import ActionExecuted, ActionExecutionRejected, ActiveLoop, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

ROOT = Path(__file__).resolve().parents[3]
WALKS, TURNS = 60, 12


def actions_of_rules() -> dict[str, str]:
    """The first action of every topic that a rule without a condition names."""
    found: dict[str, str] = {}
    for path in sorted((ROOT / "data/rules").glob("*.yml")):
        for rule in yaml.safe_load(path.read_text())["rules"]:
            if "condition" in rule:
                continue
            first, then = rule["steps"][:2]
            for topic in [one["intent"] for one in first.get("or", [first])]:
                found[topic] = then["action"]
    return found


@pytest.fixture(scope="module")
def agent(tmp_path_factory: pytest.TempPathFactory) -> Agent:
    """Our rules and policies, without our readers: what is understood is given here."""
    folder = tmp_path_factory.mktemp("dialogue")
    config = yaml.safe_load((ROOT / "config.yml").read_text())
    config["pipeline"] = [{"name": "KeywordIntentClassifier"}]
    (folder / "config.yml").write_text(yaml.safe_dump(config))
    data = [str(ROOT / "data/rules"), str(ROOT / "data/stories")]
    trained = train(str(ROOT / "domain.yml"), str(folder / "config.yml"), data, str(folder), core_additional_arguments={})
    assert trained.model is not None
    return Agent.load(trained.model)


def walks() -> Iterator[tuple[int, list[str]]]:
    topics = sorted(actions_of_rules())
    for seed in range(WALKS):
        chance = random.Random(seed)
        yield seed, [chance.choice(topics) for _ in range(TURNS)]


def form_behind(action: str, topic: str) -> str | None:
    """The form that the actions' doors lead into."""
    if action == "action_hear_wish":
        return "advice_form" if topic == "ask_product_advice" else "order_form"
    if topic == "suggest_improvement":
        return None
    return {"action_record_case": "case_form", "action_prepare_call": "call_form"}.get(action)


def predicted(agent: Agent, tracker: DialogueStateTracker) -> str:
    assert agent.processor is not None
    action, _ = agent.processor.predict_next_with_tracker_if_should(tracker)
    return str(action.name())


def say(tracker: DialogueStateTracker, topic: str) -> None:
    tracker.update(ActionExecuted("action_listen"))
    tracker.update(UserUttered("...", {"name": topic, "confidence": 1.0}, [], {"intent": {"name": topic}}))


def test_every_topic_has_a_rule() -> None:
    domain = yaml.safe_load((ROOT / "domain.yml").read_text())
    assert {next(iter(intent)) for intent in domain["intents"]} == set(actions_of_rules())


@pytest.mark.parametrize(("seed", "topics"), walks())
def test_any_order_of_turns_goes_by_the_rules(agent: Agent, seed: int, topics: list[str]) -> None:
    rules, tracker = actions_of_rules(), DialogueStateTracker("talk", agent.domain.slots)
    chance = random.Random(seed)
    for topic in topics:
        loop = tracker.active_loop_name
        say(tracker, topic)
        if loop:  # a form hears a message first; this one says nothing to it
            assert predicted(agent, tracker) == loop
            tracker.update(ActionExecutionRejected(loop))
        action = predicted(agent, tracker)
        assert action == rules[topic]
        tracker.update(ActionExecuted(action))
        if opened := form_behind(action, topic):
            tracker.update(ActionExecuted(opened))
            tracker.update(ActiveLoop(opened))
            tracker.update(SlotSet("requested_slot", agent.domain.required_slots_for_form(opened)[0]))
        elif loop and chance.random() < 0.5:  # or the form is left
            tracker.update(ActiveLoop(None))
            tracker.update(SlotSet("requested_slot", None))
        elif loop:  # or an action's door leads back into it
            tracker.update(ActionExecuted(loop))


def test_danger_comes_before_any_rule(agent: Agent) -> None:
    for topic in sorted(actions_of_rules()):
        tracker = DialogueStateTracker("talk", agent.domain.slots)
        tracker.update(ActionExecuted("action_listen"))
        parsed = {"intent": {"name": topic}, "hazard": True}
        tracker.update(UserUttered("smoke!", {"name": topic, "confidence": 1.0}, [], parsed))
        assert predicted(agent, tracker) == "action_safety_advice"


def test_a_prediction_is_sure(agent: Agent) -> None:
    assert agent.processor is not None
    tracker = DialogueStateTracker("talk", agent.domain.slots)
    say(tracker, "track_order")
    _, prediction = agent.processor.predict_next_with_tracker_if_should(tracker)
    assert isinstance(prediction, PolicyPrediction)
    assert prediction.max_confidence == 1.0
