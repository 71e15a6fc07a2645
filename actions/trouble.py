"""Something is wrong: safety first, then it is recorded, and apologised for once."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.door import Door, Event, Turn, decline_in_group, one_of
from desk.cases.rules import AFTER_A_REMEDY
from desk.cases.service import current_case, record_case
from desk.shop.service import find_product

KIND_OF_TOPIC = {
    "complain": "complaint",
    "report_fault": "fault",
    "report_late_delivery": "late_delivery",
    "report_wrong_item": "wrong_item",
    "replace_product": "fault",
    "suggest_improvement": "suggestion",
}
WISH_OF_TOPIC = {"replace_product": "replacement", "get_refund": "refund", "return_product": "return"}


class SafetyAdvice(Door):
    """The first thing said when danger was read; the case behind it is recorded next, whatever the topic."""

    action_name = "action_safety_advice"
    in_groups = True

    def do(self, turn: Turn) -> list[Event]:
        if turn.in_group:
            turn.utter("utter_safety_advice")
            return decline_in_group(turn)
        case = current_case(turn.session, turn.conversation)
        known = case is not None and case.hazard and case.source_message_id != turn.heard.message_id
        turn.utter("utter_safety_reminder" if known else "utter_safety_advice")
        # There although something was done about it: that is for a person.
        still = known and case is not None and case.state in AFTER_A_REMEDY
        return [FollowupAction("action_not_solved" if still else "action_record_case")]


class RecordCase(Door):
    """Records it, and says the case number; apologises and takes responsibility the first time."""

    action_name = "action_record_case"

    def do(self, turn: Turn) -> list[Event]:
        kind = "fault" if turn.heard.hazard else KIND_OF_TOPIC.get(turn.topic, "request")
        named = turn.slots.get("product")
        product = find_product(turn.session, one_of(named) or "") if named else None
        recorded = record_case(turn.session, turn.conversation, kind, turn.heard, turn.now, product.sku if product else None)
        case = recorded.case
        if recorded.apologise:
            turn.utter(f"utter_apologise_{case.kind}", case=case.number)
        elif case.kind == "suggestion":
            turn.utter("utter_suggestion_recorded", case=case.number)
        else:
            turn.utter("utter_request_opened" if recorded.is_new else "utter_added_to_case", case=case.number)
        if recorded.is_new and (case.hazard or case.mood == "furious"):
            turn.utter("utter_person_at_once")
        events: list[Event] = [SlotSet("open_case", case.number), SlotSet("misses", 0)]
        if turn.topic in WISH_OF_TOPIC and turn.loop != "case_form":
            events.append(SlotSet("remedy", WISH_OF_TOPIC[turn.topic]))
        if case.kind != "suggestion" and (turn.heard.hazard or turn.loop) and turn.loop != "case_form":
            events.append(FollowupAction("case_form"))
        return events
