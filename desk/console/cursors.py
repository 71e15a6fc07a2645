"""Cursors of paged lists: the place of the last row, opaque to the reader."""

import binascii
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime

from desk.errors import WrongInput

NO_MOMENT = "A time looks like 2026-11-18T09:00:00Z, with its zone."
EARLIEST, LATEST = datetime(1970, 1, 1, tzinfo=UTC), datetime(2200, 1, 1, tzinfo=UTC)


def write_cursor(*place: object) -> str:
    return urlsafe_b64encode("~".join(str(p) for p in place).encode()).decode().rstrip("=")


def read_time_cursor(cursor: str) -> tuple[datetime, str]:
    """A moment and an id; raises WrongInput."""
    moment, _, identifier = _read(cursor).partition("~")
    if not identifier:
        raise WrongInput("The cursor is not one of this list.")
    return read_moment(moment, "The cursor is not one of this list."), identifier


def read_number_cursor(cursor: str) -> int:
    """A number; raises WrongInput."""
    place = _read(cursor)
    if not (place.isdecimal() and len(place) < 10):
        raise WrongInput("The cursor is not one of this list.")
    return int(place)


def read_moment(text: str, otherwise: str = NO_MOMENT) -> datetime:
    """An ISO 8601 time with its zone; raises WrongInput."""
    try:
        moment = datetime.fromisoformat(text.strip().replace(" ", "+"))  # a "+" that the sender did not encode
        if moment.tzinfo is not None and EARLIEST <= moment <= LATEST:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise WrongInput(otherwise)


def _read(cursor: str) -> str:
    try:
        place = urlsafe_b64decode(cursor.encode("ascii") + b"=" * (-len(cursor) % 4)).decode("ascii")
    except (ValueError, binascii.Error) as error:
        raise WrongInput("The cursor is not one of this list.") from error
    if not place.isprintable() or len(place) > 200:
        raise WrongInput("The cursor is not one of this list.")
    return place
