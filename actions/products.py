"""Questions about a product, answered from the catalogue."""

from actions.door import Turn, one_of
from desk.answers.product_facts import AskedOf, facts_asked
from desk.shop.service import find_product
from desk.shop.tables import Product


def products_named(turn: Turn) -> list[Product]:
    """The products that this message names, in its order."""
    named = [find_product(turn.session, str(e["value"])) for e in turn.entities if e["entity"] == "product"]
    return list({product.sku: product for product in named if product is not None}.values())


def product_asked_about(turn: Turn) -> tuple[Product, AskedOf] | None:
    """The product and what is asked of it: named now, or a moment ago ("and how wide is it?"); None when nothing is asked.

    Not while something is wrong with it: "the noise is terrible" asks for no decibels.
    """
    if turn.loop not in (None, "advice_form") or turn.slots.get("open_case"):
        return None
    named = products_named(turn)
    last = one_of(turn.slots.get("product"))
    recent = find_product(turn.session, last) if last and not named else None
    product = named[0] if named else recent
    if product is None:
        return None
    asked = facts_asked(product, turn.heard.text, turn.language)
    return (product, asked) if asked.known or asked.unknown else None


def say_facts(turn: Turn, product: Product, asked: AskedOf) -> None:
    """What the catalogue says; what it does not say, a person can find out."""
    if asked.known:
        turn.utter("utter_product_facts", name=product.name, facts=", ".join(asked.known))
    else:
        turn.utter("utter_product_fact_unknown", name=product.name, facts=", ".join(asked.unknown))
