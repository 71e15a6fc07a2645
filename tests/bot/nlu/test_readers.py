"""Language, topic, mood and danger, each from a little training text."""

import pytest

from bot.nlu.catalogue import Product
from bot.nlu.examples import TrainingTextError, make_example
from bot.nlu.readers.language import known_language
from bot.nlu.readers.topic import is_uncertain
from bot.nlu.understanding import OUT_OF_SCOPE, Understanding, fit_understanding
from conftest import small_training_text


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("where is my washing machine", "en"), ("var är min tvättmaskin", "sv"), ("var ar min bestallning", "sv"), ("hvor er ordren min", "nb"),
        ("missä tilaukseni on nyt", "fi"), ("MILLOIN PAKETTI TULEE", "fi"), ("naytto on rikki", "fi"),
    ],
)  # fmt: skip
def test_the_language_is_read_with_and_without_accents(small: Understanding, text: str, language: str) -> None:
    assert small.read(text).language == language


@pytest.mark.parametrize("text", ["10023847", "😡", "P50", "", "   ", "!?", "a@b.example"])
@pytest.mark.parametrize("conversation", ["en", "sv", "nb", "fi"])
def test_what_has_no_language_keeps_the_conversations(small: Understanding, text: str, conversation: str) -> None:
    understood = small.read(text, conversation)
    assert (understood.language, understood.language_sure) == (conversation, False)


def test_an_unknown_language_of_the_conversation_is_ignored(small: Understanding) -> None:
    assert small.read("10023847", "de").language in {"en", "sv", "nb", "fi"}


def test_one_language_of_training_text_is_always_that_one(products: tuple[Product, ...]) -> None:
    english = fit_understanding(small_training_text("en"), products)
    assert english.read("var är min order", "sv").language == "en"


@pytest.mark.parametrize(("metadata", "language"), [({"language": "sv"}, "sv"), ({"language": "de"}, None), ({}, None), (None, None), ("sv", None)])
def test_the_channels_metadata_may_say_anything(metadata: object, language: str | None) -> None:
    assert known_language(metadata) == language


def test_a_clear_message_has_its_topic(small: Understanding) -> None:
    assert small.read("where is my order").topic == "track_order"


def test_nonsense_is_out_of_scope_but_keeps_its_ranking(small: Understanding) -> None:
    understood = small.read("zzgrx 777")
    assert understood.topic == OUT_OF_SCOPE
    assert {name for name, _ in understood.ranking} == {"greet", "report_fault", "track_order"}


@pytest.mark.parametrize(
    ("ranking", "uncertain"),
    [([("a", 0.9), ("b", 0.1)], False), ([("a", 0.2), ("b", 0.1)], True), ([("a", 0.46), ("b", 0.44)], True), ([("a", 1.0)], False)],
)
def test_weak_and_close_calls_are_uncertain(ranking: list[tuple[str, float]], uncertain: bool) -> None:
    assert is_uncertain(ranking, threshold=0.3, margin=0.05) is uncertain


@pytest.mark.parametrize("text", ["THIS IS A DISGRACE!!!", "DET HÄR ÄR EN SKAM!!!", "TÄMÄ ON HÄPEÄ!!!"])
def test_shouting_is_furious(small: Understanding, text: str) -> None:
    assert small.read(text).mood == "furious"


@pytest.mark.parametrize("text", ["hello there", "hej på er", "", "10023847"])
def test_a_plain_word_is_calm(small: Understanding, text: str) -> None:
    assert small.read(text).mood == "calm"


@pytest.mark.parametrize(
    "text",
    ["there is smoke coming out of my TV", "kylen ger mig stötar", "det lukter svidd av vaskemaskinen", "kone kärysi ja tuli savua", "MY LAPTOP BATTERY IS SWOLLEN"],
)
def test_danger_is_seen_in_every_language(small: Understanding, text: str) -> None:
    assert small.read(text).hazard is True


@pytest.mark.parametrize("text", ["where is my order", "", "😡😡", "var är min brandvarnare", "missä palovaroitin on"])
def test_a_plain_message_is_no_danger(small: Understanding, text: str) -> None:
    assert small.read(text).hazard is False


@pytest.mark.parametrize("metadata", [{"language": "de"}, {"mood": "angry"}, {"hazard": "yes"}])
def test_a_misspelt_block_stops_the_training(metadata: dict[str, str]) -> None:
    with pytest.raises(TrainingTextError, match="greet"):
        make_example("hello", "greet", metadata)
