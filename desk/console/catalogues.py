"""The console's catalogues: a translator's file for each language, read at the start, no build step between.

English texts are the message ids. The file is translations/LANGUAGE/LC_MESSAGES/console.po (docs/translating.md).
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileError, read_po
from babel.support import NullTranslations, Translations

from desk.conversations.languages import LANGUAGES

logger = logging.getLogger(__name__)
TRANSLATIONS = Path(__file__).parent / "translations"
DOMAIN = "console"
ENGLISH = "en"
COMPLETE = "State: complete"
"""A line in the head of a catalogue that says that nothing is missing in it."""
_FIXED = re.compile(r"%\(\w+\)s|<[^<>]*>|{\w+}")
"""What a translation has as the English has it: places to fill, markup, fields of canned replies."""


def path_of(language: str, folder: Path = TRANSLATIONS) -> Path:
    return folder / language / "LC_MESSAGES" / f"{DOMAIN}.po"


def read_catalogue(path: Path, language: str) -> Catalog:
    """A translator's file. Raises PoFileError, ValueError when it cannot be read."""
    with path.open("rb") as file:
        return read_po(file, locale=language, domain=DOMAIN, abort_invalid=True)


def is_complete(catalogue: Catalog) -> bool:
    """Whether it says of itself that nothing is missing."""
    return any(line.strip("# ") == COMPLETE for line in catalogue.header_comment.splitlines())


def is_said(message: Message) -> bool:
    """Whether it is translated, in all its plural forms."""
    said = message.string
    return bool(said) and (isinstance(said, str) or all(said or ()))


def differences(message: Message) -> Iterator[str]:
    """How a translation differs from the English where it must not. A plural form may leave a place out: "one minute"."""
    ours = [message.id] if isinstance(message.id, str) else list(message.id)
    theirs = [message.string] if isinstance(message.string, str) else list(message.string or ())
    wanted = Counter(_FIXED.findall(ours[-1]))
    for said in theirs:
        has = Counter(_FIXED.findall(said))
        if lost := sorted((wanted - has).keys()) if len(ours) == 1 else []:
            yield f"lacks {', '.join(lost)}"
        if more := sorted((has - wanted).keys()):
            yield f"has {', '.join(more)}, which the English does not have"
        if re.search(r"%(?!\(\w+\)s)", said.replace("%%", "")):
            yield "has a single %: write %%"


@cache
def catalogues() -> dict[str, Catalog]:
    """Every language's catalogue. One that cannot be read is left out, and a message that is wrong is said in English."""
    found = {}
    for language in LANGUAGES:
        path = path_of(language)
        if path.is_file():
            try:
                found[language] = _without_mistakes(read_catalogue(path, language))
            except (PoFileError, ValueError) as error:
                logger.error("The console does not speak %s: %s: %s", language, path, error)
    return found


@cache
def translations_of(language: str) -> NullTranslations:
    """What says a message in a language; English for one without a catalogue."""
    if language not in catalogues():
        return NullTranslations()
    compiled = BytesIO()
    write_mo(compiled, catalogues()[language])
    compiled.seek(0)
    return Translations(compiled, domain=DOMAIN)


def languages_offered() -> tuple[str, ...]:
    """The languages an agent may choose: English and those with a catalogue."""
    return (ENGLISH, *catalogues())


@cache
def languages_complete() -> tuple[str, ...]:
    """The languages a browser gets by itself: nothing is missing in them."""
    return (ENGLISH, *(language for language, catalogue in catalogues().items() if is_complete(catalogue)))


def _without_mistakes(catalogue: Catalog) -> Catalog:
    for message in catalogue:
        if message.id and any(differences(message)):
            message.string = "" if isinstance(message.id, str) else ("",) * catalogue.num_plurals
    return catalogue
