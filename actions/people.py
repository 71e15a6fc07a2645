"""Bringing in a person."""

from datetime import timedelta

from actions.door import Door, Event, Turn, forget
from desk.cases.tables import Case
from desk.handoffs.service import request_handoff
from desk.handoffs.tables import Handoff
from desk.times import say_day_time


def say_who_answers(turn: Turn, handoff: Handoff) -> None:
    """Who answers, by when at the latest, and the case number (I10)."""
    case = turn.session.get_one(Case, handoff.case_id)
    settings = turn.desk.settings
    turn.utter(
        "utter_handoff" if handoff.answered_by else "utter_handoff_closed",
        who=handoff.answered_by or turn.text("utter_our_team"),
        time=say_day_time(handoff.answer_by, turn.language, settings.shop_timezone, turn.now),
        case=case.number,
    )


class RequestHandoff(Door):
    """The customer wants a person."""

    action_name = "action_request_handoff"
    ends_forms = True

    def do(self, turn: Turn) -> list[Event]:
        within = timedelta(minutes=turn.desk.settings.answer_within_minutes)
        reason = "danger" if turn.conversation.hazard else "asked_for_human"
        handoff = request_handoff(turn.session, turn.conversation, reason, turn.heard, turn.now, within)
        say_who_answers(turn, handoff)
        return forget("remedy", "call_time", "later", "interrupted")
