"""Which days a window means: known figures, and every window held to a slow reading of its sentence."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from functools import cache
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audience_builder.catalog.holidays import Holidays, Override, is_day_off, is_holiday, lunar_day
from audience_builder.catalog.seasons import SEASONS, suneung_day
from audience_builder.clock import day_from, day_number
from audience_builder.rule import calendar
from audience_builder.rule.calendar import MAX_DAY, MIN_DAY, days_in, is_window_known, resolved
from audience_builder.rule.window import Between, Calendar, Days, Ever, Future, Last, Named, Next, Window

T = date(2026, 11, 22)  # a Sunday
DAY = timedelta(days=1)


def shown(window: Window, as_of: date = T) -> list[str]:
    return [f"{day_from(start)}..{day_from(end)}" for start, end in days_in(window, as_of)]


# --- known figures ---------------------------------------------------------------------------------------------------

FIGURES: list[tuple[Window, date, list[str]]] = [
    (Last(n=1), T, ["2026-11-22..2026-11-22"]),
    (Last(n=30), T, ["2026-10-24..2026-11-22"]),
    (Last(n=2, unit="week"), T, ["2026-11-09..2026-11-22"]),
    (Last(n=3, unit="month"), T, ["2026-08-23..2026-11-22"]),
    (Last(n=1, unit="year"), T, ["2025-11-23..2026-11-22"]),
    (Last(n=1, unit="month"), date(2024, 3, 31), ["2024-03-01..2024-03-31"]),
    (Last(n=1, unit="month"), date(2026, 3, 31), ["2026-03-01..2026-03-31"]),
    (Last(n=1, unit="year"), date(2024, 2, 29), ["2023-03-01..2024-02-29"]),
    (Last(n=4, unit="year"), date(2024, 2, 29), ["2020-03-01..2024-02-29"]),
    (Last(n=6, unit="month"), date(2026, 8, 31), ["2026-03-01..2026-08-31"]),
    (Last(n=365), date(2024, 12, 31), ["2024-01-02..2024-12-31"]),
    (Last(n=3660, unit="year"), T, ["1900-01-01..2026-11-22"]),
    (Next(n=0), T, ["2026-11-22..2026-11-22"]),
    (Next(n=3), T, ["2026-11-22..2026-11-25"]),
    (Next(n=1, unit="week"), T, ["2026-11-22..2026-11-29"]),
    (Next(n=1, unit="month"), date(2026, 1, 31), ["2026-01-31..2026-02-28"]),
    (Next(n=1, unit="year"), date(2024, 2, 29), ["2024-02-29..2025-02-28"]),
    (Next(n=3660, unit="year"), T, ["2026-11-22..2200-01-01"]),
    (Next(n=3660, unit="month"), T, ["2026-11-22..2200-01-01"]),
    (Days(start=3, end=3), T, ["2026-11-25..2026-11-25"]),
    (Days(start=-365, end=-91), T, ["2025-11-22..2026-08-23"]),
    (Calendar(unit="day", offset=-1), T, ["2026-11-21..2026-11-21"]),
    (Calendar(unit="week"), T, ["2026-11-16..2026-11-22"]),
    (Calendar(unit="week", offset=-1), T, ["2026-11-09..2026-11-15"]),
    (Calendar(unit="week"), date(2026, 11, 16), ["2026-11-16..2026-11-22"]),
    (Calendar(unit="week"), date(2027, 1, 1), ["2026-12-28..2027-01-03"]),
    (Calendar(unit="month", offset=-9), T, ["2026-02-01..2026-02-28"]),
    (Calendar(unit="month", offset=2), T, ["2027-01-01..2027-01-31"]),
    (Calendar(unit="quarter"), T, ["2026-10-01..2026-12-31"]),
    (Calendar(unit="quarter", offset=1), T, ["2027-01-01..2027-03-31"]),
    (Calendar(unit="half"), T, ["2026-07-01..2026-12-31"]),
    (Calendar(unit="half", offset=-1), T, ["2026-01-01..2026-06-30"]),
    (Calendar(unit="year", offset=-2), T, ["2024-01-01..2024-12-31"]),
    (Calendar(unit="month", part="early"), T, ["2026-11-01..2026-11-10"]),
    (Calendar(unit="month", part="middle"), T, ["2026-11-11..2026-11-20"]),
    (Calendar(unit="month", part="late"), T, ["2026-11-21..2026-11-30"]),
    (Calendar(unit="month", part="late"), date(2024, 2, 5), ["2024-02-21..2024-02-29"]),
    (Between(start=date(2026, 1, 1), end=date(2026, 1, 1)), T, ["2026-01-01..2026-01-01"]),
    (Between(start=date(2026, 1, 1)), T, ["2026-01-01..2200-01-01"]),
    (Between(end=date(2026, 1, 1)), T, ["1900-01-01..2026-01-01"]),
    (Between(end=date(1850, 1, 1)), T, []),
    (Ever(), T, ["1900-01-01..2026-11-22"]),
    (Future(), T, ["2026-11-22..2200-01-01"]),
    (Named(name="chuseok", year=2025), T, ["2025-10-03..2025-10-09"]),
    (Named(name="chuseok"), T, ["2026-09-24..2026-09-27"]),
    (Named(name="chuseok", year="last"), T, ["2025-10-03..2025-10-09"]),
    (Named(name="chuseok", year="next"), T, ["2027-09-14..2027-09-16"]),
    (Named(name="chuseok", year="recent"), T, ["2026-09-24..2026-09-27"]),
    (Named(name="chuseok", year="recent"), date(2026, 9, 27), ["2025-10-03..2025-10-09"]),
    (Named(name="chuseok", year="upcoming"), date(2026, 9, 27), ["2026-09-24..2026-09-27"]),
    (Named(name="chuseok", year="upcoming"), date(2026, 9, 28), ["2027-09-14..2027-09-16"]),
    (Named(name="seollal", year="upcoming"), T, ["2027-02-06..2027-02-09"]),
    (Named(name="myeongjeol"), T, ["2026-02-14..2026-02-18", "2026-09-24..2026-09-27"]),
    (Named(name="myeongjeol", year="recent"), T, ["2026-09-24..2026-09-27"]),
    (Named(name="myeongjeol", year="upcoming"), T, ["2027-02-06..2027-02-09"]),
    (Named(name="long_weekend", year="recent"), T, ["2026-10-09..2026-10-11"]),
    (Named(name="long_weekend", year="upcoming"), T, ["2026-12-25..2026-12-27"]),
    (Named(name="long_weekend", year="upcoming"), date(2024, 1, 1), ["2023-12-30..2024-01-01"]),
    (Named(name="bridge"), T, ["2026-01-02..2026-01-02", "2026-05-04..2026-05-04"]),
    (Named(name="golden_holiday", year=2025), T, ["2025-01-25..2025-02-02", "2025-10-03..2025-10-12"]),
    (Named(name="golden_holiday", year="upcoming"), date(2040, 1, 10), ["2041-09-07..2041-09-11"]),
    (Named(name="golden_holiday", year=2040), T, []),
    (Named(name="winter"), T, ["2026-12-01..2027-02-28"]),
    (Named(name="winter", year="recent"), T, ["2025-12-01..2026-02-28"]),
    (Named(name="winter", year="upcoming"), date(2027, 1, 15), ["2026-12-01..2027-02-28"]),
    (Named(name="winter", year="this"), date(2027, 1, 15), ["2027-12-01..2028-02-29"]),
    (Named(name="ski_season", year="last"), date(2028, 3, 1), ["2027-12-01..2028-02-29"]),
    (Named(name="ski_season", year="recent"), date(2028, 2, 29), ["2026-12-01..2027-02-28"]),
    (Named(name="year_end", year="recent"), date(2027, 1, 3), ["2026-12-24..2027-01-02"]),
    (Named(name="suneung_after"), T, ["2026-11-19..2026-12-19"]),
    (Named(name="chuseok", start=-30, end=-14), T, ["2026-08-25..2026-09-10"]),
    (Named(name="summer_high", year="last", start=0, end=0), T, ["2025-07-15..2025-07-15"]),
    (Named(name="myeongjeol", start=-1, end=-1), T, ["2026-02-13..2026-02-13", "2026-09-23..2026-09-23"]),
    (Named(name="myeongjeol", start=-366, end=366), T, ["2025-02-13..2027-09-25"]),
]


@pytest.mark.parametrize(("window", "as_of", "expected"), FIGURES)
def test_a_window_is_its_days(window: Window, as_of: date, expected: list[str]):
    assert shown(window, as_of) == expected


def test_ranges_that_touch_become_one():
    # 3–5 and 9–11 October 2026: six days from each first day meet between the 8th and the 9th.
    assert "2026-10-03..2026-10-14" in shown(Named(name="long_weekend", start=0, end=5))


def test_an_open_end_has_no_date_to_show():
    assert resolved(Ever(), T) == [{"start": None, "end": "2026-11-22"}]
    assert resolved(Future(), T) == [{"start": "2026-11-22", "end": None}]
    assert resolved(Between(start=date(2026, 1, 1)), T) == [{"start": "2026-01-01", "end": None}]
    assert resolved(Named(name="myeongjeol"), T) == [
        {"start": "2026-02-14", "end": "2026-02-18"},
        {"start": "2026-09-24", "end": "2026-09-27"},
    ]
    assert resolved(Named(name="golden_holiday", year=2040), T) == []


def test_an_unknown_name_is_refused():
    assert is_window_known("chuseok")
    assert not is_window_known("monsoon")
    for year in (2026, "this", "recent", "upcoming"):
        with pytest.raises(KeyError):
            days_in(Named(name="monsoon", year=year), T)


def test_years_whose_holidays_are_unknown_are_refused():
    with pytest.raises(ValueError, match="known"):
        days_in(Named(name="chuseok", year="next"), date(2100, 6, 1))
    with pytest.raises(ValueError, match="known"):
        days_in(Named(name="chuseok", year="upcoming"), date(2100, 12, 1))
    with pytest.raises(ValueError, match="known"):
        days_in(Named(name="chuseok", year="recent"), date(1990, 1, 1))


def test_other_overrides_give_other_days():
    other = Holidays((Override(date(2026, 9, 28), "임시공휴일", "added"),))
    assert days_in(Named(name="chuseok"), T, other) == ((day_number(date(2026, 9, 24)), day_number(date(2026, 9, 28))),)


def test_every_type_of_window_is_read():
    assert set(calendar._RANGES) == set(get_args(get_args(Window)[0]))


# --- the slow reading: is this one day in the window? ----------------------------------------------------------------


def slow_months_away(as_of: date, months: int) -> date:
    """Walk month by month over each month's last day, then take the day if that month has it."""
    last = as_of
    for _ in range(abs(months)):
        last = last.replace(day=1) - DAY if months < 0 else last.replace(day=28) + 4 * DAY
    last = last.replace(day=28) + 4 * DAY
    last -= last.day * DAY
    return min(last, last.replace(day=min(as_of.day, last.day)))


