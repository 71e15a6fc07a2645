"""Gets Telegram's updates and takes them in.

1. Ask for news (long poll), or be called (webhook).
2. Store the batch; commit. Only then the offset moves: a batch that was not stored comes again.
3. Take in what is stored, in the order in which it came, if it goes in the same transaction: one commit for a batch. What
   fails is tried again; it does not stop other chats.
"""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy.exc import OperationalError, SQLAlchemyError
from sqlalchemy.orm import Session
from telegram import Bot, Update
from telegram.error import BadRequest, Conflict, RetryAfter, TelegramError

from desk.channels.telegram.channel import seconds_of
from desk.channels.telegram.fetching import Fetcher
from desk.channels.telegram.inbox import forget_old_updates, settle_update, store_updates, try_update_later, waiting_updates
from desk.channels.telegram.intake import AnswerPress, Effect, RemoveKeyboard, take_in
from desk.channels.telegram.reading import File, Incoming, read_update
from desk.channels.telegram.tables import TelegramUpdate
from desk.channels.telegram.talk import Desk
from desk.clock import Clock
from desk.db.engine import Database
from desk.db.events import wait_for_news

logger = logging.getLogger(__name__)
KINDS = ["message", "edited_message", "callback_query", "my_chat_member"]
BATCH = 100
LOOKED_AT = 1000
"""Waiting updates looked at for a batch: a chat that waits for its files does not hold up others."""
LONG_POLL = 25
FORGET_OFFSET_AFTER = 3600.0
"""After a quiet week Telegram numbers anew, maybe lower: after a quiet hour we ask for whatever there is."""
FORGET_EVERY = 3600.0
POLL = 0.5
GATHER = 0.1
"""Seconds between questions while updates come: they come in batches then, and a batch is one commit."""


@dataclass
class Batch:
    """What came of taking in: the updates done, files to be fetched first, things to be told to Telegram."""

    done: list[int] = field(default_factory=list)
    wanted: list[tuple[int, File]] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)


