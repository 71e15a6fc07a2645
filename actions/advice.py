"""Helping to choose: real products, prices and stock."""

import re
from decimal import Decimal

from rasa_sdk.events import SlotSet

from actions.door import Door, Event, Turn, forget, one_of
from actions.products import products_named, say_facts
from desk.answers.product_facts import facts_asked
from desk.shop.advice import Advice
from desk.shop.service import PriceAndStock, price_and_stock, recommend
from desk.shop.tables import Product
from desk.times import say_date, say_price
from desk.words import payload

ANY = "any"
_NUMBER = r"(\d{1,3}(?:[ .'\u00a0]\d{3})+(?:,\d{1,2})?|\d+(?:[.,]\d{1,2})?)"
_SUM = re.compile(_NUMBER + r"\s?(k(?!r)|tkr|tusen|thousand|t(?= ))?", re.IGNORECASE)
"""A number as people write it, and whether it counts thousands."""
KINDS_WITH_ROOM = ("tv", "plasma_tv", "led_tv")
_PANEL = re.compile(r"plasma|\bled(?=\b|t[ev]|sk)", re.IGNORECASE)
"""In compounds too ("ledtv"), but not in "called"."""


class ValidateAdviceForm(Door):
    """Asks for the room only where its size matters."""

    action_name = "validate_advice_form"
    in_groups = True
    in_form = True

    def do(self, turn: Turn) -> list[Event]:
        named = products_named(turn)
        if named:  # he knows which: he wants to hear about it, not to be helped to choose
            self._tell_about(turn, named)
            return [SlotSet("product_kind", None), SlotSet("requested_slot", None)]
        kind, room = turn.slots.get("product_kind"), turn.slots.get("room_size")
        events: list[Event] = []
        panel = _PANEL.search(turn.heard.text) if kind == "tv" else None
        if panel is not None:  # who asks for a plasma TV is not shown others
            events.append(SlotSet("product_kind", f"{panel.group().lower()}_tv"))
        if kind and kind not in KINDS_WITH_ROOM and room is None:
            events.append(SlotSet("room_size", ANY))
        return events

    def _tell_about(self, turn: Turn, named: list[Product]) -> None:
        for product in named:
            asked = facts_asked(product, turn.heard.text, turn.language)
            if asked.known:
                say_facts(turn, product, asked)
            else:
                turn.dispatcher.utter_message(text=_line(turn, product))


class RecommendProducts(Door):
    """The products that fit, the best first."""

    action_name = "action_recommend_products"
    in_groups = True

    def do(self, turn: Turn) -> list[Event]:
        kind, room = one_of(turn.slots.get("product_kind")), one_of(turn.slots.get("room_size"))
        if kind is None:  # the form ended early: he has heard about the product that he named
            return forget("room_size", "budget")
        budget = read_amount(one_of(turn.slots.get("budget")))
        found = recommend(turn.session, kind, None if room == ANY else room, budget)
        if not found:
            turn.utter("utter_recommend_no_kind")
        else:
            self._say(turn, found)
        return forget("product_kind", "room_size", "budget")

    def _say(self, turn: Turn, found: list[Advice]) -> None:
        best = found[0].product
        if all(a.over_budget for a in found):
            turn.utter("utter_recommend_none", name=best.name, price=say_price(best.price, best.currency, turn.language))
            return
        lines = [turn.text("utter_recommend_intro")] + [f"• {_line(turn, a.product)}" for a in found]
        turn.dispatcher.utter_message(text="\n".join(lines))
        turn.dispatcher.utter_message(
            text=turn.text("utter_recommend_outro", name=best.name),
            buttons=turn.desk.words.say("utter_recommend_outro", turn.language, name=best.name).buttons,
        )


class TellPrice(Door):
    """What a product costs."""

    action_name = "action_tell_price"
    in_groups = True
    response = "utter_price"

    def do(self, turn: Turn) -> list[Event]:
        named = one_of(turn.slots.get("product"))
        found = price_and_stock(turn.session, named) if named else None
        if found is None:
            kind = one_of(turn.slots.get("product_kind"))
            self._ask_which(turn, [a.product for a in recommend(turn.session, kind)] if kind else [])
            return []
        price = say_price(found.price, found.currency, turn.language)
        turn.utter(self.response, name=found.product.name, price=price, stock=say_stock(turn, found))
        return forget("product")

    def _ask_which(self, turn: Turn, near: list[Product]) -> None:
        topic = "ask_price" if self.response == "utter_price" else "ask_stock"
        buttons = [{"title": p.name, "payload": payload(topic, product=p.name)} for p in near]
        turn.dispatcher.utter_message(response="utter_which_product", buttons=buttons)


class TellStock(TellPrice):
    """Whether a product is there."""

    action_name = "action_tell_stock"
    in_groups = True
    response = "utter_stock"


def say_stock(turn: Turn, found: PriceAndStock) -> str:
    """In stock, sold out, or back on a day."""
    if found.stock > 0:
        return turn.text("utter_in_stock")
    if found.restock_day is not None:
        return turn.text("utter_back_in_stock", date=say_date(found.restock_day, turn.language))
    return turn.text("utter_out_of_stock")


def read_amount(said: str | None) -> Decimal | None:
    """A sum of money as the NLU gives it; None when there is no limit."""
    if said is None or said == ANY:
        return None
    found = _SUM.search(said)
    if found is None:
        return None
    grouped = re.sub(r"[ .'\u00a0](?=\d{3}(?!\d))", "", found[1])
    amount = Decimal(grouped.replace(",", "."))
    return amount * 1000 if found[2] else amount


def _line(turn: Turn, product: Product) -> str:
    found = price_and_stock(turn.session, product.sku)
    return turn.text(
        "utter_recommendation",
        name=product.name,
        price=say_price(product.price, product.currency, turn.language),
        description=product.description.get(turn.language) or product.description.get("en", ""),
        stock=say_stock(turn, found) if found else "",
    )
