"""`fubb import`: the shop's products, customers, orders and rules from files. A file is taken whole or not at all."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

import yaml
from pydantic import ValidationError
from sqlalchemy import select
from sqlalchemy.orm import InstrumentedAttribute, Session

from desk.conversations.languages import LANGUAGES
from desk.customers.tables import Customer
from desk.db.base import Base
from desk.shop.reading import Row, Unreadable, features, read_rows
from desk.shop.rules import ShopRulesModel
from desk.shop.tables import Order, OrderLine, Product, ShopRules

STATUSES = ("placed", "shipped", "delivered", "cancelled")
RULES_ROW = 1


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did. With `problems` nothing was imported."""

    kind: str  # products, customers, orders, order_lines, rules; "" when the file is none of them
    added: int
    changed: int
    problems: list[str]


class _Format(NamedTuple):
    """The headings of a kind of file: those that tell and must be there, and those that may be."""

    needed: frozenset[str]
    optional: frozenset[str]


_FORMATS = {
    "order_lines": _Format(frozenset({"order_number", "sku", "quantity", "price"}), frozenset()),
    "orders": _Format(
        frozenset({"number", "email", "status"}),
        frozenset({"ordered_at", "ordered_days_ago", "promised_day", "due_in_days", "delivered_at", "delivered_days_ago"}),
    ),
    "products": _Format(
        frozenset({"sku", "name", "kind", "price", "currency", "stock", "warranty_months"}),
        frozenset({"screen_inches", "image", "features", "restock_day", "restock_in_days"})
        | {f"description_{language}" for language in LANGUAGES},
    ),
    "customers": _Format(frozenset({"email", "name"}), frozenset({"phone", "language", "timezone"})),
}


def import_file(session: Session, path: Path, now: datetime, timezone: str = "Europe/Stockholm") -> ImportReport:
    """Import one file; its headings say what it holds (.yml: the shop's rules).

    Days and times without an offset are in `timezone`, the shop's. What is there already is changed, nothing is deleted.
    """
    if path.suffix in (".yml", ".yaml"):
        return _import_rules(session, path, now)
    problems: list[str] = []
    try:
        header, rows = read_rows(path, problems)
    except Unreadable as error:
        return ImportReport("", 0, 0, [str(error)])
    kind = next((kind for kind, form in _FORMATS.items() if form.needed <= set(header)), "")
    if not kind:
        return ImportReport("", 0, 0, [_unknown_kind(path.name, header)])
    form = _FORMATS[kind]
    problems += [f"{path.name}: heading {name!r} is not known" for name in sorted(set(header) - form.needed - form.optional)]
    problems += [f"{path.name}: heading {name!r} is there twice" for name in sorted({n for n in header if header.count(n) > 1})]
    records = _READERS[kind](session, rows, now, ZoneInfo(timezone))
    if problems:
        return ImportReport(kind, 0, 0, problems)
    added, changed = _store(session, records)
    return ImportReport(kind, added, changed, [])


def _unknown_kind(file: str, header: list[str]) -> str:
    nearest = max(_FORMATS, key=lambda kind: len(_FORMATS[kind].needed & set(header)) / len(_FORMATS[kind].needed))
    missing = ", ".join(sorted(_FORMATS[nearest].needed - set(header)))
    return f"{file}: the headings fit no kind of file; for {nearest} these are missing: {missing}"


class _Record(NamedTuple):
    """What a row says of one thing in the database: its present state, if it is there, and the wanted one."""

    present: Base | None
    make: Callable[..., Base]
    values: dict[str, Any]


def _store(session: Session, records: Sequence[_Record]) -> tuple[int, int]:
    added = changed = 0
    for present, make, values in records:
        if present is None:
            session.add(make(**values))
            added += 1
            continue
        different = {name: value for name, value in values.items() if getattr(present, name, None) != value}
        different.pop("created_at", None)
        for name, value in different.items():
            setattr(present, name, value)
        changed += bool(different)
    session.flush()
    return added, changed


