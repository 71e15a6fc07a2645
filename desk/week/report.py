"""The week as text: for the terminal, for a file, for whoever reads neither pages nor consoles."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from desk.followups.rules import Kept
from desk.week.service import Row, Waiting, Week

WORDS = {
    "everybody": "everybody",
    "closing": "Nobody is forgotten: %(open)s open cases, %(steps)s next steps.",
    "forgotten": "SOMEBODY IS FORGOTTEN: %(open)s open cases, %(steps)s next steps.",
    "head": "Week %(week)s: %(whose)s",
    "open": "Open cases (%(number)s, %(lapsed)s lapsed)",
    "broken": "Promises broken this week (%(number)s)",
    "waiting": "Customers waiting (%(number)s)",
    "satisfied": "Satisfied this week (%(number)s)",
    "case": "%(case)s %(customer)s (%(about)s, %(priority)s): %(step)s by %(owner)s, %(at)s",
    "wait": "%(case)s %(customer)s: by %(at)s",
    "not verified": "not verified",
    "lapsed": "LAPSED",
    "promised": "promised",
    "late": "LATE",
    "none": "none",
    "promises": "Promises: %(kept)s.",
    "no promise": "none was due",
    "kept": "%(number)s of %(all)s kept (%(rate)s%%)",
    "surveys": "Surveys: %(rated)s of %(asked)s answered.",
    "held": "Held back this week: %(number)s.",
}
"""What the text says, its places to be filled."""


def closing_line(week: Week) -> str:
    """The line the week stands or falls with, in English: it is stored, and retold on the page."""
    said = WORDS["closing" if week.nobody_forgotten else "forgotten"]
    return said % {"open": week.open_cases, "steps": week.next_steps}


def _english_time(moment: datetime, zone: str) -> str:
    return f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b %H:%M}"


def _english_name(code: str, kind: str) -> str:
    return code.replace("_", " ")


@dataclass(frozen=True)
class Speech:
    """How a text is said: its sentences, the names of codes of a kind, times by a clock. English by itself."""

    translate: Callable[[str], str] = str
    named: Callable[[str, str], str] = _english_name
    at: Callable[[datetime, str], str] = _english_time

    def __call__(self, name: str, **values: object) -> str:
        return self.translate(WORDS[name]) % values


def as_text(week: Week, timezone: str, say: Speech = Speech()) -> str:
    """The whole week in Markdown, times by the clock of `timezone`."""

    def line(row: Row) -> str:
        about = " ".join(x for x in (say.named(row.case.kind, "case kind"), row.product) if x)
        said = say(
            "case", case=row.case.number, customer=row.customer or say("not verified"), about=about,
            priority=say.named(row.case.priority, "priority"), step=say.named(row.followup.kind, "follow-up"),
            owner=say.named(row.owner, "owner"), at=say.at(row.followup.due_at, timezone),
        )  # fmt: skip
        marks = [mark for mark, so in (("lapsed", row.lapsed), ("promised", row.followup.promise == "open")) if so]
        return " ".join([f"- {said}", *(say(mark) for mark in marks)])

    def wait(w: Waiting) -> str:
        said = say("wait", case=w.case, customer=w.customer or say("not verified"), at=say.at(w.answer_by, timezone))
        return f"- {said}{' ' + say('late') if w.late else ''}"

    def kept(of: Kept) -> str:
        if of.rate is None:
            return say("no promise")
        return say("kept", number=of.kept, all=of.kept + of.broken, rate=f"{of.rate * 100:.0f}")

    closing = "closing" if week.nobody_forgotten else "forgotten"
    head = say("head", week=week.name, whose=week.agent.name if week.agent else say("everybody"))
    lines = [f"# {head}", "", say(closing, open=week.open_cases, steps=week.next_steps), ""]
    satisfied = [f"- {c.number} {say.at(c.closed_at, timezone)}" for c in week.satisfied if c.closed_at]
    sections = [
        (say("open", number=len(week.rows), lapsed=week.lapsed), [line(r) for r in week.rows]),
        (say("broken", number=len(week.broken)), [line(r) for r in week.broken]),
        (say("waiting", number=len(week.waiting)), [wait(w) for w in week.waiting]),
        (say("satisfied", number=len(week.satisfied)), satisfied),
    ]
    for title, found in sections:
        lines += [f"## {title}", "", *(found or [f"- {say('none')}"]), ""]
    lines += [say("promises", kept=kept(week.kept))]
    lines += [f"- {say.named(name, 'owner')}: {kept(its)}" for name, its in week.kept_by_agent]
    lines += [say("surveys", rated=week.surveys.rated, asked=week.surveys.asked), say("held", number=week.held_back), ""]
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
