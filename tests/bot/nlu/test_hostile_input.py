"""Whatever is typed is read, quickly, and breaks nothing."""

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.nlu.understanding import Understanding

LONG = 2000
WORST = [
    "1" * LONG, "1 " * (LONG // 2), "100 " * (LONG // 4), "a" * LONG, "a@" * (LONG // 2), "a.b@c." * (LONG // 6), "+1-" * (LONG // 3), "0 0 " * (LONG // 4),
    "smell of " * (LONG // 9), "on the " * (LONG // 7), "no not " * (LONG // 7), "!?" * (LONG // 2), "😡" * LONG, "1.1." * (LONG // 4), "klo 1 " * (LONG // 6),
    "i i i " * (LONG // 6), "one of " * (LONG // 7), "small " * (LONG // 6), "\u0000\u202e\ufeff" * (LONG // 3), "<script>" * (LONG // 8), "ﬁİßŒ" * (LONG // 4),
]  # fmt: skip


@pytest.mark.parametrize("text", WORST, ids=lambda text: ascii(text[:8]))
def test_the_longest_message_is_read_in_time(small: Understanding, text: str) -> None:
    small.read(text)
    started = time.process_time()
    small.read(text + ".")
    assert time.process_time() - started < 0.5


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=300)
@given(st.text(max_size=300))
def test_any_text_is_understood_somehow(small: Understanding, text: str) -> None:
    understood = small.read(text, "sv")
    assert understood.language in {"en", "sv", "nb", "fi"}
    assert understood.mood in {"calm", "annoyed", "furious"}
    assert 0 <= understood.confidence <= 1
    assert all(0 <= one.start < one.end <= len(text) for one in understood.entities)
