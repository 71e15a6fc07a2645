"""The states that were kept are those that Rasa works out anew, whatever a policy did to them meanwhile."""

import copy

from rasa.core.agent import Agent
from rasa.shared.core.events import ActionExecuted, BotUttered, FollowupAction, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot import states


def test_kept_states_are_those_worked_out_anew(agent: Agent) -> None:
    tracker = DialogueStateTracker("talk", agent.domain.slots)
    events = [
        ActionExecuted("action_listen"),
        UserUttered("hello", intent={"name": "greet"}),
        ActionExecuted("utter_hello"),
        BotUttered("Hello!"),
        ActionExecuted("action_listen"),
        UserUttered("broken", intent={"name": "report_fault"}),
        FollowupAction("action_record"),
        ActionExecuted("action_record"),
        SlotSet("detail", "smells"),
        ActionExecuted("action_listen"),
    ]
    for event in events:
        tracker.update(event, agent.domain)
        for ignore in (False, True):
            right = copy.deepcopy(states._past_states(tracker, agent.domain, ignore_rule_only_turns=ignore, rule_only_data={}))
            for _ in range(2):
                kept = states._kept_past_states(tracker, agent.domain, ignore_rule_only_turns=ignore, rule_only_data={})
                assert kept == right
                for state in kept:  # as the policies do
                    state.setdefault("user", {}).clear()