def slow_last(window: Last, day: date, as_of: date) -> bool:
    if window.unit in ("month", "year"):
        return slow_months_away(as_of, -window.n * (12 if window.unit == "year" else 1)) < day <= as_of
    return 0 <= (as_of - day).days < window.n * (7 if window.unit == "week" else 1)


def slow_next(window: Next, day: date, as_of: date) -> bool:
    if window.unit in ("month", "year"):
        return as_of <= day <= slow_months_away(as_of, window.n * (12 if window.unit == "year" else 1))
    return 0 <= (day - as_of).days <= window.n * (7 if window.unit == "week" else 1)


UNIT_OF: Mapping[str, Callable[[date], int]] = {
    "day": lambda day: day.toordinal(),
    "week": lambda day: (day.toordinal() - 1) // 7,  # ordinal 1 was a Monday
    "month": lambda day: day.year * 12 + day.month,
    "quarter": lambda day: day.year * 4 + (day.month - 1) // 3,
    "half": lambda day: day.year * 2 + (day.month > 6),
    "year": lambda day: day.year,
}


def slow_calendar(window: Calendar, day: date, as_of: date) -> bool:
    part = "early" if day.day <= 10 else "middle" if day.day <= 20 else "late"
    unit = UNIT_OF[window.unit]
    return unit(day) == unit(as_of) + window.offset and window.part in (None, part)


