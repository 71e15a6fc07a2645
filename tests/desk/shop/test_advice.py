"""Which product is recommended, and why."""

from decimal import Decimal

import pytest

from desk.shop.advice import advise, read_room_size
from desk.shop.tables import Product


def tv(name: str, price: int, inches: int, stock: int = 3, panel: str = "plasma") -> Product:
    return Product(
        sku=name,
        name=name,
        kind="tv",
        price=Decimal(price),
        currency="SEK",
        stock=stock,
        screen_inches=inches,
        features={"panel": panel},
    )


P42, P50, P60 = tv("P42", 5990, 42), tv("P50", 8990, 50), tv("P60", 14990, 60)
L55 = tv("L55", 7490, 55, panel="led")
ALL = [P60, L55, P42, P50]


def advice(
    kind: str = "tv", room: str | float | None = None, budget: int | None = None, products: list[Product] = ALL
) -> list[tuple[str, str]]:
    found = advise(products, kind, room, Decimal(budget) if budget is not None else None)
    return [(a.product.name, a.why_code) for a in found]


def test_screen_fits_the_room() -> None:
    assert advice(room="small")[0] == ("P42", "fits_room")
    assert advice(room="medium")[0] == ("P50", "fits_room")
    assert advice(room="large")[0] == ("P60", "fits_room")


def test_plasma_means_plasma() -> None:
    assert [name for name, _ in advice("plasma_tv")] == ["P42", "P50", "P60"]


def test_nothing_beyond_a_tenth_over_the_budget() -> None:
    assert advice(room="medium", budget=8200)[:2] == [("L55", "fits_room"), ("P50", "slightly_over_budget")]
    assert ("P50", "slightly_over_budget") in advice(budget=8200)
    assert "P60" not in dict(advice(budget=9000))
    assert advice(budget=100) == []


def test_what_is_in_stock_comes_first() -> None:
    sold_out = tv("P50", 8990, 50, stock=0)
    found = advice(room="medium", products=[sold_out, P42])
    assert found == [("P42", "small_for_room"), ("P50", "out_of_stock")]


def test_without_a_room_the_nearest_to_the_budget_comes_first() -> None:
    assert advice(budget=8000)[0] == ("L55", "within_budget")
    assert advice()[0] == ("P42", "in_stock")


def test_unknown_kind_has_no_advice() -> None:
    assert advice("submarine") == []


@pytest.mark.parametrize(
    ("said", "size"),
    [
        ("20 m2", "medium"),
        ("12", "small"),
        ("about 15 square metres", "small"),
        ("26 kvm", "large"),
        ("4x5 m", "medium"),
        ("3 by 4", "small"),
        ("a small bedroom", "small"),
        ("ganska litet", "small"),
        ("pieni", "small"),
        ("keskikokoinen", "medium"),
        ("stort vardagsrum", "large"),
        ("iso olohuone", "large"),
        ("whatever", None),
        ("", None),
        (None, None),
        (0, None),
        (40.5, "large"),
    ],
)
def test_room_is_understood(said: str | float | None, size: str | None) -> None:
    assert read_room_size(said) == size
