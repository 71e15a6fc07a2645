"""The form behind a case: order number and e-mail if he is not verified, a remedy, a time for a call.

Each answer takes effect at once, so that what a customer has agreed to holds even if he leaves in the middle.
"""

from rasa_sdk.events import SlotSet

from actions.agreement import hold_to_agreement
from actions.calls import settle_call_time
from actions.door import Door, Event, Turn, forget, one_of
from actions.orders import buttons_for_orders, verify
from desk.cases.remedies import (
    COMES_WITH,
    accept_remedy,
    change_remedy,
    choices_among,
    decline_remedies,
    is_our_fault,
    offer_remedies,
)
from desk.cases.rules import AFTER_A_REMEDY
from desk.cases.service import attach_order, current_case
from desk.cases.tables import Case
from desk.channels.casepage.links import link_to_case
from desk.customers.service import latest_orders
from desk.customers.tables import Customer
from desk.shop.rules import RemedyOffer
from desk.shop.service import is_meant, order_lines
from desk.shop.tables import Order, OrderLine, Product
from desk.times import say_price
from desk.words import payload

SKIPPED = "none"
TOPIC_OF_REMEDY = {"replacement": "replace_product", "refund": "get_refund", "return": "return_product", "repair": "affirm"}


class ValidateCaseForm(Door):
    """Takes what was just said into effect, and fills what need not be asked."""

    action_name = "validate_case_form"
    in_form = True

    def do(self, turn: Turn) -> list[Event]:
        case = current_case(turn.session, turn.conversation)
        if case is None:  # closed meanwhile: nothing to ask
            return [SlotSet("requested_slot", None)]
        held = hold_to_agreement(turn)
        if held is not None:
            return held
        events = settle_order(turn, case)
        if _after(turn, events, "email") and _after(turn, events, "order_number"):
            events += settle_remedy(turn, case)
            if _after(turn, events, "remedy"):
                events += settle_call_time(turn, case)
        return events


def _after(turn: Turn, events: list[Event], slot: str) -> object:
    """The slot's value once these events have happened."""
    return next((e["value"] for e in reversed(events) if e["event"] == "slot" and e["name"] == slot), turn.slots.get(slot))


def settle_order(turn: Turn, case: Case) -> list[Event]:
    """Number and e-mail, until they belong together; "unknown" sends it to a person."""
    if case.order_number is not None and (corrected := _corrected_order(turn, case)) is not None:
        return _take_order(turn, case, corrected)
    if case.order_number is not None:
        return [SlotSet("order_number", case.order_number), SlotSet("email", "known")] if not turn.slots.get("email") else []
    number, email = turn.slots.get("order_number"), turn.slots.get("email")
    if "unknown" in (number, email):
        if "unknown" in (turn.new_slots.get("order_number"), turn.new_slots.get("email")):
            turn.utter("utter_goes_to_person_without_order")
        return [SlotSet("order_number", "unknown"), SlotSet("email", "unknown")]
    orders = latest_orders(turn.session, turn.conversation)
    if orders and (not number or number in {o.number for o in orders}):
        order = next((o for o in orders if o.number == number), None) or _order_meant(turn, case, orders)
        if order is not None:
            return _take_order(turn, case, order)
    if not (number and email):
        return []
    found = verify(turn, str(number), str(email))
    if found.order is not None:
        return _take_order(turn, case, found.order)
    if found.too_many:
        turn.utter("utter_too_many_attempts")
        return [SlotSet("order_number", "unknown"), SlotSet("email", "unknown")]
    turn.utter("utter_not_verified")
    return forget("order_number", "email")


def _corrected_order(turn: Turn, case: Case) -> Order | None:
    """ "No, it was order ...": another of his orders, while nothing is arranged for the first one."""
    said = turn.new_slots.get("order_number")
    if not said or said == case.order_number or case.state not in ("open", "remedy_offered"):
        return None
    return next((o for o in latest_orders(turn.session, turn.conversation) if o.number == said), None)


def _order_meant(turn: Turn, case: Case, orders: list[Order]) -> Order | None:
    """A verified customer's order: the one that we have just talked about, with the thing that he named, or his only one."""
    shown_first = sorted(orders, key=lambda order: order.number != turn.slots.get("shown_order"))
    kind = one_of(turn.slots.get("product_kind"))
    for order in shown_first:
        products = [line.product for line in order_lines(turn.session, order)]
        if any(is_meant(product, case.product_sku, kind) for product in products):
            return order
    is_shown = shown_first[0].number == turn.slots.get("shown_order")
    nothing_named = not case.product_sku and not kind
    return shown_first[0] if len(orders) == 1 or (is_shown and nothing_named) else None


def _take_order(turn: Turn, case: Case, order: Order) -> list[Event]:
    attach_order(turn.session, case, order, turn.now, turn.heard.message_id)
    customer = turn.session.get_one(Customer, order.customer_id)
    turn.utter("utter_verified", name=customer.name.split()[0], number=order.number)
    return [SlotSet("order_number", order.number), SlotSet("email", "known"), SlotSet("verified", True)]


