"""The figures for programs (JSON), for a spreadsheet (CSV) and for the terminal."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

from desk.figures.definitions import definitions
from desk.figures.rules import STEPS, Share, Times
from desk.figures.service import Figures
from desk.followups.rules import Kept

COLUMNS = ("figure", "of", "value", "count", "total", "low", "high")


def as_data(f: Figures) -> dict[str, Any]:
    """All figures. Times in seconds, shares from 0 to 1, money in the shop's currency; null where nothing was to be counted."""
    surveys = f.surveys
    return {
        "period": {
            "kind": f.period.kind, "name": f.period.name, "first": f.period.first.isoformat(), "last": f.period.last.isoformat(),
            "timezone": f.period.timezone, "since": f.period.since.isoformat(), "until": f.until.isoformat(),
        },
        "currency": f.currency,
        "first_answer": {"bot": _times(f.bot), "human": _times(f.human)},
        "bot_alone": _share(f.alone.all) | {"weeks": {w.isoformat(): _share(s) for w, s in f.alone.by_week.items()}},
        "first_contact": _share(f.first_contact) | {"still_open": f.still_open},
        "satisfaction": {
            "asked": surveys.asked, "rated": surveys.rated, "response_rate": surveys.response_rate,
            "ratings": {str(n + 1): count for n, count in enumerate(surveys.counts)},
            "mean": surveys.mean, "satisfied": surveys.satisfied,
            "recommends": {str(n): surveys.recommends.count(n) for n in range(11)},
            "promoters_less_detractors": surveys.promoters_less_detractors,
        },
        "words": [
            {"rating": s.rating, "recommend": s.recommend, "words": s.words, "at": s.words_at.isoformat() if s.words_at else None}
            for s in f.words
        ],
        "rework": [
            {
                "sku": p.sku, "product": p.name, "sold": p.sold, "cases": p.cases, "dangers": p.dangers,
                "freight": _money(p.rework.freight), "refunds": _money(p.rework.refunds), "goods": _money(p.rework.goods),
                "minutes": float(p.rework.minutes), "work": _money(p.rework.work), "total": _money(p.rework.total),
            }
            for p in f.products
        ],
        "promises": _kept(f.promised.all) | {
            "weeks": {w.isoformat(): _kept(k) for w, k in f.promised.by_week.items()},
            "owners": {
                name: _kept(k) | {
                    "weeks": {w.isoformat(): _kept(x) for (o, w), x in sorted(f.promised.by_owner_and_week.items()) if o == name}
                }
                for name, k in f.promised.by_owner.items()
            },
        },
        "retention": {
            "days": f.assumptions.again_days, "without_case": _share(f.retention.without),
            "with_case": _share(f.retention.with_case),
            "satisfied": _share(f.retention.satisfied), "not_satisfied": _share(f.retention.unsatisfied),
        },
        "one_percent": {
            "customers": f.worth.customers, "orders": f.worth.orders, "order_value": _money(f.worth.order_value),
            "orders_each": round(float(f.worth.orders_each), 4), "low": _money(f.worth.low), "middle": _money(f.worth.middle),
            "high": _money(f.worth.high),
        },
        "assumptions": {name: float(value) for name, value in vars(f.assumptions).items()},
        "definitions": definitions(f.assumptions),
    }  # fmt: skip


