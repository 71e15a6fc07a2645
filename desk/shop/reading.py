"""Reading the shop's CSV files: cells become values, whatever cannot be read becomes a problem that says where."""

import csv
import io
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

T = TypeVar("T")
LARGEST_FILE = 50_000_000
MIDDAY = time(12, 0)
"""The hour given to something of which only the day is known."""


class Unreadable(Exception):
    """The file as a whole cannot be read; the message says why."""


@dataclass(slots=True)
class Row:
    """One line of a file. `problems` is shared by all rows of it."""

    file: str
    line: int
    cells: dict[str, str]
    problems: list[str]
    failed: bool = field(default=False)

    def problem(self, column: str, message: str) -> None:
        self.failed = True
        self.problems.append(f"{self.file} line {self.line}, column {column}: {message}")

    def text(self, column: str, *, required: bool = False, default: str = "") -> str:
        value = self.cells.get(column, "")
        if required and not value:
            self.problem(column, "is empty")
        return value or default

    def read(self, column: str, parse: Callable[[str], T], what: str, default: T) -> T:
        """The cell by `parse`; an empty one is `default`, one that fails becomes the problem "'x' is not {what}"."""
        value = self.cells.get(column, "")
        if not value:
            return default
        try:
            return parse(value)
        except (ValueError, InvalidOperation, OverflowError, ZoneInfoNotFoundError):
            self.problem(column, f"{value!r} is not {what}")
            return default

    def whole(self, column: str, *, least: int = 0, default: int = 0) -> int:
        return self.read(column, lambda v: _at_least(_whole(v), least), f"a whole number of at least {least}", default)

    def price(self, column: str) -> Decimal:
        if not self.text(column, required=True):
            return Decimal(0)
        return self.read(column, _price, "a price such as 4990 or 4990.50", Decimal(0))

    def day(self, column: str) -> date | None:
        return self.read(column, date.fromisoformat, "a day such as 2026-11-24", None)

    def day_from_now(self, column: str, today: date) -> date | None:
        """The day so many days after today."""
        return self.read(column, lambda v: today + timedelta(days=_whole(v)), "a number of days", None)

    def moment(self, column: str, zone: ZoneInfo) -> datetime | None:
        """A moment, or a day (then its midday); without an offset it is the shop's local time."""
        return self.read(column, lambda v: _moment(v, zone), "a time such as 2026-11-24 or 2026-11-24T09:30", None)

    def moment_ago(self, column: str, now: datetime, zone: ZoneInfo) -> datetime | None:
        """Midday so many days before `now` in the shop, and never after `now`."""

        def ago(value: str) -> datetime:
            day = now.astimezone(zone).date() - timedelta(days=_at_least(_whole(value), 0))
            return min(now, datetime.combine(day, MIDDAY, zone))

        return self.read(column, ago, "a number of days", None)


def read_rows(path: Path, problems: list[str]) -> tuple[list[str], list[Row]]:
    """Header and rows of a CSV file with commas or semicolons; blank lines are skipped. Raises Unreadable."""
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise Unreadable(f"{path.name} is larger than {LARGEST_FILE // 1_000_000} MB")
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise Unreadable(f"{path.name} is not UTF-8 text (save it as 'CSV UTF-8')") from error
    except OSError as error:
        raise Unreadable(f"{path.name} cannot be read: {error.strerror or error}") from error
    first = next((line for line in text.splitlines() if line.strip()), "")
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=";" if first.count(";") > first.count(",") else ",", strict=True)
    header: list[str] = []
    rows: list[Row] = []
    try:
        for cells in reader:
            stripped = [cell.strip() for cell in cells]
            if not any(stripped):
                continue
            if not header:
                header = [cell.casefold() for cell in stripped]
                continue
            if len(stripped) != len(header):
                problems.append(f"{path.name} line {reader.line_num}: {len(stripped)} cells under {len(header)} headings")
                continue
            rows.append(Row(path.name, reader.line_num, dict(zip(header, stripped, strict=True)), problems))
    except csv.Error as error:
        raise Unreadable(f"{path.name} line {reader.line_num}: {error}") from error
    if not header:
        raise Unreadable(f"{path.name} is empty")
    return header, rows


def features(value: str) -> dict[str, object]:
    """'load_kg=7; energy_class=A' as {'load_kg': 7, 'energy_class': 'A'}. Raises ValueError."""
    found: dict[str, object] = {}
    for part in filter(None, (part.strip() for part in value.split(";"))):
        name, equals, said = (piece.strip() for piece in part.partition("="))
        if not equals or not re.fullmatch(r"[a-z][a-z0-9_]*", name) or not said or name in found:
            raise ValueError(part)
        found[name] = int(said) if re.fullmatch(r"-?\d{1,9}", said, re.ASCII) else _decimal_or_text(said)
    return found


def _decimal_or_text(said: str) -> float | str:
    return float(said) if re.fullmatch(r"-?\d{1,9}\.\d{1,6}", said, re.ASCII) else said


def _whole(value: str) -> int:
    if not re.fullmatch(r"[+-]?\d{1,9}", value, re.ASCII):
        raise ValueError(value)
    return int(value)


def _at_least(number: int, least: int) -> int:
    if number < least:
        raise ValueError(number)
    return number


def _price(value: str) -> Decimal:
    plain = re.sub(r"[\s\u00a0\u202f]", "", value)
    if not re.fullmatch(r"\d{1,8}([.,]\d{1,2})?", plain, re.ASCII):
        raise ValueError(value)
    return Decimal(plain.replace(",", "."))


def _moment(value: str, zone: ZoneInfo) -> datetime:
    if len(value) == 10:
        return datetime.combine(date.fromisoformat(value), MIDDAY, zone)
    moment = datetime.fromisoformat(value)
    return moment if moment.tzinfo else moment.replace(tzinfo=zone)
