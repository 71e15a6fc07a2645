"""The plots of the page of figures, and how its numbers are said."""

from datetime import date
from decimal import Decimal

from markupsafe import Markup

from desk.console.plots import Interval, Row, Series, columns, intervals, rows
from desk.figures.money import ProductRework
from desk.figures.periods import Period
from desk.figures.rules import Retention, Share, Worth
from desk.figures.service import Figures
from desk.followups.rules import Kept
from desk.times import say_price

STEP_NAMES = ("5 s", "1 min", "10 min", "1 h", "8 h", "1 day", "later")
MOST_PRODUCTS = 8
DASH = "–"


def say_seconds(seconds: float | None) -> str:
    """2.4 s, 35 s, 4 min, 3.5 h, 2.1 d."""
    if seconds is None:
        return DASH
    if seconds < 10:
        return f"{seconds:.1f} s"
    for unit, name, until in ((1, "s", 90), (60, "min", 90), (3600, "h", 48)):
        if seconds / unit < until:
            return f"{seconds / unit:.{0 if name != 'h' or seconds / unit >= 10 else 1}f} {name}"
    return f"{seconds / 86400:.1f} d"


def say_rate(rate: float | None) -> str:
    return DASH if rate is None else f"{rate * 100:.0f} %"


def say_interval(share: Share) -> str:
    """38 to 51 %."""
    return DASH if share.interval is None else f"{share.interval[0] * 100:.0f} to {share.interval[1] * 100:.0f} %"


def say_balance(balance: float) -> str:
    """+42, 0, −7: in hundredths, with its sign."""
    rounded = round(balance * 100)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded)}"


def say_money(amount: Decimal, currency: str) -> str:
    return say_price(Decimal(round(amount)), currency, "en")


def say_period(period: Period) -> str:
    """Week 47, 2026; November 2026; July to September 2026; 1 Oct to 5 Nov 2026."""
    first, last = period.first, period.last
    if period.kind == "week":
        iso = first.isocalendar()
        return f"Week {iso.week}, {iso.year}"
    if period.kind == "month":
        return f"{first:%B %Y}"
    if period.kind == "quarter":
        return f"{first:%B} to {last:%B %Y}"
    year = "" if first.year == last.year else f" {first.year}"
    return f"{first:%-d %b}{year} to {last:%-d %b %Y}"


def week_label(week: date) -> str:
    return f"{week.isocalendar().week}"


def plots_of(f: Figures) -> dict[str, Markup]:
    """Every plot of the page by its name."""
    return {
        "bot": columns(
            f"How soon the bot answered first: median {say_seconds(f.bot.median)}.", STEP_NAMES,
            [Series("Answers", "bar", f.bot.steps)],
        ),
        "human": columns(
            f"How soon a person answered first: median {say_seconds(f.human.median)}, nine of ten within "
            f"{say_seconds(f.human.p90)}.", STEP_NAMES, [Series("Answers", "bar", f.human.steps)],
        ),
        "alone": _alone(f),
        "first_contact": intervals(
            f"Solved at first contact: {say_rate(f.first_contact.rate)}.", [_interval("Of the closed cases", f.first_contact)]
        ),
        "ratings": columns(
            f"Ratings from 1 to 5: {', '.join(f'{n} of {r}' for r, n in enumerate(f.surveys.counts, 1))}.", "12345",
            [Series("Low", "bar-low", [*f.surveys.counts[:2], 0, 0, 0]), Series("Ratings", "bar", [0, 0, *f.surveys.counts[2:]])],
        ),
        "recommends": columns(
            "Would they recommend us, from 0 to 10.", [str(n) for n in range(11)],
            [Series("Answers", "bar", [f.surveys.recommends.count(n) for n in range(11)])],
        ),
        "rework": _rework(f.products[:MOST_PRODUCTS], f.currency),
        "promises": _promises(f),
        "retention": _retention(f.retention),
        "worth": _worth(f.worth, f.currency),
    }  # fmt: skip


def _alone(f: Figures) -> Markup:
    found = [f.alone.by_week.get(week, Share(0, 0)) for week in f.weeks]
    return columns(
        f"Conversations by week: {f.alone.all.count} of {f.alone.all.of} were answered by the bot alone.",
        [week_label(week) for week in f.weeks],
        [
            Series("The bot alone", "bar", [s.count for s in found]),
            Series("With a person", "bar-2", [s.of - s.count for s in found]),
        ],
    )


def _promises(f: Figures) -> Markup:
    found = [f.promised.by_week.get(week, Kept(0, 0)) for week in f.weeks]
    return columns(
        f"Promises by week: {f.promised.all.kept} kept, {f.promised.all.broken} broken.",
        [week_label(week) for week in f.weeks],
        [Series("Kept", "bar", [k.kept for k in found]), Series("Broken", "bar-low", [k.broken for k in found])],
    )


def _rework(products: list[ProductRework], currency: str) -> Markup:
    return rows(
        "The cost of rework by product: freight, refunds, new goods and repairs, agents' time.",
        [
            Row(
                p.name,
                [
                    ("bar", float(p.rework.freight)), ("bar-low", float(p.rework.refunds)),
                    ("bar-2", float(p.rework.goods)), ("bar-3", float(p.rework.work)),
                ],
                f"{p.cases} × {say_money(p.rework.total / p.cases, currency)} = {say_money(p.rework.total, currency)}",
            )
            for p in products
        ],
    )  # fmt: skip


def _retention(found: Retention) -> Markup:
    groups = (
        ("Without a case", found.without), ("With a case", found.with_case), ("with a case, satisfied", found.satisfied),
        ("with a case, not satisfied (yet)", found.unsatisfied),
    )  # fmt: skip
    return intervals(
        f"Who bought again: {say_rate(found.without.rate)} without a case, {say_rate(found.with_case.rate)} with one.",
        [_interval(label, share) for label, share in groups],
    )


def _interval(label: str, share: Share) -> Interval:
    return Interval(label, share.rate, share.interval or (0, 0), f"{say_rate(share.rate)} of {share.of}")


def _worth(worth: Worth, currency: str) -> Markup:
    values = (
        ("Low: one more order each", worth.low), ("Middle: one more year", worth.middle),
        (f"High: {worth.years:f} years", worth.high),
    )  # fmt: skip
    return rows(
        f"What one more percent of retention is worth: {say_money(worth.low, currency)} to {say_money(worth.high, currency)}.",
        [Row(label, [("bar", float(value))], say_money(value, currency)) for label, value in values],
    )
