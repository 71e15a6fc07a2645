"""The customer wants something else than a moment ago: another wish, from the beginning, the other order."""

from rasa_sdk.events import FollowupAction, SlotSet

from actions.door import Door, Event, Turn, forget
from actions.orders import buttons_for_orders, names_of, say_order
from actions.products import products_named
from desk.cases.service import attach_order, current_case
from desk.cases.tables import Case
from desk.customers.service import latest_orders
from desk.shop.service import order_lines
from desk.shop.tables import Order

ALL_THAT_WAS_SAID = (
    "product", "product_kind", "room_size", "budget", "wish", "order_number", "email", "remedy", "call_time", "wanted_time",
    "later", "interrupted", "shown_order", "misses",
)  # fmt: skip


class HearWish(Door):
    """A wish that needs a form: on into it, whatever form was open, and also when it is the open one itself."""

    action_name = "action_hear_wish"

    def may_be_read_by_others(self, turn: Turn) -> bool:
        return turn.topic == "ask_product_advice"

    def do(self, turn: Turn) -> list[Event]:
        form = "advice_form" if turn.topic == "ask_product_advice" else "order_form"
        return [FollowupAction(form)] if turn.loop else []


class StartOver(Door):
    """Leaves what we were at, with all that was said for it; a case stays open, and he hears that."""

    action_name = "action_start_over"
    in_groups = True
    ends_forms = True

    def do(self, turn: Turn) -> list[Event]:
        case = current_case(turn.session, turn.conversation)
        if case is None:
            turn.utter("utter_start_over")
        else:
            turn.utter("utter_start_over_case", case=case.number)
        return forget(*ALL_THAT_WAS_SAID)


class OtherOrder(Door):
    """We had the wrong order: takes the one he means, asks which when it may be several, or asks for its number."""

    action_name = "action_other_order"

    def do(self, turn: Turn) -> list[Event]:
        orders = latest_orders(turn.session, turn.conversation)
        if not orders:
            return [*forget("order_number", "email"), FollowupAction(turn.loop or "order_form")]
        case = self._case(turn)
        about = case.order_number if case else turn.slots.get("shown_order")
        others = _meant(turn, [order for order in orders if order.number != about])
        if not others:
            turn.utter("utter_only_order")
            return []
        if len(others) > 1:
            _ask_which(turn, others)
            return [FollowupAction("action_listen")]
        return self._take(turn, others[0], case)

    def _case(self, turn: Turn) -> Case | None:
        """The case that the order was put into: by the form that is open, or as a request just recorded."""
        case = current_case(turn.session, turn.conversation)
        mine = case is not None and (turn.loop == "case_form" or case.order_number == turn.slots.get("shown_order"))
        return case if mine and case is not None and case.state in ("open", "remedy_offered") else None

    def _take(self, turn: Turn, order: Order, case: Case | None) -> list[Event]:
        if case is None or case.order_number is None:
            say_order(turn, order)
        else:
            attach_order(turn.session, case, order, turn.now, turn.heard.message_id)
            turn.utter("utter_other_order_taken", number=order.number, articles=names_of(turn, order), case=case.number)
        known = [SlotSet("order_number", order.number), SlotSet("email", "known")] if turn.loop else forget("order_number", "email")
        return [*known, SlotSet("shown_order", order.number)]


def _meant(turn: Turn, others: list[Order]) -> list[Order]:
    """Those that he names by number or by a product in them; all when he names none."""
    numbers = {str(e["value"]) for e in turn.entities if e["entity"] == "order_number"}
    skus = {product.sku for product in products_named(turn)}
    named = [
        order
        for order in others
        if order.number in numbers or skus & {line.product.sku for line in order_lines(turn.session, order)}
    ]
    return named or others


def _ask_which(turn: Turn, orders: list[Order]) -> None:
    turn.dispatcher.utter_message(response="utter_which_other_order", buttons=buttons_for_orders(turn, orders))
