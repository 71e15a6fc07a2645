"""Every message of the console, in English: what a translator has to translate. Read from templates, code and scripts."""

import ast
from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import write_po

from desk.console.catalogues import DOMAIN, TRANSLATIONS, is_said, path_of, read_catalogue
from desk.console.names import NAMES
from desk.console.script_words import messages_of_scripts
from desk.figures.definitions import DEFINITIONS
from desk.settings import ROOT
from desk.week.report import WORDS

DESK = Path(__file__).parent.parent
TEMPLATES = DESK / "console" / "templates"
SPEAKERS = (
    "agents", "alerts", "attachments", "calendar", "canned", "cases", "console", "conversations", "figures", "followups",
    "handoffs", "notes", "shop/editing.py", "surveys", "unanswered", "week", "errors.py",
)  # fmt: skip
"""Code whose errors and words agents read on their pages."""
ERRORS = (
    "DeskError", "NotLoggedIn", "NotAllowed", "NotFound", "Conflict", "TooLarge", "WrongInput", "TooMany", "WrongAgent",
    "LoginTaken", "UnknownAgent", "WrongPeriod", "ValueError",
)  # fmt: skip
KEYWORDS = {**DEFAULT_KEYWORDS, "later": None, **dict.fromkeys(ERRORS)}
HEAD = """# Fubb's console in {name}.
# A message that is left empty is said in English. docs/translating.md says how to go on.
# When nothing is missing any more, change the next line to: State: complete
# State: begun"""


def all_messages() -> Catalog:
    """Every message, with the files it is said in."""
    catalogue = Catalog(domain=DOMAIN, project="Fubb", charset="utf-8")
    for path in sorted(TEMPLATES.glob("*.html")):
        options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false", "newstyle_gettext": "true"}
        for _, message, _, context in extract_from_file("jinja2.ext:babel_extract", path, DEFAULT_KEYWORDS, (), options):
            _add(catalogue, message, path, context)
    for path in code():
        for _, message, _, context in extract_from_file("python", path, KEYWORDS):
            _add(catalogue, message, path, context)
        for title in _titles(path):
            _add(catalogue, title, path)
    for message, scripts in messages_of_scripts().items():
        for script in scripts:
            _add(catalogue, message, script)
    for kind, names in NAMES.items():
        for name in names.values():
            _add(catalogue, name, DESK / "console" / "names.py", kind)
    for text in DEFINITIONS.values():
        _add(catalogue, text, DESK / "figures" / "definitions.py")
    for text in WORDS.values():
        _add(catalogue, text, DESK / "week" / "report.py")
    return catalogue


def renew(language: str, name: str, folder: Path = TRANSLATIONS) -> tuple[Path, int]:
    """Make a language's file, or bring it up to date: new messages empty, gone ones out. How many are empty."""
    path = path_of(language, folder)
    catalogue = read_catalogue(path, language) if path.is_file() else _new_catalogue(language, name)
    catalogue.update(all_messages(), no_fuzzy_matching=True, update_creation_date=False)
    catalogue.obsolete.clear()
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        write_po(file, catalogue, width=120, sort_by_file=True, include_lineno=False)
    return path, sum(not is_said(message) for message in catalogue if message.id)


def _new_catalogue(language: str, name: str) -> Catalog:
    return Catalog(
        language, DOMAIN, HEAD.format(name=name), project="Fubb", version="1", msgid_bugs_address="-", last_translator="-",
        language_team=name, fuzzy=False,
    )  # fmt: skip


def _add(catalogue: Catalog, message: str | tuple[str, ...], path: Path, context: str | None = None) -> None:
    if message:
        catalogue.add(message, locations=[(path.relative_to(ROOT).as_posix(), 1)], context=context)


def code() -> Iterator[Path]:
    for speaker in SPEAKERS:
        path = DESK / speaker
        yield from sorted(path.rglob("*.py")) if path.is_dir() else [path]


def _titles(path: Path) -> Iterator[str]:
    """The sentences that classes of errors stand for."""
    for made in ast.walk(ast.parse(path.read_bytes())):
        if isinstance(made, ast.ClassDef):
            for line in made.body:
                if isinstance(line, ast.Assign) and isinstance(line.targets[0], ast.Name) and line.targets[0].id == "title":
                    assert isinstance(line.value, ast.Constant)
                    yield str(line.value.value)
