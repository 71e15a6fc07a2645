"""What each figure means, in a sentence: shown beside it, in its file, and in docs/figures.md."""

from collections.abc import Callable
from decimal import Decimal

from desk.figures.rules import Assumptions

SHARES = ("refund_share", "replacement_share", "margin")
DEFINITIONS = {
    "first_answer_bot": (
        "From a customer's first message of a conversation opened in the period to the bot's first message in it."
    ),
    "first_answer_human": (
        "From the moment a person was asked for (a hand-off asked for in the period, transfers aside) to an agent's "
        "first message, nights and weekends included; those who got none are counted beside it."
    ),
    "bot_alone": (
        "Of the conversations opened in the period in which the customer wrote: those in which no person has taken "
        "part until now (no hand-off, no agent's message, no call or task done by an agent)."
    ),
    "first_contact": (
        "Of the cases opened in the period in which something went wrong and that are closed by now: those that the "
        "customer ended as satisfied without ever coming back (never “not right”, never reopened, nothing added "
        "later than an hour after he opened it)."
    ),
    "satisfaction": (
        "Surveys of solved cases asked in the period, void ones (the case was opened again) aside; who may still answer "
        "counts as not having answered."
    ),
    "recommend": (
        "The 0 to 10 question of the same surveys, asked once a quarter at most and not of the unhappy: the share of 9 "
        "and 10 less that of 0 to 6."
    ),
    "words": "What customers wrote of their rating in the period, the newest first.",
    "rework": (
        "Cases of a fault or a wrong article opened in the period, by product, and what putting them right has cost "
        "until now: freight (%(collection)s to collect, %(delivery)s to deliver), refunds (%(refund_share)s%% of "
        "the price paid), new goods (%(replacement_share)s%% of the price) and repairs (%(repair)s each), and agents' "
        "time (%(minutes_message)s minutes a message, %(minutes_call)s a call, %(minutes_task)s a task, at "
        "%(agent_minute)s a minute)."
    ),
    "promises": (
        "Promised times that came due in the period, by whose promise it was and by calendar week: kept, or broken. "
        "Those moved with the customer's consent, or from which he released us, do not count."
    ),
    "retention": (
        "Customers by their first order whose %(again_days)s days ended in the period: did they order again within "
        "these %(again_days)s days? “With a case”: after that order, and before the next one or the end of the days, "
        "they told us of something that went wrong; “satisfied”: every such case has ended as satisfied by now. The "
        "range is Wilson's 95 %% interval."
    ),
    "worth": (
        "One of a hundred customers of the year before the period's end, kept, at a margin of "
        "%(margin)s%% of the mean order: from one more order each (low), over one more year at the usual number of "
        "orders (middle), to %(years)s years (high)."
    ),
}  # fmt: skip
"""Every figure's definition, its places to be filled with the assumptions in force."""


def definitions(
    a: Assumptions, translate: Callable[[str], str] = str, number: Callable[[Decimal], str] = "{:f}".format
) -> dict[str, str]:
    """Every figure's definition under the assumptions in force, in English or as these say it."""
    values = {name: number((value * 100).normalize() if name in SHARES else Decimal(value)) for name, value in vars(a).items()}
    return {name: translate(text) % values for name, text in DEFINITIONS.items()}
