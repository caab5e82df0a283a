"""Time as this product means it: moments in UTC, days in Korea (UTC+9, no summer time since 1988)."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

SEOUL = timezone(timedelta(hours=9), "KST")
"""A fixed offset: every day this product looks at is later than Korea's last summer time (1988)."""

EPOCH = date(1970, 1, 1)


def now() -> datetime:
    """This moment, in UTC."""
    return datetime.now(UTC)


def day_of(moment: datetime) -> date:
    """The day in Korea that `moment` falls on. `moment` must know its zone."""
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone has no day")
    return moment.astimezone(SEOUL).date()


def day_number(day: date) -> int:
    """Days since 1970-01-01, the form in which index and mart compare days."""
    return (day - EPOCH).days


def day_from(number: int) -> date:
    """The day of a day number."""
    return EPOCH + timedelta(days=number)


def end_of_day(day: date) -> datetime:
    """The last microsecond of a day in Korea, in UTC."""
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL).astimezone(UTC) + timedelta(days=1, microseconds=-1)
