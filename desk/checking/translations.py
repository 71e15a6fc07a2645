"""Are the console's catalogues right? Readable, complete where they say so, with the places and the markup of the English."""

from collections.abc import Iterator
from pathlib import Path

from babel.messages import Catalog, Message
from babel.messages.pofile import PoFileError

from desk.console.catalogues import differences, is_complete, is_said, path_of, read_catalogue
from desk.console.messages import all_messages
from desk.conversations.languages import LANGUAGES

FOLDER = "desk/console/translations"


def translation_problems(root: Path) -> Iterator[str]:
    """Every problem of the catalogues, as `file: what`."""
    folders = sorted(path for path in (root / FOLDER).glob("*") if path.is_dir())
    wanted = all_messages() if folders else Catalog()
    for folder in folders:
        file = path_of(folder.name, folder.parent)
        name = file.relative_to(root).as_posix()
        if folder.name not in LANGUAGES[1:]:
            yield f"{FOLDER}/{folder.name}: is none of {', '.join(LANGUAGES[1:])}"
        elif not file.is_file():
            yield f"{name}: is missing"
        else:
            yield from (f"{name}: {problem}" for problem in _problems(file, folder.name, wanted))


def _problems(file: Path, language: str, wanted: Catalog) -> Iterator[str]:
    try:
        catalogue = read_catalogue(file, language)
    except (PoFileError, ValueError) as error:
        yield f"cannot be read: {error}"
        return
    renew = f"`fubb translate {language}`"
    for message in catalogue:
        if message.id and _found(wanted, message) is None:
            yield f"{_name(message)} is said nowhere any more: {renew} takes it out"
        elif message.id and is_said(message):
            yield from (f"{_name(message)}: {problem}" for problem in differences(message))
    if not is_complete(catalogue):
        return
    for message in wanted:
        found = _found(catalogue, message) if message.id else message
        if found is None:
            yield f"{_name(message)} is missing: {renew} puts it in"
        elif message.id and not is_said(found):
            yield f"{_name(message)} is not translated"


def _found(catalogue: Catalog, message: Message) -> Message | None:
    return catalogue.get(message.id if isinstance(message.id, str) else message.id[0], message.context)


def _name(message: Message) -> str:
    text = message.id if isinstance(message.id, str) else message.id[0]
    return f"“{text if len(text) <= 60 else text[:59] + '…'}”" + (f" ({message.context})" if message.context else "")
