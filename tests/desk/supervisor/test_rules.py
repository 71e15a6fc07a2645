"""When a process that died is started again."""

from hypothesis import given
from hypothesis import strategies as st

from desk.supervisor.rules import LONG_ENOUGH, LONGEST_WAIT, SHORTEST_WAIT, next_wait


def test_first_wait_is_short() -> None:
    assert next_wait(None, 0) == SHORTEST_WAIT


def test_waits_double_up_to_ten_seconds() -> None:
    waits, wait = [], None
    for _ in range(8):
        wait = next_wait(wait, lived=0.1)
        waits.append(round(wait, 1))
    assert waits == [0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 10.0, 10.0]


def test_long_life_resets_the_wait() -> None:
    assert next_wait(10.0, lived=LONG_ENOUGH) == SHORTEST_WAIT


@given(st.none() | st.floats(SHORTEST_WAIT, LONGEST_WAIT), st.floats(0, 1e6))
def test_wait_is_always_between_its_bounds(last: float | None, lived: float) -> None:
    assert SHORTEST_WAIT <= next_wait(last, lived) <= LONGEST_WAIT
