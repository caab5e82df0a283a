"""Days off in Korea, and what kind of night each night is.

Public holidays come from the pinned `holidays` package, corrected by a table of overrides. Version 0.109, read day by
day, says: 제헌절 (17 July, a holiday until 2007) and 노동절 (1 May, new) are public holidays from 2026 on, with a
substitute for a Saturday or Sunday (3 May and 19 July 2027). It has every temporary holiday of 2015 to 2025, election
days by law, and the days of 설 and 추석 with their substitutes:

- 설: 21-24 Jan 2023, 9-12 Feb 2024, 28-30 Jan 2025 (and 27 for once), 16-18 Feb 2026, 6-9 Feb 2027, 26-28 Jan 2028,
  12-14 Feb 2029, 2-5 Feb 2030;
- 추석: 28-30 Sep 2023, 16-18 Sep 2024, 5-8 Oct 2025, 24-26 Sep 2026, 14-16 Sep 2027, 2-5 Oct 2028, 21-24 Sep 2029,
  11-13 Sep 2030.

A temporary holiday announced after that release goes into `OVERRIDES`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from functools import lru_cache
from typing import Final, Literal, TypeAlias

import holidays as published
import numpy as np
import numpy.typing as npt

FIRST_DAY: Final = date(1990, 1, 1)
LAST_DAY: Final = date(2100, 12, 31)
"""The first and last day whose holidays are known. Asking about any other day raises ValueError."""

NIGHT_CLASSES: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun", "weekday", "weekend", "holiday_eve")
"""The classes of a night in the order of their bits (and of the columns of `cumulative_nights`)."""

WEEKDAY_BIT: Final = NIGHT_CLASSES.index("weekday")
WEEKEND_BIT: Final = NIGHT_CLASSES.index("weekend")
HOLIDAY_EVE_BIT: Final = NIGHT_CLASSES.index("holiday_eve")

Stretch: TypeAlias = tuple[date, date]
"""A first and a last day, both in."""

_DAY: Final = timedelta(days=1)
_FRIDAY, _SATURDAY = 4, 5


@dataclass(frozen=True, slots=True)
class Override:
    """One correction of the published holidays: `ko` is a holiday on that day, or the day is none at all."""

    day: date
    ko: str
    change: Literal["added", "removed"]


OVERRIDES: Final[tuple[Override, ...]] = ()
"""Corrections that hold everywhere. Empty: version 0.109 of the package has every holiday announced so far."""


def _refuse_unknown(*years: int) -> None:
    for year in years:
        if not FIRST_DAY.year <= year <= LAST_DAY.year:
            raise ValueError(f"Korean holidays are known for {FIRST_DAY.year} to {LAST_DAY.year}, not {year}")


@lru_cache(maxsize=256)
def _published(year: int) -> Mapping[date, tuple[str, ...]]:
    if year > LAST_DAY.year:
        # The package ends with 2100; only the last night and the last run of days off look one day further.
        return {date(year, 1, 1): ("신정연휴",)}
    # The language is named because the package otherwise follows the locale of the machine.
    found = published.country_holidays("KR", years=year, language="ko")
    return {day: tuple(names.split("; ")) for day, names in sorted(found.items())}


@dataclass(frozen=True, slots=True, eq=False)
class Holidays:
    """Korean days off under a table of overrides; each object remembers the years it was asked for."""

    overrides: tuple[Override, ...] = OVERRIDES
    _years: dict[int, Mapping[date, tuple[str, ...]]] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        if len({override.day for override in self.overrides}) != len(self.overrides):
            raise ValueError("two overrides speak of one day")

    def of_year(self, year: int) -> Mapping[date, tuple[str, ...]]:
        """The public holidays of a year with their Korean names, in order of day. A day may have several names."""
        _refuse_unknown(year)
        return self._of(year)

    def is_holiday(self, day: date) -> bool:
        """Whether the day is a public holiday: by law, as a substitute, for an election or for once."""
        return day in self.of_year(day.year)

    def is_day_off(self, day: date) -> bool:
        """Whether most people are off: a public holiday, a Saturday or a Sunday."""
        return self.is_holiday(day) or day.weekday() >= _SATURDAY

    def runs_off(self, start: date, end: date, at_least: int = 1) -> list[Stretch]:
        """Every run of at least so many days off in a row that touches start … end, whole even where it sticks out."""
        runs: list[Stretch] = []
        _refuse_unknown(start.year, end.year)
        day = start
        while day <= end:
            if not self._off(day):
                day += _DAY
                continue
            run = self._run_around(day)
            if (run[1] - run[0]).days + 1 >= at_least:
                runs.append(run)
            day = run[1] + _DAY
        return runs

    def night_bits(self, day: date) -> int:
        """The classes of the night that begins on `day`, a bit each in the order of `NIGHT_CLASSES`.

        주말 is a Friday or Saturday night, 공휴일 전날 the night before a public holiday (also within a long holiday),
        평일 every other night. A night may be both 주말 and 공휴일 전날.
        """
        _refuse_unknown(day.year)
        weekend = day.weekday() in (_FRIDAY, _SATURDAY)
        eve = (day + _DAY) in self._of((day + _DAY).year)
        weekday = not (weekend or eve)
        return 1 << day.weekday() | weekday << WEEKDAY_BIT | weekend << WEEKEND_BIT | eve << HOLIDAY_EVE_BIT

    def cumulative_nights(self, start: date, end: date) -> npt.NDArray[np.int32]:
        """How many nights of each class lie before each day: shape (days + 1, 10), columns as `NIGHT_CLASSES`.

        With `s = cumulative_nights(start, end)`, nights a … b hold `s[b - start + 1, c] - s[a - start, c]` of class c.
        """
        days = (end - start).days + 1
        if days < 1:
            raise ValueError("start is after end")
        _refuse_unknown(start.year, end.year)
        weekday_of = (np.arange(days) + start.weekday()) % 7
        nights = np.zeros((days, len(NIGHT_CLASSES)), dtype=np.int32)
        nights[np.arange(days), weekday_of] = 1
        nights[:, WEEKEND_BIT] = (weekday_of == _FRIDAY) | (weekday_of == _SATURDAY)
        eves = [(holiday - _DAY - start).days for holiday in self._holidays(start + _DAY, end + _DAY)]
        nights[eves, HOLIDAY_EVE_BIT] = 1
        nights[:, WEEKDAY_BIT] = (nights[:, WEEKEND_BIT] | nights[:, HOLIDAY_EVE_BIT]) == 0
        sums = np.zeros((days + 1, len(NIGHT_CLASSES)), dtype=np.int32)
        np.cumsum(nights, axis=0, out=sums[1:])
        return sums

    def _holidays(self, start: date, end: date) -> Iterator[date]:
        for year in range(start.year, end.year + 1):
            yield from (day for day in self._of(year) if start <= day <= end)

    def _of(self, year: int) -> Mapping[date, tuple[str, ...]]:
        known = self._years.get(year)
        if known is None:
            corrected = dict(_published(year))
            for override in self.overrides:
                if override.day.year == year and override.change == "removed":
                    corrected.pop(override.day, None)
                elif override.day.year == year:
                    corrected[override.day] = (*corrected.get(override.day, ()), override.ko)
            known = self._years[year] = dict(sorted(corrected.items()))
        return known

    def _off(self, day: date) -> bool:
        return day.weekday() >= _SATURDAY or day in self._of(day.year)

    def _run_around(self, day: date) -> Stretch:
        first = last = day
        while self._off(first - _DAY):
            first -= _DAY
        while self._off(last + _DAY):
            last += _DAY
        return first, last


KOREA: Final = Holidays()
"""The days off everyone uses; pass another `Holidays` where the table of overrides is another."""


def is_holiday(day: date) -> bool:
    """Whether the day is a public holiday in Korea."""
    return KOREA.is_holiday(day)


def is_day_off(day: date) -> bool:
    """Whether the day is a public holiday in Korea, a Saturday or a Sunday."""
    return KOREA.is_day_off(day)


def runs_off(start: date, end: date, at_least: int = 1) -> list[Stretch]:
    """Every run of at least so many days off in a row that touches start … end, whole even where it sticks out."""
    return KOREA.runs_off(start, end, at_least)


def night_bits(day: date) -> int:
    """The classes of the night that begins on `day`, a bit each in the order of `NIGHT_CLASSES`."""
    return KOREA.night_bits(day)


def cumulative_nights(start: date, end: date) -> npt.NDArray[np.int32]:
    """How many nights of each class lie before each day of start … end: shape (days + 1, 10)."""
    return KOREA.cumulative_nights(start, end)


def lunar_day(name: str, year: int) -> date:
    """The day of 설날, 추석 or 부처님오신날 in a year, whatever the overrides say. Raises KeyError for another name."""
    _refuse_unknown(year)
    names = _LUNAR_NAMES[name]
    return next(day for day, given in _published(year).items() if names & set(given))


_LUNAR_NAMES: Final = {
    "설날": frozenset({"설날"}),
    "추석": frozenset({"추석"}),
    "부처님오신날": frozenset({"부처님오신날", "석가탄신일"}),  # 석가탄신일 until 2017
}
