"""Fetches the files that customers send, beside the taking in: a slow one holds up its own chat only."""

import asyncio
import logging
from collections.abc import Callable

from telegram import Bot
from telegram.error import BadRequest, TelegramError

from desk.attachments.pictures import LARGEST_FILE, Picture, clean_picture
from desk.channels.telegram.reading import File
from desk.errors import DeskError, NotFound, TooLarge

logger = logging.getLogger(__name__)
AT_ONCE = 4
MOST_TRIES = 4
_OF_TELEGRAM = 20 * 2**20
"""Telegram gives no larger file to a bot."""

Fetched = Picture | DeskError


class Fetcher:
    """Files by the update that brought them. Kept in memory only: after a restart they are fetched anew."""

    def __init__(self, bot: Bot, when_there: Callable[[], None]) -> None:
        self._bot = bot
        self._when_there = when_there
        self._places = asyncio.Semaphore(AT_ONCE)
        self._tasks: dict[int, asyncio.Task[None]] = {}
        self._there: dict[int, Fetched] = {}

    def get(self, update_id: int) -> Fetched | None:
        """The picture, or why there is none; None while it is not there yet."""
        return self._there.get(update_id)

    def want(self, update_id: int, file: File) -> None:
        """Fetch it, unless that is under way."""
        if update_id not in self._tasks:
            self._tasks[update_id] = asyncio.create_task(self._fetch(update_id, file))

    def forget(self, update_id: int) -> None:
        """It is taken in."""
        self._tasks.pop(update_id, None)
        self._there.pop(update_id, None)

    def end(self) -> None:
        for task in self._tasks.values():
            task.cancel()

    async def _fetch(self, update_id: int, file: File) -> None:
        async with self._places:
            try:
                self._there[update_id] = await self._picture(file)
            except DeskError as error:
                self._there[update_id] = error
            except Exception:  # a fault of ours must not hold up his chat for ever
                logger.exception("the file of update %s could not be fetched", update_id)
                self._there[update_id] = NotFound("The file could not be read.")
        self._when_there()

    async def _picture(self, file: File) -> Picture:
        """The file as a picture that can be kept. Raises TooLarge, WrongInput; NotFound when Telegram does not give it."""
        if file.size > min(LARGEST_FILE, _OF_TELEGRAM):
            raise TooLarge
        for attempt in range(MOST_TRIES):
            try:
                found = await self._bot.get_file(file.file_id)
                if (found.file_size or 0) > LARGEST_FILE:
                    raise TooLarge
                return await asyncio.to_thread(clean_picture, bytes(await found.download_as_bytearray()))
            except BadRequest as error:
                raise NotFound(f"Telegram does not give the file: {error.message}") from error
            except TelegramError as error:
                logger.info("fetching a file failed: %s", error)
                await asyncio.sleep(0.5 * 3**attempt)
        raise NotFound("Telegram does not give the file.")
