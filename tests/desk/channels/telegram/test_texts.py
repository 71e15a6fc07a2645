"""How texts are cut and buttons named: for any text."""

from hypothesis import given
from hypothesis import strategies as st

from desk.channels.telegram.pacing import Bucket
from desk.channels.telegram.texts import keyboard, pressed, split_text, units
from desk.db.base import new_id


@given(st.text(min_size=1, max_size=400), st.integers(10, 60))
def test_parts_fit_and_nothing_but_blanks_is_lost(text: str, longest: int) -> None:
    parts = split_text(text, longest)
    assert all(units(part) <= longest for part in parts)
    assert "".join("".join(parts).split()) == "".join(text.split())


def test_a_text_is_cut_at_paragraphs_before_sentences_before_words() -> None:
    assert split_text("One. Two.\n\nThree. Four.", 14) == ["One. Two.", "Three. Four."]
    assert split_text("One is here. Two is here.", 15) == ["One is here.", "Two is here."]
    assert split_text("one two three", 9) == ["one two", "three"]
    assert split_text("abcdefghij", 4) == ["abcd", "efgh", "ij"]


def test_an_emoji_is_never_cut_in_two() -> None:
    assert split_text("🎉🎉🎉", 4) == ["🎉🎉", "🎉"]


def test_buttons_fit_into_what_telegram_takes_and_name_their_message() -> None:
    message_id = new_id()
    markup = keyboard(message_id, [{"title": "x" * 200, "payload": "/deny" * 100}, {"title": "b", "payload": "/affirm"}])
    assert markup is not None
    for n, (button,) in enumerate(markup.inline_keyboard):
        data = str(button.callback_data)
        assert len(data.encode()) <= 64
        assert pressed(data) == (message_id, n)
    assert pressed("/deny") is None
    assert pressed(f"{message_id}:-1") is None
    assert keyboard(message_id, []) is None


@given(st.lists(st.floats(0, 5), min_size=1, max_size=50))
def test_a_bucket_never_lets_more_through_than_it_may(gaps: list[float]) -> None:
    bucket, now, sent = Bucket(per_second=1.0, burst=4.0), 0.0, []
    for gap in gaps:
        now += gap
        sent.append(now + bucket.take(now))
    for at in sent:
        assert sum(at - 10 < other <= at for other in sent) <= 4 + 10 + 1
