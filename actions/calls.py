"""A call at a time that the customer chooses and an agent has free."""

from datetime import datetime

from rasa_sdk.events import SlotSet

from actions.agreement import say_agreed
from actions.door import Door, Event, Turn, forget
from desk.agents.tables import Agent
from desk.cases.service import current_case, record_case
from desk.cases.tables import Case
from desk.followups.calls import call_off, find_slot, offered_slots, promise_call
from desk.followups.slots import Slot
from desk.followups.tables import Followup
from desk.times import say_day_time
from desk.words import payload

NO_CALL = "none"


class PrepareCall(Door):
    """A call belongs to a case; where none is open, the wish for it is one."""

    action_name = "action_prepare_call"
    begins = "call_form"

    def do(self, turn: Turn) -> list[Event]:
        if current_case(turn.session, turn.conversation) is None:
            case = record_case(turn.session, turn.conversation, "request", turn.heard, turn.now).case
            turn.utter("utter_request_opened", case=case.number)
        return forget("call_time", "wanted_time") if turn.loop != "call_form" else []


class ValidateCallForm(Door):
    """A time that is free is promised at once."""

    action_name = "validate_call_form"
    in_form = True

    def do(self, turn: Turn) -> list[Event]:
        case = current_case(turn.session, turn.conversation)
        return settle_call_time(turn, case) if case else [SlotSet("requested_slot", None)]


def settle_call_time(turn: Turn, case: Case) -> list[Event]:
    """The time just said: promised when it is free, else the nearest free ones are asked about."""
    said = turn.new_slots.get("call_time")
    if not said:
        if turn.loop != "call_form" and turn.slots.get("call_time") is None and _is_settled(turn, case):
            return [SlotSet("call_time", NO_CALL)]
        if turn.slots.get("call_time") is None and not offered_slots(turn.session, turn.now, turn.language, count=1):
            turn.utter("utter_ask_call_time_closed")
            return [SlotSet("call_time", NO_CALL)]
        return []
    if said == NO_CALL:
        call_off(turn.session, case, turn.now, turn.heard.message_id, turn.desk.settings.check_in_days)
        turn.utter("utter_no_call")
        return []
    words = str(said[0] if isinstance(said, list) else said)
    timezone = turn.desk.settings.shop_timezone
    slot, _ = find_slot(turn.session, words, turn.language, timezone, turn.now)
    if slot is None:
        return [SlotSet("call_time", None), SlotSet("wanted_time", words)]
    followup = promise_call(turn.session, case, slot, turn.now, turn.heard.message_id)
    agent = turn.session.get_one(Agent, followup.owner_agent_id)
    turn.utter("utter_call_promised", agent=agent.name, time=_say(turn, followup.due_at))
    return [SlotSet("call_time", followup.due_at.isoformat()), SlotSet("wanted_time", None)]


def _is_settled(turn: Turn, case: Case) -> bool:
    """Whether he has a promised call already, or has agreed with a person how it goes on: not asked again."""
    pending = turn.session.get_one(Followup, case.next_followup_id)
    if pending.kind == "call" and pending.promise == "open":
        owner = turn.session.get_one(Agent, pending.owner_agent_id)
        turn.utter("utter_next_call", who=owner.name, time=_say(turn, pending.due_at))
        return True
    return say_agreed(turn, case=case)


class AskCallTime(Door):
    """Offers free times, near the one that he wished for."""

    action_name = "action_ask_call_time"
    in_form = True

    def do(self, turn: Turn) -> list[Event]:
        wanted = turn.slots.get("wanted_time")
        slots: list[Slot]
        if wanted:
            _, slots = find_slot(turn.session, str(wanted), turn.language, turn.desk.settings.shop_timezone, turn.now)
        else:
            slots = offered_slots(turn.session, turn.now, turn.language)
        buttons = [{"title": _say(turn, s.start), "payload": payload("request_callback", time=s.start.isoformat())} for s in slots]
        buttons.append({"title": turn.text("utter_button_no_call"), "payload": "/deny"})
        turn.dispatcher.utter_message(response="utter_ask_call_time_nearest" if wanted else "utter_ask_call_time", buttons=buttons)
        return forget("wanted_time")  # once said, it need not be said again


class FinishCall(Door):
    """The time is agreed, or no call is wanted: the form is done."""

    action_name = "action_finish_call"

    def do(self, turn: Turn) -> list[Event]:
        return forget("call_time", "wanted_time")


def _say(turn: Turn, moment: datetime) -> str:
    return say_day_time(moment, turn.language, turn.desk.settings.shop_timezone, turn.now)