def off_around(day: date) -> set[date]:
    """The days off in a row with this one; none when it is a working day."""
    found: set[date] = set()
    for step in (DAY, -DAY):
        walked = day
        while is_day_off(walked):
            found.add(walked)
            walked += step
    return found


def is_bridge(day: date) -> bool:
    return not is_day_off(day) and is_day_off(day - DAY) and is_day_off(day + DAY)


def is_golden(day: date) -> bool:
    if len(off_around(day)) >= 5:
        return True
    for step in range(-12, 13):
        bridge = day + step * DAY
        if is_bridge(bridge):
            whole = off_around(bridge - DAY) | {bridge} | off_around(bridge + DAY)
            if len(whole) >= 6 and day in whole:
                return True
    return False


def has_lunar(day: date, *names: str) -> bool:
    return any(lunar_day(name, off.year) == off for off in off_around(day) for name in names)


def within(start: tuple[int, int], end: tuple[int, int]) -> Callable[[date], bool]:
    if start <= end:
        return lambda day: start <= (day.month, day.day) <= end
    return lambda day: (day.month, day.day) >= start or (day.month, day.day) <= end


BY_NAME: Mapping[str, Callable[[date], bool]] = {
    "seollal": lambda day: has_lunar(day, "설날"),
    "chuseok": lambda day: has_lunar(day, "추석"),
    "myeongjeol": lambda day: has_lunar(day, "설날", "추석"),
    "long_weekend": lambda day: len(off_around(day)) >= 3,
    "golden_holiday": is_golden,
    "bridge": is_bridge,
    "new_year": within((1, 1), (1, 1)),
    "march_first": within((3, 1), (3, 1)),
    "childrens_day": within((5, 5), (5, 5)),
    "buddhas_birthday": lambda day: is_holiday(day) and lunar_day("부처님오신날", day.year) == day,
    "memorial_day": within((6, 6), (6, 6)),
    "liberation_day": within((8, 15), (8, 15)),
    "foundation_day": within((10, 3), (10, 3)),
    "hangeul_day": within((10, 9), (10, 9)),
    "christmas": within((12, 25), (12, 25)),
    "year_end": within((12, 24), (1, 2)),
    "spring": lambda day: day.month in (3, 4, 5),
    "summer": lambda day: day.month in (6, 7, 8),
    "autumn": lambda day: day.month in (9, 10, 11),
    "winter": lambda day: day.month in (12, 1, 2),
    "summer_high": within((7, 15), (8, 20)),
    "summer_peak": within((7, 25), (8, 10)),
    "summer_vacation": within((7, 20), (8, 25)),
    "winter_vacation": within((12, 26), (1, 31)),
    "spring_break": within((2, 1), (3, 1)),
    "ski_season": lambda day: day.month in (12, 1, 2),
    "cherry_blossom": within((3, 25), (4, 15)),
    "autumn_leaves": within((10, 10), (11, 10)),
    "family_month": lambda day: day.month == 5,
    "valentine": within((2, 14), (2, 14)),
    "white_day": within((3, 14), (3, 14)),
    "pepero": within((11, 11), (11, 11)),
    "suneung_after": lambda day: (
        0 <= (day - suneung_day((day - 35 * DAY).year if day.month < 3 else day.year)).days <= 30
    ),
    "graduation": within((2, 1), (3, 10)),
}