@dataclass
class Receiver:
    """The one receiver of a bot."""

    database: Database
    bot: Bot
    fetcher: Fetcher
    clock: Clock
    desk: Desk
    long_poll: int = LONG_POLL
    _one_at_a_time: asyncio.Lock = field(default_factory=asyncio.Lock)
    _effects: asyncio.Queue[Effect] = field(default_factory=asyncio.Queue)

    async def poll(self) -> None:
        """Ask for updates until cancelled."""
        loop = asyncio.get_running_loop()
        offset, since, failures = None, loop.time(), 0
        while True:
            asked = loop.time()
            try:
                updates = await self.bot.get_updates(
                    offset=offset, timeout=self.long_poll, allowed_updates=KINDS, read_timeout=self.long_poll + 5
                )
                await self.store([u.to_dict() for u in updates])
            except (TelegramError, SQLAlchemyError) as error:
                failures += 1
                await asyncio.sleep(_pause_after(error, failures))
                continue
            failures = 0
            if updates:  # stored and committed: from now on Telegram may forget them
                offset, since = updates[-1].update_id + 1, loop.time()
                if len(updates) < BATCH:
                    await asyncio.sleep(asked + GATHER - loop.time())
            elif loop.time() - since > FORGET_OFFSET_AFTER:
                offset, since = None, loop.time()

    async def store(self, bodies: Sequence[dict[str, Any]]) -> None:
        """Store a batch, take it in if that goes, and commit."""
        if not bodies:
            return
        async with self._one_at_a_time:
            try:
                batch = await asyncio.to_thread(self._take_in_batch, bodies)
            except Exception:  # what cannot be taken in must be stored all the same
                logger.exception("a batch could not be taken in at once")
                await asyncio.to_thread(self._store, bodies)
                return
        self._follow_up(batch)

    async def take_in_for_ever(self) -> None:
        """Take in what is stored and was not taken in at once, until cancelled."""
        async with self.database.hub.listen("telegram_updates") as news:
            forgot = 0.0
            while True:
                try:
                    done = await self.take_in_some()
                    if asyncio.get_running_loop().time() - forgot > FORGET_EVERY:
                        forgot = asyncio.get_running_loop().time()
                        await asyncio.to_thread(self._forget)
                except SQLAlchemyError:
                    logger.exception("the database failed; looked again in a moment")
                    done = 0
                if done < BATCH:
                    await wait_for_news(news, POLL)

    async def take_in_some(self) -> int:
        """Take in up to a batch of stored updates; how many there were."""
        async with self._one_at_a_time:
            batch = await asyncio.to_thread(self._take_in_batch)
        self._follow_up(batch)
        return len(batch.done)

    async def tell_telegram(self) -> None:
        """Do what taking in asks of Telegram, until cancelled."""
        async with asyncio.TaskGroup() as group:
            while True:
                group.create_task(self._do(await self._effects.get()))

    def _follow_up(self, batch: Batch) -> None:
        for update_id in batch.done:
            self.fetcher.forget(update_id)
        for update_id, file in batch.wanted:
            self.fetcher.want(update_id, file)
        for effect in batch.effects:
            self._effects.put_nowait(effect)

    def _forget(self) -> None:
        with self.database.writing() as session:
            forget_old_updates(session, self.clock.now())

    def _store(self, bodies: Sequence[dict[str, Any]]) -> None:
        with self.database.writing() as session:
            store_updates(session, bodies, self.clock.now())

    def _take_in_batch(self, bodies: Sequence[dict[str, Any]] = ()) -> Batch:
        batch = Batch()
        if not bodies:
            with self.database.reading() as session:  # an idle receiver takes no write lock
                if not waiting_updates(session, 1):
                    return batch
        with self.database.writing() as session:
            store_updates(session, bodies, self.clock.now())
            now, held = self.clock.now(), set[int | None]()
            for update in waiting_updates(session, LOOKED_AT):
                if len(batch.done) == BATCH:
                    break
                is_held = update.next_try_at > now or update.chat_id in held
                if is_held or not self._take_one(session, update, now, batch):
                    held.add(update.chat_id)  # what comes after it in its chat waits too
                else:
                    batch.done.append(update.update_id)
        return batch

    def _take_one(self, session: Session, update: TelegramUpdate, now: datetime, batch: Batch) -> bool:
        fetched = self.fetcher.get(update.update_id)
        try:
            with session.begin_nested():
                incoming = self._read(update)
                if isinstance(incoming, File) and incoming.who.is_private and fetched is None:
                    batch.wanted.append((update.update_id, incoming))
                    return False
                taken = take_in(session, incoming, update.update_id, self.desk, now, fetched)
        except OperationalError:
            raise
        except Exception as error:  # a fault of ours, or something that Telegram has never sent before: the others go on
            logger.exception("update %s could not be taken in", update.update_id)
            try_update_later(update, f"{type(error).__name__}: {error}", now)
            return update.state == "failed"
        settle_update(update, taken.why)
        batch.effects += taken.effects
        return True

    def _read(self, update: TelegramUpdate) -> Incoming | None:
        return read_update(Update.de_json(update.body or {}, self.bot), self.desk.bot_name)

    async def _do(self, effect: Effect) -> None:
        """A courtesy to the app: when it fails, nothing is lost."""
        try:
            match effect:
                case AnswerPress(query_id, text):
                    await self.bot.answer_callback_query(query_id, text or None, show_alert=bool(text))
                case RemoveKeyboard(chat_id, message_id):
                    await self.bot.edit_message_reply_markup(chat_id, message_id, reply_markup=None)
        except BadRequest as error:
            logger.debug("%s: %s", effect, error)
        except TelegramError as error:
            logger.info("%s: %s", effect, error)


def _pause_after(error: Exception, failures: int) -> float:
    """Seconds until Telegram is asked again."""
    if isinstance(error, RetryAfter):
        return seconds_of(error)
    level = logging.ERROR if isinstance(error, Conflict | SQLAlchemyError) else logging.WARNING
    logger.log(level if failures in (1, 10) else logging.INFO, "asking Telegram for updates failed: %s", error)
    return min(30.0, 0.5 * 2.0 ** min(failures, 6))
