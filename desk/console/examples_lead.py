"""Examples of the agents' API, for its OpenAPI document: the board, alerts, what was not answered, the team."""

from typing import Any

from desk.console.examples import CONVERSATION, DUE, EXAMPLES, ID, LATER, MESSAGE, WHEN

ALERT = {
    "id": 7, "kind": "handoff_late", "at": LATER, "to": None, "case": "F-100001", "about": "anna",
    "detail": {"conversation": ID, "agent": 1, "times_late": 1}, "seen_at": None, "seen_by": None,
}  # fmt: skip
ANNA = EXAMPLES["AgentOut"]
UNANSWERED = {
    "message": MESSAGE["id"], "text": "får hunden följa med in?", "conversation": ID, "at": WHEN, "language": "sv",
    "why": "not_understood", "tried": {"topics": [{"topic": "ask_opening_hours", "confidence": 0.21}]}, "outcome": "asked",
    "chosen_topic": None, "label": None, "topic": None, "labelled_by": None, "labelled_at": None,
}  # fmt: skip
LEAD_EXAMPLES: dict[str, dict[str, Any]] = {
    "AlertOut": ALERT,
    "Alerts": {"alerts": [ALERT], "unseen": 1, "next": None},
    "SeenUntil": {"until": 7},
    "SeenOut": {"seen": 3},
    "BoardOut": {
        "alerts": [ALERT], "more_alerts": 0,
        "waiting": [{**CONVERSATION, "turn_of": "anna", "awaits_since": WHEN}], "held": [], "promises": [DUE],
        "team": [{**ANNA, "at_work": True, "holds": 3, "furious": 1, "load": 9, "had_a_hard_one": True}],
    },
    "UnansweredOut": UNANSWERED,
    "UnansweredList": {"unanswered": [UNANSWERED], "topics": ["ask_opening_hours", "ask_price"], "next": None},
    "LabelIn": {"label": "training", "topic": "ask_opening_hours"},
}  # fmt: skip
