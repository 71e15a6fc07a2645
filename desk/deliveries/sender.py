"""Sends what is due on one channel. Claim, send, settle:

1. Claim the oldest unsettled delivery of each address (lease, fence); commit.
2. Send one part of each, side by side, outside any transaction.
3. Settle what became of it. A part that may have arrived is sent again and counted as uncertain: at least once, on record.
"""

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from desk.clock import Clock
from desk.customers.identities import end_identity, move_identity
from desk.db.engine import Database
from desk.db.events import wait_for_news
from desk.deliveries.channel import AddressGone, AddressMoved, Channel, NotSent, Refused, SendError, Sent, Uncertain
from desk.deliveries.service import (
    ClaimedSend,
    claim_sends,
    release_all_sends,
    sends_are_due,
    settle_not_sent,
    settle_refused,
    settle_sent,
)

logger = logging.getLogger(__name__)
PLACES = 64
"""Sends under way at once."""
LEASE = timedelta(seconds=90)
"""Longer than any send with its waiting for its turn."""
POLL = 0.25
"""Seconds between looks at the database when no news come."""

WhenGone = Callable[[Session, str, str, datetime], None]
"""Told in the same transaction: the conversation whose customer cannot be reached there any more, and why."""


class Sender:
    """The one sender of a channel."""

    def __init__(self, database: Database, channel: Channel, clock: Clock, when_gone: WhenGone) -> None:
        self._database = database
        self._channel = channel
        self._now = clock.now
        self._when_gone = when_gone
        self._outcomes: list[tuple[ClaimedSend, Sent | SendError]] = []

    async def run(self) -> None:
        """Send until cancelled. Claims from before are of the dead: this is the only sender."""
        await asyncio.to_thread(self._release)
        under_way: set[asyncio.Task[None]] = set()
        async with self._database.hub.listen("deliveries") as news:
            try:
                while True:
                    for send in await self._settle_and_claim(PLACES - len(under_way)):
                        task = asyncio.create_task(self._send(send))
                        under_way.add(task)
                        task.add_done_callback(under_way.discard)
                    if not self._outcomes:
                        await wait_for_news(news, POLL)
            finally:
                for task in under_way:
                    task.cancel()
                await asyncio.gather(*under_way, return_exceptions=True)
                await self._settle_and_claim(0)

    async def _settle_and_claim(self, places: int) -> list[ClaimedSend]:
        """One transaction for all that has come of sends meanwhile, and for what is due next."""
        outcomes, self._outcomes = self._outcomes, []
        try:
            return await asyncio.to_thread(self._settle_and_claim_due, outcomes, places)
        except SQLAlchemyError:
            logger.exception("the database failed; looked again in a moment")
            self._outcomes = outcomes + self._outcomes
            await asyncio.sleep(POLL)
            return []

    async def _send(self, send: ClaimedSend) -> None:
        try:
            outcome: Sent | SendError = await self._channel.send(send.outgoing)
        except SendError as error:
            outcome = error
            logger.info("delivery %s: %s: %s", send.outgoing.delivery_id, type(error).__name__, error)
        except Exception as error:  # a fault of ours: this message must not hold up those behind it
            logger.exception("delivery %s failed", send.outgoing.delivery_id)
            outcome = Refused(f"{type(error).__name__}: {error}")
        self._outcomes.append((send, outcome))
        self._database.hub.publish("deliveries", self._channel.name)

    def _release(self) -> None:
        with self._database.writing() as session:
            release_all_sends(session, self._channel.name)

    def _settle_and_claim_due(self, outcomes: list[tuple[ClaimedSend, Sent | SendError]], places: int) -> list[ClaimedSend]:
        now = self._now()
        if not outcomes:
            with self._database.reading() as session:  # an idle sender takes no write lock
                if places <= 0 or not sends_are_due(session, self._channel.name, now):
                    return []
        with self._database.writing() as session:
            for send, outcome in outcomes:
                self._settle(session, send, outcome, now)
            session.flush()
            return claim_sends(session, self._channel.name, now, LEASE, places) if places > 0 else []

    def _settle(self, session: Session, send: ClaimedSend, outcome: Sent | SendError, now: datetime) -> None:
        match outcome:
            case Sent(reference, is_last):
                settle_sent(session, send, reference, is_last, now)
            case NotSent():
                settle_not_sent(session, send, str(outcome), now, outcome.after, uncertain=False)
            case Uncertain():
                settle_not_sent(session, send, str(outcome), now, None, uncertain=True)
            case AddressMoved():
                if move_identity(session, self._channel.name, send.outgoing.address, outcome.to):
                    settle_not_sent(session, send, str(outcome), now, 0, uncertain=False)
                else:  # he has written from there already: what is new to say goes there
                    settle_refused(session, send, str(outcome), now)
                    end_identity(session, self._channel.name, send.outgoing.address, str(outcome), now)
            case AddressGone():
                settle_refused(session, send, str(outcome), now)
                end_identity(session, self._channel.name, send.outgoing.address, str(outcome), now)
                self._when_gone(session, send.outgoing.conversation_id, str(outcome), now)
            case Refused():
                logger.error("message %s was refused: %s", send.outgoing.message_id, outcome)
                settle_refused(session, send, str(outcome), now)
