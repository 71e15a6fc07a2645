"""The worker's loop: answers waiting messages as they come, and looks after what time brings."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from desk.db.events import wait_for_news
from desk.parts import Parts
from desk.week.monday import write_the_week_if_it_has_begun
from desk.worker.bot import Bot, BotUnavailable
from desk.worker.claims import release_all_claims
from desk.worker.turns import Answered, Claimed, TurnWorker
from desk.worker.watch import Watch

logger = logging.getLogger(__name__)
POLL = 0.5
"""Seconds between looks at the database when no news come."""


async def run_worker(parts: Parts, bot: Bot) -> None:
    """Run until cancelled."""
    if parts.database.is_sqlite:  # one desk at a time on SQLite: claims from before are of the dead
        await asyncio.to_thread(_release, parts)
    worker = TurnWorker(parts.database, bot, parts.settings, parts.clock, parts.words)
    watch = Watch(parts.database, parts.settings, parts.words)
    async with asyncio.TaskGroup() as group:
        group.create_task(_dispatch(parts, worker, group))
        group.create_task(_watch_for_ever(parts, watch))


async def _dispatch(parts: Parts, worker: TurnWorker, group: asyncio.TaskGroup) -> None:
    """Settle what was answered and claim what waits, so many at once as the settings say; claimed ones are asked side by side."""
    answered: list[Answered] = []
    under_way: set[str] = set()
    async with parts.database.hub.listen("work") as news:
        expected = False
        while True:
            settling, answered[:] = list(answered), []
            try:
                claimed = await worker.settle_and_claim(settling, parts.settings.workers - len(under_way), expected)
            except SQLAlchemyError:
                logger.exception("the database failed; claims run out and messages are taken again")
                claimed = []
                await asyncio.sleep(POLL)
            for each in claimed:
                under_way.add(each.claim.message_id)
                group.create_task(_ask(parts, worker, each, answered, under_way))
            expected = False
            if not answered:
                came = await wait_for_news(news, POLL)
                expected = came is not None and came[1] != ""


async def _ask(parts: Parts, worker: TurnWorker, claimed: Claimed, answered: list[Answered], under_way: set[str]) -> None:
    """Ask the bot; what it came to is settled by the dispatcher."""
    asked = await worker.ask(claimed)
    answered.append(asked)
    if isinstance(asked.outcome, BotUnavailable) and asked.outcome.unreachable:
        parts.database.hub.publish("work")
        await asyncio.sleep(POLL)  # its place stays taken: while nobody answers, few are sent
    under_way.discard(claimed.claim.message_id)
    parts.database.hub.publish("work")


async def _watch_for_ever(parts: Parts, watch: Watch) -> None:
    while True:
        try:
            now = parts.clock.now()
            done = await asyncio.to_thread(watch.step, now)
            await asyncio.to_thread(write_the_week_if_it_has_begun, parts.database, parts.settings, now)
        except SQLAlchemyError:
            logger.exception("the database failed; looked again in a moment")
            done = 0
        await asyncio.sleep(0.02 if done else POLL)  # more may be due than one look takes


def _release(parts: Parts) -> None:
    with parts.database.writing() as session:
        release_all_claims(session)