def _present(session: Session, table: type[Base], column: InstrumentedAttribute[str], keys: set[str]) -> dict[str, Any]:
    """The rows of `table` that are there already, by `column`; asked for in portions, as databases limit parameters."""
    wanted, found = sorted(keys), {}
    for start in range(0, len(wanted), 500):
        for row in session.scalars(select(table).where(column.in_(wanted[start : start + 500]))):
            found[getattr(row, column.key)] = row
    return found


def _once(seen: dict[Any, int], key: Any, row: Row, column: str) -> None:
    if key in seen:
        row.problem(column, f"{row.cells[column]!r} is also in line {seen[key]}")
    seen.setdefault(key, row.line)


def _read_products(session: Session, rows: list[Row], now: datetime, zone: ZoneInfo) -> list[_Record]:
    today = now.astimezone(zone).date()
    present = _present(session, Product, Product.sku, {row.text("sku") for row in rows})
    by_name = _present(session, Product, Product.name, {row.text("name") for row in rows})
    skus: dict[Any, int] = {}
    names: dict[Any, int] = {}
    records = []
    for row in rows:
        sku, name = row.text("sku", required=True), row.text("name", required=True)
        _once(skus, sku, row, "sku")
        _once(names, name, row, "name")
        if (namesake := by_name.get(name)) and namesake.sku != sku:
            row.problem("name", f"{name!r} is already the name of {namesake.sku}")
        currency = row.text("currency", required=True)
        if currency and not re.fullmatch(r"[A-Z]{3}", currency):
            row.problem("currency", f"{currency!r} is not a currency such as SEK")
        kind = row.text("kind", required=True)
        if kind and not re.fullmatch(r"[a-z][a-z0-9_]*", kind):
            row.problem("kind", f"{kind!r} is not a kind such as washing_machine (small letters and _)")
        nothing: dict[str, object] = {}
        known = row.read("features", features, "a list such as panel=led; hdmi_ports=3", nothing)
        restock = row.day("restock_day") or row.day_from_now("restock_in_days", today)
        values = {
            "sku": sku,
            "name": name,
            "kind": kind,
            "price": row.price("price"),
            "currency": currency,
            "stock": row.whole("stock"),
            "warranty_months": row.whole("warranty_months"),
            "screen_inches": row.whole("screen_inches", least=1) or None,
            "image": row.text("image"),
            "features": {**known, "restock_day": restock.isoformat()} if restock else known,
            "description": {code: said for code in LANGUAGES if (said := row.text(f"description_{code}"))},
        }
        records.append(_Record(present.get(sku), Product, values))
    return records


def _read_customers(session: Session, rows: list[Row], now: datetime, zone: ZoneInfo) -> list[_Record]:
    present = _present(session, Customer, Customer.email, {row.text("email").casefold() for row in rows})
    seen: dict[Any, int] = {}
    records = []
    for row in rows:
        email = row.text("email", required=True).casefold()
        if email and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", email):
            row.problem("email", f"{email!r} is not an e-mail address")
        _once(seen, email, row, "email")
        language = row.text("language", default="en")
        if language not in LANGUAGES:
            row.problem("language", f"{language!r} is not one of {', '.join(LANGUAGES)}")
        values = {
            "email": email,
            "name": row.text("name", required=True),
            "phone": row.text("phone"),
            "language": language,
            "timezone": row.read("timezone", lambda v: ZoneInfo(v).key, "a time zone such as Europe/Oslo", zone.key),
            "created_at": now,
        }
        records.append(_Record(present.get(email), Customer, values))
    return records


def _read_orders(session: Session, rows: list[Row], now: datetime, zone: ZoneInfo) -> list[_Record]:
    today = now.astimezone(zone).date()
    present = _present(session, Order, Order.number, {row.text("number") for row in rows})
    customers = _present(session, Customer, Customer.email, {row.text("email").casefold() for row in rows})
    seen: dict[Any, int] = {}
    records = []
    for row in rows:
        number = row.text("number", required=True)
        if number and not re.fullmatch(r"[0-9A-Za-z-]{1,40}", number):
            row.problem("number", f"{number!r} may hold only letters, digits and -")
        _once(seen, number, row, "number")
        customer = customers.get(row.text("email", required=True).casefold())
        if customer is None and row.text("email"):
            row.problem("email", f"no customer has the address {row.text('email')!r} (import the customers first)")
        values = {"number": number, "customer_id": customer.id if customer else 0, **_order_times(row, now, zone, today)}
        records.append(_Record(present.get(number), Order, values))
    return records