@cache
def is_in(name: str, day: date) -> bool:
    return BY_NAME[name](day)


@cache
def stretch_of(name: str, day: date) -> tuple[date, date]:
    """First and last day of the unbroken stretch of that name around a day in it."""
    first = last = day
    while is_in(name, first - DAY):
        first -= DAY
    while is_in(name, last + DAY):
        last += DAY
    return first, last


@cache
def slow_occurrence(name: str, which: str, as_of: date) -> tuple[date, date]:
    day = as_of
    if which == "upcoming":
        while not is_in(name, day):
            day += DAY
        return stretch_of(name, day)
    while not (is_in(name, day - DAY) and not is_in(name, day)):
        day -= DAY
    return stretch_of(name, day - DAY)


def is_meant(window: Named, first: date, as_of: date) -> bool:
    """Whether a stretch starts on this day and is one of those the window speaks of."""
    if not is_in(window.name, first) or is_in(window.name, first - DAY):
        return False
    if window.year in ("recent", "upcoming"):
        return slow_occurrence(window.name, str(window.year), as_of)[0] == first
    year = {"last": as_of.year - 1, "this": as_of.year, "next": as_of.year + 1}.get(str(window.year), window.year)
    return first.year == year


def slow_named(window: Named, day: date, as_of: date) -> bool:
    if window.start is not None and window.end is not None:
        return any(is_meant(window, day - k * DAY, as_of) for k in range(window.start, window.end + 1))
    return is_in(window.name, day) and is_meant(window, stretch_of(window.name, day)[0], as_of)


