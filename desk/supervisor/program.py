"""A program to keep running."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Program:
    """A program to keep running: its name in the log, its command, where it runs, what its environment has besides ours."""

    name: str
    command: tuple[str, ...]
    folder: Path
    environment: Mapping[str, str] = field(default_factory=dict)
    noise: re.Pattern[str] | None = None  # lines not worth showing, with the indented ones below them
