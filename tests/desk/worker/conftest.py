"""A worker with a clock that the test moves."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from desk.clock import Clock
from desk.conversations.service import messages_after, open_conversation, receive_message
from desk.conversations.tables import Message
from desk.db.engine import Database
from desk.settings import Settings
from desk.words import load_words
from desk.worker.turns import TurnWorker
from desk.worker.watch import Watch
from tests.conftest import NOW
from tests.desk.worker.scripted import ScriptedBot


class HandClock(Clock):
    """Time stands still until it is moved."""

    def __init__(self, start: datetime = NOW) -> None:
        super().__init__()
        self.moment = start

    def now(self) -> datetime:
        return self.moment

    def pass_(self, **span: float) -> datetime:
        self.moment += timedelta(**span)
        return self.moment


@dataclass
class Bench:
    """A worker on a database, and short ways to talk with it."""

    database: Database
    settings: Settings = field(default_factory=lambda: Settings(secret="s"))  # type: ignore[arg-type]
    clock: HandClock = field(default_factory=HandClock)
    bot: ScriptedBot = field(default_factory=ScriptedBot)

    def worker(self, bot: ScriptedBot | None = None) -> TurnWorker:
        return TurnWorker(self.database, bot or self.bot, self.settings, self.clock, load_words())

    def watch(self) -> Watch:
        return Watch(self.database, self.settings, load_words())

    def open(self, language: str = "en") -> str:
        with self.database.writing() as session:
            return open_conversation(session, "website", language, self.clock.now())[0].id

    def write(self, conversation_id: str, text: str) -> Message:
        with self.database.writing() as session:
            return receive_message(session, conversation_id, text, self.clock.now(), text=text)

    def transcript(self, conversation_id: str) -> list[tuple[str, str]]:
        with self.database.reading() as session:
            return [(m.author, m.text) for m in messages_after(session, conversation_id, 0)]


@pytest.fixture
def bench(database: Database) -> Bench:
    return Bench(database)
