"""A year of follow-ups while workers are killed at random (kill -9): each once, none early, none late, nobody pestered.

The usual run is a short one; FOLLOWUP_YEAR=1 plays the year: 10,000 follow-ups, 120 kills. FOLLOWUP_SEED repeats one.
"""

import os
import random
import signal
import subprocess
import sys
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy import func, inspect, select

from desk.alerts.tables import Alert
from desk.cases.tables import Case
from desk.conversations.tables import Message
from desk.customers.tables import Customer
from desk.db.base import Base
from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.followups.delivery import is_due
from desk.followups.tables import Contact, Followup
from desk.settings import ROOT
from tests.conftest import POSTGRES
from tests.desk.crowd import Wanted, add_crowd
from tests.desk.followups.life_checks import QUIET_FROM, QUIET_UNTIL, WEEK, holidays_of
from tests.system.followup_worker import HoppingClock
from tests.system.stack import empty_postgres

START = datetime(2026, 9, 1, 6, 0, tzinfo=UTC)
ZONES = ("Europe/Stockholm", "Europe/Helsinki", "America/New_York", "Australia/Lord_Howe")
PER_WEEK = 2
LATE = timedelta(seconds=5)
PATIENCE = 120.0


@dataclass(frozen=True)
class Size:
    """How much is played: cases (each has two or three follow-ups), on how many days, due at how many moments, how many kills."""

    cases: int
    days: int
    moments: int
    kills: int


SHORT = Size(cases=60, days=25, moments=10, kills=5)
YEAR = Size(cases=3750, days=330, moments=250, kills=120)


@dataclass
class Workers:
    """Worker processes on one database, killed and started anew; when none of them was up, by the hopping clock."""

    url: str
    clock: HoppingClock
    ready: Path
    count: int
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    down: list[tuple[datetime, datetime]] = field(default_factory=list)

    def start(self) -> None:
        environment = {
            **os.environ, "FUBB_DATABASE_URL": self.url, "FUBB_SECRET": "s" * 43, "FUBB_CONTACTS_PER_WEEK": str(PER_WEEK),
            "FUBB_DATA_DIR": str(self.ready.parent),
        }  # fmt: skip
        command = [sys.executable, "-m", "tests.system.followup_worker", str(self.clock._path), str(self.ready)]
        self.running.append(subprocess.Popen(command, cwd=ROOT, env=environment))

    def wait_ready(self, process: subprocess.Popen[bytes]) -> datetime:
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end:
            for line in self.ready.read_text().splitlines() if self.ready.exists() else []:
                if line.split()[0] == str(process.pid):
                    return datetime.fromisoformat(line.split()[1])
            assert process.poll() is None, "a worker ended by itself"
            time.sleep(0.02)
        raise AssertionError("a worker did not come up")

    def kill_one(self, chance: random.Random) -> None:
        """kill -9, and another at once. With one worker nobody is there until it is back."""
        victim = self.running.pop(chance.randrange(len(self.running)))
        victim.send_signal(signal.SIGKILL)
        victim.wait()
        since = self.clock.now()
        self.start()
        back = self.wait_ready(self.running[-1])
        if self.count == 1:
            self.down.append((since, back))

    def end(self) -> None:
        for process in self.running:
            process.kill()
            process.wait()


@pytest.fixture(params=["sqlite", "postgresql"])
def url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/fubb.sqlite"
        return
    with empty_postgres(POSTGRES) as address:
        yield address


