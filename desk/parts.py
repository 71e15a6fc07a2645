"""What the routes work with, made once at the start and kept on `app.state`."""

import asyncio
from dataclasses import dataclass, field

from starlette.requests import HTTPConnection

from desk.clock import Clock
from desk.db.engine import Database
from desk.limits import Pace
from desk.settings import Settings
from desk.words import Words


@dataclass
class Parts:
    """The desk's parts."""

    settings: Settings
    database: Database
    clock: Clock
    words: Words
    session_pace: Pace
    stopping: asyncio.Event = field(default_factory=asyncio.Event)


def parts_of(connection: HTTPConnection) -> Parts:
    """The parts of the app that this request came to."""
    parts: Parts = connection.app.state.parts
    return parts
