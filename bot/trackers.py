"""Where Rasa keeps its conversations: its own SQL store, which need not read a whole conversation anew for every turn.

Rasa reads and rebuilds all events of a conversation at each message, and reads them again to save: half of the time of a
long conversation's turn. Here the tracker of the last turn is kept, and used again as long as the database holds nothing newer.
docs/decisions/0003-where-rasas-time-goes.md has the figures.
"""

import json
from collections import OrderedDict
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecuted, Event, SessionStarted
from rasa.shared.core.trackers import DialogueStateTracker

KEPT = 1000
"""Conversations of which the tracker is kept in memory, the latest ones."""


@dataclass(frozen=True)
class _Kept:
    tracker: DialogueStateTracker
    last_id: int


class KeepingTrackerStore(SQLTrackerStore):
    """Rasa's SQL tracker store, with the trackers of the latest turns kept. Several Rasas may share one database."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._kept: OrderedDict[str, _Kept] = OrderedDict()
        if self.engine.dialect.name == "sqlite":
            url = self.engine.url
            self.engine = sa.create_engine(url, poolclass=sa.pool.QueuePool, connect_args={"check_same_thread": False})
            sa.event.listen(self.engine, "connect", _prepare_sqlite)
            self.sessionmaker = sa.orm.session.sessionmaker(bind=self.engine)

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The conversation's tracker. One that is kept is given away: only a turn that is saved brings it back."""
        kept = self._kept.pop(sender_id, None)
        if kept is not None:
            with self.engine.connect() as connection:
                if self._last_id(connection, sender_id) == kept.last_id:
                    return kept.tracker
        tracker = await super().retrieve(sender_id)
        if tracker is not None:
            tracker.events_stored = len(tracker.events)
        return tracker

    async def create_tracker(self, sender_id: str, append_action_listen: bool = True) -> DialogueStateTracker:
        """A new tracker; unlike Rasa's, it is saved with its first turn and not before."""
        tracker = self.init_tracker(sender_id)
        if append_action_listen:
            tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
        return tracker

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Store what is new, in one transaction."""
        await self.stream_events(tracker)
        known = getattr(tracker, "events_stored", 0)
        new = list(tracker.events)[known:]
        with self.engine.begin() as connection:
            if new:
                connection.execute(sa.insert(self.SQLEvent.__table__), [_row(tracker.sender_id, event) for event in new])
            last_id = self._last_id(connection, tracker.sender_id)
        tracker.events_stored = known + len(new)
        if known and any(isinstance(event, SessionStarted) for event in new):
            return  # a new session began: read next time, it begins without what was before
        self._kept[tracker.sender_id] = _Kept(tracker, last_id)
        if len(self._kept) > KEPT:
            self._kept.popitem(last=False)

    def _last_id(self, connection: sa.engine.Connection, sender_id: str) -> int:
        events = self.SQLEvent.__table__
        return connection.scalar(sa.select(sa.func.max(events.c.id)).where(events.c.sender_id == sender_id)) or 0


def _row(sender_id: str, event: Event) -> dict[str, Any]:
    data = event.as_dict()
    return {
        "sender_id": sender_id,
        "type_name": event.type_name,
        "timestamp": data.get("timestamp"),
        "intent_name": data.get("parse_data", {}).get("intent", {}).get("name"),
        "action_name": data.get("name"),
        "data": json.dumps(data),
    }


def _prepare_sqlite(connection: Any, _record: object) -> None:
    cursor = connection.cursor()
    cursor.execute("PRAGMA journal_mode=WAL")
    cursor.execute("PRAGMA synchronous=FULL")
    cursor.close()
