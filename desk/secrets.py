"""The secret that desk, Rasa and actions share: from the settings, or made once and kept in the data folder."""

import os
import secrets
from pathlib import Path

from desk.settings import Settings

FILE_NAME = "secret"


def load_or_make_secret(settings: Settings) -> str:
    """The shared secret; at the first start a new one of 43 characters is written to the data folder (0600)."""
    given = settings.secret.get_secret_value()
    if given:
        return given
    path = settings.data_dir / FILE_NAME
    if not path.exists():
        write_private(path, secrets.token_urlsafe(32), replace=False)
    return path.read_text(encoding="utf-8").strip()


def write_private(path: Path, text: str, *, replace: bool = True) -> None:
    """Write a file that only its owner can read, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    try:
        with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as file:
            file.write(text)
            file.flush()
            os.fsync(file.fileno())
        if replace:
            draft.replace(path)
        else:
            _keep_the_first(draft, path)
    finally:
        draft.unlink(missing_ok=True)


def _keep_the_first(draft: Path, path: Path) -> None:
    """Two processes may start at once: a link, unlike a rename, fails when the other one was first."""
    try:
        os.link(draft, path)
    except FileExistsError:
        return
