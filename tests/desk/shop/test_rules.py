"""What the bot may promise, by the demo shop's rules."""

from datetime import UTC, date, datetime
from decimal import Decimal

import yaml
from hypothesis import given
from hypothesis import strategies as st

from desk.shop.demo import FOLDER
from desk.shop.rules import RemedyOffer, ShopRulesModel, add_months, is_late, remedies_for

NOW = datetime(2026, 11, 18, 9, 0, tzinfo=UTC)
RULES = ShopRulesModel.model_validate(yaml.safe_load((FOLDER / "rules.yml").read_text(encoding="utf-8")))


def offers(
    *,
    rules: ShopRulesModel = RULES,
    fault: bool = True,
    price: int = 8990,
    age: int | None = 1,
    warranty: int = 24,
    hazard: bool = False,
    stock: int = 5,
) -> list[RemedyOffer]:
    return remedies_for(
        rules, fault=fault, price=Decimal(price), age_days=age, warranty_months=warranty, hazard=hazard, stock=stock, now=NOW
    )


def promised(found: list[RemedyOffer]) -> list[str]:
    return [offer.kind for offer in found if not offer.needs_human]


def whys(found: list[RemedyOffer]) -> set[str]:
    return {offer.why for offer in found}


def test_new_tv_that_fails_is_taken_back_and_replaced() -> None:
    assert promised(offers()) == ["return", "replacement", "refund", "repair"]


def test_dangerous_product_is_never_repaired() -> None:
    found = offers(hazard=True)
    assert promised(found) == ["return", "replacement", "refund"]
    assert "repair" not in [offer.kind for offer in found]


def test_dangerous_product_leaves_the_house_even_when_a_person_decides_the_rest() -> None:
    assert promised(offers(hazard=True, price=16990)) == ["return"]
    assert promised(offers(hazard=True, age=1000)) == ["return"]


def test_expensive_product_is_decided_by_a_person() -> None:
    found = offers(price=16990)
    assert promised(found) == []
    assert whys(found) == {"over_price"}


def test_refund_comes_first_when_there_is_no_other_one() -> None:
    found = offers(stock=0)
    assert promised(found) == ["return", "refund", "repair"]
    assert [o.why for o in found if o.kind == "replacement"] == ["out_of_stock"]


def test_older_product_is_repaired_and_the_rest_a_person_decides() -> None:
    found = offers(age=200)
    assert promised(found) == ["return", "repair"]
    assert whys(found) == {"within_warranty", "over_days"}


def test_product_without_warranty_has_the_laws_right_of_complaint() -> None:
    assert "within_complaint_right" in whys(offers(age=400, warranty=12))


def test_third_year_is_decided_by_a_person_and_after_it_nothing_is_covered() -> None:
    assert whys(offers(age=800)) == {"burden_passed"}
    third_year_of_long_warranty = offers(age=800, warranty=60)
    assert whys(third_year_of_long_warranty) == {"over_days"}
    assert whys(offers(age=1500)) == {"not_covered"}


def test_working_product_may_be_returned_within_the_return_days() -> None:
    assert promised(offers(fault=False, age=30)) == ["return", "refund", "replacement"]
    assert promised(offers(fault=False, age=31)) == []


def test_unknown_purchase_is_decided_by_a_person() -> None:
    assert whys(offers(age=None)) == {"age_unknown"}


def test_shop_without_rules_promises_nothing_about_faults() -> None:
    assert promised(offers(rules=ShopRulesModel.cautious())) == []


@given(
    fault=st.booleans(),
    hazard=st.booleans(),
    price=st.integers(0, 50_000),
    age=st.one_of(st.none(), st.integers(-5, 5000)),
    warranty=st.integers(0, 120),
    stock=st.integers(0, 3),
)
def test_offers_always_keep_to_the_rules(fault: bool, hazard: bool, price: int, age: int | None, warranty: int, stock: int) -> None:
    found = offers(fault=fault, hazard=hazard, price=price, age=age, warranty=warranty, stock=stock)
    kinds = [offer.kind for offer in found]
    assert kinds
    assert kinds[0] == "return"
    assert len(set(kinds)) == len(kinds)
    assert not (hazard and "repair" in kinds)
    assert not (stock == 0 and "replacement" in promised(found))
    assert not (age is None and promised(found))
    if fault and not hazard and price > 10_000:
        assert not promised(found)


def test_months_end_where_the_month_ends() -> None:
    assert add_months(date(2026, 1, 31), 1) == date(2026, 2, 28)
    assert add_months(date(2024, 2, 29), 36) == date(2027, 2, 28)


def test_order_is_late_only_after_the_promised_day() -> None:
    today = date(2026, 11, 18)
    assert is_late("shipped", date(2026, 11, 17), today)
    assert not is_late("shipped", today, today)
    assert not is_late("delivered", date(2026, 11, 17), today)
    assert not is_late("shipped", None, today)
