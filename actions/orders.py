"""Orders: only for the one who placed them (I9)."""

from rasa_sdk.events import SlotSet

from actions.door import Door, Event, Turn, forget
from desk.agents.duty import agent_hours
from desk.cases.rules import NextStep
from desk.cases.service import attach_order, record_case
from desk.customers.service import Verification, latest_orders, verify_by_order
from desk.followups.service import set_next_step
from desk.followups.slots import within_a_working_day
from desk.shop.rules import is_late
from desk.shop.service import order_lines
from desk.shop.tables import Order
from desk.times import say_date, say_day_time
from desk.words import payload

MOST_ORDERS = 4


def verify(turn: Turn, number: str, email: str) -> Verification:
    """Order number and e-mail against the shop's orders; wrong pairs are counted."""
    attempts = turn.desk.settings.verify_attempts
    return verify_by_order(turn.session, turn.conversation.id, number, email, turn.now, attempts)


class ValidateOrderForm(Door):
    """A verified customer is not asked again; a number and an e-mail are checked together."""

    action_name = "validate_order_form"
    in_form = True

    def do(self, turn: Turn) -> list[Event]:
        number, email = turn.slots.get("order_number"), turn.slots.get("email")
        if "unknown" in (number, email):
            return [SlotSet("order_number", "unknown"), SlotSet("email", "unknown")]
        orders = latest_orders(turn.session, turn.conversation)
        known = next((o for o in orders if o.number == number), None) if number else (orders[0] if orders else None)
        if known is not None:
            return [SlotSet("order_number", known.number), SlotSet("email", "known")]
        if not (number and email) or email == "known":
            return []
        found = verify(turn, str(number), str(email))
        if found.order is not None:
            return [SlotSet("order_number", found.order.number), SlotSet("verified", True)]
        if found.too_many:
            turn.utter("utter_too_many_attempts")
            return [SlotSet("order_number", "refused"), SlotSet("email", "refused")]
        turn.utter("utter_not_verified")
        return forget("order_number", "email")


class ShowOrder(Door):
    """The state of the order; what else he wants done with it goes to a colleague, with a promised time."""

    action_name = "action_show_order"

    def do(self, turn: Turn) -> list[Event]:
        number = turn.slots.get("order_number")
        order = next((o for o in latest_orders(turn.session, turn.conversation) if o.number == number), None)
        if order is None:
            if number == "unknown":
                turn.utter("utter_no_order_number")
        elif turn.slots.get("wish") in (None, "track_order"):
            say_order(turn, order)
        else:
            self._pass_on(turn, order)
        return [*forget("order_number", "email", "wish"), SlotSet("shown_order", order.number if order else None)]

    def _pass_on(self, turn: Turn, order: Order) -> None:
        recorded = record_case(turn.session, turn.conversation, "request", turn.heard, turn.now)
        case = recorded.case
        attach_order(turn.session, case, order, turn.now, turn.heard.message_id)
        due = within_a_working_day(turn.now, agent_hours(turn.session, turn.language))
        if recorded.is_new:
            step = NextStep("task", due, "team", f"{turn.slots.get('wish')}: order {order.number}".replace("_", " "))
            set_next_step(turn.session, case, step, turn.now, who="bot", promised=True)
        time = say_day_time(due, turn.language, turn.desk.settings.shop_timezone, turn.now)
        turn.utter("utter_request_recorded", case=case.number, time=time)


def buttons_for_orders(turn: Turn, orders: list[Order]) -> list[dict[str, str]]:
    """A button for each of these orders of his, the newest ones; it says which order is meant."""
    return [
        {"title": f"{order.number}: {names_of(turn, order)}", "payload": payload("other_order", order_number=order.number)}
        for order in orders[:MOST_ORDERS]
    ]


def names_of(turn: Turn, order: Order) -> str:
    """The articles of an order, by name."""
    return ", ".join(line.product.name for line in order_lines(turn.session, order))


def say_order(turn: Turn, order: Order) -> None:
    """Where an order is, and its day."""
    articles = ", ".join(f"{line.quantity} × {line.product.name}" for line in order_lines(turn.session, order))
    day = order.delivered_at.date() if order.delivered_at else order.promised_day
    state = "late" if is_late(order.status, order.promised_day, turn.now.date()) else order.status
    if day is None and state != "cancelled":
        state = "no_day"
    turn.utter(f"utter_order_{state}", number=order.number, articles=articles, date=say_date(day, turn.language) if day else "")
