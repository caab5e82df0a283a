"""Which days a window means, seen from a day.

`as_of` is T, the day in Korea the question is asked for. Days are day numbers (`clock.day_number`); ranges hold both
ends.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Iterable, Mapping
from datetime import date, timedelta
from types import MappingProxyType
from typing import Any, Final, Literal, TypeAlias, TypedDict

from audience_builder.catalog.holidays import KOREA, Holidays, Stretch
from audience_builder.catalog.seasons import FIRST_YEAR, LAST_YEAR, SEASONS, occurrences
from audience_builder.clock import day_from, day_number
from audience_builder.rule.window import Between, Calendar, Days, Ever, Future, Last, Named, Next, Window

MIN_DAY: Final = day_number(date(1900, 1, 1))
MAX_DAY: Final = day_number(date(2200, 1, 1))
"""Where an open end stops. No window reaches further either way."""

DayRange: TypeAlias = tuple[int, int]
_Ranges: TypeAlias = Iterable[DayRange]

_DAYS_IN: Final = MappingProxyType({"day": 1, "week": 7})
_MONTHS_IN: Final = MappingProxyType({"month": 1, "quarter": 3, "half": 6, "year": 12})
_PARTS: Final = MappingProxyType({"early": (1, 10), "middle": (11, 20), "late": (21, 31)})
_YEARS: Final = MappingProxyType({"last": -1, "this": 0, "next": 1})


class ResolvedRange(TypedDict):
    """A range as people are shown it: ISO dates, both in; an open end is None."""

    start: str | None
    end: str | None


def days_in(window: Window, as_of: date, holidays: Holidays = KOREA) -> tuple[DayRange, ...]:
    """The days of a window as ranges of day numbers: sorted, apart from each other, both ends in.

    Empty where there are none, such as 황금연휴 of a year that had none. Raises KeyError for a named stretch nobody
    declared, and ValueError for one in a year whose holidays are not known.
    """
    return _merged(_RANGES[type(window)](window, as_of, holidays))


def resolved(window: Window, as_of: date, holidays: Holidays = KOREA) -> list[ResolvedRange]:
    """The days of a window as dates to show next to its name."""
    return [
        ResolvedRange(
            start=None if start == MIN_DAY else day_from(start).isoformat(),
            end=None if end == MAX_DAY else day_from(end).isoformat(),
        )
        for start, end in days_in(window, as_of, holidays)
    ]


def is_window_known(name: str) -> bool:
    """Whether a named window of that name was declared."""
    return name in SEASONS


def _merged(ranges: _Ranges) -> tuple[DayRange, ...]:
    merged: list[DayRange] = []
    for start, end in sorted((max(start, MIN_DAY), min(end, MAX_DAY)) for start, end in ranges):
        if start > end:
            continue
        if merged and start <= merged[-1][1] + 1:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)


def _months_from(day: date, months: int) -> date:
    """The same day of the month so many months on, or that month's last day where it is shorter."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if year < date.min.year:
        return date.min
    if year > date.max.year:
        return date.max
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _last(window: Last, as_of: date, holidays: Holidays) -> _Ranges:
    del holidays
    today = day_number(as_of)
    return [(_shifted(as_of, -window.n, window.unit) + 1, today)]


def _next(window: Next, as_of: date, holidays: Holidays) -> _Ranges:
    del holidays
    return [(day_number(as_of), _shifted(as_of, window.n, window.unit))]


def _shifted(day: date, n: int, unit: Literal["day", "week", "month", "year"]) -> int:
    if unit in _DAYS_IN:
        return day_number(day) + n * _DAYS_IN[unit]
    return day_number(_months_from(day, n * _MONTHS_IN[unit]))


def _days(window: Days, as_of: date, holidays: Holidays) -> _Ranges:
    del holidays
    today = day_number(as_of)
    return [(today + window.start, today + window.end)]


def _calendar(window: Calendar, as_of: date, holidays: Holidays) -> _Ranges:
    del holidays
    today = day_number(as_of)
    if window.unit == "day":
        return [(today + window.offset, today + window.offset)]
    if window.unit == "week":
        monday = today - as_of.weekday() + 7 * window.offset
        return [(monday, monday + 6)]
    length = _MONTHS_IN[window.unit]
    into = (as_of.month - 1) % length
    first = _months_from(as_of.replace(day=1), window.offset * length - into)
    last = _months_from(first, length) - timedelta(days=1)
    if window.part is not None:
        start, end = _PARTS[window.part]
        return [(day_number(first.replace(day=start)), day_number(first.replace(day=min(end, last.day))))]
    return [(day_number(first), day_number(last))]


def _named(window: Named, as_of: date, holidays: Holidays) -> _Ranges:
    for first, last in _stretches(window, as_of, holidays):
        start = day_number(first)
        if window.start is None or window.end is None:
            yield start, day_number(last)
        else:
            yield start + window.start, start + window.end


def _stretches(window: Named, as_of: date, holidays: Holidays) -> tuple[Stretch, ...]:
    if window.year == "recent":
        return (_recent(window.name, as_of, holidays),)
    if window.year == "upcoming":
        return (_upcoming(window.name, as_of, holidays),)
    year = window.year if isinstance(window.year, int) else as_of.year + _YEARS[window.year]
    return occurrences(window.name, year, holidays)


def _recent(name: str, as_of: date, holidays: Holidays) -> Stretch:
    """The latest occurrence that was over before today."""
    for year in range(min(as_of.year, LAST_YEAR), FIRST_YEAR - 1, -1):
        over = [stretch for stretch in occurrences(name, year, holidays) if stretch[1] < as_of]
        if over:
            return over[-1]
    raise ValueError(f"no {name} is known before {as_of}")


def _upcoming(name: str, as_of: date, holidays: Holidays) -> Stretch:
    """The first occurrence that is not over today: the one going on, or else the next."""
    for year in range(max(as_of.year - 1, FIRST_YEAR), LAST_YEAR + 1):
        ahead = [stretch for stretch in occurrences(name, year, holidays) if stretch[1] >= as_of]
        if ahead:
            return ahead[0]
    raise ValueError(f"no {name} is known from {as_of} on")


def _between(window: Between, as_of: date, holidays: Holidays) -> _Ranges:
    del as_of, holidays
    start = MIN_DAY if window.start is None else day_number(window.start)
    end = MAX_DAY if window.end is None else day_number(window.end)
    return [(start, end)]


def _ever(window: Ever, as_of: date, holidays: Holidays) -> _Ranges:
    del window, holidays
    return [(MIN_DAY, day_number(as_of))]


def _future(window: Future, as_of: date, holidays: Holidays) -> _Ranges:
    del window, holidays
    return [(day_number(as_of), MAX_DAY)]


_RANGES: Final[Mapping[type[Any], Callable[[Any, date, Holidays], _Ranges]]] = MappingProxyType(
    {
        Last: _last,
        Next: _next,
        Days: _days,
        Calendar: _calendar,
        Named: _named,
        Between: _between,
        Ever: _ever,
        Future: _future,
    }
)
