"""Which topics an unclear message may be about. Pure."""

from collections.abc import Sequence

Ranked = tuple[str, float]
NEVER_MEANT = frozenset(
    {"nlu_fallback", "out_of_scope", "affirm", "deny", "greet", "goodbye", "thank", "none_of_these", "start_over", "other_order"}
)
"""Nobody is asked whether he meant these."""
MOST = 3
LEAST_CONFIDENCE = 0.08
SHARE_OF_BEST = 0.25


def likely_topics(ranking: Sequence[Ranked], least: float = LEAST_CONFIDENCE) -> list[Ranked]:
    """The topics worth asking about, best first: at least `least` sure, and not far behind the best of them."""
    candidates = [(topic, confidence) for topic, confidence in ranking if topic not in NEVER_MEANT]
    if not candidates or candidates[0][1] < least:
        return []
    enough = max(least, SHARE_OF_BEST * candidates[0][1])
    return [one for one in candidates if one[1] >= enough][:MOST]
