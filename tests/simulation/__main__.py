"""Play a whole shop: `python -m tests.simulation --customers 1000 --days 90 --seed 7`, then look at it with `fubb up`."""

import argparse
import secrets
import shutil
import sys
import time
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from desk.db.engine import Database
from desk.db.schema import create_schema
from desk.figures.periods import Period
from desk.figures.report import as_text
from desk.figures.service import read_figures
from desk.settings import ROOT, Settings
from tests.simulation.agreement import differences
from tests.simulation.checks import problems_of
from tests.simulation.raw import read_rows
from tests.simulation.shop import simulate
from tests.simulation.staff import LEAD, PASSWORD


def main() -> int:
    arguments = _arguments()
    folder: Path = arguments.data_dir
    if folder.exists() and any(folder.iterdir()):
        if not arguments.overwrite:
            print(f"{folder} is not empty: choose another --data-dir, or --overwrite it.", file=sys.stderr)
            return 2
        shutil.rmtree(folder)
    folder.mkdir(parents=True, exist_ok=True)
    settings = Settings(secret="simulated", data_dir=folder, database_url=arguments.database_url)  # type: ignore[arg-type]
    zone = ZoneInfo(settings.shop_timezone)
    last = arguments.end or datetime.now(zone).date() - timedelta(days=1)
    end = datetime.combine(last + timedelta(days=1), datetime.min.time(), zone).astimezone(UTC)
    print(f"--customers {arguments.customers} --days {arguments.days} --seed {arguments.seed} --end {last}", flush=True)

    database = Database(settings.url)
    create_schema(database)
    began = time.monotonic()
    shop = simulate(
        database,
        folder,
        arguments.seed,
        arguments.customers,
        end,
        arguments.days,
        lambda line: print(line, flush=True),
        arguments.bustle,
    )
    print(f"played in {time.monotonic() - began:.0f} s: {shop.written} messages of customers and agents")

    rows = read_rows(database)
    problems = problems_of(rows, settings, end)
    print(f"I1, I2, I7, I8 over {len(rows['cases'])} cases, {len(rows['followups'])} follow-ups, {len(rows['contacts'])} contacts: "
          f"{len(problems)} violations")  # fmt: skip
    first = last - timedelta(days=arguments.days - 1)
    for begins, ends in ((first, last), (last - timedelta(days=6), last), (first, first + timedelta(days=arguments.days // 2))):
        found, compared = differences(database, rows, begins, ends, end, settings)
        print(f"figures of {begins} to {ends}: {compared} numbers counted again by hand, {len(found)} differ")
        problems += found
    for problem in problems[:50]:
        print(problem, file=sys.stderr)
    with database.reading() as session:
        print("\n" + as_text(read_figures(session, Period.between(first, last, settings.shop_timezone), end, settings)))
    database.dispose()
    print(f"\nLook at it: FUBB_DATA_DIR={folder} .venv/bin/fubb up    (log in as {LEAD}, password: {PASSWORD})")
    return 1 if problems else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    parser.add_argument("--customers", type=int, default=1000)
    parser.add_argument("--days", type=int, default=90)
    parser.add_argument("--seed", type=int, default=secrets.randbelow(10**6), help="the same seed plays the same people")
    parser.add_argument("--end", type=date.fromisoformat, help="the last day; without it yesterday")
    parser.add_argument("--bustle", type=float, default=1.0, help="how much more than usual is bought and breaks")
    parser.add_argument("--data-dir", type=Path, default=ROOT / "var" / "simulated-shop")
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database instead of SQLite in the folder")
    parser.add_argument("--overwrite", action="store_true")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())
