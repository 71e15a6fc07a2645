"""Reading YAML strictly: a key written twice is an error, not a silent loss."""

from pathlib import Path
from typing import Any

import yaml


class _StrictLoader(yaml.CSafeLoader):
    """Refuses repeated keys."""


def _mapping(loader: _StrictLoader, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
    seen: set[Any] = set()
    for key_node, _ in node.value:
        key = loader.construct_object(key_node, deep=True)
        if key in seen:
            raise yaml.constructor.ConstructorError(None, None, f"'{key}' is there twice", key_node.start_mark)
        seen.add(key)
    return yaml.SafeLoader.construct_mapping(loader, node, deep)


_StrictLoader.add_constructor(yaml.resolver.BaseResolver.DEFAULT_MAPPING_TAG, _mapping)


class Unreadable(Exception):
    """Not YAML; the message says what and in which line."""


def read_yaml(path: Path) -> Any:
    """The content of a YAML file; None when it is empty. Raises Unreadable."""
    try:
        return parse_yaml(path.read_text(encoding="utf-8"))
    except UnicodeDecodeError as error:
        raise Unreadable(f"is not UTF-8 (byte {error.start})") from error


def parse_yaml(text: str) -> Any:
    """The same of a text."""
    try:
        return yaml.load(text, _StrictLoader)  # noqa: S506 (a safe loader, made stricter)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise Unreadable(f"line {line}: {error.problem or 'is not YAML'}") from error
    except yaml.YAMLError as error:
        raise Unreadable(f"is not YAML ({error})") from error
