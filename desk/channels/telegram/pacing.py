"""Telegram's limits: so many messages a second over all chats, one a second in a chat (short bursts allowed), less in groups."""

import asyncio
from dataclasses import dataclass, field

CHAT_BURST = 4.0
GROUP_PER_SECOND = 20 / 60
LONGEST_HOLD = 30.0
"""Seconds that a message is held back here; one that must wait longer is given back, for its claim runs out."""
SEVERAL = 2
"""Chats told to wait at the same time from which on the whole bot is meant."""


@dataclass
class Bucket:
    """Lets `per_second` through on average and `burst` at once. Takes the time as an argument."""

    per_second: float
    burst: float
    level: float = field(init=False)
    at: float = field(default=0.0)

    def __post_init__(self) -> None:
        self.level = self.burst

    def take(self, now: float) -> float:
        """Take one; the seconds to wait until it may go."""
        self.level = min(self.burst, self.level + (now - self.at) * self.per_second)
        self.at = now
        self.level -= 1
        return max(0.0, -self.level / self.per_second)

    def give_back(self) -> None:
        """The one taken last is not used."""
        self.level += 1

    def is_full(self, now: float) -> bool:
        return self.level + (now - self.at) * self.per_second >= self.burst


class Pacer:
    """Holds messages back until they may go, and obeys when Telegram says to wait."""

    def __init__(self, per_second: float, chat_per_second: float) -> None:
        self._all = Bucket(per_second, burst=max(1.0, per_second / 4))
        self._chat_per_second = chat_per_second
        self._chats: dict[str, Bucket] = {}
        self._paused: dict[str, float] = {}

    async def turn(self, chat: str) -> float:
        """Wait until a message to this chat may go: 0. Or, when that is long, at once the seconds after which to come again."""
        clock = asyncio.get_running_loop().time
        for bucket in (self._chat(chat, clock()), self._all):
            wait = bucket.take(clock())
            if wait > LONGEST_HOLD:
                bucket.give_back()
                return wait
            await asyncio.sleep(wait)
        while (wait := self._pause_of(chat, clock())) > 0:  # again, for it may be told to wait meanwhile
            if wait > LONGEST_HOLD:
                return wait
            await asyncio.sleep(wait)
        return 0.0

    def pause(self, chat: str, seconds: float) -> None:
        """Telegram said to wait (429)."""
        self._paused[chat] = asyncio.get_running_loop().time() + seconds

    def _pause_of(self, chat: str, now: float) -> float:
        self._paused = {c: until for c, until in self._paused.items() if until > now}
        told = self._paused.values() if len(self._paused) >= SEVERAL else [self._paused.get(chat, 0.0)]
        return max(0.0, max(told) - now)

    def _chat(self, chat: str, now: float) -> Bucket:
        if len(self._chats) > 10_000:  # forget those that have been quiet
            self._chats = {c: b for c, b in self._chats.items() if not b.is_full(now)}
        if chat not in self._chats:
            rate = GROUP_PER_SECOND if chat.startswith("-") else self._chat_per_second
            self._chats[chat] = Bucket(rate, CHAT_BURST, at=now)
        return self._chats[chat]
