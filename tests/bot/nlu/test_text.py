"""Folding, masking and word lists."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.lexicon import LexiconError, load_lexicon, read_lexicon
from bot.nlu.phrases import PhraseFinder, read_words
from bot.nlu.text import fold, normalise, words


@given(st.text(max_size=200))
def test_folding_keeps_every_offset(text: str) -> None:
    assert len(fold(text)) == len(text)


@given(st.text(max_size=200))
def test_words_stand_where_they_say(text: str) -> None:
    folded = fold(text)
    assert all(folded[word.start : word.end] == word.text for word in read_words(text))


def test_typing_differences_disappear() -> None:
    assert normalise("SOOOOO   slow, 10023847 and 12") == "soo slow, 0000 and 00"
    assert words(normalise("Why?!?! it’s ‹product› 😡")) == ["why", "?!?", "it's", "‹product›", "😡"]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("it smells burnt", ["smell"]), ("it smells very burnt", ["smell"]), ("smells of roses", []), ("on the 12", ["number"]),
        ("on the 123", []), ("a smoke-alarm", ["alarm"]), ("SMÖKE", ["smoke"]), ("smoke alarms", ["alarm"]), ("burnt", []),
    ],
)  # fmt: skip
def test_phrases_take_stems_gaps_and_the_longest(text: str, names: list[str]) -> None:
    finder = PhraseFinder({"smell": ["smells _? burn*"], "smoke": ["smoke"], "alarm": ["smoke alarm*"], "number": ["the #"]})
    assert [phrase.name for phrase in finder.find(read_words(text))] == names


def test_a_lexicon_is_read_by_list_and_language() -> None:
    assert read_lexicon("# note\n$X = a|b\n[one.en]\n$X c, d\n[one.sv]\ne", "here") == {"one.en": ["a|b c", "d"], "one.sv": ["e"]}


def test_a_lexicon_says_where_it_is_wrong() -> None:
    with pytest.raises(LexiconError, match="here, line 2"):
        read_lexicon("[one]\n$NONE a", "here")


@pytest.mark.parametrize("name", ["danger", "mood", "kinds", "times"])
@pytest.mark.parametrize("language", ["en", "sv", "nb", "fi"])
def test_every_lexicon_loads_in_every_language(name: str, language: str) -> None:
    assert load_lexicon(name, language).find(read_words("nothing of the sort")) is not None