SLOW: Mapping[type[Any], Callable[[Any, date, date], bool]] = {
    Last: slow_last,
    Next: slow_next,
    Days: lambda window, day, as_of: window.start <= (day - as_of).days <= window.end,
    Calendar: slow_calendar,
    Named: slow_named,
    Between: lambda window, day, as_of: (window.start or date.min) <= day <= (window.end or date.max),
    Ever: lambda window, day, as_of: day <= as_of,
    Future: lambda window, day, as_of: day >= as_of,
}


def contains(window: Window, day: date, as_of: date) -> bool:
    return SLOW[type(window)](window, day, as_of)


def hold(window: Window, as_of: date, days: range) -> None:
    """The ranges are in order and apart, and hold just the days the slow reading says, at their ends too."""
    ranges = days_in(window, as_of)
    assert all(MIN_DAY <= start <= end <= MAX_DAY for start, end in ranges)
    assert all(a[1] + 1 < b[0] for a, b in pairwise(ranges))
    edges = {edge + step for start, end in ranges for edge in (start, end) for step in (-1, 0, 1)}
    for number in {day_number(as_of) + offset for offset in days} | {n for n in edges if MIN_DAY < n < MAX_DAY}:
        inside = any(start <= number <= end for start, end in ranges)
        assert inside == contains(window, day_from(number), as_of), day_from(number)


AS_OF = st.dates(date(2003, 1, 1), date(2060, 12, 31)) | st.sampled_from(
    [date(2024, 2, 29), date(2024, 3, 31), date(2026, 12, 31), date(2027, 1, 1), date(2028, 2, 29), T]
)
UNITS = st.sampled_from(["day", "week", "month", "year"])
SIMPLE = st.one_of(
    st.builds(Last, n=st.integers(1, 40), unit=UNITS),
    st.builds(Next, n=st.integers(0, 40), unit=UNITS),
    st.tuples(st.integers(-900, 900), st.integers(0, 400)).map(lambda p: Days(start=p[0], end=p[0] + p[1])),
    st.builds(Calendar, unit=st.sampled_from(sorted(UNIT_OF)), offset=st.integers(-30, 30)),
    st.builds(
        Calendar, unit=st.just("month"), offset=st.integers(-99, 99), part=st.sampled_from(["early", "middle", "late"])
    ),
    st.tuples(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 900)).map(
        lambda p: Between(start=p[0], end=p[0] + p[1] * DAY)
    ),
    st.builds(Between, start=st.dates(date(1990, 1, 1), date(2090, 1, 1))),
    st.builds(Between, end=st.dates(date(1990, 1, 1), date(2090, 1, 1))),
    st.just(Ever()),
    st.just(Future()),
)
WHICH = st.sampled_from(["last", "this", "next", "recent", "upcoming"])
NAMES = st.sampled_from(sorted(SEASONS))


def test_the_slow_reading_knows_every_window():
    assert set(BY_NAME) == set(SEASONS)
    assert set(SLOW) == set(calendar._RANGES)


@given(window=SIMPLE, as_of=AS_OF)
@settings(max_examples=250, deadline=None)
def test_a_window_holds_the_days_its_sentence_says(window: Window, as_of: date):
    hold(window, as_of, range(-800, 801))


@pytest.mark.parametrize("name", sorted(SEASONS))
@given(year=WHICH, as_of=AS_OF)
@settings(max_examples=40, deadline=None)
def test_a_named_window_holds_the_days_its_sentence_says(name: str, year: Any, as_of: date):
    hold(Named(name=name, year=year), as_of, range(-760, 761))


@given(
    name=NAMES,
    year=WHICH | st.integers(2003, 2060),
    as_of=AS_OF,
    start=st.integers(-366, 330),
    length=st.integers(0, 30),
)
@settings(max_examples=200, deadline=None)
def test_days_around_a_named_window_are_counted_from_its_first_day(
    name: str, year: Any, as_of: date, start: int, length: int
):
    hold(Named(name=name, year=year, start=start, end=start + length), as_of, range(-200, 201, 3))
