"""Telegram's limits, on a clock that the test moves."""

import asyncio

from hypothesis import given, settings
from hypothesis import strategies as st

from desk.channels.telegram.pacing import CHAT_BURST, LONGEST_HOLD, Pacer


class FastLoop(asyncio.SelectorEventLoop):
    """Time jumps to whatever comes next."""

    moment = 0.0

    def time(self) -> float:
        return self.moment

    def _run_once(self) -> None:
        if not self._ready and self._scheduled:  # type: ignore[attr-defined]
            self.moment = max(self.moment, self._scheduled[0].when())  # type: ignore[attr-defined]
        super()._run_once()  # type: ignore[misc]


def run(pacer: Pacer, chats: list[str], pauses: dict[int, tuple[str, float]]) -> list[tuple[float, str, float]]:
    """All want to send at once: when each went, or was given back and for how long."""
    went: list[tuple[float, str, float]] = []

    async def send(n: int, chat: str) -> None:
        later = await pacer.turn(chat)
        went.append((asyncio.get_running_loop().time(), chat, later))
        if n in pauses:
            pacer.pause(*pauses[n])

    async def all_of_them() -> None:
        await asyncio.gather(*(send(n, chat) for n, chat in enumerate(chats)))

    loop = FastLoop()
    try:
        loop.run_until_complete(all_of_them())
    finally:
        loop.close()
    return went


@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from(["1", "2", "3", "-4"]), min_size=1, max_size=60))
def test_neither_a_chat_nor_all_of_them_get_more_than_they_may(chats: list[str]) -> None:
    went = [(at, chat) for at, chat, later in run(Pacer(10.0, 1.0), chats, {}) if not later]
    for at, chat in went:
        assert sum(at - 5 < other <= at for other, _ in went) <= 5 * 10 + 10 / 4 + 1
        mine = [other for other, of in went if of == chat]
        assert sum(at - 5 < other <= at for other in mine) <= CHAT_BURST + 5 * 1 + 1


def test_nothing_is_held_longer_than_a_claim_lasts() -> None:
    went = run(Pacer(0.1, 1.0), [str(n) for n in range(20)], {})
    assert all(at <= LONGEST_HOLD + 1 for at, _, _ in went)
    assert any(later > LONGEST_HOLD for _, _, later in went)


def test_one_chat_told_to_wait_does_not_stop_the_others() -> None:
    pacer = Pacer(25.0, 1.0)
    run(pacer, ["1"], {0: ("1", 20.0)})
    went = {chat: at for at, chat, _ in run(pacer, ["1", "2"], {})}
    assert went["2"] < 1.0
    assert went["1"] >= 19.0


def test_several_chats_told_to_wait_mean_the_whole_bot() -> None:
    pacer = Pacer(25.0, 1.0)
    run(pacer, ["1", "2"], {0: ("1", 20.0), 1: ("2", 25.0)})
    assert min(at for at, _, _ in run(pacer, ["3"], {})) >= 24.0


def test_a_long_wait_is_given_back_at_once() -> None:
    pacer = Pacer(25.0, 1.0)
    run(pacer, ["1"], {0: ("1", 600.0)})
    ((at, _, later),) = run(pacer, ["1"], {})
    assert at == 0.0
    assert later > 500
