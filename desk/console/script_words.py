"""The words of the pages' scripts, for a page in another language than English: each page carries them as JSON."""

from functools import cache
from pathlib import Path

from babel.messages.extract import extract_from_file

from desk.console.catalogues import ENGLISH
from desk.console.translating import language, translate

STATIC = Path(__file__).parent / "static"


@cache
def messages_of_scripts() -> dict[str, list[Path]]:
    """What is said in `say("...")` in a script, and where."""
    found: dict[str, list[Path]] = {}
    for script in sorted(STATIC.glob("*.js")):
        for _, message, _, _ in extract_from_file("javascript", script, keywords={"say": None}):
            found.setdefault(str(message), []).append(script)
    return found


def words_of_scripts() -> dict[str, str]:
    """Each message in the page's language; none in English, which the scripts speak by themselves."""
    return {} if language() == ENGLISH else _words_in(language())


@cache
def _words_in(_: str) -> dict[str, str]:
    return {message: translate(message) for message in messages_of_scripts()}
