"""Two thousand updates with duplicates, kills, cut connections and 429s: none lost, none answered twice unrecorded, in order."""

import asyncio
import contextlib
import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

import pytest
from sqlalchemy import func, select

from desk.conversations.tables import Message
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.deliveries.tables import Delivery
from desk.settings import ROOT
from desk.simulator.bot_api import bot_api
from desk.simulator.telegram import FakeTelegram
from tests.desk.channels.telegram.conftest import served

UPDATES = int(os.environ.get("TELEGRAM_UPDATES", "2000"))
CHATS = 100
KILLS = int(os.environ.get("TELEGRAM_KILLS", "12"))
SEED = int(os.environ.get("TELEGRAM_SEED", "0")) or random.SystemRandom().randrange(1, 1_000_000)


class Desk:
    """The desk's process, killed and started anew."""

    def __init__(self, folder: Path, url: str, token: str) -> None:
        self._environment = {
            **os.environ, "FUBB_DATA_DIR": str(folder), "FUBB_SECRET": "s" * 43, "FUBB_TELEGRAM_TOKEN": token,
            "FUBB_TELEGRAM_BASE_URL": url, "FUBB_TELEGRAM_PER_SECOND": "200", "FUBB_TELEGRAM_CHAT_PER_SECOND": "10",
            "FUBB_MESSAGES_PER_MINUTE": "10000", "FUBB_LOG_LEVEL": "CRITICAL",
            "FUBB_NOTICE_AFTER": "600", "FUBB_HANDOFF_AFTER": "1200",
        }  # fmt: skip
        self._process: subprocess.Popen[bytes] | None = None

    def start(self, die: str = "") -> None:
        command = [sys.executable, "-m", "tests.system.telegram_desk"]
        self._process = subprocess.Popen(command, cwd=ROOT, env={**self._environment, "DIE": die})

    def kill(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGKILL)
            self._process.wait()

    def lives(self) -> bool:
        return self._process is not None and self._process.poll() is None


@pytest.mark.chaos
@pytest.mark.timeout(1500)
async def test_two_thousand_updates_through_kills_cuts_and_limits(tmp_path: Path) -> None:
    print(f"\nTELEGRAM_SEED={SEED}")
    chance = random.Random(SEED)
    database = Database(f"sqlite:///{tmp_path / 'fubb.sqlite'}")
    create_schema(database)
    fake = FakeTelegram()
    fake.faults.chance = chance
    fake.faults.cuts, fake.faults.refusals, fake.faults.repeats = 0.02, 0.02, 0.1
    chats = [fake.person(f"Customer {n}") for n in range(CHATS)]
    async with served(bot_api(fake)) as url, contextlib.AsyncExitStack() as stack:
        desk = Desk(tmp_path, url, fake.token)
        stack.callback(desk.kill)
        desk.start()
        said = 0
        for strike in range(KILLS):
            for _ in range(UPDATES // KILLS + 1 if strike < UPDATES % KILLS else UPDATES // KILLS):
                fake.say(chats[said % CHATS], f"message {said // CHATS:03}")
                said += 1
                await asyncio.sleep(chance.uniform(0, 0.01))
            die = ("", "received", "stored")[strike % 3]
            if die:  # the next one dies by itself at the worst moment
                desk.kill()
                desk.start(die)
                while desk.lives():  # it dies at the third batch of updates
                    await asyncio.sleep(1.0)
                    fake.say(chats[said % CHATS], f"message {said // CHATS:03}")
                    said += 1
            else:
                desk.kill()
            desk.start()
        begun = time.monotonic()
        while time.monotonic() - begun < 400 and not _all_is_done(database, said):  # noqa: ASYNC110 (another process does it)
            await asyncio.sleep(0.5)
        desk.kill()
    problems = _problems(database, fake, said)
    with database.reading() as session:
        uncertain = session.scalar(select(func.sum(Delivery.uncertain))) or 0
        answers = session.scalar(select(func.count()).select_from(Delivery))
    database.dispose()
    print(f"{said} updates, {answers} answers, {KILLS} kills, faults {dict(fake.faults.happened)}, {uncertain} uncertain sends")
    assert problems == []


def _all_is_done(database: Database, said: int) -> bool:
    with database.reading() as session:
        came = session.scalar(
            select(func.count()).select_from(Message).where(Message.author == "customer", Message.state != "waiting")
        )
        unsettled = session.scalar(select(func.count()).select_from(Delivery).where(Delivery.settled_at.is_(None)))
        return came == said and not unsettled


def _problems(database: Database, fake: FakeTelegram, said: int) -> list[str]:
    problems = []
    with database.reading() as session:
        stored = session.scalar(select(func.count()).select_from(Message).where(Message.author == "customer"))
        if stored != said:
            problems.append(f"{said} were sent, {stored} are stored")
        uncertain: dict[tuple[str, str], int] = defaultdict(int)
        identities = {}
        from desk.customers.tables import Identity

        for identity in session.scalars(select(Identity)):
            identities[identity.id] = identity.address
        for delivery, text in session.execute(select(Delivery, Message.text).join(Message, Message.id == Delivery.message_id)):
            uncertain[identities[delivery.identity_id], text] += delivery.uncertain
            if delivery.state != "sent":
                problems.append(f"{text}: {delivery.state}, {delivery.why}")
    for chat in fake.chats.values():
        asked = [m["text"] for m in chat.messages if not m["from"]["is_bot"]]
        expected = [answer for text in asked for answer in _answers_to(text)]
        heard = [m["text"] for m in chat.from_bot()]
        once = list(dict.fromkeys(heard))
        if once != expected:
            problems.append(f"{chat.id}: heard {once[:6]}..., expected {expected[:6]}...")
        for text in once:
            again = heard.count(text) - 1
            if again > uncertain[str(chat.id), text]:
                problems.append(f"{chat.id}: {text!r} came {again} times again, {uncertain[str(chat.id), text]} on record")
    return problems


def _answers_to(text: str) -> list[str]:
    return [f"re: {text}", *([f"more: {text}"] if text.endswith("5") else [])]
