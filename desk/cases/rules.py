"""What a case asks for, as pure functions."""

from dataclasses import dataclass
from datetime import datetime, timedelta

MOODS = ("calm", "annoyed", "furious")
PRIORITIES = ("normal", "high", "urgent")

APOLOGY_KINDS = ("complaint", "fault", "late_delivery", "wrong_item")
"""Kinds in which something went wrong: the desk apologises and takes responsibility, once."""


@dataclass(frozen=True)
class NextStep:
    """A follow-up to be set: what, when, and why (for the history and the agent)."""

    kind: str
    due_at: datetime
    owner: str
    note: str


def priority_of(mood: str, hazard: bool, before: str = "normal") -> str:
    """Danger is urgent, fury is high; a priority never falls by what is said."""
    wanted = "urgent" if hazard else "high" if mood == "furious" else "normal"
    return max(before, wanted, key=PRIORITIES.index)


def angrier(one: str, other: str) -> str:
    return max(one, other, key=MOODS.index)


def first_step(kind: str, priority: str, now: datetime) -> NextStep:
    """A new case is somebody's task at once: within the hour when urgent, four hours when high, else a day."""
    hours = {"urgent": 1, "high": 4, "normal": 24}[priority]
    return NextStep("task", now + timedelta(hours=hours), "team", f"new {kind.replace('_', ' ')}: make sure that it goes forward")


def step_after_arranging(check_in_days: int, now: datetime) -> NextStep:
    """A remedy is under way: the bot asks how it went."""
    return NextStep("check_in", now + timedelta(days=check_in_days), "bot", "ask how the remedy went")


def step_after_check_in(tries: int, now: datetime) -> NextStep:
    """The bot has asked: wait for the customer's word, ask once more after three days, then a person calls."""
    if tries < 2:
        return NextStep("check_in", now + timedelta(days=3), "bot", "no word yet: ask once more")
    return NextStep("call", now + timedelta(days=2), "team", "no word after two check-ins: call the customer")


def step_after_agent(outcome: str, check_in_days: int, now: datetime) -> NextStep:
    """An agent has done his part: the customer has the last word, so the bot asks him."""
    return NextStep("check_in", now + timedelta(days=check_in_days), "bot", f"ask the customer, after: {outcome}"[:200])


def step_after_not_solved(now: datetime) -> NextStep:
    """The customer says that it is not right: a person sees to it within the hour."""
    return NextStep("task", now + timedelta(hours=1), "team", "the customer says it is not solved")
