"""The shop's own system: customers and their orders, handed to the desk each night as files, as a real shop would."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from desk.db.engine import Database
from desk.settings import ROOT
from desk.shop.importing import import_file


@dataclass
class Bought:
    """An order of one article: when it was placed, is promised and will come."""

    number: str
    email: str
    sku: str
    price: str
    ordered_at: datetime
    promised: datetime
    delivered_at: datetime

    def status(self, now: datetime) -> str:
        return "delivered" if self.delivered_at <= now else "placed"


class OrderBook:
    """All orders; what has changed since the last night is imported the next."""

    def __init__(self, database: Database, folder: Path) -> None:
        self._database, self._folder = database, folder
        self._told: dict[str, str] = {}
        self.orders: list[Bought] = []
        folder.mkdir(parents=True, exist_ok=True)

    def stock_shop(self, now: datetime) -> list[dict[str, str]]:
        """The demo shop's rules and catalogue; the catalogue's rows."""
        files = [ROOT / "data" / "shop" / name for name in ("rules.yml", "products.csv")]
        for path in files:
            self._import(path, now)
        with files[1].open(encoding="utf-8") as file:
            return list(csv.DictReader(file))

    def import_customers(self, rows: Sequence[dict[str, str]], now: datetime) -> None:
        self._import(self._write("customers.csv", rows), now)

    def import_changes(self, now: datetime) -> None:
        """The nightly files: new orders, and those delivered since."""
        changed = [o for o in self.orders if o.ordered_at <= now and self._told.get(o.number) != o.status(now)]
        if not changed:
            return
        self._import(self._write("orders.csv", [
            {
                "number": o.number, "email": o.email, "status": o.status(now), "ordered_at": o.ordered_at.isoformat(),
                "promised_day": o.promised.date().isoformat(),
                "delivered_at": o.delivered_at.isoformat() if o.status(now) == "delivered" else "",
            }
            for o in changed
        ]), now)  # fmt: skip
        new = [o for o in changed if o.number not in self._told]
        if new:
            rows = [{"order_number": o.number, "sku": o.sku, "quantity": "1", "price": o.price} for o in new]
            self._import(self._write("order_lines.csv", rows), now)
        self._told.update({o.number: o.status(now) for o in changed})

    def _write(self, name: str, rows: Sequence[dict[str, str]]) -> Path:
        path = self._folder / name
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
        return path

    def _import(self, path: Path, now: datetime) -> None:
        with self._database.writing() as session:
            report = import_file(session, path, now)
            assert not report.problems, report.problems
