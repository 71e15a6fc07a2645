"""The worker's loop: answers waiting messages as they come, and looks after what time brings."""

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from desk.parts import Parts
from desk.worker.bot import Bot
from desk.worker.claims import release_all_claims
from desk.worker.turns import TurnWorker
from desk.worker.watch import Watch

logger = logging.getLogger(__name__)
POLL = 0.5
"""Seconds between looks at the database when no news come."""


async def run_worker(parts: Parts, bot: Bot) -> None:
    """Run until cancelled."""
    if parts.database.is_sqlite:  # one desk at a time on SQLite: claims from before are of the dead
        await asyncio.to_thread(_release, parts)
    worker = TurnWorker(parts.database, bot, parts.settings, parts.clock)
    watch = Watch(parts.database, parts.settings, parts.words)
    async with asyncio.TaskGroup() as group:
        for _ in range(parts.settings.workers):
            group.create_task(_answer_for_ever(parts, worker))
        group.create_task(_watch_for_ever(parts, watch))


async def _answer_for_ever(parts: Parts, worker: TurnWorker) -> None:
    async with parts.database.hub.listen("work") as news:
        while True:
            try:
                if await worker.answer_one():
                    continue
            except SQLAlchemyError:
                logger.exception("the database failed; the claim runs out and the message is taken again")
                await asyncio.sleep(1.0)
            try:
                await asyncio.wait_for(news.get(), POLL)
            except TimeoutError:
                continue


async def _watch_for_ever(parts: Parts, watch: Watch) -> None:
    while True:
        try:
            await asyncio.to_thread(watch.step, parts.clock.now())
        except SQLAlchemyError:
            logger.exception("the database failed; looked again in a moment")
        await asyncio.sleep(POLL)


def _release(parts: Parts) -> None:
    with parts.database.writing() as session:
        release_all_claims(session)
