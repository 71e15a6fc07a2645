"""Order numbers, addresses, phone numbers and amounts in the shapes that people type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.numbers import read_numbers


def found(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in read_numbers(text)]


@pytest.mark.parametrize(
    "text",
    [
        "#10023847", "100 238 47", "1002-3847", "order no.10023847", "tilaus 10023847.", "nr:10023847?", "(10023847)",
        "10 02 38 47", "1oo23847", "order100-238-47", "10023847 och sen", "10023847, two of them",
    ],
)  # fmt: skip
def test_an_order_number_is_found_in_every_shape(text: str) -> None:
    assert found(text) == [("order_number", "10023847")]


@given(st.integers(0, 99999), st.lists(st.sampled_from(["", " ", "-", ".", "/"]), min_size=7, max_size=7))
def test_separators_between_digits_do_not_matter(tail: int, gaps: list[str]) -> None:
    digits = f"100{tail:05}"
    typed = "".join(digit + gap for digit, gap in zip(digits, [*gaps, ""], strict=True))
    assert ("order_number", digits) in found(f"my order {typed} please")


@pytest.mark.parametrize("text", ["110023847", "100238471", "20023847", "1002384", "ean 4010023847123"])
def test_other_numbers_are_no_order_numbers(text: str) -> None:
    assert "order_number" not in dict(found(text))


def test_a_phone_number_is_not_taken_for_an_order() -> None:
    assert found("ring +46 70 981 22 34 about 10023847") == [("phone", "+46709812234"), ("order_number", "10023847")]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("040 123 4567", "0401234567"), ("070-123 45 67", "0701234567"), ("+358 40 123 4567", "+358401234567"),
        ("912 34 567", "91234567"), ("0046701234987", "0046701234987"), ("+46 (0)70 123 45 67", "+46701234567"),
    ],
)  # fmt: skip
def test_phone_numbers_lose_their_blanks(text: str, value: str) -> None:
    assert found(f"call {text}") == [("phone", value)]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("it is Erik.Lund@example.com.", "erik.lund@example.com"),
        ("aino(at)example.fi", "aino@example.fi"),
        ("mail:kari_n+shop@post.example.no!", "kari_n+shop@post.example.no"),
    ],
)
def test_email_addresses_end_before_the_full_stop(text: str, value: str) -> None:
    assert found(text) == [("email", value)]


@pytest.mark.parametrize("amount", ["4 200 kr", "€149", "49,00 €", "1 249 kr", "300 euroa", "50e", "2000 kronor", "59:-", "5 290,50 kr", "10 tkr"])
def test_amounts_are_found_as_they_stand(amount: str) -> None:
    assert found(f"about {amount} I think") == [("amount", amount)]


@pytest.mark.parametrize("text", ["the P50", "two weeks", "10 days", "24/7", "5 stars", "9 e-mails"])
def test_other_counts_are_no_amounts(text: str) -> None:
    assert "amount" not in dict(found(text))
