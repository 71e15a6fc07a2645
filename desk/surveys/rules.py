"""When one may ask how it was, what an answer means, and what may be said of many answers. Pure."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

OPEN_FOR = timedelta(days=14)
"""How long a survey may be answered."""
QUARTER = timedelta(days=91)
"""The 0-10 question comes at most once in it."""
WORDS_WITHIN = timedelta(days=1)
"""After the rating, what he writes next within this time is why."""
REST_AFTER_LOW = timedelta(days=182)
"""After a 1 or 2 he is asked in no more rounds for this long."""
LOW = 2


def is_low(rating: int) -> bool:
    """A person sees to it within the hour."""
    return rating <= LOW


NEEDS_CARE = ("report_fault", "report_wrong_item", "not_solved", "payment_issue")
"""Topics that count for more than that we asked for his words."""
WISHES = ("replace_product", "return_product", "get_refund", "ask_human", "request_callback")
"""Topics that count for more only when he puts them as a wish: "call me", not "you called at once"."""
SURE = 0.5
"""How sure the bot must be of such a topic: words of praise often name what once was wrong."""


_PUT_AS_A_WISH = re.compile(
    r"^\W*\w+\W*$|\b(?:"
    r"please|want|would like|i'?d like|need|get me|(?:can|could) (?:you|someone|somebody|i)"
    r"|(?:call|ring|phone|contact|give|send|pay|refund|let) (?:me|us)"
    r"|vill|skulle vilja|behöver|snälla|ring (?:upp|gärna)|(?:ring|ringa|kontakta|ge|skicka|betala) (?:till )?(?:mig|oss)"
    r"|kan (?:ni|du|någon|jag) (?:få|ringa|skicka|prata|tala)"
    r"|vil (?:ha|gjerne|snakke|at)|trenger|vær så snill|ring (?:opp|gjerne|tilbake)"
    r"|(?:ring|kontakt|gi|send|betal) (?:til )?(?:meg|oss)"
    r"|kan (?:dere|du|noen|jeg) (?:få|ringe|sende|snakke)"
    r"|soita|soittakaa|soittaisi\w*|ottakaa yhteyttä|antakaa|lähettäkää|palauttakaa"
    r"|halu(?:an|aisin)|tarvitsen|tahdon|pyydän|voi(?:tte|t)?ko|voisi\w*|saisinko"
    r")\b",
    re.IGNORECASE,
)
"""In the four languages. What tells of the past is praise or blame; a single word can only be a wish."""


class Say(Enum):
    """Who answers words that were said of a rating."""

    THANKS = "thanks"
    THANKS_AND_BOT = "thanks, then the bot"
    BOT = "the bot"


def what_to_say(topic: str, confidence: float, hazard: bool, text: str) -> Say:
    """He is thanked, whatever he writes; danger, a fresh problem and a wish put as one go first; a question is answered too."""
    needs_care = topic in NEEDS_CARE or (topic in WISHES and _PUT_AS_A_WISH.search(text) is not None)
    if hazard or (needs_care and confidence >= SURE):
        return Say.BOT
    return Say.THANKS_AND_BOT if "?" in text else Say.THANKS


def may_ask_to_recommend(rating: int, asked_before: datetime | None, now: datetime) -> bool:
    """Once in a quarter, and not of one who is unhappy."""
    return not is_low(rating) and (asked_before is None or now - asked_before >= QUARTER)


@dataclass(frozen=True)
class Result:
    """What many answers come to. Rates are from 0 to 1; None where nobody was asked or nobody answered."""

    asked: int
    rated: int
    counts: tuple[int, int, int, int, int]  # of 1, 2, 3, 4, 5
    recommends: tuple[int, ...] = ()

    @property
    def response_rate(self) -> float | None:
        return self.rated / self.asked if self.asked else None

    @property
    def mean(self) -> float | None:
        return sum((n + 1) * count for n, count in enumerate(self.counts)) / self.rated if self.rated else None

    @property
    def satisfied(self) -> float | None:
        """The share of fours and fives."""
        return (self.counts[3] + self.counts[4]) / self.rated if self.rated else None

    @property
    def promoters_less_detractors(self) -> float | None:
        """Of the 0-10 question: the share of 9 and 10 less that of 0 to 6."""
        given: Sequence[int] = self.recommends
        return (sum(r >= 9 for r in given) - sum(r <= 6 for r in given)) / len(given) if given else None


def result_of(ratings: Iterable[int | None], recommends: Iterable[int | None] = ()) -> Result:
    """Of those who were asked and whose survey is not void, the rating of each (None: no answer)."""
    asked = list(ratings)
    rated = [r for r in asked if r is not None]
    counts = tuple(rated.count(n) for n in range(1, 6))
    return Result(len(asked), len(rated), counts, tuple(r for r in recommends if r is not None))  # type: ignore[arg-type]
