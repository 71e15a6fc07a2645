"""What a case asks for, as pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOODS = ("calm", "annoyed", "furious")
PRIORITIES = ("normal", "high", "urgent")

APOLOGY_KINDS = ("complaint", "fault", "late_delivery", "wrong_item")
"""Kinds in which something went wrong: the desk apologises and takes responsibility, once."""
AFTER_A_REMEDY = ("arranged", "collected", "delivered", "waiting_for_word")
"""States in which something is being done, or was: no remedy is offered any more."""


@dataclass(frozen=True)
class NextStep:
    """A follow-up to be set: what, when, and why (for the history and the agent).

    `purpose`: what in the plan it is for. `tries`: how often the customer was asked before it in vain.
    """

    kind: str
    due_at: datetime
    owner: str
    note: str
    purpose: str = ""
    tries: int = 0


def priority_of(mood: str, hazard: bool, before: str = "normal") -> str:
    """Danger is urgent, fury is high; a priority never falls by what is said."""
    wanted = "urgent" if hazard else "high" if mood == "furious" else "normal"
    return max(before, wanted, key=PRIORITIES.index)


def angrier(one: str, other: str) -> str:
    return max(one, other, key=MOODS.index)


def step_after_arranging(check_in_days: int, now: datetime) -> NextStep:
    """A remedy is under way: the bot asks how it went."""
    return NextStep("check_in", now + timedelta(days=check_in_days), "bot", "ask how the remedy went", "arranged")


def step_after_agent(outcome: str, check_in_days: int, now: datetime) -> NextStep:
    """An agent has done his part: the customer has the last word, so the bot asks him."""
    return NextStep(
        "check_in", now + timedelta(days=check_in_days), "bot", f"ask the customer, after: {outcome}"[:200], "after_agent"
    )


def step_after_decision(now: datetime) -> NextStep:
    """What becomes of his idea is decided: he is told."""
    return NextStep("check_in", now, "bot", "tell the customer what was decided", "decision")


def step_after_declining(hours: int, now: datetime) -> NextStep:
    """None of the remedies is what he wants: a person looks for a better one."""
    return NextStep(
        "task", now + timedelta(hours=hours), "team", "he declined the remedies: find a better one with him", "declined"
    )


def step_after_accepting(hours: int, now: datetime) -> NextStep:
    """He wants what goes beyond the rules: a person decides."""
    return NextStep(
        "task", now + timedelta(hours=hours), "team", "decide about the remedy he wishes for, and tell him", "decide_remedy"
    )


def step_after_not_solved(now: datetime) -> NextStep:
    """The customer says that it is not right: a person sees to it within the hour."""
    return NextStep("task", now + timedelta(hours=1), "team", "the customer says it is not solved", "not_solved")