def as_csv(f: Figures) -> str:
    """One figure a line; a cell that a spreadsheet would take for a formula is kept as text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(COLUMNS)
    writer.writerows([[_cell(v) for v in row] for row in _rows(f)])
    return file.getvalue()


def as_text(f: Figures) -> str:
    """The main figures in a few lines."""
    surveys, kept, r = f.surveys, f.promised.all, f.retention
    lines = [
        f"Figures of {f.period.first} to {f.period.last} ({f.period.timezone})",
        f"First answer, bot: {_waited(f.bot)}",
        f"First answer, human: {_waited(f.human)}",
        f"Answered by the bot alone: {_of(f.alone.all)}",
        f"Solved at first contact: {_of(f.first_contact)}, {f.still_open} cases still open",
        f"Satisfied (4 and 5): {_percent(surveys.satisfied)}; answered: {_of(Share(surveys.rated, surveys.asked))}",
        f"Promises kept: {_of(Share(kept.kept, kept.kept + kept.broken))}",
        f"Rework: {f.faults} cases, {_money(f.rework.total):,.0f} {f.currency}",
        f"Bought again within {f.assumptions.again_days} days: without a case {_of(r.without)}, with a case {_of(r.with_case)}",
        f"One more percent of retention: {_money(f.worth.low):,.0f} to {_money(f.worth.high):,.0f} {f.currency}",
    ]
    return "\n".join(lines)


def _waited(times: Times) -> str:
    if times.median is None or times.p90 is None:
        return f"none of {times.of}"
    return f"median {times.median:.0f} s, nine of ten within {times.p90:.0f} s ({len(times.seconds)} of {times.of} answered)"


def _percent(rate: float | None) -> str:
    return "none" if rate is None else f"{rate:.0%}"


def _of(share: Share) -> str:
    return f"{_percent(share.rate)} ({share.count} of {share.of})"


Line = tuple[Any, ...]


def _rows(f: Figures) -> Iterator[Line]:
    period = f.period
    yield ("period", period.name, f"{period.first} to {period.last} ({period.timezone})", "", "", "", "")
    for who, times in (("bot", f.bot), ("human", f.human)):
        yield ("first_answer_seconds_median", who, times.median, len(times.seconds), times.of, "", "")
        yield ("first_answer_seconds_p90", who, times.p90, len(times.seconds), times.of, "", "")
        for name, count in zip([*(f"within {s} s" for s in STEPS), "later"], times.steps, strict=True):
            yield ("first_answers", f"{who}, {name}", "", count, len(times.seconds), "", "")
    yield _share_row("bot_alone", "all", f.alone.all)
    for week, share in f.alone.by_week.items():
        yield _share_row("bot_alone", f"week from {week}", share)
    yield _share_row("first_contact", "closed cases", f.first_contact)
    yield ("first_contact_still_open", "cases", "", f.still_open, "", "", "")
    yield _share_row("survey_answered", "asked", Share(f.surveys.rated, f.surveys.asked))
    yield ("survey_mean", "1 to 5", f.surveys.mean, f.surveys.rated, "", "", "")
    for rating, count in enumerate(f.surveys.counts, 1):
        yield ("survey_rating", rating, "", count, f.surveys.rated, "", "")
    for value in range(11):
        yield ("survey_recommend", value, "", f.surveys.recommends.count(value), len(f.surveys.recommends), "", "")
    yield ("survey_promoters_less_detractors", "0 to 10", f.surveys.promoters_less_detractors, "", "", "", "")
    for survey in f.words:
        yield ("words", f"rated {survey.rating}", survey.words, "", "", "", "")
    for p in f.products:
        for name in ("freight", "refunds", "goods", "work", "total"):
            yield (f"rework_{name}_{f.currency}", p.name, _money(getattr(p.rework, name)), p.cases, p.sold, "", "")
        yield ("rework_minutes", p.name, float(p.rework.minutes), p.cases, p.sold, "", "")
    yield _kept_row("promises", "all", f.promised.all)
    for week, kept in f.promised.by_week.items():
        yield _kept_row("promises", f"week from {week}", kept)
    for owner, kept in f.promised.by_owner.items():
        yield _kept_row("promises", owner, kept)
    for (owner, week), kept in sorted(f.promised.by_owner_and_week.items()):
        yield _kept_row("promises", f"{owner}, week from {week}", kept)
    for group, share in vars(f.retention).items():
        yield _share_row(f"bought_again_within_{f.assumptions.again_days}_days", group, share)
    w = f.worth
    yield (f"one_percent_{f.currency}", "retention", _money(w.middle), w.customers, w.orders, _money(w.low), _money(w.high))
    for name, value in vars(f.assumptions).items():
        yield ("assumption", name, float(value), "", "", "", "")
    for name, text in definitions(f.assumptions).items():
        yield ("definition", name, text, "", "", "", "")


def _share_row(figure: str, of: str, share: Share) -> Line:
    low, high = share.interval or (None, None)
    return (figure, of, share.rate, share.count, share.of, low, high)


def _kept_row(figure: str, of: str, kept: Kept) -> Line:
    return (figure, of, kept.rate, kept.kept, kept.kept + kept.broken, "", "")


def _share(share: Share) -> dict[str, Any]:
    low, high = share.interval or (None, None)
    return {"count": share.count, "of": share.of, "rate": share.rate, "low": low, "high": high}


def _times(times: Times) -> dict[str, Any]:
    return {
        "answered": len(times.seconds), "asked": times.of, "median": times.median, "p90": times.p90, "steps": list(times.steps),
    }  # fmt: skip


def _kept(kept: Kept) -> dict[str, Any]:
    return {"kept": kept.kept, "broken": kept.broken, "rate": kept.rate}


def _money(amount: Decimal) -> float:
    return float(round(amount, 2))


def _cell(value: object) -> object:
    if value is None:
        return ""
    if isinstance(value, float):
        return round(value, 6)
    if isinstance(value, str) and value.startswith(("=", "+", "-", "@", "\t", "\r")):
        return "'" + value
    return value
