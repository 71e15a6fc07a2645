"""Importing the shop's files: whole, or not at all and with the reason."""

from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from desk.customers.tables import Customer
from desk.db.engine import Database
from desk.shop import service
from desk.shop.demo import FOLDER, load_demo_shop
from desk.shop.importing import ImportReport, import_file
from desk.shop.tables import Order, Product

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
PRODUCTS = "sku,name,kind,price,currency,stock,warranty_months,features,restock_day\n"
GOOD = "A1,Lamp One,lamp,199,SEK,3,24,watts=5; colour=red,\n"


def bring(session: Session, folder: Path, text: str, name: str = "file.csv", encoding: str = "utf-8") -> ImportReport:
    path = folder / name
    path.write_text(text, encoding=encoding)
    return import_file(session, path, NOW)


def test_file_is_added_then_changed_then_left_alone(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        assert bring(session, tmp_path, PRODUCTS + GOOD) == ImportReport("products", 1, 0, [])
        assert bring(session, tmp_path, PRODUCTS + GOOD) == ImportReport("products", 0, 0, [])
        dearer = GOOD.replace("199", "249.50").replace(",3,", ",0,").replace("red,", "red,2026-12-01")
        assert bring(session, tmp_path, PRODUCTS + dearer) == ImportReport("products", 0, 1, [])
    with database.reading() as session:
        found = service.price_and_stock(session, "lamp one")
        assert found
        assert (found.price, found.stock, str(found.restock_day)) == (Decimal("249.50"), 0, "2026-12-01")
        assert found.product.features["watts"] == 5


def test_spreadsheet_with_semicolons_and_decimal_comma_is_read(database: Database, tmp_path: Path) -> None:
    text = "SKU;Name;Kind;Price;Currency;Stock;Warranty_months\r\nA1;Läslampa;lamp;1 199,50;SEK;3;24\r\n\r\n"
    with database.writing() as session:
        assert bring(session, tmp_path, text, encoding="utf-8-sig").problems == []
        assert session.get_one(Product, "A1").price == Decimal("1199.50")


WRONG_PRODUCTS = [
    ("A2,Lamp Two,lamp,cheap,SEK,3,24,,\n", "line 3, column price: 'cheap' is not a price"),
    ("A2,Lamp Two,lamp,-5,SEK,3,24,,\n", "line 3, column price: '-5'"),
    ("A2,,lamp,5,SEK,3,24,,\n", "line 3, column name: is empty"),
    ("A2,Lamp Two,lamp,5,SEK,-1,24,,\n", "line 3, column stock: '-1' is not a whole number of at least 0"),
    ("A2,Lamp Two,lamp,5,kr,3,24,,\n", "line 3, column currency: 'kr' is not a currency"),
    ("A2,Lamp Two,Lamp Kind,5,SEK,3,24,,\n", "line 3, column kind: 'Lamp Kind' is not a kind"),
    ("A2,Lamp Two,lamp,5,SEK,3,24,red,\n", "line 3, column features: 'red' is not a list"),
    ("A2,Lamp Two,lamp,5,SEK,0,24,,2026-02-30\n", "line 3, column restock_day: '2026-02-30' is not a day"),
    ("A1,Lamp Two,lamp,5,SEK,3,24,,\n", "line 3, column sku: 'A1' is also in line 2"),
    ("A2,Lamp One,lamp,5,SEK,3,24,,\n", "line 3, column name: 'Lamp One' is also in line 2"),
    ("A2,Lamp Two,lamp,5\n", "line 3: 4 cells under 9 headings"),
]


def test_wrong_row_is_named_and_nothing_is_imported(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        for row, where in WRONG_PRODUCTS:
            report = bring(session, tmp_path, PRODUCTS + GOOD + row)
            assert len(report.problems) == 1, row
            assert report.problems[0].startswith("file.csv " + where)
            assert session.scalar(select(func.count()).select_from(Product)) == 0


WRONG_FILES = [
    ("", "file.csv is empty"),
    ("one,two\n1,2\n", "the headings fit no kind of file"),
    ("sku,name,kind,price,currency\n", "for products these are missing: stock, warranty_months"),
    (PRODUCTS.replace("restock_day", "restok_day") + GOOD, "heading 'restok_day' is not known"),
    ('email,name\n"a@example.com,Anna\n', "file.csv line"),
]


def test_file_of_no_known_kind_is_refused(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        for text, said in WRONG_FILES:
            (problem,) = bring(session, tmp_path, text).problems
            assert said in problem


def test_file_that_cannot_be_read_is_refused(database: Database, tmp_path: Path) -> None:
    with database.writing() as session:
        assert "UTF-8" in bring(session, tmp_path, "email,name\na@b.se,Åsa\n", encoding="latin-1").problems[0]
        assert "cannot be read" in import_file(session, tmp_path / "missing.csv", NOW).problems[0]
        assert "cannot be read" in import_file(session, tmp_path / "missing.yml", NOW).problems[0]


def test_real_shop_gives_days_and_times(database: Database, tmp_path: Path) -> None:
    orders = "number,email,status,ordered_at,promised_day,delivered_at\n"
    with database.writing() as session:
        bring(session, tmp_path, PRODUCTS + GOOD)
        assert bring(session, tmp_path, "email,name,timezone\nAnna@Example.com,Anna,Europe/Oslo\n").added == 1
        rows = "SO-7,anna@example.com,delivered,2026-11-10T08:15:00Z,2026-11-12,2026-11-12T14:30\n"
        assert bring(session, tmp_path, orders + rows).problems == []
        assert bring(session, tmp_path, "order_number,sku,quantity,price\nSO-7,A1,2,199\n").added == 1
    with database.reading() as session:
        order = service.find_order(session, "so 7", "ANNA@example.com ")
        assert order
        assert order.delivered_at == datetime(2026, 11, 12, 13, 30, tzinfo=UTC)
        assert [(line.product.name, line.quantity) for line in service.order_lines(session, order)] == [("Lamp One", 2)]


WRONG_ORDERS = [
    ("1,nobody@example.com,placed,2026-11-10,,\n", "column email: no customer has the address"),
    ("1,anna@example.com,lost,2026-11-10,,\n", "column status: 'lost' is not one of placed"),
    ("1,anna@example.com,placed,,,\n", "column ordered_at: is empty"),
    ("1,anna@example.com,delivered,2026-11-10,,\n", "column status: 'delivered' does not fit"),
    ("1,anna@example.com,delivered,2026-11-10,,2026-11-09\n", "column delivered_at: is before the order"),
    ("1 2,anna@example.com,placed,2026-11-10,,\n", "column number: '1 2' may hold only"),
]


def test_wrong_order_is_named(database: Database, tmp_path: Path) -> None:
    headings = "number,email,status,ordered_at,promised_day,delivered_at\n"
    with database.writing() as session:
        bring(session, tmp_path, "email,name\nanna@example.com,Anna\n")
        for row, said in WRONG_ORDERS:
            (problem,) = bring(session, tmp_path, headings + row).problems
            assert said in problem
            assert session.scalar(select(func.count()).select_from(Order)) == 0


def test_wrong_rules_are_named(database: Database, tmp_path: Path) -> None:
    rules = (FOLDER / "rules.yml").read_text(encoding="utf-8")
    with database.writing() as session:
        wrong = bring(session, tmp_path, rules.replace("days: 30  ", "days: many"), "rules.yml")
        assert wrong.problems[0].startswith("rules.yml, returns.days:")
        assert bring(session, tmp_path, "a: [", "rules.yml").problems[0].startswith("rules.yml is not YAML")
        assert bring(session, tmp_path, rules.replace("returns:", "retruns:"), "rules.yml").problems
        assert bring(session, tmp_path, rules, "rules.yml") == ImportReport("rules", 1, 0, [])
        assert bring(session, tmp_path, rules.replace("customer_pays: 79", "customer_pays: 89"), "rules.yml").changed == 1
        assert service.rules(session).returns.customer_pays == 89


def test_demo_shop_is_loaded_once(database: Database) -> None:
    with database.writing() as session:
        assert load_demo_shop(session, NOW)
    with database.writing() as session:
        assert not load_demo_shop(session, NOW)
        assert session.scalar(select(func.count()).select_from(Customer)) == 12
        assert len(service.products(session)) == 26