@pytest.mark.system
@pytest.mark.timeout(3600)
def test_a_year_of_followups_with_workers_killed(url: str, tmp_path: Path) -> None:
    size = YEAR if os.environ.get("FOLLOWUP_YEAR") else SHORT
    seed = int(os.environ.get("FOLLOWUP_SEED", random.SystemRandom().randrange(10**6)))
    print(f"FOLLOWUP_SEED={seed}")
    chance, database, clock = random.Random(seed), Database(url), HoppingClock(tmp_path / "clock")
    create_schema(database)
    moments = [START + timedelta(minutes=chance.randrange(size.days * 1440)) for _ in range(size.moments)]
    wanted = [
        Wanted(n // 3, chance.choice(moments), ended=chance.random() < 0.3, timezone=ZONES[n // 3 % 4]) for n in range(size.cases)
    ]
    with database.writing() as session:
        add_crowd(session, wanted, START)
    clock.hop_to(START)
    workers = Workers(url, clock, tmp_path / "ready", 1 if database.is_sqlite else 3)
    try:
        for _ in range(workers.count):
            workers.start()
        for process in workers.running:
            workers.wait_ready(process)
        hops = live_through(database, clock, workers, chance, size, START + timedelta(days=size.days + 35))
    finally:
        workers.end()
    delivered = examine(database, workers.down, {f"step{n:06}": want.due_at for n, want in enumerate(wanted)})
    print(f"{delivered} follow-ups delivered, {hops} hops, {size.kills} kills, {workers.count} workers")
    assert delivered > 2 * size.cases
    database.dispose()


def live_through(
    database: Database, clock: HoppingClock, workers: Workers, chance: random.Random, size: Size, end: datetime
) -> int:
    """From one moment at which something is due to the next, and some kills in the midst of what is due then."""
    kills, hops, spread = size.kills, 0, size.moments * 3
    while (moment := next_due(database)) is not None and moment < end:
        if moment > clock.now() + timedelta(seconds=1.5):
            clock.hop_to(moment)
            hops += 1
        if kills and chance.randrange(spread) < size.kills:
            time.sleep(chance.uniform(0, 0.15))
            workers.kill_one(chance)
            kills -= 1
        wait_until_done(database, clock)
    while kills:  # what is left, while nothing is due
        workers.kill_one(chance)
        kills -= 1
    return hops


def next_due(database: Database) -> datetime | None:
    with database.reading() as session:
        return session.scalar(select(func.min(Followup.due_at)).where(Followup.state == "pending", Followup.delivered_at.is_(None)))


def wait_until_done(database: Database, clock: HoppingClock) -> None:
    end = time.monotonic() + PATIENCE
    while time.monotonic() < end:
        time.sleep(0.03)
        with database.reading() as session:
            if session.scalar(select(Followup.id).where(is_due(clock.now())).limit(1)) is None:
                return
    raise AssertionError("what is due is not done")


def examine(database: Database, down: list[tuple[datetime, datetime]], first_due: dict[str, datetime]) -> int:
    """Each delivered once, none early, none late, none in quiet hours or over the budget; how many were delivered."""
    with database.reading() as session:
        assert session.scalar(select(func.count()).where(Alert.kind == "followup_failed")) == 0
        customer_of = {row.id: row.customer_id for row in session.execute(select(Case.id, Case.customer_id))}
        zones = {row.id: row.timezone for row in session.execute(select(Customer.id, Customer.timezone))}
        followups = {f.id: f for f in session.scalars(select(Followup).where(Followup.delivered_at.is_not(None)))}
        contacts = session.scalars(select(Contact).order_by(Contact.at, Contact.id)).all()
        said = set(session.scalars(select(Message.id).where(Message.author == "bot", Message.at >= START)))
    spoken = [c for c in contacts if c.held_because is None]
    assert len(spoken) == len({c.followup_id for c in spoken}) == len({c.message_id for c in spoken})
    assert {c.message_id for c in spoken} == said, "every word is a contact of one follow-up, and every contact was said"
    assert {c.followup_id for c in spoken} == {f.id for f in followups.values() if f.kind in ("check_in", "survey")}
    weeks: dict[int, list[datetime]] = defaultdict(list)
    for contact in spoken:
        assert contact.customer_id is not None
        local = contact.at.astimezone(ZoneInfo(zones[contact.customer_id]))
        assert QUIET_UNTIL <= local.time() < QUIET_FROM
        assert local.date() not in holidays_of(local.year)
        weeks[contact.customer_id].append(contact.at)
        assert sum(contact.at - WEEK < at for at in weeks[contact.customer_id]) <= PER_WEEK, _told(contacts, contact.customer_id)
    held = {c.followup_id: c.held_until for c in contacts if c.held_until is not None}
    for each in followups.values():
        assert each.delivered_at is not None
        assert each.delivered_at >= max(each.due_at, first_due.get(each.id, START), held.get(each.id, START)), "early"
        away = sum(
            (min(b, each.delivered_at) - max(a, each.due_at) for a, b in down if a < each.delivered_at and b > each.due_at),
            timedelta(),
        )
        assert each.delivered_at - each.due_at - away < LATE, f"late: {_row(each)}\n{_told(contacts, customer_of[each.case_id])}"
    return len(followups)


def _told(contacts: Sequence[Contact], customer: int | None) -> str:
    """What was said to a customer and what was held back, a line each."""
    return "\n".join(_row(c) for c in contacts if c.customer_id == customer)


def _row(row: Base) -> str:
    return str({column.name: getattr(row, column.name) for column in inspect(type(row)).columns})
