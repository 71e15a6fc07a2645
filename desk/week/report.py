"""The week as text: for the terminal, for a file, for whoever reads neither pages nor consoles."""

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from desk.followups.rules import Kept
from desk.week.service import Row, Week


def closing_line(week: Week) -> str:
    """The line the week stands or falls with."""
    counted = f"{week.open_cases} open cases, {week.next_steps} next steps"
    return f"Nobody is forgotten: {counted}." if week.nobody_forgotten else f"SOMEBODY IS FORGOTTEN: {counted}."


def say_kept(kept: Kept) -> str:
    """3 of 4 kept (75 %)."""
    return "none was due" if kept.rate is None else f"{kept.kept} of {kept.kept + kept.broken} kept ({kept.rate:.0%})"


def as_text(week: Week, timezone: str) -> str:
    """The whole week in Markdown, times by the clock of `timezone`."""
    zone = ZoneInfo(timezone)

    def at(moment: datetime) -> str:
        return f"{moment.astimezone(zone):%a %-d %b %H:%M}"

    def line(row: Row) -> str:
        about = " ".join(x for x in (row.case.kind.replace("_", " "), row.product) if x)
        step = f"{row.followup.kind.replace('_', ' ')} by {row.owner}, {at(row.followup.due_at)}"
        marks = "".join(m for m, so in ((" LAPSED", row.lapsed), (" promised", row.followup.promise == "open")) if so)
        return f"- {row.case.number} {row.customer or 'not verified'} ({about}, {row.case.priority}): {step}{marks}"

    lines = [f"# Week {week.name}: {week.agent.name if week.agent else 'everybody'}", "", closing_line(week), ""]
    sections = [
        (f"Open cases ({len(week.rows)}, {week.lapsed} lapsed)", [line(r) for r in week.rows]),
        (f"Promises broken this week ({len(week.broken)})", [line(r) for r in week.broken]),
        (
            f"Customers waiting ({len(week.waiting)})",
            [f"- {w.case} {w.customer or 'not verified'}: by {at(w.answer_by)}{' LATE' if w.late else ''}" for w in week.waiting],
        ),
        (
            f"Satisfied this week ({len(week.satisfied)})",
            [f"- {c.number} {at(c.closed_at)}" for c in week.satisfied if c.closed_at],
        ),
    ]
    for title, found in sections:
        lines += [f"## {title}", "", *(found or ["- none"]), ""]
    lines += [f"Promises: {say_kept(week.kept)}.", *(f"- {name}: {say_kept(kept)}" for name, kept in week.kept_by_agent)]
    lines += [f"Surveys: {week.surveys.rated} of {week.surveys.asked} answered.", f"Held back this week: {week.held_back}.", ""]
    return "\n".join(lines)


def as_data(week: Week) -> dict[str, Any]:
    """The week for programs."""
    return {
        "week": week.name,
        "begins": week.begins.isoformat(),
        "agent": week.agent.login if week.agent else None,
        "open_cases": week.open_cases,
        "next_steps": week.next_steps,
        "nobody_forgotten": week.nobody_forgotten,
        "lapsed": week.lapsed,
        "cases": [
            {
                "number": r.case.number, "kind": r.case.kind, "state": r.case.state, "priority": r.case.priority, "owner": r.owner,
                "next": r.followup.kind, "due_at": r.followup.due_at.isoformat(), "lapsed": r.lapsed,
                "promised": r.followup.promised,
            }
            for r in week.rows
        ],
        "broken": [r.case.number for r in week.broken],
        "waiting": [w.case for w in week.waiting],
        "satisfied": [c.number for c in week.satisfied],
        "promises": {"kept": week.kept.kept, "broken": week.kept.broken},
        "surveys": {"asked": week.surveys.asked, "rated": week.surveys.rated},
    }  # fmt: skip
