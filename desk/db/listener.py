"""On PostgreSQL: hears what other processes announce and passes it to this process's hub."""

import asyncio
import json
import logging

import psycopg

from desk.db.engine import Database
from desk.db.events import NOTIFY_CHANNEL

logger = logging.getLogger(__name__)


async def listen_to_other_processes(database: Database) -> None:
    """Run until cancelled; a lost connection is made anew. On SQLite there is nothing to hear."""
    if database.is_sqlite:
        return
    address = database.url.set(drivername="postgresql").render_as_string(hide_password=False)
    while True:
        try:
            async with await psycopg.AsyncConnection.connect(address, autocommit=True) as connection:
                await connection.execute(f"LISTEN {NOTIFY_CHANNEL}")
                async for notice in connection.notifies():
                    topic, detail = json.loads(notice.payload)
                    database.hub.publish(topic, detail)
        except psycopg.OperationalError as error:
            logger.warning("listening to PostgreSQL was cut off, again in 1 s: %s", error)
            await asyncio.sleep(1.0)
