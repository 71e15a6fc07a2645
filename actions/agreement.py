"""After an agent has handed back: what he agreed with the customer is said again, not asked again."""

from rasa_sdk.events import SlotSet

from actions.door import Event, Turn
from desk.cases.history import record
from desk.cases.service import current_case
from desk.cases.tables import Case
from desk.handoffs.agreement import Agreement, standing_agreement, was_held_against

UNKNOWN, NONE = "unknown", "none"
"""Of slots that are not asked for any more."""


def agreement_of(turn: Turn, case: Case | None = None) -> Agreement | None:
    """What stands agreed about this case, or the current one."""
    return standing_agreement(turn.session, turn.conversation, case or current_case(turn.session, turn.conversation))


def say_agreed(turn: Turn, response: str = "utter_agreed", case: Case | None = None) -> bool:
    """Say what was agreed, and with whom; False when nothing stands."""
    found = agreement_of(turn, case)
    if found is None:
        return False
    turn.utter(response, who=found.agent or turn.text("utter_our_team"), agreed=found.text)
    return True


def hold_to_agreement(turn: Turn) -> list[Event] | None:
    """He comes with the same trouble, and wishes for nothing new: no question of ours is open. None when one is."""
    wishes = turn.slots.get("remedy") or turn.new_slots.keys() & {"remedy", "call_time", "order_number"}
    if turn.slots.get("requested_slot") or wishes or not say_agreed(turn, "utter_agreed_holds"):
        return None
    number = turn.slots.get("order_number") or UNKNOWN
    return [SlotSet("order_number", number), SlotSet("email", UNKNOWN), SlotSet("remedy", NONE), SlotSet("call_time", NONE)]


def add_to_what_was_agreed(turn: Turn, case: Case) -> bool:
    """It is not right yet, says he, and something is agreed: he hears it once before a person is asked again."""
    found = agreement_of(turn, case)
    if found is None or turn.conversation.asked or turn.heard.hazard or turn.heard.mood == "furious":
        return False
    if was_held_against(turn.session, case, found, turn.heard.message_id):
        return False
    record(turn.session, case, turn.now, "customer", "customer_added", {"text": turn.heard.text}, turn.heard.message_id)
    return say_agreed(turn, "utter_agreed_holds", case)