def _order_times(row: Row, now: datetime, zone: ZoneInfo, today: date) -> dict[str, Any]:
    status = row.text("status", required=True)
    if status and status not in STATUSES:
        row.problem("status", f"{status!r} is not one of {', '.join(STATUSES)}")
    ordered = row.moment("ordered_at", zone) or row.moment_ago("ordered_days_ago", now, zone)
    delivered = row.moment("delivered_at", zone) or row.moment_ago("delivered_days_ago", now, zone)
    column = "ordered_at" if "ordered_at" in row.cells else "ordered_days_ago"
    if ordered is None and not row.failed:
        row.problem(column, "is empty")
    if ordered and delivered and delivered < ordered:
        row.problem("delivered_at" if "delivered_at" in row.cells else "delivered_days_ago", "is before the order")
    if (status == "delivered") != (delivered is not None) and not row.failed:
        row.problem("status", f"{status!r} does not fit the delivery: delivered orders, and no others, have its time")
    promised = row.day("promised_day") or row.day_from_now("due_in_days", today)
    return {"status": status, "ordered_at": ordered, "promised_day": promised, "delivered_at": delivered}


def _read_order_lines(session: Session, rows: list[Row], now: datetime, zone: ZoneInfo) -> list[_Record]:
    orders = _present(session, Order, Order.number, {row.text("order_number") for row in rows})
    products = _present(session, Product, Product.sku, {row.text("sku") for row in rows})
    numbers, lines = sorted(orders), {}
    for start in range(0, len(numbers), 500):
        for line in session.scalars(select(OrderLine).where(OrderLine.order_number.in_(numbers[start : start + 500]))):
            lines[line.order_number, line.sku] = line
    seen: dict[Any, int] = {}
    records = []
    for row in rows:
        number, sku = row.text("order_number", required=True), row.text("sku", required=True)
        if number and number not in orders:
            row.problem("order_number", f"there is no order {number!r} (import the orders first)")
        if sku and sku not in products:
            row.problem("sku", f"there is no product {sku!r} (import the products first)")
        _once(seen, (number, sku), row, "sku")
        quantity = row.whole("quantity", least=1, default=1)
        values = {"order_number": number, "sku": sku, "quantity": quantity, "price": row.price("price")}
        records.append(_Record(lines.get((number, sku)), OrderLine, values))
    return records


_READERS: dict[str, Callable[[Session, list[Row], datetime, ZoneInfo], list[_Record]]] = {
    "products": _read_products,
    "customers": _read_customers,
    "orders": _read_orders,
    "order_lines": _read_order_lines,
}


def _import_rules(session: Session, path: Path, now: datetime) -> ImportReport:
    try:
        read = ShopRulesModel.model_validate(yaml.safe_load(path.read_text(encoding="utf-8")))
    except OSError as error:
        return ImportReport("rules", 0, 0, [f"{path.name} cannot be read: {error.strerror or error}"])
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        return ImportReport("rules", 0, 0, [f"{path.name} is not YAML: {error}"])
    except ValidationError as error:
        problems = [f"{path.name}, {'.'.join(map(str, e['loc'])) or 'the file'}: {e['msg']}" for e in error.errors()]
        return ImportReport("rules", 0, 0, problems)
    rules = read.model_dump(mode="json", by_alias=True)
    row = session.get(ShopRules, RULES_ROW)
    if row is None:
        session.add(ShopRules(id=RULES_ROW, rules=rules, changed_at=now))
        session.flush()
        return ImportReport("rules", 1, 0, [])
    if row.rules == rules:
        return ImportReport("rules", 0, 0, [])
    row.rules, row.changed_at = rules, now
    session.flush()
    return ImportReport("rules", 0, 1, [])
