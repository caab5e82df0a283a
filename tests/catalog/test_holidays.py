"""Days off and nights in Korea, held to calendars people know."""

from __future__ import annotations

import warnings
from datetime import date, timedelta
from itertools import pairwise

import holidays as published
import numpy as np
import pytest

from audience_builder.catalog.holidays import (
    FIRST_DAY,
    HOLIDAY_EVE_BIT,
    KOREA,
    LAST_DAY,
    NIGHT_CLASSES,
    WEEKDAY_BIT,
    WEEKEND_BIT,
    Holidays,
    Override,
    cumulative_nights,
    is_day_off,
    is_holiday,
    lunar_day,
    night_bits,
    runs_off,
)
from audience_builder.catalog.seasons import FIRST_YEAR, LAST_YEAR, SEASONS, SUNEUNG_DAYS, occurrences, suneung_day


def classes_of(day: date, holidays: Holidays = KOREA) -> set[str]:
    return {name for bit, name in enumerate(NIGHT_CLASSES) if holidays.night_bits(day) >> bit & 1}


def shown(name: str, year: int, holidays: Holidays = KOREA) -> list[str]:
    return [f"{first:%m-%d}..{last:%m-%d}" for first, last in occurrences(name, year, holidays)]


@pytest.mark.parametrize(
    "day",
    [
        date(2002, 7, 1),  # once, after the World Cup
        date(2015, 8, 14),
        date(2016, 5, 6),
        date(2017, 10, 2),
        date(2020, 8, 17),
        date(2023, 10, 2),
        date(2024, 10, 1),
        date(2025, 1, 27),
        date(2024, 4, 10),  # elections
        date(2025, 6, 3),
        date(2026, 6, 3),
        date(2007, 7, 17),  # 제헌절 until 2007 and from 2026
        date(2026, 7, 17),
        date(2026, 5, 1),  # 노동절 from 2026
        date(2027, 5, 3),  # substitutes
        date(2027, 7, 19),
        date(2026, 3, 2),
        date(2026, 8, 17),
        date(2026, 10, 5),
        date(2027, 12, 27),
    ],
)
def test_a_public_holiday_is_known(day: date):
    assert is_holiday(day)
    assert is_day_off(day)


@pytest.mark.parametrize(
    "day",
    [date(2025, 7, 17), date(2025, 5, 1), date(2026, 6, 8), date(2026, 4, 3), date(2006, 4, 5), date(2026, 12, 24)],
)
def test_a_working_day_is_no_holiday(day: date):
    assert not is_holiday(day)
    assert not is_day_off(day)


def test_a_saturday_is_off_without_being_a_holiday():
    assert is_day_off(date(2026, 11, 21))
    assert not is_holiday(date(2026, 11, 21))


def test_the_installed_package_is_one_that_knows_the_law_of_2026():
    assert tuple(int(part) for part in published.__version__.split(".")) >= (0, 109)


