"""The demo shop of `data/shop/`, loaded once into an empty shop; its days count from that moment."""

from datetime import datetime
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.settings import ROOT
from desk.shop.importing import import_file
from desk.shop.tables import Order

FOLDER = ROOT / "data" / "shop"
FILES = ("rules.yml", "products.csv", "customers.csv", "orders.csv", "order_lines.csv")
_LOADING_LOCK = 4_822_002  # PostgreSQL advisory lock: several desks may start at once


class DemoShopBroken(Exception):
    """A file of the demo shop cannot be imported; the message holds its problems."""


def load_demo_shop(session: Session, now: datetime, folder: Path = FOLDER) -> bool:
    """Load the demo shop and say whether that was done: a shop that has orders is left alone."""
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(_LOADING_LOCK)))
    if session.scalar(select(Order.number).limit(1)) is not None:
        return False
    for name in FILES:
        report = import_file(session, folder / name, now)
        if report.problems:
            raise DemoShopBroken("\n".join(report.problems))
    return True
