"""What a second opinion by the encoder changes, and that everything works without it."""

from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import is_installed
from bot.nlu.examples import Example
from bot.nlu.readers.second import SecondOpinion, fit_second_opinion
from bot.nlu.readers.topic import DEFAULTS, TopicReader, fit_topics

needs_encoder = pytest.mark.skipif(not is_installed(), reason="the encoder is not installed")

SAID = {
    "track_order": ["where is my parcel", "when does my order arrive", "has my package been sent", "track my delivery"],
    "get_refund": ["I want my money back", "please refund me", "give me a refund", "repay what I paid"],
    "ask_opening_hours": [
        "when do you open",
        "are you open on Sunday",
        "what are your opening hours",
        "until when is the shop open",
    ],
}
EXAMPLES = [Example(text, topic, "en") for topic, texts in SAID.items() for text in texts]
MASKS: list[tuple[()]] = [()] * len(EXAMPLES)
# No word of it is in the training text: only its meaning tells.
ASKED = {**DEFAULTS, "encoder": True}
OTHER_WORDS = "reimburse the cash, thanks"


@needs_encoder
def test_other_words_for_the_same_are_understood_with_it_only() -> None:
    with_it = fit_topics(EXAMPLES, MASKS, ASKED).read(OTHER_WORDS, (), "en")
    without = fit_topics(EXAMPLES, MASKS, DEFAULTS).read(OTHER_WORDS, (), "en")
    assert with_it[0][0] == "get_refund"
    assert dict(with_it)["get_refund"] > dict(without)["get_refund"] + 0.1


@needs_encoder
def test_confidence_adds_up_to_one_and_no_topic_is_lost() -> None:
    ranking = fit_topics(EXAMPLES, MASKS, ASKED).read(OTHER_WORDS, (), "en")
    assert np.isclose(sum(share for _, share in ranking), 1.0, atol=1e-4)
    assert sorted(topic for topic, _ in ranking) == sorted(SAID)
    assert [share for _, share in ranking] == sorted((share for _, share in ranking), reverse=True)


@needs_encoder
def test_a_sure_message_and_another_language_are_not_asked_about() -> None:
    reader = fit_topics(EXAMPLES, MASKS, ASKED)
    first = TopicReader(reader.reader)
    assert reader.read(OTHER_WORDS, (), "sv") == first.read(OTHER_WORDS, (), "sv")
    sure = TopicReader(reader.reader, reader.second, encoder_below=0.0)
    assert sure.read(OTHER_WORDS, (), "en") == first.read(OTHER_WORDS, (), "en")


@needs_encoder
def test_what_is_stored_reads_the_same(tmp_path: Path) -> None:
    reader = fit_topics(EXAMPLES, MASKS, ASKED)
    reader.save(tmp_path)
    again = TopicReader.load(tmp_path, ASKED).read(OTHER_WORDS, (), "en")
    assert dict(again) == pytest.approx(dict(reader.read(OTHER_WORDS, (), "en")), abs=0.01)


@needs_encoder
def test_it_is_not_loaded_where_config_says_so(tmp_path: Path) -> None:
    fit_topics(EXAMPLES, MASKS, ASKED).save(tmp_path)
    assert TopicReader.load(tmp_path, DEFAULTS).second is None


def test_without_it_topics_are_read_all_the_same(tmp_path: Path) -> None:
    reader = fit_topics(EXAMPLES, MASKS, DEFAULTS)
    reader.save(tmp_path)
    assert SecondOpinion.load(tmp_path) is None
    assert TopicReader.load(tmp_path).read("where is my parcel", (), "en")[0][0] == "track_order"


def test_too_few_topics_have_no_second_opinion() -> None:
    assert fit_second_opinion([Example("hej", "greet", "sv")] * 3) is None
