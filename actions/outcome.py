"""How a case goes on and ends: its state, the customer's word that it is solved or not, and no more messages."""

from datetime import timedelta

from rasa_sdk.events import FollowupAction

from actions.agreement import add_to_what_was_agreed, say_agreed
from actions.door import Door, Event, Turn, forget
from actions.people import say_who_answers
from desk.agents.tables import Agent
from desk.cases.service import confirm_solved, current_case, latest_case, not_solved
from desk.cases.tables import Case
from desk.channels.casepage.links import link_to_case
from desk.customers.service import stop_messages
from desk.followups.promises import promise_as_told
from desk.followups.tables import Followup
from desk.handoffs.service import request_handoff
from desk.times import say_day_time


class CaseStatus(Door):
    """What is happening, and what happens next."""

    action_name = "action_case_status"

    def do(self, turn: Turn) -> list[Event]:
        case = current_case(turn.session, turn.conversation)
        if case is None:
            turn.utter("utter_no_open_case")
            return []
        followup = turn.session.get_one(Followup, case.next_followup_id)
        promise_as_told(turn.session, followup, turn.conversation, turn.desk.settings)
        turn.utter("utter_case_status", case=case.number, state=turn.text(f"utter_state_{case.state}"), next=_next(turn, case))
        say_agreed(turn, case=case)
        turn.utter("utter_case_page", link=link_to_case(case.id, turn.desk.settings, turn.now))
        return []


def _next(turn: Turn, case: Case) -> str:
    followup = turn.session.get_one(Followup, case.next_followup_id)
    agent = turn.session.get(Agent, followup.owner_agent_id) if followup.owner_agent_id else None
    return turn.text(
        {"call": "utter_next_call", "check_in": "utter_next_check_in"}.get(followup.kind, "utter_next_task"),
        who=agent.name if agent else turn.text("utter_our_team"),
        time=say_day_time(followup.due_at, turn.language, turn.desk.settings.shop_timezone, turn.now),
    )


def _case_asked_about(turn: Turn) -> Case | None:
    """The case that our last check-in asked about, else the current one."""
    if turn.conversation.asked_case_id is not None:
        return turn.session.get(Case, turn.conversation.asked_case_id)
    return current_case(turn.session, turn.conversation)


class ConfirmSolved(Door):
    """The customer says that it is solved: only his word closes a case as satisfied (I2)."""

    action_name = "action_confirm_solved"
    ends_forms = True

    def do(self, turn: Turn) -> list[Event]:
        case = _case_asked_about(turn)
        if case is not None and confirm_solved(turn.session, case, turn.heard, turn.now, turn.desk.settings.shop_timezone):
            turn.utter("utter_closed_satisfied", case=case.number)
        else:
            turn.utter("utter_glad")
        return forget("remedy", "call_time", "wanted_time", "order_number", "email", "product")


class NotSolved(Door):
    """It is not right yet: the case goes to a person, with a higher priority."""

    action_name = "action_not_solved"
    ends_forms = True

    def do(self, turn: Turn) -> list[Event]:
        case = _case_asked_about(turn) or latest_case(turn.session, turn.conversation)
        if case is None:
            return [FollowupAction("action_record_case")]
        if add_to_what_was_agreed(turn, case):
            return self._end(turn)
        not_solved(turn.session, case, turn.heard, turn.now)
        turn.utter("utter_not_solved", case=case.number)
        within = timedelta(minutes=turn.desk.settings.answer_within_minutes)
        handoff = request_handoff(turn.session, turn.conversation, "not_solved", turn.heard, turn.now, within)
        say_who_answers(turn, handoff)
        return self._end(turn)

    def _end(self, turn: Turn) -> list[Event]:
        """After safety advice no rule says that the bot listens now."""
        listens = [FollowupAction("action_listen")] if turn.heard.hazard else []
        return [*forget("remedy", "call_time", "later", "interrupted"), *listens]


class StopMessages(Door):
    """He wants no messages from us: from now on none, until he writes."""

    action_name = "action_stop_messages"
    ends_forms = True

    def do(self, turn: Turn) -> list[Event]:
        stop_messages(turn.session, turn.conversation, turn.now)
        turn.utter("utter_stopped")
        return forget("later", "interrupted")
