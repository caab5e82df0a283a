"""When people travel and what a night costs then: the Korean year as weights of check-in days."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from audience_builder.catalog.holidays import HOLIDAY_EVE_BIT, WEEKEND_BIT, night_bits, runs_off
from audience_builder.catalog.seasons import occurrences
from audience_builder.clock import day_from, day_number
from audience_builder.sample.chance import Choices, Floats
from audience_builder.sample.hotel import ARRIVALS_BY_MONTH, PRICE_BY_MONTH

LONGEST_LEAD: Final = 365
"""Nobody books more days ahead."""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """When one kind of traveller checks in: weights of the weekdays (Monday first) and of named stretches.

    `off` is the weight of a day inside a run of at least three days off, its last day excepted; `months` mixes in how
    arrivals of real hotels rise and fall over the year (0 = not at all, 1 = as they do).
    """

    weekdays: tuple[float, ...]
    off: float
    months: float
    stretches: Mapping[str, float]


RHYTHMS: Final[Mapping[str, Rhythm]] = {
    "getaway": Rhythm(
        (0.50, 0.46, 0.50, 0.62, 1.75, 2.50, 0.75), 2.3, 0.5,
        {"summer_high": 1.35, "summer_peak": 1.3, "seollal": 1.15, "chuseok": 1.25, "cherry_blossom": 1.2,
         "autumn_leaves": 1.3, "year_end": 1.4, "valentine": 1.5, "white_day": 1.3},
    ),
    "family": Rhythm(
        (0.60, 0.56, 0.60, 0.70, 1.60, 2.30, 0.80), 2.2, 0.5,
        {"summer_vacation": 2.2, "summer_peak": 1.5, "winter_vacation": 1.5, "seollal": 1.2, "chuseok": 1.3,
         "family_month": 1.2, "autumn_leaves": 1.1},
    ),
    "business": Rhythm(
        (1.30, 1.35, 1.25, 0.95, 0.35, 0.25, 1.00), 0.25, 0.0,
        {"summer_peak": 0.5, "seollal": 0.2, "chuseok": 0.2, "year_end": 0.5},
    ),
    "any_day": Rhythm((0.80, 0.80, 0.85, 0.95, 1.50, 1.85, 1.10), 1.5, 0.1, {"valentine": 1.4, "year_end": 1.4}),
    "quiet_day": Rhythm(
        (1.15, 1.20, 1.15, 1.00, 0.85, 0.80, 1.00), 0.8, 0.4,
        {"cherry_blossom": 1.5, "autumn_leaves": 1.8, "summer_peak": 0.8, "chuseok": 1.2},
    ),
    "abroad": Rhythm(
        (0.85, 0.80, 0.90, 1.05, 1.45, 1.45, 0.85), 1.9, 0.2,
        {"summer_high": 1.4, "winter_vacation": 1.35, "seollal": 1.6, "chuseok": 1.7, "year_end": 1.3},
    ),
    "hometown": Rhythm(
        (0.60, 0.60, 0.70, 0.90, 2.00, 1.20, 0.90), 3.0, 0.0, {"seollal": 4.0, "chuseok": 4.0},
    ),
}  # fmt: skip

RHYTHM_KEYS: Final = tuple(RHYTHMS)

_LONG_RUN = 3
_WEEKEND_PRICE, _EVE_PRICE = 1.22, 1.25
_PRICE_STRETCHES: Final = {"summer_peak": 1.22, "year_end": 1.2, "seollal": 1.1, "chuseok": 1.15}


@dataclass(frozen=True, slots=True, eq=False)
class Season:
    """Check-in days from `first` on: `days` has a row a rhythm, `price` a factor a day (1 = an ordinary night)."""

    first: int
    days: Choices
    price: Floats


def season(start: date, end: date) -> Season:
    """The days somebody may check in who books from `start` to `end`."""
    first, count = day_number(start), (end - start).days + 1 + LONGEST_LEAD
    return Season(
        first,
        Choices.of(np.array([_weights(rhythm, first, count) for rhythm in RHYTHMS.values()])),
        _prices(first, count),
    )


def _weights(rhythm: Rhythm, first: int, count: int) -> Floats:
    days = [day_from(number) for number in range(first, first + count)]
    weights = np.array([rhythm.weekdays[day.weekday()] for day in days])
    weights[_inside_runs(first, count)] = rhythm.off
    months = np.array([ARRIVALS_BY_MONTH[day.month - 1] for day in days])
    weights *= 1 + rhythm.months * (months - 1)
    return weights * _stretched(rhythm.stretches, first, count)


def _inside_runs(first: int, count: int) -> list[int]:
    """Positions of the days of long runs off, but for the last day of each: that is when people go home."""
    runs = runs_off(day_from(first), day_from(first + count - 1), _LONG_RUN)
    inside = [number - first for start, end in runs for number in range(day_number(start), day_number(end))]
    return [position for position in inside if 0 <= position < count]


def _stretched(stretches: Mapping[str, float], first: int, count: int) -> Floats:
    factors = np.ones(count)
    years = range(day_from(first).year - 1, day_from(first + count).year + 1)
    for name, factor in stretches.items():
        inside = np.zeros(count, dtype=np.bool_)
        for start, end in (found for year in years for found in occurrences(name, year)):
            inside[max(day_number(start) - first, 0) : max(day_number(end) - first + 1, 0)] = True
        factors[inside] *= factor
    return factors


def _prices(first: int, count: int) -> Floats:
    days = [day_from(number) for number in range(first, first + count)]
    # Real hotels swing more over the year than over Korea's: half of their swing, and the Korean calendar on top.
    factors = np.array([(1 + PRICE_BY_MONTH[day.month - 1]) / 2 for day in days])
    bits = np.array([night_bits(day) for day in days])
    factors[bits >> WEEKEND_BIT & 1 == 1] *= _WEEKEND_PRICE
    factors[bits >> HOLIDAY_EVE_BIT & 1 == 1] *= _EVE_PRICE
    return factors * _stretched(_PRICE_STRETCHES, first, count)
