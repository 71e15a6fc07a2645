"""How quickly due follow-ups are said: `python -m tests.bench.followups [--count 10000] [--postgres URL] [--profile]`.

So many check-ins of as many customers' cases, all due at once, drained by one worker's watch as it runs in the desk; the desk
has one core (on PostgreSQL the server's work is another process's).
"""

import argparse
import cProfile
import os
import pstats
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import func, select

from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.followups.tables import Contact, Followup
from desk.settings import Settings
from desk.words import load_words
from desk.worker.watch import Watch
from tests.conftest import NOW
from tests.desk.crowd import Wanted, add_crowd
from tests.system.stack import empty_postgres


@contextmanager
def fresh_database(postgres: str) -> Iterator[Database]:
    """A new SQLite file as the desk keeps it (WAL, synchronous=FULL), or a new database on this PostgreSQL server."""
    with tempfile.TemporaryDirectory(dir=os.getcwd()) as folder:  # on the disk, where a commit has to wait for it
        if postgres:
            with empty_postgres(postgres) as url:
                database = Database(url)
                yield database
                database.dispose()
        else:
            database = Database(f"sqlite:///{folder}/fubb.sqlite")
            yield database
            database.dispose()


def drain(database: Database, count: int) -> tuple[float, float]:
    """Seconds by the clock and of this process's CPU until all are said; nothing may be missing or twice."""
    watch = Watch(database, Settings(secret="s"), load_words())  # type: ignore[arg-type]
    started, cpu = time.monotonic(), time.process_time()
    while watch.step(NOW):
        pass
    took, used = time.monotonic() - started, time.process_time() - cpu
    with database.reading() as session:
        said = select(func.count(), func.count(Contact.followup_id.distinct())).where(Contact.held_because.is_(None))
        assert tuple(session.execute(said).one()) == (count, count)
        due = select(func.count()).where(Followup.state == "pending", Followup.due_at <= NOW)
        assert session.scalar(due) == 0
    return took, used


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    parser.add_argument("--postgres", default="", help="SQLAlchemy address of a server; without it SQLite")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})  # one core
    with fresh_database(given.postgres) as database:
        create_schema(database)
        with database.writing() as session:
            add_crowd(session, [Wanted(customer=n, due_at=NOW) for n in range(given.count)], NOW)
        profile = cProfile.Profile()
        if given.profile:
            profile.enable()
        took, used = drain(database, given.count)
        profile.disable()
        if given.profile:
            pstats.Stats(profile).sort_stats("tottime").print_stats(45)
            pstats.Stats(profile).sort_stats("cumulative").print_stats(60)
    kind = "PostgreSQL" if given.postgres else "SQLite"
    print(f"{given.count} follow-ups on {kind}: {given.count / took:.0f} a second ({took:.1f} s, {used:.1f} s of CPU,")
    print(f"  load {os.getloadavg()[0]:.1f})")


if __name__ == "__main__":
    main()
