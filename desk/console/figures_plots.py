"""The plots of the page of figures, and how its numbers are said, in the page's language."""

from datetime import date
from decimal import Decimal

from markupsafe import Markup

from desk.console.plots import Interval, Row, Series, columns, intervals, rows
from desk.console.saying import as_heading, month_name, month_of, number, plain_number, price, short_day
from desk.console.translating import gettext as _
from desk.console.translating import translate
from desk.figures.definitions import definitions
from desk.figures.money import ProductRework
from desk.figures.periods import Period
from desk.figures.rules import Retention, Share, Worth
from desk.figures.service import Figures
from desk.followups.rules import Kept

MOST_PRODUCTS = 8
DASH = "–"


def step_names() -> tuple[str, ...]:
    """The steps of a first answer, by the times of desk.figures.rules."""
    return (_("5 s"), _("1 min"), _("10 min"), _("1 h"), _("8 h"), _("1 day"), _("later"))


def say_seconds(seconds: float | None) -> str:
    """2.4 s, 35 s, 4 min, 3.5 h, 2.1 d."""
    if seconds is None:
        return DASH
    if seconds < 10:
        return _("%(n)s s", n=number(seconds, 1))
    if seconds < 90:
        return _("%(n)s s", n=number(seconds))
    if seconds / 60 < 90:
        return _("%(n)s min", n=number(seconds / 60))
    if seconds / 3600 < 48:
        return _("%(n)s h", n=number(seconds / 3600, 0 if seconds / 3600 >= 10 else 1))
    return _("%(n)s d", n=number(seconds / 86400, 1))


def say_rate(rate: float | None) -> str:
    return DASH if rate is None else f"{rate * 100:.0f} %"


def say_interval(share: Share) -> str:
    """38 to 51 %."""
    if share.interval is None:
        return DASH
    return _("%(low)s to %(high)s %%", low=f"{share.interval[0] * 100:.0f}", high=f"{share.interval[1] * 100:.0f}")


def say_balance(balance: float) -> str:
    """+42, 0, −7: in hundredths, with its sign."""
    rounded = round(balance * 100)
    return f"{'+' if rounded > 0 else '−' if rounded < 0 else ''}{abs(rounded)}"


def say_money(amount: Decimal, currency: str) -> str:
    return price(Decimal(round(amount)), currency)


def say_period(period: Period) -> str:
    """Week 47, 2026; November 2026; July to September 2026; 1 Oct to 5 Nov 2026."""
    first, last = period.first, period.last
    if period.kind == "week":
        iso = first.isocalendar()
        return _("Week %(week)s, %(year)s", week=iso.week, year=iso.year)
    if period.kind == "month":
        return as_heading(month_of(first))
    if period.kind == "quarter":
        return _("%(first)s to %(last)s", first=as_heading(month_name(first)), last=month_of(last))
    return _("%(first)s to %(last)s", first=short_day(first, year=first.year != last.year), last=short_day(last, year=True))


def meanings(f: Figures) -> dict[str, str]:
    """What each figure means, by its name."""
    return definitions(f.assumptions, translate, plain_number)


def week_label(week: date) -> str:
    return f"{week.isocalendar().week}"


def plots_of(f: Figures) -> dict[str, Markup]:
    """Every plot of the page by its name."""
    return {
        "bot": columns(
            _("How soon the bot answered first: median %(median)s.", median=say_seconds(f.bot.median)), step_names(),
            [Series("Answers", "bar", f.bot.steps)],
        ),
        "human": columns(
            _(
                "How soon a person answered first: median %(median)s, nine of ten within %(p90)s.",
                median=say_seconds(f.human.median), p90=say_seconds(f.human.p90),
            ), step_names(), [Series("Answers", "bar", f.human.steps)],
        ),
        "alone": _alone(f),
        "first_contact": intervals(
            _("Solved at first contact: %(rate)s.", rate=say_rate(f.first_contact.rate)),
            [_interval(_("Of the closed cases"), f.first_contact)],
        ),
        "ratings": columns(
            _(
                "Ratings from 1 to 5: %(counts)s.",
                counts=", ".join(_("%(number)s of %(all)s", number=n, all=r) for r, n in enumerate(f.surveys.counts, 1)),
            ), "12345",
            [Series("Low", "bar-low", [*f.surveys.counts[:2], 0, 0, 0]), Series("Ratings", "bar", [0, 0, *f.surveys.counts[2:]])],
        ),
        "recommends": columns(
            _("Would they recommend us, from 0 to 10."), [str(n) for n in range(11)],
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
        _(
            "Conversations by week: %(number)s of %(all)s were answered by the bot alone.",
            number=f.alone.all.count,
            all=f.alone.all.of,
        ),
        [week_label(week) for week in f.weeks],
        [
            Series("The bot alone", "bar", [s.count for s in found]),
            Series("With a person", "bar-2", [s.of - s.count for s in found]),
        ],
    )


def _promises(f: Figures) -> Markup:
    found = [f.promised.by_week.get(week, Kept(0, 0)) for week in f.weeks]
    return columns(
        _("Promises by week: %(kept)s kept, %(broken)s broken.", kept=f.promised.all.kept, broken=f.promised.all.broken),
        [week_label(week) for week in f.weeks],
        [Series("Kept", "bar", [k.kept for k in found]), Series("Broken", "bar-low", [k.broken for k in found])],
    )


def _rework(products: list[ProductRework], currency: str) -> Markup:
    return rows(
        _("The cost of rework by product: freight, refunds, new goods and repairs, agents' time."),
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
        (_("Without a case"), found.without), (_("With a case"), found.with_case),
        (_("with a case, satisfied"), found.satisfied), (_("with a case, not satisfied (yet)"), found.unsatisfied),
    )  # fmt: skip
    return intervals(
        _(
            "Who bought again: %(without)s without a case, %(with_case)s with one.",
            without=say_rate(found.without.rate),
            with_case=say_rate(found.with_case.rate),
        ),
        [_interval(label, share) for label, share in groups],
    )


def _interval(label: str, share: Share) -> Interval:
    return Interval(
        label, share.rate, share.interval or (0, 0), _("%(number)s of %(all)s", number=say_rate(share.rate), all=share.of)
    )


def _worth(worth: Worth, currency: str) -> Markup:
    values = (
        (_("Low: one more order each"), worth.low), (_("Middle: one more year"), worth.middle),
        (_("High: %(years)s years", years=f"{worth.years:f}"), worth.high),
    )  # fmt: skip
    return rows(
        _(
            "What one more percent of retention is worth: %(low)s to %(high)s.",
            low=say_money(worth.low, currency),
            high=say_money(worth.high, currency),
        ),
        [Row(label, [("bar", float(value))], say_money(value, currency)) for label, value in values],
    )
