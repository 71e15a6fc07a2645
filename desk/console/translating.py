"""The language that a page is said in, and saying things in it."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar

from desk.agents.tables import Agent
from desk.console.catalogues import ENGLISH, languages_complete, languages_offered, translations_of
from desk.conversations.languages import language_of_code

_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def language_of_browser(accepts: str) -> str:
    """The first language of an Accept-Language header that the console speaks; English when there is none."""
    wanted: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepts[:500].split(",")):
        code, _, weight = part.partition(";")
        language, weight = language_of_code(code), weight.strip().removeprefix("q=")
        if language in languages_complete():
            known = float(weight) if weight.replace(".", "", 1).isdecimal() else 1.0
            wanted.append((-known, place, language or ENGLISH))
    return min((w for w in wanted if w[0] < 0), default=(0, 0, ENGLISH))[2]


def language() -> str:
    """The language that is spoken now."""
    return _spoken.get()


def speak(wanted: str) -> None:
    """From here on this request is answered in a language."""
    _spoken.set(wanted)


def language_of(agent: Agent | None) -> str:
    """The language the agent chose; without a choice that of his browser, which is spoken already."""
    return agent.console_language if agent and agent.console_language in languages_offered() else language()


@contextmanager
def spoken_to(agent: Agent | None) -> Iterator[None]:
    """What is said within is said in this agent's language."""
    before = _spoken.set(language_of(agent))
    try:
        yield
    finally:
        _spoken.reset(before)


def translate(text: str) -> str:
    """A message as it stands, its places not filled."""
    return translations_of(language()).ugettext(text) if text else ""


def translate_number(one: str, many: str, number: int) -> str:
    return translations_of(language()).ungettext(one, many, number)


def translate_in(context: str, text: str) -> str:
    """A message whose English means several things: `context` says which."""
    return translations_of(language()).upgettext(context, text)


def translate_number_in(context: str, one: str, many: str, number: int) -> str:
    return translations_of(language()).unpgettext(context, one, many, number)


def gettext(text: str, **values: object) -> str:
    """A message with its places filled: `gettext("Wait %(n)s min.", n=4)`. %% is a percent sign."""
    return translate(text) % values


def ngettext(one: str, many: str, number: int, **values: object) -> str:
    return translate_number(one, many, number) % {"num": number, **values}


def pgettext(context: str, text: str, **values: object) -> str:
    return translate_in(context, text) % values


def fill(text: str, values: Mapping[str, object]) -> str:
    """A text that is only known when it is shown, such as an error's; without values it is taken as it is."""
    return translate(text) % values if values else translate(text)


def later(text: str) -> str:
    """Marks a text that is translated where it is shown."""
    return text
