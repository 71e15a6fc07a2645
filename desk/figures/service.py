"""The figures of a period, read from the database: what the lead sees, downloads and prints."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from sqlalchemy.orm import Session

from desk.figures.answers import Alone, first_bot_answers, first_human_answers, people_needed, solved_at_first_contact
from desk.figures.money import ProductRework, customers_kept, rework_by_product, worth_of_one_percent
from desk.figures.periods import Period
from desk.figures.promises import Promised, promises_in
from desk.figures.rules import Assumptions, Retention, Rework, Share, Times, Worth
from desk.settings import Settings
from desk.shop.service import rules as shop_rules
from desk.surveys.rounds import result_since, words_between
from desk.surveys.rules import Result
from desk.surveys.tables import Survey


@dataclass(frozen=True)
class Figures:
    """Everything on the page. `until`: the end of the period, or now while it lasts."""

    period: Period
    now: datetime
    until: datetime
    assumptions: Assumptions
    currency: str
    weeks: list[date]
    bot: Times
    human: Times
    alone: Alone
    first_contact: Share
    still_open: int
    surveys: Result
    words: Sequence[Survey]
    products: list[ProductRework]
    promised: Promised
    retention: Retention
    worth: Worth

    @property
    def rework(self) -> Rework:
        return sum((p.rework for p in self.products), Rework())

    @property
    def faults(self) -> int:
        return sum(p.cases for p in self.products)

    @property
    def kept_customers(self) -> Share:
        """Of all, with a case or without."""
        without, with_case = self.retention.without, self.retention.with_case
        return Share(without.count + with_case.count, without.of + with_case.of)

    @property
    def is_empty(self) -> bool:
        """Nothing happened in this period that a figure could be of."""
        counted = (
            self.alone.all.of, self.human.of, self.first_contact.of + self.still_open, self.surveys.asked, len(self.words),
            self.faults, self.promised.all.kept + self.promised.all.broken, self.kept_customers.of,
        )  # fmt: skip
        return not any(counted)


def read_figures(session: Session, period: Period, now: datetime, settings: Settings) -> Figures:
    """The figures of the period as they stand now."""
    since, until = period.since, max(period.since, min(period.until, now))
    assumptions = assumptions_of(settings)
    first_contact, still_open = solved_at_first_contact(session, since, until)
    return Figures(
        period=period, now=now, until=until, assumptions=assumptions, currency=shop_rules(session).currency,
        weeks=period.weeks(now),
        bot=first_bot_answers(session, since, until),
        human=first_human_answers(session, since, until),
        alone=people_needed(session, since, until, period.timezone),
        first_contact=first_contact, still_open=still_open,
        surveys=result_since(session, since, until),
        words=words_between(session, since, until),
        products=rework_by_product(session, since, until, assumptions),
        promised=promises_in(session, since, until, period.timezone),
        retention=customers_kept(session, since, until, timedelta(days=assumptions.again_days)),
        worth=worth_of_one_percent(session, until, assumptions),
    )  # fmt: skip


def assumptions_of(settings: Settings) -> Assumptions:
    """What the settings say that things cost."""

    def exact(value: float) -> Decimal:
        return Decimal(f"{value:g}")

    return Assumptions(
        collection=exact(settings.cost_collection), delivery=exact(settings.cost_delivery), repair=exact(settings.cost_repair),
        refund_share=exact(settings.cost_refund_share), replacement_share=exact(settings.cost_replacement_share),
        agent_minute=exact(settings.cost_agent_minute), minutes_message=exact(settings.cost_minutes_message),
        minutes_call=exact(settings.cost_minutes_call), minutes_task=exact(settings.cost_minutes_task),
        again_days=settings.retention_days, margin=exact(settings.worth_margin), years=exact(settings.worth_years),
    )  # fmt: skip