def test_names_are_korean_whatever_the_locale(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("LANG", "en_US.UTF-8")
    assert KOREA.of_year(2026)[date(2026, 2, 17)] == ("설날",)
    assert KOREA.of_year(2025)[date(2025, 5, 5)] == ("부처님오신날", "어린이날")


def test_every_year_loads_without_a_warning_and_has_its_lunar_days():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        for year in range(FIRST_YEAR, LAST_YEAR + 1):
            assert all(lunar_day(name, year).year == year for name in ("설날", "추석", "부처님오신날"))


@pytest.mark.parametrize("day", [FIRST_DAY - timedelta(days=1), LAST_DAY + timedelta(days=1)])
def test_a_day_beyond_the_known_years_is_refused(day: date):
    for ask in (is_holiday, is_day_off, night_bits):
        with pytest.raises(ValueError, match="known for 1990 to 2100"):
            ask(day)
    with pytest.raises(ValueError, match="known for"):
        runs_off(day, day)
    with pytest.raises(ValueError, match="known for"):
        cumulative_nights(min(day, FIRST_DAY), max(day, FIRST_DAY))


def test_runs_off_are_whole_and_long_enough():
    assert runs_off(date(2025, 10, 5), date(2025, 10, 10)) == [(date(2025, 10, 3), date(2025, 10, 9))]
    assert runs_off(date(2026, 5, 1), date(2026, 5, 31), at_least=3) == [
        (date(2026, 5, 1), date(2026, 5, 3)),
        (date(2026, 5, 23), date(2026, 5, 25)),
    ]
    assert runs_off(date(2026, 5, 6), date(2026, 5, 8)) == []


def test_an_override_adds_and_removes_days_off():
    other = Holidays(
        (
            Override(date(2026, 10, 2), "임시공휴일", "added"),
            Override(date(2026, 7, 17), "제헌절", "removed"),
            Override(date(2026, 10, 3), "임시공휴일", "added"),
        )
    )
    assert other.is_holiday(date(2026, 10, 2))
    assert not other.is_holiday(date(2026, 7, 17))
    assert other.of_year(2026)[date(2026, 10, 3)] == ("개천절", "임시공휴일")
    assert other.runs_off(date(2026, 10, 2), date(2026, 10, 2)) == [(date(2026, 10, 2), date(2026, 10, 5))]
    assert classes_of(date(2026, 10, 1), other) == {"thu", "holiday_eve"}
    assert not is_holiday(date(2026, 10, 2))
    assert is_holiday(date(2026, 7, 17))


def test_two_overrides_of_one_day_are_refused():
    day = date(2026, 7, 17)
    with pytest.raises(ValueError, match="one day"):
        Holidays((Override(day, "제헌절", "removed"), Override(day, "임시공휴일", "added")))


@pytest.mark.parametrize(
    ("day", "classes"),
    [
        (date(2026, 11, 18), {"wed", "weekday"}),
        (date(2026, 11, 20), {"fri", "weekend"}),
        (date(2026, 11, 21), {"sat", "weekend"}),
        (date(2026, 11, 22), {"sun", "weekday"}),
        (date(2026, 9, 23), {"wed", "holiday_eve"}),  # the night before the first day of 추석
        (date(2026, 9, 24), {"thu", "holiday_eve"}),  # within the run: 추석 is tomorrow
        (date(2026, 9, 25), {"fri", "weekend", "holiday_eve"}),
        (date(2026, 9, 26), {"sat", "weekend"}),
        (date(2026, 9, 27), {"sun", "weekday"}),
        (date(2026, 3, 1), {"sun", "holiday_eve"}),  # before a substitute
        (date(2026, 12, 31), {"thu", "holiday_eve"}),
        (LAST_DAY, {"fri", "weekend", "holiday_eve"}),
    ],
)
def test_a_night_has_its_classes(day: date, classes: set[str]):
    assert classes_of(day) == classes


def test_every_night_has_one_weekday_and_is_a_weekday_night_unless_something_else():
    for offset in range(2000):
        bits = night_bits(date(2023, 1, 1) + timedelta(days=offset))
        assert (bits & 0b1111111).bit_count() == 1
        assert bool(bits >> WEEKDAY_BIT & 1) != bool(bits >> WEEKEND_BIT & 1 or bits >> HOLIDAY_EVE_BIT & 1)
        assert bits < 1 << 10


@pytest.mark.parametrize(
    ("start", "end"),
    [(date(2025, 12, 20), date(2027, 3, 5)), (FIRST_DAY, date(1990, 3, 1)), (date(2100, 10, 1), LAST_DAY)],
)
def test_prefix_sums_count_the_nights_one_by_one(start: date, end: date):
    sums = cumulative_nights(start, end)
    days = (end - start).days + 1
    assert sums.shape == (days + 1, 10)
    assert sums.dtype == np.int32
    assert not sums[0].any()
    for day, row in enumerate(np.diff(sums, axis=0)):
        assert sum(int(value) << bit for bit, value in enumerate(row)) == night_bits(start + timedelta(days=day))


def test_prefix_sums_of_no_days_are_refused():
    with pytest.raises(ValueError, match="start is after end"):
        cumulative_nights(date(2026, 1, 2), date(2026, 1, 1))


@pytest.mark.parametrize(
    ("year", "seollal", "chuseok"),
    [
        (2023, "01-21..01-24", "09-28..10-03"),
        (2024, "02-09..02-12", "09-14..09-18"),
        (2025, "01-25..01-30", "10-03..10-09"),
        (2026, "02-14..02-18", "09-24..09-27"),
        (2027, "02-06..02-09", "09-14..09-16"),
        (2028, "01-26..01-30", "09-30..10-05"),
        (2029, "02-10..02-14", "09-21..09-24"),
        (2030, "02-02..02-05", "09-11..09-15"),
    ],
)
def test_seollal_and_chuseok_are_their_whole_run_of_days_off(year: int, seollal: str, chuseok: str):
    assert shown("seollal", year) == [seollal]
    assert shown("chuseok", year) == [chuseok]
    assert shown("myeongjeol", year) == [seollal, chuseok]


def test_a_temporary_holiday_lengthens_chuseok():
    other = Holidays((Override(date(2026, 9, 28), "임시공휴일", "added"),))
    assert shown("chuseok", 2026, other) == ["09-24..09-28"]
    assert shown("golden_holiday", 2026, other) == ["02-14..02-18", "09-24..09-28"]


def test_long_weekends_start_in_their_year():
    assert shown("long_weekend", 2024) == ["02-09..02-12", "03-01..03-03", "05-04..05-06", "09-14..09-18"]
    assert shown("long_weekend", 2023)[-1] == "12-30..01-01"


def test_a_golden_holiday_is_five_days_or_six_over_a_bridge():
    assert shown("golden_holiday", 2026) == ["02-14..02-18"]
    # 추석 2025 ends on a Thursday: with the Friday it reaches the Sunday. 설 2025 likewise.
    assert shown("golden_holiday", 2025) == ["01-25..02-02", "10-03..10-12"]
    # Tuesday to Thursday, bridged to the weekend on either side.
    assert shown("golden_holiday", 2027) == ["09-11..09-19"]
    # 1–5 May 2026 over the 4th is five days only.
    assert "05-01..05-05" not in shown("golden_holiday", 2026)
    assert shown("golden_holiday", 2040) == []


def test_bridge_days_are_single_working_days_between_days_off():
    assert shown("bridge", 2026) == ["01-02..01-02", "05-04..05-04"]
    assert shown("bridge", 2029)[-2:] == ["12-24..12-24", "12-31..12-31"]


@pytest.mark.parametrize(
    ("year", "day"),
    [
        (2017, date(2017, 11, 23)),
        (2020, date(2020, 12, 3)),
        (2023, date(2023, 11, 16)),
        (2024, date(2024, 11, 14)),
        (2025, date(2025, 11, 13)),
        (2026, date(2026, 11, 19)),
        (2027, date(2027, 11, 18)),
    ],
)
def test_suneung_is_the_third_thursday_of_november_or_as_announced(year: int, day: date):
    assert suneung_day(year) == day
    assert occurrences("suneung_after", year) == ((day, day + timedelta(days=30)),)


def test_the_suneung_table_holds_only_exceptions():
    for year, day in SUNEUNG_DAYS.items():
        assert day.year == year
        assert (day.weekday(), (day.day - 1) // 7, day.month) != (3, 2, 11)


@pytest.mark.parametrize(
    ("name", "year", "days"),
    [
        ("winter", 2026, "12-01..02-28"),
        ("winter", 2027, "12-01..02-29"),
        ("ski_season", 2023, "12-01..02-29"),
        ("year_end", 2026, "12-24..01-02"),
        ("winter_vacation", 2026, "12-26..01-31"),
        ("summer", 2026, "06-01..08-31"),
        ("summer_high", 2026, "07-15..08-20"),
        ("buddhas_birthday", 2026, "05-24..05-24"),
        ("childrens_day", 2024, "05-05..05-05"),
        ("family_month", 2026, "05-01..05-31"),
    ],
)
def test_a_season_is_its_days(name: str, year: int, days: str):
    assert shown(name, year) == [days]


def test_every_season_has_ordered_stretches_that_start_in_their_year():
    for name in SEASONS:
        for year in (1990, 1999, 2000, 2012, *range(2020, 2035), 2100):
            stretches = occurrences(name, year)
            assert all(first <= last and first.year == year for first, last in stretches)
            assert all(a[1] < b[0] for a, b in pairwise(stretches))
            assert len(stretches) == 1 or name in {"myeongjeol", "long_weekend", "golden_holiday", "bridge"}


def test_no_two_seasons_share_a_word():
    words = [
        word for season in SEASONS.values() for word in {w.replace(" ", "") for w in (season.ko, *season.synonyms)}
    ]
    assert len(set(words)) == len(words)
    assert len({season.en for season in SEASONS.values()}) == len(SEASONS)


def test_the_vocabulary_is_complete():
    runs = {"seollal", "chuseok", "myeongjeol", "long_weekend", "golden_holiday", "bridge"}
    days = {"new_year", "march_first", "childrens_day", "buddhas_birthday", "memorial_day", "liberation_day"}
    more_days = {"foundation_day", "hangeul_day", "christmas", "valentine", "white_day", "pepero"}
    seasons = {"year_end", "spring", "summer", "autumn", "winter", "summer_high", "summer_peak", "ski_season"}
    school = {"summer_vacation", "winter_vacation", "spring_break", "suneung_after", "graduation", "family_month"}
    assert set(SEASONS) == runs | days | more_days | seasons | school | {"cherry_blossom", "autumn_leaves"}


def test_a_season_outside_the_known_years_or_names_is_refused():
    with pytest.raises(ValueError, match="known for"):
        occurrences("summer", LAST_YEAR + 1)
    with pytest.raises(KeyError):
        occurrences("monsoon", 2026)
    with pytest.raises(KeyError):
        lunar_day("단오", 2026)
