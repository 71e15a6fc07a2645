"""The time that figures are of: a week, a month, a quarter, or from a day to a day, by the shop's clock. Pure."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Self
from zoneinfo import ZoneInfo

KINDS = ("week", "month", "quarter", "days")
LONGEST = 3 * 366
"""Days at most."""
DAY = timedelta(days=1)


class WrongPeriod(ValueError):
    """These days make no period; the message says why."""


@dataclass(frozen=True)
class Period:
    """From the first day's midnight to the midnight after the last day, by the clock of `timezone`."""

    kind: str
    first: date
    last: date
    timezone: str

    @classmethod
    def around(cls, kind: str, day: date, timezone: str) -> Self:
        """The calendar week (from Monday), month or quarter that the day lies in."""
        if kind == "week":
            first = day - timedelta(days=day.weekday())
            return cls(kind, first, first + timedelta(days=6), timezone)
        months = {"month": 1, "quarter": 3}.get(kind)
        if months is None:
            raise WrongPeriod("A period is a week, a month, a quarter, or from a day to a day.")
        first = date(day.year, (day.month - 1) // months * months + 1, 1)
        return cls(kind, first, _months_later(first, months) - DAY, timezone)

    @classmethod
    def between(cls, first: date, last: date, timezone: str) -> Self:
        """From one day to another, both of them in it. Raises WrongPeriod."""
        if last < first:
            raise WrongPeriod("The first day comes after the last one.")
        if (last - first).days >= LONGEST:
            raise WrongPeriod("A period has three years at most.")
        if not date(2000, 1, 1) <= first <= last < date(2200, 1, 1):
            raise WrongPeriod("That is too far away.")
        return cls("days", first, last, timezone)

    @property
    def since(self) -> datetime:
        return _midnight(self.first, self.timezone)

    @property
    def until(self) -> datetime:
        return _midnight(self.last + DAY, self.timezone)

    @property
    def earlier(self) -> "Period":
        """The period before it, of the same kind or length."""
        if self.kind != "days":
            return Period.around(self.kind, self.first - DAY, self.timezone)
        return Period("days", self.first - (self.last - self.first) - DAY, self.first - DAY, self.timezone)

    @property
    def later(self) -> "Period":
        if self.kind != "days":
            return Period.around(self.kind, self.last + DAY, self.timezone)
        return Period("days", self.last + DAY, self.last + (self.last - self.first) + DAY, self.timezone)

    @property
    def name(self) -> str:
        """2026-W47, 2026-11, 2026-Q4, 2026-11-01_2026-11-20: for files and programs."""
        if self.kind == "week":
            year, week, _ = self.first.isocalendar()
            return f"{year}-W{week:02}"
        if self.kind == "month":
            return f"{self.first:%Y-%m}"
        if self.kind == "quarter":
            return f"{self.first.year}-Q{self.first.month // 3 + 1}"
        return f"{self.first}_{self.last}"

    def weeks(self, now: datetime) -> list[date]:
        """The Mondays of the calendar weeks that it touches, those that have begun."""
        monday = self.first - timedelta(days=self.first.weekday())
        end = min(self.last, now.astimezone(ZoneInfo(self.timezone)).date())
        return [monday + timedelta(days=7 * n) for n in range((end - monday).days // 7 + 1)]


def period_asked_for(kind: str, day: str, first: str, last: str, today: date, timezone: str) -> Period:
    """The period that words ask for: around a day (without one: today), or from a day to a day. Raises WrongPeriod."""
    try:
        days = [date.fromisoformat(said) for said in ((first, last) if kind == "days" else (day or str(today),))]
    except ValueError as error:
        raise WrongPeriod("A day is written as 2026-11-30.") from error
    if kind == "days":
        return Period.between(days[0], days[1], timezone)
    if not date(2000, 1, 1) <= days[0] < date(2200, 1, 1):
        raise WrongPeriod("That is too far away.")
    return Period.around(kind, days[0], timezone)


def monday_of(moment: datetime, timezone: str) -> date:
    """The Monday of the week that a moment lies in, by that clock."""
    day = moment.astimezone(ZoneInfo(timezone)).date()
    return day - timedelta(days=day.weekday())


def _midnight(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time(0), ZoneInfo(timezone)).astimezone(UTC)


def _months_later(first: date, months: int) -> date:
    month = first.month - 1 + months
    return date(first.year + month // 12, month % 12 + 1, 1)
