"""Products of the catalogue: inflected, run together, misspelt, by model alone."""

import pytest

from bot.nlu.catalogue import Product, read_catalogue
from bot.nlu.products import ProductFinder, within


@pytest.fixture(scope="session")
def finder(products: tuple[Product, ...]) -> ProductFinder:
    return ProductFinder(products)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("my Aurora P50", "Aurora P50"), ("aurorap50", "Aurora P50"), ("auroraP50:n kuva", "Aurora P50"),
        ("Aurora P50-tvn", "Aurora P50"), ("arora p50", "Aurora P50"), ("Aurroa P5O", "Aurora P50"), ("aurora 50", "Aurora P50"),
        ("aurora p 50", "Aurora P50"), ("the P50", "Aurora P50"), ("P50:ssa", "Aurora P50"), ("Nordvik W7an", "Nordvik W7"),
        ("nordvik w7:ään", "Nordvik W7"), ("nordvikk d6", "Nordvik D6"), ("Norvik W7", "Nordvik W7"), ("nordvikin w7", "Nordvik W7"),
        ("virvel-h1", "Virvel H1"), ("Lumo L55:een", "Lumo L55"), ("lumol55", "Lumo L55"), ("Ilmo 5:n", "Ilmo 5"), ("ilmo5", "Ilmo 5"),
        ("Sisu 14:stä", "Sisu 14"), ("sisu14", "Sisu 14"), ("Sissu T10", "Sisu T10"), ("kipin stickiä", "Kipin Stick"),
        ("kippin stick", "Kipin Stick"), ("the Tystra's band", "Tystra H4"), ("tyxtra h4", "Tystra H4"), ("vakt a1", "Vakt A1"),
        ("kafia k2", "Kaffia K2"), ("rullan e2", "Rulla E2"), ("frysta f2sen", "Frysta F2"), ("K3's door", "Frysta K3"),
    ],
)  # fmt: skip
def test_a_product_is_known_by_any_of_its_names(finder: ProductFinder, text: str, name: str) -> None:
    assert [one.value for one in finder.find(text)] == [name]


@pytest.mark.parametrize(
    "text",
    [
        "20 m2", "about 14 days", "en vakt stod där", "kahvirulla", "the new kettle", "Aurora", "a stick", "5 of them",
        "kipinä lensi", "ilmoitus tuli", "p5", "aurora borealis over the house",
    ],
)  # fmt: skip
def test_other_words_are_no_products(finder: ProductFinder, text: str) -> None:
    assert finder.find(text) == []


def test_two_products_are_both_found_where_they_stand(finder: ProductFinder) -> None:
    text = "swap the Lumo L43 for a P60"
    assert [(text[one.start : one.end], one.value) for one in finder.find(text)] == [("Lumo L43", "Lumo L43"), ("P60", "Aurora P60")]


def test_every_product_of_the_catalogue_is_found_by_its_own_name(finder: ProductFinder, products: tuple[Product, ...]) -> None:
    for product in products:
        for text in (product.name, product.name.lower(), product.name.replace(" ", "")):
            assert [one.value for one in finder.find(text)] == [product.name]


@pytest.mark.parametrize(("left", "right", "near"), [("nordvik", "norvdik", True), ("lumo", "lmo", True), ("lumo", "lupu", False)])
def test_one_slip_is_near(left: str, right: str, near: bool) -> None:
    assert within(left, right, 1) is near


def test_a_missing_catalogue_says_what_is_missing(tmp_path: object) -> None:
    from pathlib import Path

    from bot.nlu.catalogue import CatalogueError

    with pytest.raises(CatalogueError, match="No catalogue at"):
        read_catalogue(Path(str(tmp_path)) / "none.csv")
