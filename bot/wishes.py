"""Two wishes in one message: where it can be cut in two, and whether both halves want something of their own."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

QUICK = frozenset({
    "ask_opening_hours", "ask_price", "ask_stock", "ask_delivery_options", "ask_delivery_time", "ask_return_policy",
    "ask_warranty", "ask_payment_methods", "ask_cancellation_fee", "ask_product_help", "place_order", "create_account",
    "edit_account", "delete_account", "recover_password", "registration_problem", "switch_account", "newsletter",
    "set_up_shipping_address", "request_my_data", "ask_contact", "ask_case_status", "suggest_improvement", "leave_review",
})  # fmt: skip
"""Topics that are answered at once, without questions of ours."""
LONG = frozenset({
    "ask_product_advice", "track_order", "change_order", "cancel_order", "change_shipping_address", "get_invoice",
    "check_invoice", "payment_issue", "track_refund", "complain", "report_fault", "report_late_delivery",
    "report_wrong_item", "get_refund", "return_product", "replace_product",
})  # fmt: skip
"""Topics that open a form."""
FAMILIES = tuple(
    frozenset(family.split())
    for family in (
        "complain report_fault report_late_delivery report_wrong_item get_refund return_product replace_product track_refund"
        " ask_case_status ask_return_policy ask_warranty ask_product_help",
        "track_order report_late_delivery ask_delivery_time ask_delivery_options ask_case_status",
        "get_invoice check_invoice payment_issue ask_payment_methods get_refund track_refund",
        "create_account registration_problem recover_password switch_account edit_account delete_account",
        "change_shipping_address set_up_shipping_address edit_account change_order",
        "leave_review suggest_improvement complain",
        "ask_product_advice ask_price ask_stock place_order ask_product_help",
        "cancel_order change_order ask_cancellation_fee get_refund return_product ask_return_policy",
        "newsletter delete_account request_my_data edit_account",
        "ask_opening_hours ask_contact ask_delivery_time",
    )
)
"""Topics that customers put into one breath about one thing: no second wish."""
SURE = 0.7
"""How sure each half must be (docs/decisions: 1 in 100 messages with one wish is cut in two, 6 in 10 with two are)."""
FEWEST_WORDS = 3
MOST_CUTS = 5

_CUT = re.compile(
    r"(?:[.!?;\n]+\s+|,?\s+\b(?:and|also|plus|och|samt|dessutom|og|samt|dessuten|ja|sekä|lisäksi)\b\s+)"
    r"(?:(?:and|also|then|och|också|dessutom|sen|og|også|så|ja|lisäksi|vielä|samalla)\s+)*",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Wish:
    """One half of a message, and what it is about."""

    text: str
    topic: str


def halves(text: str) -> Iterator[tuple[str, str]]:
    """The ways to cut a message in two at the end of a sentence or at an "and", the first ones only."""
    found = 0
    for cut in _CUT.finditer(text):
        first, second = text[: cut.start()], text[cut.end() :]
        mark = cut.group().strip()[:1]
        first = (first + mark if mark in "?!" and mark else first).strip()
        if min(len(first.split()), len(second.split())) >= FEWEST_WORDS:
            yield first, second.strip()
            found += 1
            if found == MOST_CUTS:
                return


def are_two(first: str, second: str) -> bool:
    """Whether two topics are two wishes."""
    wishes = QUICK | LONG
    return first != second and {first, second} <= wishes and not any({first, second} <= family for family in FAMILIES)


def in_order(first: Wish, second: Wish) -> tuple[Wish, Wish]:
    """What is answered at once comes first, so that the last thing said is the question that the other one needs."""
    return (second, first) if first.topic in LONG and second.topic in QUICK else (first, second)
