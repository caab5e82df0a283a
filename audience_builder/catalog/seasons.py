"""The named stretches of the Korean year: what each is called and which days it is, declared once.

An occurrence belongs to the year it starts in, so the winter of 2026 ends in February 2027. Dates of schools, snow,
blossom and leaves are the usual ones, the same every year.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import pairwise
from types import MappingProxyType
from typing import Final, TypeAlias

from audience_builder.catalog.holidays import FIRST_DAY, KOREA, LAST_DAY, Holidays, Stretch, lunar_day

FIRST_YEAR: Final = FIRST_DAY.year
LAST_YEAR: Final = LAST_DAY.year
"""The years whose named stretches are known."""

SUNEUNG_DAYS: Final[Mapping[int, date]] = MappingProxyType(
    {
        day.year: day
        for day in (
            date(2000, 11, 15),
            date(2001, 11, 7),
            date(2002, 11, 6),
            date(2003, 11, 5),
            date(2004, 11, 17),
            date(2005, 11, 23),
            date(2008, 11, 13),
            date(2009, 11, 12),
            date(2011, 11, 10),
            date(2012, 11, 8),
            date(2013, 11, 7),
            date(2014, 11, 13),
            date(2015, 11, 12),
            date(2017, 11, 23),  # put off a week by the Pohang earthquake
            date(2019, 11, 14),
            date(2020, 12, 3),  # put off by the epidemic
            date(2024, 11, 14),
            date(2025, 11, 13),
        )
    }
)
"""Years in which the college entrance exam was not on the third Thursday of November.

