"""Makes Rasa's policies look back lightly: what one of them has worked out of a conversation, the next one need not.

For each prediction every policy replays the whole conversation to get its states, RulePolicy twice.
docs/decisions/0003-where-rasas-time-goes.md has the figures.
"""

from typing import Any

from rasa.shared.core.domain import Domain, State
from rasa.shared.core.trackers import DialogueStateTracker

_past_states = DialogueStateTracker.past_states


def make_states_light() -> None:
    """Keep the past states with the tracker until it has another event."""
    DialogueStateTracker.past_states = _kept_past_states  # type: ignore[method-assign]


def _kept_past_states(
    tracker: DialogueStateTracker,
    domain: Domain,
    omit_unset_slots: bool = False,
    ignore_rule_only_turns: bool = False,
    rule_only_data: dict[str, Any] | None = None,
) -> list[State]:
    asked = (omit_unset_slots, ignore_rule_only_turns, rule_only_data)
    seen = (len(tracker.events), tracker.events[-1] if tracker.events else None, tracker.active_loop_name, tracker.followup_action)
    kept = tracker.__dict__.get("_fubb_states")
    if kept is None or kept[0] != seen or kept[1] is not domain:
        kept = tracker.__dict__["_fubb_states"] = (seen, domain, [])
    states = next((known for question, known in kept[2] if question == asked), None)
    if states is None:
        states = _past_states(tracker, domain, omit_unset_slots, ignore_rule_only_turns, rule_only_data)
        kept[2].append((asked, states))
    return [{name: dict(part) for name, part in state.items()} for state in states]  # the policies change what they get
