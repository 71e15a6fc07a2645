"""The steps of a plan: who does what next about a case, and what follows silence. Pure.

Silence: the bot asks on widening days, the second time over another channel if one is known; then a person calls; then a
person decides. No rung closes a case: only the customer's word does, or an agent who answers for it.
"""

from datetime import datetime, timedelta

from desk.cases.rules import NextStep
from desk.followups.contact_rules import days_later
from desk.followups.plans import Plan


def first_step(plan: Plan, kind: str, priority: str, now: datetime) -> NextStep:
    """A new case is somebody's task at once."""
    due = now + timedelta(hours=plan.first_hours[priority])  # type: ignore[index]
    if kind == "suggestion":
        return NextStep("task", due, "team", "decide what becomes of this idea; the customer will be told", "decide_suggestion")
    return NextStep("task", due, "team", f"new {kind.replace('_', ' ')}: make sure that it goes forward", "new")


def step_after_delivery(plan: Plan, delivered_at: datetime, timezone: str) -> NextStep:
    """The new goods have come: the bot asks on the first of the plan's days."""
    due = days_later(delivered_at, plan.ask_on_days[0], timezone)
    return NextStep("check_in", due, "bot", f"day {plan.ask_on_days[0]} after the delivery: is all well?", "delivered")


def step_after_question(plan: Plan, tries: int, delivered_at: datetime | None, now: datetime, timezone: str) -> NextStep:
    """The bot has asked `tries` times and waits for his word: ask again later, and in the end a person calls."""
    if delivered_at is not None:
        if tries < len(plan.ask_on_days):
            day = plan.ask_on_days[tries]
            # Asked late (a holiday, a full budget): the next question still keeps its distance.
            due = max(days_later(delivered_at, day, timezone), days_later(now, day - plan.ask_on_days[tries - 1], timezone))
            return NextStep("check_in", due, "bot", f"no word yet: ask again, day {day} after the delivery", "delivered", tries)
    elif tries <= len(plan.ask_again_after_days):
        due = days_later(now, plan.ask_again_after_days[tries - 1], timezone)
        return NextStep("check_in", due, "bot", "no word yet: ask once more", "", tries)
    due = days_later(now, plan.call_after_days, timezone)
    return NextStep("call", due, "team", f"no word after {tries} check-ins: call the customer", "silent", tries)


def step_after_call(plan: Plan, purpose: str, now: datetime, timezone: str, tries: int = 0) -> NextStep:
    """A call that reached nobody: once more the next day when he asked for it, else a person decides how it goes on."""
    if purpose != "silent" and tries == 0:
        return NextStep("call", days_later(now, 1, timezone), "team", "he was not reached: call once more", purpose, 1)
    due = days_later(now, plan.decide_after_days, timezone)
    note = "neither questions nor calls reach him: try another way, or close the case without his word and answer for it"
    return NextStep("task", due, "team", note, "decide", tries)


def step_after_end(plan: Plan, ended_at: datetime, after: str, now: datetime, timezone: str) -> NextStep | None:
    """What comes after a case has ended well: the survey, then the last word; None when nothing more does."""
    if after == "" and plan.survey_after_hours is not None:
        return NextStep("survey", ended_at + timedelta(hours=plan.survey_after_hours), "bot", "ask how it was", "survey")
    if after in ("", "survey") and plan.last_word_after_days is not None:
        # The survey may have come late (a full budget): the last word still keeps its distance.
        apart = days_later(now, plan.last_word_after_days, timezone) - timedelta(hours=plan.survey_after_hours or 0)
        due = max(days_later(ended_at, plan.last_word_after_days, timezone), apart)
        return NextStep("check_in", due, "bot", "the last word: is all still well?", "last_word")
    return None
