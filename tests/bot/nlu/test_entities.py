"""What a message names: order numbers, products, addresses, amounts, rooms and times, in their many shapes."""

from itertools import pairwise
from pathlib import Path

import pytest

from bot.nlu.catalogue import read_catalogue
from bot.nlu.entities import EntityReader
from bot.nlu.products import ProductFinder

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(scope="module")
def reader() -> EntityReader:
    return EntityReader(ProductFinder(read_catalogue(ROOT / "data" / "shop" / "products.csv")))


def named(reader: EntityReader, text: str, kind: str) -> list[str]:
    return [found.value for found in reader.read(text) if found.kind == kind]


@pytest.mark.parametrize(
    "text", ["10023847", "#10023847", "order no.10023847", "it is 100 238 47", "1002-3847 is mine", "nr 10023847!"]
)
def test_an_order_number_in_its_many_shapes(reader: EntityReader, text: str) -> None:
    assert named(reader, text, "order_number") == ["10023847"]


@pytest.mark.parametrize("text", ["call 070 123 45 67", "2023", "I paid 8990 kr", "12345678901"])
def test_other_numbers_are_no_order_numbers(reader: EntityReader, text: str) -> None:
    assert named(reader, text, "order_number") == []


@pytest.mark.parametrize("text", ["my Aurora P50", "aurorap50 smells", "the aurora p50s", "Arora P50", "AURORA P50!!"])
def test_a_product_by_its_name_however_typed(reader: EntityReader, text: str) -> None:
    assert named(reader, text, "product") == ["Aurora P50"]


def test_an_e_mail_and_an_order_number_in_one_message(reader: EntityReader) -> None:
    text = "its 10023847 and erik.lund@example.com"
    assert named(reader, text, "order_number") == ["10023847"]
    assert named(reader, text, "email") == ["erik.lund@example.com"]


@pytest.mark.parametrize(
    ("text", "kind"), [("a plasma tv", "tv"), ("washing machine", "washing_machine"), ("tvättmaskin", "washing_machine")]
)
def test_a_kind_of_product_from_ordinary_words(reader: EntityReader, text: str, kind: str) -> None:
    assert set(named(reader, text, "product_kind")) == {kind}


@pytest.mark.parametrize(
    "text",
    [
        *("tomorrow at 10", "on thursday at 2 pm", "i morgon kl 14", "in two hours", "3rd of June", "om två timmar"),
        *("om to timer", "kahden tunnin päästä", "3 june", "2 weeks ago", "förra veckan", "for ti dager siden", "neste uke"),
        *("den 15:e", "før helga", "efter fem", "viiden jälkeen", "ensi viikkoon", "in march", "since the weekend"),
    ],
)
def test_a_time_is_found(reader: EntityReader, text: str) -> None:
    assert named(reader, text, "time")


def test_an_address_may_have_letters_of_ours(reader: EntityReader) -> None:
    assert named(reader, "skriv til åse@example.no da", "email") == ["åse@example.no"]


def test_entities_do_not_overlap_and_stand_where_they_say(reader: EntityReader) -> None:
    text = "Order 10023847, the Aurora P50 for 8 990 kr, mail erik.lund@example.com, call me tomorrow at 10"
    found = reader.read(text)
    assert all(one.end <= other.start for one, other in pairwise(found))
    assert {f.kind for f in found} >= {"order_number", "product", "amount", "email", "time"}


@pytest.mark.parametrize("text", ["rullan går inte att ladda", "min rulla e2 piper", "Rullan akku kuumenee"])
def test_a_brand_of_one_product_is_that_product(reader: EntityReader, text: str) -> None:
    assert named(reader, text, "product") == ["Rulla E2"]


@pytest.mark.parametrize("text", ["den vill inte rulla", "hjulen börjar rulla snett"])
def test_a_verb_is_no_product(reader: EntityReader, text: str) -> None:
    assert named(reader, text, "product") == []


@pytest.mark.parametrize(
    "text", ["fri frakt", "I paid for 55", "swap it for one that works", "carry it to the 4th floor", "it fails after five minutes"]
)
def test_a_number_of_things_is_no_time(reader: EntityReader, text: str) -> None:
    assert named(reader, text, "time") == []


@pytest.mark.parametrize(
    ("text", "product"),
    [
        ("Läppäri pimeni kesken gradun, ihan kuraa toi sisu", "Sisu 14"),
        ("Virvel is the best vacuum cleaner I've had", "Virvel V2"),
        ("Virvel er den beste robotstøvsugeren", "Virvel R1"),
        ("vår frysta har slutat kyla, kylskåpet alltså", "Frysta K3"),
    ],
)
def test_a_brand_of_several_products_is_the_one_of_the_kind_that_is_named(reader: EntityReader, text: str, product: str) -> None:
    assert named(reader, text, "product") == [product]


def test_a_brand_of_several_products_alone_is_none_of_them(reader: EntityReader) -> None:
    assert named(reader, "how long is the warranty of the virvel", "product") == []


def test_a_model_after_an_order_number_is_a_product(reader: EntityReader) -> None:
    assert named(reader, "Vaihtakaa tilaus 10028850 P42:sta P50:een", "product") == ["Aurora P42", "Aurora P50"]
    assert named(reader, "a room of 20 m2", "product") == []
