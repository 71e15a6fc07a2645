"""What figures are made of: shares with their uncertainty, times, what rework costs, what a kept customer is worth. Pure."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from statistics import median

Z95 = 1.959963984540054
"""Of the normal distribution, for 95 %."""
FIRST_CONTACT = timedelta(hours=1)
"""What he adds to a case within this time of opening it is still the same contact."""
STEPS = (5, 60, 600, 3600, 8 * 3600, 24 * 3600)
"""Seconds: the steps in which times to a first answer are shown."""


@dataclass(frozen=True)
class Assumptions:
    """What the figures take for given, from the settings. Money in the shop's currency."""

    collection: Decimal
    delivery: Decimal
    repair: Decimal
    refund_share: Decimal
    replacement_share: Decimal
    agent_minute: Decimal
    minutes_message: Decimal
    minutes_call: Decimal
    minutes_task: Decimal
    again_days: int
    margin: Decimal
    years: Decimal


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    count: int
    of: int

    @property
    def rate(self) -> float | None:
        """From 0 to 1; None of nothing."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> tuple[float, float] | None:
        """Wilson's 95 % interval; None of nothing."""
        return wilson(self.count, self.of)


def wilson(count: int, of: int) -> tuple[float, float] | None:
    """Between which shares the true one lies, with 95 % confidence (Wilson 1927); holds for few and for extreme ones too."""
    if of == 0:
        return None
    rate, z2 = count / of, Z95 * Z95
    middle = (rate + z2 / (2 * of)) / (1 + z2 / of)
    half = Z95 / (1 + z2 / of) * math.sqrt(rate * (1 - rate) / of + z2 / (4 * of * of))
    return max(0.0, middle - half), min(1.0, middle + half)


@dataclass(frozen=True)
class Times:
    """How long many waited, in seconds; `of`: how many asked."""

    seconds: tuple[float, ...]
    of: int

    @property
    def median(self) -> float | None:
        return median(self.seconds) if self.seconds else None

    @property
    def p90(self) -> float | None:
        """Nine of ten waited no longer (nearest rank)."""
        return sorted(self.seconds)[math.ceil(0.9 * len(self.seconds)) - 1] if self.seconds else None

    @property
    def steps(self) -> tuple[int, ...]:
        """How many were answered within each of STEPS, and later than all."""
        found = [0] * (len(STEPS) + 1)
        for waited in self.seconds:
            found[sum(waited > step for step in STEPS)] += 1
        return tuple(found)


def is_first_contact(state: str, opened_at: datetime, events: Sequence[tuple[str, datetime]]) -> bool:
    """Closed by his word, and he never had to come back about it. `events`: the case's history, what and when."""
    came_back = any(
        what in ("not_solved", "reopened") or (what == "customer_added" and at > opened_at + FIRST_CONTACT) for what, at in events
    )
    return state == "satisfied" and not came_back


@dataclass(frozen=True)
class Rework:
    """What putting faults right cost."""

    freight: Decimal = Decimal(0)
    refunds: Decimal = Decimal(0)
    goods: Decimal = Decimal(0)  # new ones, and repairs
    minutes: Decimal = Decimal(0)
    work: Decimal = Decimal(0)

    @property
    def total(self) -> Decimal:
        return self.freight + self.refunds + self.goods + self.work

    def __add__(self, other: "Rework") -> "Rework":
        return Rework(
            self.freight + other.freight, self.refunds + other.refunds, self.goods + other.goods,
            self.minutes + other.minutes, self.work + other.work,
        )  # fmt: skip


def rework_of(remedies: Sequence[str], price: Decimal, messages: int, calls: int, tasks: int, costs: Assumptions) -> Rework:
    """The cost of one case: its remedies (arranged or done) of an article at this price, and what agents did for it."""
    freight = (
        costs.collection * (remedies.count("return") + remedies.count("repair"))
        + costs.delivery * (remedies.count("replacement") + remedies.count("repair"))
    )  # fmt: skip
    goods = price * costs.replacement_share * remedies.count("replacement") + costs.repair * remedies.count("repair")
    minutes = costs.minutes_message * messages + costs.minutes_call * calls + costs.minutes_task * tasks
    return Rework(
        freight, price * costs.refund_share * remedies.count("refund"), goods, minutes, (minutes * costs.agent_minute)
    )  # fmt: skip


@dataclass(frozen=True)
class Trouble:
    """A case in which something went wrong: when it was opened, and whether it has ended as satisfied."""

    opened_at: datetime
    satisfied: bool


@dataclass(frozen=True)
class Retention:
    """Who bought again: customers without a case, with one, and of these those who ended satisfied."""

    without: Share
    with_case: Share
    satisfied: Share
    unsatisfied: Share


def retention(
    orders: Mapping[int, Sequence[datetime]],
    cases: Mapping[int, Sequence[Trouble]],
    since: datetime,
    until: datetime,
    within: timedelta,
) -> Retention:
    """Customers by their first order whose `within` ended in the period: bought again before that, or not.

    With a case: he opened one after that order and before the next one, or before the time was over.
    """
    found: dict[str, list[bool]] = {"without": [], "satisfied": [], "unsatisfied": []}
    for customer, bought in orders.items():
        index = min((at for at in bought if since <= at + within < until), default=None)
        if index is None:
            continue
        again = min((at for at in bought if index < at <= index + within), default=None)
        his = [c for c in cases.get(customer, ()) if index < c.opened_at < (again or index + within)]
        group = "without" if not his else "satisfied" if all(c.satisfied for c in his) else "unsatisfied"
        found[group].append(again is not None)
    shares = {name: Share(sum(came), len(came)) for name, came in found.items()}
    good, bad = shares["satisfied"], shares["unsatisfied"]
    return Retention(shares["without"], Share(good.count + bad.count, good.of + bad.of), good, bad)


@dataclass(frozen=True)
class Worth:
    """What keeping one of a hundred customers more is worth, in a range. Of the year before the period's end."""

    customers: int
    orders: int
    sales: Decimal
    margin: Decimal
    years: Decimal

    @property
    def order_value(self) -> Decimal:
        return self.sales / self.orders if self.orders else Decimal(0)

    @property
    def orders_each(self) -> Decimal:
        return Decimal(self.orders) / self.customers if self.customers else Decimal(0)

    @property
    def low(self) -> Decimal:
        """Each of them buys just once more."""
        return Decimal(self.customers) / 100 * self.order_value * self.margin

    @property
    def middle(self) -> Decimal:
        """Each of them buys for one more year, as often as customers do."""
        return self.low * self.orders_each

    @property
    def high(self) -> Decimal:
        """Each of them stays for `years`."""
        return self.middle * max(self.years, Decimal(1))
