"""Lines that the desk wrote down in English (why a follow-up is there, what a hand-off is about), said in the page's language.

A line is known by its English message, whose places fit any words; what is not known is shown as it was written.
"""

import re
from collections.abc import Callable
from functools import cache

from desk.console.names import named
from desk.console.translating import later, translate

LINES = (
    later("new %(case_kind)s: make sure that it goes forward"),
    later("decide what becomes of this idea; the customer will be told"),
    later("call the customer, as promised"),
    later("ask how the remedy went"),
    later("ask the customer, after: %(words)s"),
    later("tell the customer what was decided"),
    later("he declined the remedies: find a better one with him"),
    later("decide about the remedy he wishes for, and tell him"),
    later("the customer says it is not solved"),
    later("day %(number)s after the delivery: is all well?"),
    later("no word yet: ask again, day %(number)s after the delivery"),
    later("no word yet: ask once more"),
    later("no word after %(number)s check-ins: call the customer"),
    later("he was not reached: call once more"),
    later("neither questions nor calls reach him: try another way, or close the case without his word and answer for it"),
    later("ask how it was"),
    later("the last word: is all still well?"),
    later("the call before was missed: call at the new time"),
    later("a promise was broken: answer the customer by the new time"),
    later("a promise was broken, and he wants no messages: call him"),
    later("he wants no messages: decide how to follow up"),
    later("ask the customer how it went (you hold the conversation)"),
    later("his messages do not arrive any more (%(unreachable)s): reach him by phone or e-mail"),
    later("Case %(case)s (%(case_kind)s), %(priority)s priority."),
    later("About: %(product)s, order %(order)s."),
    later("About: order %(order)s."),
    later("About: %(product)s."),
    later("Remedies: %(remedies)s."),
    later("Agreed before: “%(words)s”"),
    later("It began with: “%(words)s”"),
    later("Last words: “%(words)s”"),
    later("Nobody is forgotten: %(open)s open cases, %(steps)s next steps."),
    later("SOMEBODY IS FORGOTTEN: %(open)s open cases, %(steps)s next steps."),
)


def _remedies(listed: str) -> str:
    """'refund (offered), repair (done)'."""
    parts = (part.rstrip(")").split(" (", 1) for part in listed.split(", "))
    return ", ".join(f"{named(kind, 'remedy').lower()} ({named(state, 'remedy state')})" for kind, state in parts)


def _code(kind: str) -> Callable[[str], str]:
    return lambda said: named(said.replace(" ", "_"), kind).lower()


_SAY: dict[str, Callable[[str], str]] = {
    "case_kind": _code("case kind"),
    "priority": _code("priority"),
    "unreachable": lambda why: named(why, "unreachable"),
    "remedies": _remedies,
}
"""How a place is said whose words are ours too; all others are customers' words, names and numbers."""


@cache
def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    """Each message with what its lines look like."""
    place = re.compile(r"%\\\((\w+)\\\)s")  # as re.escape leaves it
    found = []
    for line in LINES:
        pattern = place.sub(lambda m: f"(?P<{m[1]}>{'[0-9]+' if m[1] == 'number' else '.+'})", re.escape(line))
        found.append((line, re.compile(pattern, re.DOTALL)))
    return found


def retell_summary(summary: str) -> list[str]:
    """A hand-off's summary; why it was asked for stands above it already."""
    lines = summary.splitlines()
    return [retell(line.partition(". ")[2] if line.startswith("Why: ") and ". " in line else line) for line in lines]


def retell(line: str) -> str:
    """A stored line in the page's language."""
    for message, pattern in _patterns():
        match = pattern.fullmatch(line)
        if match:
            return translate(message) % {name: _SAY.get(name, str)(said) for name, said in match.groupdict().items()}
    return line
