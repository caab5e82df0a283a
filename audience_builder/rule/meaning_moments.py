"""When is now, and what had happened by then: the first words of the law."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cached_property

from audience_builder.catalog.options import PRODUCT_LINES
from audience_builder.clock import day_of
from audience_builder.mart.person import BehaviorRow, BookingRow

Row = BehaviorRow | BookingRow
_STAY_LINES = tuple(option.code for option in PRODUCT_LINES.options if option.key in ("domestic_stay", "overseas_stay"))


@dataclass(frozen=True)
class Moment:
    """When the question is asked: `as_of` and its day in Korea."""

    as_of: datetime

    @cached_property
    def day(self) -> date:
        """The day in Korea."""
        return day_of(self.as_of)

    @cached_property
    def minute(self) -> datetime:
        """The moment without its seconds, for carts."""
        return self.as_of.replace(second=0, microsecond=0)


def happened(moment: datetime | None, now: Moment) -> bool:
    """Whether it had happened by the end of today."""
    return moment is not None and day_of(moment) <= now.day


def is_confirmed(row: BookingRow, now: Moment) -> bool:
    """Booked and not cancelled by today; a no-show is still confirmed."""
    return happened(row.booked_at, now) and not happened(row.cancelled_at, now)


def is_stay(row: BookingRow) -> bool:
    """A stay, at home or abroad."""
    return row.product_line in _STAY_LINES


def last_night(row: Row) -> date | None:
    """The night before check-out; of day use and of what has no nights, the day itself."""
    if row.check_in is None:
        return None
    if isinstance(row, BehaviorRow):
        return row.check_in + timedelta(days=max(row.nights or 1, 1) - 1)
    return (
        row.check_out - timedelta(days=1)
        if row.check_out is not None and row.check_out > row.check_in
        else row.check_in
    )
