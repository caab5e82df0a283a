"""The period a sample speaks of, and moments in it as whole seconds since 1970 in UTC."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np
import numpy.typing as npt

from audience_builder.clock import day_number
from audience_builder.mart.tables import SEOUL_OFFSET_HOURS
from audience_builder.sample.chance import Floats, Ints, Quantiles

DAY: Final = 86_400
_OFFSET: Final = SEOUL_OFFSET_HOURS * 3600
_HOURS: Final = Quantiles.of([(0.0, 1.2, 8.3, 10.5, 12.4, 14.3, 16.4, 18.4, 20.3, 22.0, 24.0)])
"""The hour of the day at which people use the app, at every 10 %: little at night, most in the evening."""

NEVER: Final = -1
"""A moment that did not come."""


@dataclass(frozen=True, slots=True)
class Period:
    """The days of a sample in Korea, both in, as day numbers."""

    start: int
    end: int

    @classmethod
    def ending(cls, end: date, days: int) -> Period:
        """So many days up to `end`."""
        return cls(day_number(end) - days + 1, day_number(end))

    @property
    def days(self) -> int:
        """How many there are."""
        return self.end - self.start + 1

    @property
    def first_moment(self) -> int:
        """Its first second."""
        return self.start * DAY - _OFFSET

    @property
    def last_moment(self) -> int:
        """Its last second."""
        return (self.end + 1) * DAY - _OFFSET - 1


def at(days: Ints, seconds: Ints | int) -> Ints:
    """The moment so many seconds into each day."""
    return days * DAY + seconds - _OFFSET


def day_of(moments: Ints) -> Ints:
    """The day in Korea of each moment."""
    return (moments + _OFFSET) // DAY


def second_of_day(chance: Floats) -> Ints:
    """When in the day somebody uses the app, in seconds."""
    return np.minimum((_HOURS.value(0, chance) * 3600).astype(np.int64), DAY - 1)


def timestamps(moments: Ints) -> np.ma.MaskedArray[tuple[int], np.dtype[np.datetime64]]:
    """Moments as the mart stores them; those that never came are empty."""
    stored = (moments * 1_000_000).view("datetime64[us]")
    return np.ma.masked_array(stored, mask=moments == NEVER)


def dates(days: Ints) -> npt.NDArray[np.datetime64]:
    """Day numbers as dates."""
    return days.astype("datetime64[D]")