def settle_remedy(turn: Turn, case: Case) -> list[Event]:
    """The remedy: chosen from what the rules allow; where they allow nothing, a person decides."""
    wish = turn.slots.get("remedy")
    if case.state in AFTER_A_REMEDY and wish != SKIPPED:
        if wish in COMES_WITH:
            _change_his_mind(turn, case, str(wish))
        return [SlotSet("remedy", SKIPPED)]
    if case.order_number is None or (case.kind in ("late_delivery", "complaint", "suggestion") and not wish):
        return [SlotSet("remedy", SKIPPED)] if not wish or wish != SKIPPED else []
    choices = choices_among(offer_remedies(turn.session, case, turn.now, turn.heard.message_id))
    if wish is None:
        if choices:
            return []
        turn.utter("utter_offer_needs_human")
        return [SlotSet("remedy", SKIPPED)]
    if wish == SKIPPED:
        if "remedy" in turn.new_slots:
            decline_remedies(turn.session, case, turn.now, turn.heard.message_id)
            turn.utter("utter_remedies_declined")
        return []
    if "remedy" not in turn.new_slots and not _just_verified(turn):
        return []
    kind = _chosen(str(wish), choices)
    arranged = accept_remedy(turn.session, case, kind, turn.now, turn.heard.message_id, turn.desk.settings.check_in_days)
    if arranged.needs_human:
        turn.utter("utter_remedy_needs_human")
    else:
        turn.utter(_arranged_response(case, kind), product=_product(turn, case), price=_price(turn, case))
    return [SlotSet("remedy", kind)]


def _change_his_mind(turn: Turn, case: Case, wish: str) -> None:
    """He would rather have the other remedy: changed while the rules and the time allow it, else by a person."""
    changed = change_remedy(turn.session, case, wish, turn.now, turn.heard.message_id)
    if changed == "changed":
        turn.utter("utter_remedy_changed")
        turn.utter(_arranged_response(case, wish), product=_product(turn, case), price=_price(turn, case))
    elif changed == "needs_human":
        turn.utter("utter_remedy_change_needs_human")


def _arranged_response(case: Case, kind: str) -> str:
    """Who changes his mind pays the freight; who has a fault pays nothing, and a collection alone leaves the rest open."""
    if kind == "return":
        return "utter_arranged_collection" if is_our_fault(case) else "utter_arranged_return"
    return f"utter_arranged_{kind}" if is_our_fault(case) else "utter_arranged_return"


def _just_verified(turn: Turn) -> bool:
    return "email" in turn.new_slots or "order_number" in turn.new_slots


def _chosen(wish: str, choices: list[RemedyOffer]) -> str:
    """What he means: "yes" is the first offered; "take it back" too, when every choice has the return with it."""
    kinds = [c.kind for c in choices]
    if wish in kinds or not kinds:
        return wish
    return kinds[0] if wish in ("first_offered", "return") else wish


class AskOrderNumber(Door):
    """His orders to choose from, when we know him; else the number on his confirmation."""

    action_name = "action_ask_case_form_order_number"
    in_form = True

    def do(self, turn: Turn) -> list[Event]:
        orders = latest_orders(turn.session, turn.conversation)
        if not orders:
            turn.utter("utter_ask_case_form_order_number")
            return []
        buttons = buttons_for_orders(turn, orders)
        buttons.append({"title": turn.text("utter_button_none_of_these"), "payload": "/deny"})
        turn.dispatcher.utter_message(response="utter_which_order_is_it", buttons=buttons)
        return []


class AskRemedy(Door):
    """Offers what the rules allow, with a button each."""

    action_name = "action_ask_case_form_remedy"
    in_form = True

    def do(self, turn: Turn) -> list[Event]:
        case = current_case(turn.session, turn.conversation)
        if case is None:
            return []
        choices = choices_among(offer_remedies(turn.session, case, turn.now, turn.heard.message_id))
        kinds = [c.kind for c in choices]
        buttons = [
            {"title": turn.text(f"utter_button_{kind}"), "payload": payload(TOPIC_OF_REMEDY[kind], remedy=kind)} for kind in kinds
        ]
        buttons.append({"title": turn.text("utter_button_none"), "payload": "/deny"})
        both = {"replacement", "refund"} <= set(kinds)
        turn.dispatcher.utter_message(
            response="utter_offer_replacement_refund" if both else "utter_offer_general",
            buttons=buttons, product=_product(turn, case), price=_price(turn, case),
        )  # fmt: skip
        return []


class FinishCase(Door):
    """All is known: what happens next, and that the case stays open until he is satisfied."""

    action_name = "action_finish_case"

    def do(self, turn: Turn) -> list[Event]:
        case = current_case(turn.session, turn.conversation)
        if case is not None:
            turn.utter("utter_case_page", link=link_to_case(case.id, turn.desk.settings, turn.now))
            turn.utter("utter_case_summary", case=case.number)
        return forget("remedy", "call_time", "wanted_time", "order_number", "email", "product")


def _product(turn: Turn, case: Case) -> str:
    product = turn.session.get(Product, case.product_sku) if case.product_sku else None
    return product.name if product else ""


def _price(turn: Turn, case: Case) -> str:
    line = turn.session.get(OrderLine, (case.order_number, case.product_sku)) if case.order_number and case.product_sku else None
    product = turn.session.get(Product, case.product_sku) if case.product_sku else None
    return say_price(line.price, product.currency, turn.language) if line and product else ""
