"""What open pages need to know to hear only of what they show: who waits and who holds what, read once for all of them."""

import asyncio
import time
from collections import defaultdict
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from sqlalchemy import select
from sqlalchemy.orm import Session

from desk.conversations.tables import Conversation
from desk.db.engine import Database
from desk.db.events import Hub

MOST_WATCHED = 500


@dataclass(frozen=True)
class Holding:
    """Conversations that wait, and those that each agent holds."""

    waiting: frozenset[str]
    held: dict[int, frozenset[str]]

    def lists_of(self, agent_id: int) -> frozenset[str]:
        """Whose words are shown in this agent's queue and among his own."""
        return self.waiting | self.held.get(agent_id, frozenset())


class Holdings:
    """The latest reading, shared by the pages of this process."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._lock = asyncio.Lock()
        self._begun = -1.0
        self._latest: Holding | None = None

    async def since(self, moment: float) -> Holding:
        """A reading begun at `moment` (monotonic) or later: fifty pages with the same news cause one."""
        async with self._lock:
            if self._latest is None or self._begun < moment:
                begun = time.monotonic()
                self._latest = await asyncio.to_thread(self._read)
                self._begun = begun
            return self._latest

    def _read(self) -> Holding:
        with self._database.reading() as session:
            return read_holding(session)


def read_holding(session: Session) -> Holding:
    waiting = session.scalars(select(Conversation.id).where(Conversation.holder == "queue").limit(MOST_WATCHED)).all()
    held: defaultdict[int, set[str]] = defaultdict(set)
    taken = select(Conversation.agent_id, Conversation.id).where(Conversation.holder == "agent").limit(10 * MOST_WATCHED)
    for agent_id, conversation in session.execute(taken):
        held[agent_id or 0].add(conversation)
    return Holding(frozenset(waiting), {agent_id: frozenset(ids) for agent_id, ids in held.items()})


_shared: WeakKeyDictionary[Hub, tuple[asyncio.AbstractEventLoop, Holdings]] = WeakKeyDictionary()


def holdings_of(database: Database) -> Holdings:
    """The readings that the pages of this process share."""
    loop = asyncio.get_running_loop()
    known = _shared.get(database.hub)
    if known is None or known[0] is not loop:
        known = _shared[database.hub] = (loop, Holdings(database))
    return known[1]
