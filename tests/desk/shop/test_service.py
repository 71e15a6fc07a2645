"""The demo shop through its services."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from desk.conversations.languages import LANGUAGES
from desk.db.engine import Database
from desk.shop import service
from desk.shop.demo import FOLDER, load_demo_shop
from desk.shop.rules import ShopRulesModel, is_late

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)


@pytest.fixture
def shop(database: Database) -> Database:
    with database.writing() as session:
        load_demo_shop(session, NOW)
    return database


def test_erik_got_his_plasma_tv_yesterday(shop: Database) -> None:
    with shop.reading() as session:
        order = service.find_order(session, "10023847", "erik.lund@example.com")
        assert order
        assert order.status == "delivered"
        assert order.delivered_at
        assert order.delivered_at.date() == date(2026, 11, 17)
        assert service.age_days(order, NOW) == 1
        (line,) = service.order_lines(session, order)
        assert (line.product.name, line.quantity, line.price) == ("Aurora P50", 1, Decimal(8990))
        assert [o.number for o in service.orders_of(session, order.customer_id)] == ["10023847", "10019312"]


def test_aino_waits_for_her_washing_machine(shop: Database) -> None:
    with shop.reading() as session:
        order = service.find_order(session, "10023901", "aino.virtanen@example.com")
        assert order
        assert (order.status, order.promised_day, order.delivered_at) == ("shipped", date(2026, 11, 20), None)
        assert service.age_days(order, NOW) is None
        assert [line.product.name for line in service.order_lines(session, order)] == ["Nordvik W7"]


def test_karins_order_is_late(shop: Database) -> None:
    with shop.reading() as session:
        order = service.find_order(session, "10023655", "karin.ek@example.com")
        assert order
        assert is_late(order.status, order.promised_day, NOW.date())


def test_order_number_is_found_in_any_shape(shop: Database) -> None:
    with shop.reading() as session:
        for number in ("#10023847", "100 238 47", "order no. 10023847", "10023847."):
            assert service.find_order(session, number, " Erik.Lund@EXAMPLE.com"), number


def test_wrong_pair_is_nobodys_order(shop: Database) -> None:
    erik = "erik.lund@example.com"
    with shop.reading() as session:
        for pair in (
            ("10023847", "aino.virtanen@example.com"),
            ("99999999", erik),
            ("", erik),
            ("10023847", ""),
            ("100238", erik),
        ):
            assert service.find_order(session, *pair) is None, pair


NAMES = {
    "Aurora P50": ("Aurora P50", "p50", "my new aurora p50 tv", "Arora P50", "AUR-P50"),
    "Nordvik W7": ("the w7", "nordvik  W7"),
    "Sisu 14": ("Sisu 14",),
    "Ilmo 5": ("ilmo",),
    "Kipin Stick": ("kipin stick",),
    None: ("aurora", "P50 or P60", "", "🤷", "something else"),
}


def test_product_is_found_by_what_customers_call_it(shop: Database) -> None:
    with shop.reading() as session:
        for name, calls in NAMES.items():
            for said in calls:
                found = service.find_product(session, said)
                assert (found.name if found else None) == name, said


def test_sold_out_product_has_the_day_of_its_return(shop: Database) -> None:
    with shop.reading() as session:
        found = service.price_and_stock(session, "Nordvik D6")
        assert found
        assert (found.stock, found.restock_day) == (0, NOW.date() + timedelta(days=9))
        assert service.price_and_stock(session, "aurora") is None


def test_plasma_tv_for_a_living_room_is_the_p50(shop: Database) -> None:
    with shop.reading() as session:
        best = service.recommend(session, "plasma_tv", "20 m2", Decimal(9000))[0]
        assert (best.product.name, best.why_code) == ("Aurora P50", "fits_room")
        assert service.recommend(session, "Plasma TV", "20 m2", Decimal(9000))[0].product.name == "Aurora P50"
        assert service.recommend(session, "fridge")[0].product.name == "Frysta K3"


def test_every_product_is_described_in_every_language_and_pictured(shop: Database) -> None:
    with shop.reading() as session:
        for product in service.products(session):
            assert set(product.description) == set(LANGUAGES)
            assert len(set(product.description.values())) == len(LANGUAGES)
            assert (FOLDER / "images" / product.image).is_file()


def test_shop_without_rules_is_cautious(database: Database) -> None:
    with database.reading() as session:
        assert service.rules(session) == ShopRulesModel.cautious()
