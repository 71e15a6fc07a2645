"""The console's languages: its catalogues, read when they are first needed, and the language that a page is said in.

English texts are the message ids. A translator's file is translations/LANGUAGE/LC_MESSAGES/console.po (docs/translating.md).
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import NullTranslations, Translations

from desk.agents.tables import Agent
from desk.conversations.languages import LANGUAGES, language_of_code

TRANSLATIONS = Path(__file__).parent / "translations"
DOMAIN = "console"
ENGLISH = "en"
COMPLETE = "State: complete"
"""A line in the head of a catalogue that says that nothing is missing in it."""
_spoken: ContextVar[str] = ContextVar("spoken", default=ENGLISH)


def path_of(language: str, folder: Path = TRANSLATIONS) -> Path:
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(path: Path, language: str) -> Catalog:
    """A translator's file. Raises PoFileError, ValueError when it cannot be read."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


def is_complete(catalogue: Catalog) -> bool:
    """Whether it says of itself that nothing is missing."""
    return any(line.strip("# ") == COMPLETE for line in catalogue.header_comment.splitlines())


@cache
def languages_offered() -> tuple[str, ...]:
    """The languages an agent may choose: English and those with a catalogue."""
    return (ENGLISH, *(language for language in LANGUAGES if path_of(language).is_file()))


@cache
def languages_complete() -> tuple[str, ...]:
    """The languages a browser gets by itself: nothing is missing in them."""
    found = (language for language in languages_offered() if language != ENGLISH)
    return (ENGLISH, *(language for language in found if is_complete(read_catalogue(path_of(language), language))))


@cache
def _translations(language: str) -> NullTranslations:
    if language not in languages_offered() or language == ENGLISH:
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, read_catalogue(path_of(language), language))
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


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
    return _translations(language()).ugettext(text) if text else ""


def translate_number(one: str, many: str, number: int) -> str:
    return _translations(language()).ungettext(one, many, number)


def translate_in(context: str, text: str) -> str:
    """A message whose English means several things: `context` says which."""
    return _translations(language()).upgettext(context, text)


def translate_number_in(context: str, one: str, many: str, number: int) -> str:
    return _translations(language()).unpgettext(context, one, many, number)


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
