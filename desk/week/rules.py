"""When a week begins for the desk: Monday 07:00 by the shop's clock. Pure."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

BEGINS = time(7, 0)


def week_begins(now: datetime, timezone: str) -> datetime:
    """The latest Monday 07:00 local that is not after `now`, in UTC."""
    zone = ZoneInfo(timezone)
    local = now.astimezone(zone)
    monday = local.date() - timedelta(days=local.weekday())
    begins = datetime.combine(monday, BEGINS, zone).astimezone(UTC)
    return begins if begins <= now else datetime.combine(monday - timedelta(days=7), BEGINS, zone).astimezone(UTC)


def week_name(begins: datetime, timezone: str) -> str:
    """2026-W47, by ISO 8601."""
    year, week, _ = begins.astimezone(ZoneInfo(timezone)).isocalendar()
    return f"{year}-W{week:02}"
