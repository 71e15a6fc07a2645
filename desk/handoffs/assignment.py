"""Who gets a hand-off: language, presence, what one carries already, and care for the people who answer. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

PRESENCES = ("online", "busy", "away")
"""What an agent says of himself. Who is not heard of for a while is `silent`, whatever he said."""
SILENT_AFTER = timedelta(minutes=2)
PAUSE = timedelta(minutes=5)
"""To breathe, after a hard conversation; the agent may skip it."""
TAKE_WITHIN = timedelta(minutes=3)
"""How long a hand-off waits for the one whom it was given to, while another could take it."""
WEIGHTS = {"calm": 2, "annoyed": 3, "furious": 5}
FULL = 12
"""Six calm conversations; or two furious ones and a calm one."""
_RANK = {"online": 0, "busy": 1, "silent": 2}
_LONG_AGO = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class Need:
    """What a hand-off asks for. `knows`: the agent who helped this customer before; `passed`: who has lost it or let it pass."""

    language: str
    mood: str = "calm"
    skills: frozenset[str] = frozenset()
    knows: int | None = None
    passed: frozenset[int] = frozenset()

    @property
    def is_hard(self) -> bool:
        return self.mood == "furious"


@dataclass(frozen=True)
class Candidate:
    """An agent as he stands. `moods`: of what he holds or was given; `given_hard`: the last one he was given was hard."""

    agent_id: int
    languages: tuple[str, ...]
    presence: str = "online"
    at_work: bool = True
    moods: tuple[str, ...] = ()
    skills: frozenset[str] = frozenset()
    given_hard: bool = False
    given_at: datetime | None = None
    breathes_until: datetime | None = None

    @property
    def load(self) -> int:
        return sum(WEIGHTS[mood] for mood in self.moods)

    def is_resting(self, now: datetime) -> bool:
        """In his pause, or with his hands full."""
        return self.load >= FULL or (self.breathes_until is not None and now < self.breathes_until)


def presence_now(said: str, seen_at: datetime | None, now: datetime) -> str:
    """What he said of himself, or `silent` when he has not been heard of for a while."""
    return said if said == "away" or (seen_at is not None and now - seen_at <= SILENT_AFTER) else "silent"


def can_take(candidate: Candidate, need: Need, now: datetime) -> bool:
    """He is there, speaks the language, has hands and breath, and has not let it pass."""
    return (
        candidate.presence == "online"
        and candidate.at_work
        and need.language in candidate.languages
        and candidate.agent_id not in need.passed
        and not candidate.is_resting(now)
    )


def choose(need: Need, candidates: Sequence[Candidate], now: datetime) -> Candidate | None:
    """Who gets it; None when nobody at work can be asked. In this order:

    who is there before who may come; who is rested before who is not; nobody two hard ones in a row while another can
    take it; whom the customer knows; whose subject it is; who carries least; who has waited longest.
    """
    speakers = [c for c in candidates if need.language in c.languages] or candidates
    asked = [c for c in speakers if c.at_work and c.presence != "away" and c.agent_id not in need.passed]
    return min(asked, key=lambda c: _order(c, need, now), default=None)


def _order(c: Candidate, need: Need, now: datetime) -> tuple[object, ...]:
    return (
        _RANK[c.presence],
        c.is_resting(now),
        need.is_hard and c.given_hard,
        c.agent_id != need.knows,
        -len(c.skills & need.skills),
        c.load,
        c.given_at or _LONG_AGO,
        c.agent_id,
    )


def holder_is_lost(waits_since: datetime, presence: str, now: datetime, within: timedelta) -> bool:
    """Whether a customer has waited too long for his holder's answer: sooner when he is not even there."""
    return now - waits_since >= (within if presence in ("silent", "away") else 2 * within)
