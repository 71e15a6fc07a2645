"""The settings as a page: docs/settings.md is what `fubb settings` prints."""

from pathlib import Path
from typing import Any

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from desk.settings import PREFIX, ROOT, Settings

_INTRODUCTION = """\
# Settings

Every setting is an environment variable, or a line `NAME=value` in a file `.env` where Fubb is started; the environment
wins. A setting that is misspelt or cannot be used stops the start, and the message says which.

This page is made by `fubb settings > docs/settings.md`; `make test` fails when it is out of date.
"""


def settings_page() -> str:
    """All settings with their kinds, defaults and meanings, as Markdown."""
    rows = [("Name", "Kind", "Default", "Meaning"), ("---", "---", "---", "---")]
    rows += [
        (f"`{PREFIX}{name.upper()}`", _kind(field), _default(field.default), field.description or "")
        for name, field in Settings.model_fields.items()
    ]
    return _INTRODUCTION + "\n" + "\n".join(f"| {' | '.join(row)} |" for row in rows) + "\n"


def _kind(field: FieldInfo) -> str:
    names: dict[Any, str] = {
        str: "text",
        int: "whole number",
        float: "number",
        bool: "true or false",
        Path: "folder",
        SecretStr: "secret text",
    }
    return names[field.annotation]


def _default(value: object) -> str:
    if isinstance(value, SecretStr):
        value = value.get_secret_value()
    if isinstance(value, Path):
        value = value.relative_to(ROOT)
    if isinstance(value, bool):
        value = str(value).lower()
    return f"`{value}`" if str(value) else ""