Where November begins on a Friday or Saturday the ministry has taken the second Thursday (2019, 2024, 2025), so expect
2030 and 2031 to need a row once announced.
"""

_Days: TypeAlias = Callable[[int, Holidays], tuple[Stretch, ...]]
_DAY: Final = timedelta(days=1)
_THURSDAY: Final = 3
_LONG, _GOLDEN, _GOLDEN_BRIDGED = 3, 5, 6


@dataclass(frozen=True, slots=True)
class Season:
    """One named stretch. `days` gives its occurrences in a year, in order; most have one, 연휴 has several or none."""

    key: str
    ko: str
    en: str
    synonyms: tuple[str, ...]
    days: _Days


def suneung_day(year: int) -> date:
    """The day of the college entrance exam: the third Thursday of November unless the table says otherwise."""
    first = date(year, 11, 1)
    third_thursday = first + timedelta(days=(_THURSDAY - first.weekday()) % 7 + 14)
    return SUNEUNG_DAYS.get(year, third_thursday)


def _day_in(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _each_year(start: tuple[int, int], end: tuple[int, int]) -> _Days:
    """From one month and day to another, into the next year where the end comes before the start."""

    def days(year: int, holidays: Holidays) -> tuple[Stretch, ...]:
        del holidays
        return ((_day_in(year, *start), _day_in(year + (end < start), *end)),)

    return days


def _on(month: int, day: int) -> _Days:
    return _each_year((month, day), (month, day))


def _run_with(name: str) -> _Days:
    """The run of days off that holds the day itself; the day alone where an override made it a working day."""

    def days(year: int, holidays: Holidays) -> tuple[Stretch, ...]:
        day = lunar_day(name, year)
        return tuple(holidays.runs_off(day, day)) or ((day, day),)

    return days


def _buddhas_birthday(year: int, holidays: Holidays) -> tuple[Stretch, ...]:
    del holidays
    day = lunar_day("부처님오신날", year)
    return ((day, day),)


def _suneung_after(year: int, holidays: Holidays) -> tuple[Stretch, ...]:
    del holidays
    day = suneung_day(year)
    return ((day, day + timedelta(days=30)),)


def _myeongjeol(year: int, holidays: Holidays) -> tuple[Stretch, ...]:
    return (*occurrences("seollal", year, holidays), *occurrences("chuseok", year, holidays))


def _long_weekends(year: int, holidays: Holidays) -> tuple[Stretch, ...]:
    runs = holidays.runs_off(date(year, 1, 1), date(year, 12, 31), _LONG)
    return tuple(run for run in runs if run[0].year == year)


def _bridges(year: int, holidays: Holidays) -> tuple[Stretch, ...]:
    runs = _runs_near(year, holidays)
    working = (before[1] + _DAY for before, _ in _bridged(runs))
    return tuple((day, day) for day in working if day.year == year)


def _golden(year: int, holidays: Holidays) -> tuple[Stretch, ...]:
    runs = _runs_near(year, holidays)
    found = [run for run in runs if _length(run) >= _GOLDEN]
    joined = [(before[0], after[1]) for before, after in _bridged(runs)]
    found += [stretch for stretch in joined if _length(stretch) >= _GOLDEN_BRIDGED]
    whole: list[Stretch] = []
    for first, last in sorted(found):
        if whole and first <= whole[-1][1]:
            whole[-1] = (whole[-1][0], max(whole[-1][1], last))
        else:
            whole.append((first, last))
    return tuple(stretch for stretch in whole if stretch[0].year == year)


def _runs_near(year: int, holidays: Holidays) -> list[Stretch]:
    """The runs off of the year and of the weeks on either side, which may be bridged to them."""
    start = max(date(year - 1, 12, 1), FIRST_DAY)
    return holidays.runs_off(start, min(date(year + 1, 1, 31), LAST_DAY))


def _bridged(runs: list[Stretch]) -> list[tuple[Stretch, Stretch]]:
    return [(a, b) for a, b in pairwise(runs) if (b[0] - a[1]).days == 2]


def _length(stretch: Stretch) -> int:
    return (stretch[1] - stretch[0]).days + 1


_DECLARED: Final = (
    Season("seollal", "설 연휴", "Lunar New Year", ("설", "설날", "설날 연휴", "구정", "설명절"), _run_with("설날")),
    Season("chuseok", "추석 연휴", "Chuseok", ("추석", "한가위", "추석명절", "한가위 연휴"), _run_with("추석")),
    Season("myeongjeol", "명절", "Lunar New Year or Chuseok", ("명절 연휴", "설·추석", "설이나 추석"), _myeongjeol),
    Season("long_weekend", "연휴", "Long weekend", ("긴 연휴", "주말 연휴", "사흘 연휴", "3일 연휴"), _long_weekends),
    Season("golden_holiday", "황금연휴", "Golden holiday", ("황금 연휴", "대형 연휴", "최장 연휴"), _golden),
    Season(
        "bridge",
        "징검다리",
        "Bridge day",
        ("징검다리 휴일", "징검다리 연휴", "샌드위치 데이", "샌드위치 휴일"),
        _bridges,
    ),
    Season("new_year", "신정", "New Year's Day", ("새해 첫날", "양력설"), _on(1, 1)),
    Season("march_first", "삼일절", "Independence Movement Day", ("3·1절", "3.1절", "31절"), _on(3, 1)),
    Season("childrens_day", "어린이날", "Children's Day", (), _on(5, 5)),
    Season(
        "buddhas_birthday",
        "부처님오신날",
        "Buddha's Birthday",
        ("부처님 오신 날", "석가탄신일", "초파일", "사월 초파일"),
        _buddhas_birthday,
    ),
    Season("memorial_day", "현충일", "Memorial Day", (), _on(6, 6)),
    Season("liberation_day", "광복절", "Liberation Day", ("8·15", "8·15 광복절"), _on(8, 15)),
    Season("foundation_day", "개천절", "National Foundation Day", (), _on(10, 3)),
    Season("hangeul_day", "한글날", "Hangeul Day", (), _on(10, 9)),
    Season("christmas", "성탄절", "Christmas", ("크리스마스", "기독탄신일", "X마스"), _on(12, 25)),
    Season("year_end", "연말연시", "Turn of the year", ("연말 연시", "송년·신년"), _each_year((12, 24), (1, 2))),
    Season("spring", "봄", "Spring", ("봄철", "봄 시즌"), _each_year((3, 1), (5, 31))),
    Season("summer", "여름", "Summer", ("여름철", "여름 시즌", "하계"), _each_year((6, 1), (8, 31))),
    Season("autumn", "가을", "Autumn", ("가을철", "가을 시즌"), _each_year((9, 1), (11, 30))),
    Season("winter", "겨울", "Winter", ("겨울철", "겨울 시즌", "동계"), _each_year((12, 1), (2, 29))),
    Season(
        "summer_high",
        "여름 성수기",
        "Summer high season",
        ("성수기", "하계 성수기", "여름휴가철", "휴가철", "바캉스 시즌"),
        _each_year((7, 15), (8, 20)),
    ),
    Season(
        "summer_peak", "극성수기", "Summer peak", ("여름 극성수기", "7말8초", "초성수기"), _each_year((7, 25), (8, 10))
    ),
    Season("summer_vacation", "여름방학", "Summer vacation", ("여름 방학", "하계 방학"), _each_year((7, 20), (8, 25))),
    Season("winter_vacation", "겨울방학", "Winter vacation", ("겨울 방학", "동계 방학"), _each_year((12, 26), (1, 31))),
    Season("spring_break", "봄방학", "Spring break", ("봄 방학",), _each_year((2, 1), (3, 1))),
    Season("ski_season", "스키 시즌", "Ski season", ("스키시즌", "스키철", "보드 시즌"), _each_year((12, 1), (2, 29))),
    Season(
        "cherry_blossom",
        "벚꽃 시즌",
        "Cherry blossom season",
        ("벚꽃", "벚꽃철", "벚꽃 개화기", "벚꽃놀이"),
        _each_year((3, 25), (4, 15)),
    ),
    Season(
        "autumn_leaves",
        "단풍 시즌",
        "Autumn leaves season",
        ("단풍", "단풍철", "단풍놀이", "단풍 절정기"),
        _each_year((10, 10), (11, 10)),
    ),
    Season("family_month", "가정의 달", "Family month", ("가정의달",), _each_year((5, 1), (5, 31))),
    Season("valentine", "밸런타인", "Valentine's Day", ("밸런타인데이", "발렌타인", "발렌타인데이"), _on(2, 14)),
    Season("white_day", "화이트데이", "White Day", ("화이트 데이",), _on(3, 14)),
    Season("pepero", "빼빼로데이", "Pepero Day", ("빼빼로 데이", "가래떡데이"), _on(11, 11)),
    Season(
        "suneung_after",
        "수능 직후",
        "After the college entrance exam",
        ("수능 후", "수능 이후", "수능 끝나고", "수능 시즌", "대학수학능력시험 후"),
        _suneung_after,
    ),
    Season(
        "graduation",
        "졸업·입학",
        "Graduation and new school year",
        ("졸업 시즌", "입학 시즌", "졸업 입학", "졸업입학"),
        _each_year((2, 1), (3, 10)),
    ),
)

SEASONS: Final[Mapping[str, Season]] = MappingProxyType({season.key: season for season in _DECLARED})
"""Every named stretch by its key, in the order people look for them."""


@lru_cache(maxsize=8192)
def occurrences(name: str, year: int, holidays: Holidays = KOREA) -> tuple[Stretch, ...]:
    """The occurrences of a named stretch that belong to a year, in order, none overlapping; there may be none.

    Raises KeyError for a name nobody declared, ValueError for a year outside FIRST_YEAR … LAST_YEAR.
    """
    season = SEASONS[name]
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"the Korean calendar is known for {FIRST_YEAR} to {LAST_YEAR}, not {year}")
    return season.days(year, holidays)
