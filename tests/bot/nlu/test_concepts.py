"""What words mean in four languages."""

from itertools import pairwise

import pytest

from bot.nlu.concepts import ConceptError, ConceptFinder, concept_signs, load_concepts
from bot.nlu.examples import LANGUAGES
from bot.nlu.text import normalise


def concepts(text: str, language: str) -> set[str]:
    return {name for _, name in load_concepts(language).find(normalise(text))}


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "I want my money back"),
        ("sv", "Jag vill ha pengarna tillbaka"),
        ("nb", "eg vil ha pengane, altså refusjon"),
        ("fi", "haluan rahat takaisin"),
    ],
)
def test_one_concept_has_words_in_every_language(language: str, text: str) -> None:
    assert {"want", "money_back"} <= concepts(text, language)


def test_typing_without_diacritics_means_the_same() -> None:
    assert concepts("när är ni öppna", "sv") == concepts("nar ar ni oppna", "sv")


def test_a_part_of_a_compound_is_found_where_the_list_says_so() -> None:
    finder = ConceptFinder("fee: *gebyr*\nlate: sen, inte _ kommit", "a test")
    assert finder.find("avbestillingsgebyret") == [(0, "fee")]
    assert finder.find("senap inte har kommit") == [(1, "late")]


def test_words_of_one_language_mean_nothing_in_another() -> None:
    assert "h_fire" in concepts("fire in the kitchen", "en")
    assert "h_fire" not in concepts("klokka fire", "nb")


def test_a_line_without_a_name_is_told() -> None:
    with pytest.raises(ConceptError, match="line 2"):
        ConceptFinder("# a comment\nmoney, cash", "a test")


def test_neighbouring_concepts_are_told_as_pairs() -> None:
    assert {"not", "arrive", "not+arrive"} <= set(concept_signs("it did not come", "en"))


def test_every_language_names_the_same_concepts() -> None:
    named = [load_concepts(language).names for language in LANGUAGES]
    assert all(left == right for left, right in pairwise(named))
