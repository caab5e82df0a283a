"""Spans of time in words and back: 최근 14일, 작년 추석 연휴, in the last 14 days."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from types import MappingProxyType
from typing import Any, Final

from audience_builder.catalog.seasons import SEASONS
from audience_builder.rule.window import Between, Calendar, Days, Ever, Future, Last, Named, Next, Window
from audience_builder.rule.words_number import Language

_UNITS: Final[Mapping[Language, Mapping[str, str]]] = MappingProxyType(
    {
        "ko": {"day": "일", "week": "주", "month": "개월", "quarter": "분기", "half": "반기", "year": "년"},
        "en": {"day": "day", "week": "week", "month": "month", "quarter": "quarter", "half": "half", "year": "year"},
    }
)
_CALENDAR: Final[Mapping[Language, Mapping[tuple[str, int], str]]] = MappingProxyType(
    {
        "ko": {
            ("day", 0): "오늘", ("day", -1): "어제", ("day", 1): "내일",
            ("week", 0): "이번 주", ("week", -1): "지난주", ("week", 1): "다음 주",
            ("month", 0): "이번 달", ("month", -1): "지난달", ("month", 1): "다음 달",
            ("quarter", 0): "이번 분기", ("quarter", -1): "지난 분기", ("quarter", 1): "다음 분기",
            ("half", 0): "이번 반기", ("half", -1): "지난 반기", ("half", 1): "다음 반기",
            ("year", 0): "올해", ("year", -1): "작년", ("year", 1): "내년",
        },
        "en": {
            ("day", 0): "today", ("day", -1): "yesterday", ("day", 1): "tomorrow",
            **{(unit, offset): f"{word} {unit}" for unit in ("week", "month", "quarter", "half", "year")
               for offset, word in ((0, "this"), (-1, "last"), (1, "next"))},
        },
    }
)  # fmt: skip
_WHOLE: Final = {"day": "하루", "week": "주", "month": "달", "quarter": "분기", "half": "반기", "year": "해"}
_PARTS: Final[Mapping[Language, Mapping[str, str]]] = MappingProxyType(
    {
        "ko": {"early": " 초순", "middle": " 중순", "late": " 하순"},
        "en": {"early": " (1st to 10th)", "middle": " (11th to 20th)", "late": " (from the 21st)"},
    }
)
_YEARS: Final[Mapping[Language, Mapping[str, str]]] = MappingProxyType(
    {
        "ko": {"last": "작년", "this": "올해", "next": "내년", "recent": "지난", "upcoming": "다가오는"},
        "en": {"last": "last year's", "this": "this year's", "next": "next year's", "recent": "the most recent",
               "upcoming": "the coming"},
    }
)  # fmt: skip
_EVER: Final[Mapping[Language, str]] = MappingProxyType({"ko": "지금까지", "en": "at any time so far"})
_FUTURE: Final[Mapping[Language, str]] = MappingProxyType({"ko": "오늘 이후", "en": "from today on"})


def said_window(window: Window, language: Language) -> str:
    """A window in words; `read_window` of them gives it back."""
    return _WRITE[language][type(window)](window)


@cache
def window_pattern(language: Language) -> str:
    """A pattern of any window's words, without groups."""
    shapes = "|".join(re.sub(r"\(\?P<\w+>", "(?:", pattern.pattern) for pattern, _ in _reading(language))
    return f"(?:{shapes})"


def read_window(text: str, language: Language) -> dict[str, Any]:
    """The window of a text that matches `window_pattern`, as a rule writes it."""
    for pattern, build in _reading(language):
        if match := pattern.fullmatch(text):
            return build({key: value for key, value in match.groupdict().items() if value is not None})
    raise ValueError(text)


# --- Korean -------------------------------------------------------------------------------------------------------------


def _ko_point(days: int) -> str:
    return f"{-days}일 전" if days < 0 else f"{days}일 뒤"


def _ko_days(window: Days) -> str:
    if window.start == window.end:
        return _ko_point(window.start)
    return f"{_ko_point(window.start)}부터 {_ko_point(window.end)}까지"


def _ko_calendar(window: Calendar) -> str:
    said = _CALENDAR["ko"].get((window.unit, window.offset))
    if said is None:
        away = f"{abs(window.offset)}{_UNITS['ko'][window.unit]} {'전' if window.offset < 0 else '뒤'}"
        said = f"{away} {_WHOLE[window.unit]}"
    return said + (_PARTS["ko"][window.part] if window.part else "")


def _ko_named(window: Named) -> str:
    year = f"{window.year}년" if isinstance(window.year, int) else _YEARS["ko"][window.year]
    said = f"{year} {SEASONS[window.name].ko}"
    if window.start is None or window.end is None:
        return said
    return f"{said} 첫날의 {_ko_point(window.start)}부터 {_ko_point(window.end)}까지"


def _ko_date(day: date) -> str:
    return f"{day.year}년 {day.month}월 {day.day}일"


def _ko_between(window: Between) -> str:
    start = "" if window.start is None else f"{_ko_date(window.start)}부터"
    end = "" if window.end is None else f"{_ko_date(window.end)}까지"
    return " ".join(part for part in (start, end) if part)


# --- English ------------------------------------------------------------------------------------------------------------


def _plural(n: int, unit: str) -> str:
    return f"{n} {unit}" if n == 1 else f"{n} {'halves' if unit == 'half' else unit + 's'}"


def _en_point(days: int) -> str:
    return f"{_plural(abs(days), 'day')} {'ago' if days < 0 else 'ahead'}"


def _en_days(window: Days) -> str:
    if window.start == window.end:
        return f"exactly {_en_point(window.start)}"
    return f"from {_en_point(window.start)} to {_en_point(window.end)}"


def _en_calendar(window: Calendar) -> str:
    said = _CALENDAR["en"].get((window.unit, window.offset))
    if said is None:
        way = "back" if window.offset < 0 else "on"
        said = f"the {window.unit} {_plural(abs(window.offset), window.unit)} {way}"
    return said + (_PARTS["en"][window.part] if window.part else "")


def _en_named(window: Named) -> str:
    year = f"{window.year}'s" if isinstance(window.year, int) else _YEARS["en"][window.year]
    said = f"{year} {SEASONS[window.name].en}"
    if window.start is None or window.end is None:
        return said
    return f"from {_en_from(window.start)} to {_en_from(window.end)} the start of {said}"


def _en_from(days: int) -> str:
    return f"{_plural(abs(days), 'day')} {'before' if days < 0 else 'after'}"


def _en_between(window: Between) -> str:
    if window.start is None:
        return f"until {window.end}"
    return f"since {window.start}" if window.end is None else f"from {window.start} to {window.end}"


_WRITE: Final[Mapping[Language, Mapping[type[Any], Callable[[Any], str]]]] = MappingProxyType(
    {
        "ko": {
            Last: lambda w: f"최근 {w.n}{_UNITS['ko'][w.unit]}",
            Next: lambda w: f"앞으로 {w.n}{_UNITS['ko'][w.unit]}",
            Days: _ko_days, Calendar: _ko_calendar, Named: _ko_named, Between: _ko_between,
            Ever: lambda _: _EVER["ko"], Future: lambda _: _FUTURE["ko"],
        },
        "en": {
            Last: lambda w: f"in the last {_plural(w.n, w.unit)}",
            Next: lambda w: f"in the next {_plural(w.n, w.unit)}",
            Days: _en_days, Calendar: _en_calendar, Named: _en_named, Between: _en_between,
            Ever: lambda _: _EVER["en"], Future: lambda _: _FUTURE["en"],
        },
    }
)  # fmt: skip

# --- reading back -------------------------------------------------------------------------------------------------------

_Groups = dict[str, str]
_Patterns = list[tuple[str, Callable[[_Groups], dict[str, Any]]]]
_Shape = tuple[re.Pattern[str], Callable[[_Groups], dict[str, Any]]]


def _one_of(words: Mapping[Any, str]) -> str:
    return "|".join(re.escape(word) for word in sorted(words.values(), key=len, reverse=True))


def _key(words: Mapping[Any, str], word: str) -> Any:
    return next(key for key, value in words.items() if value == word)


def _season(word: str, language: Language) -> str:
    return next(season.key for season in SEASONS.values() if getattr(season, language) == word)


def _signed(number: str, way: str) -> int:
    return -int(number) if way in ("전", "ago", "back", "before") else int(number)


@cache
def _reading(language: Language) -> tuple[_Shape, ...]:
    """Patterns of windows, the longest way of saying first, and what each makes of its groups."""
    unit = _one_of(_UNITS[language]) if language == "ko" else "(?:day|week|month|quarter|year)s?|half|halves"
    names = "|".join(
        sorted((re.escape(getattr(season, language)) for season in SEASONS.values()), key=len, reverse=True)
    )
    years = f"(?P<year>{_one_of(_YEARS[language])}|[0-9]{{4}}{'년' if language == 'ko' else chr(39) + 's'})"
    named = f"{years} (?P<name>{names})"
    part = f"(?P<part>{_one_of(_PARTS[language])})?"
    calendar = f"(?P<said>{_one_of(_CALENDAR[language])}){part}"
    shapes = _ko_shapes if language == "ko" else _en_shapes
    always: _Patterns = [
        (re.escape(_EVER[language]), _just("ever")),
        (re.escape(_FUTURE[language]), _just("future")),
        (calendar, _calendar(language)),
    ]
    return tuple((re.compile(pattern), build) for pattern, build in (*shapes(unit, named, part), *always))


def _just(kind: str) -> Callable[[_Groups], dict[str, Any]]:
    def build(found: _Groups) -> dict[str, Any]:
        del found
        return {"type": kind}

    return build


def _ko_shapes(unit: str, named: str, part: str) -> _Patterns:
    day = r"[0-9]{4}년 [0-9]{1,2}월 [0-9]{1,2}일"
    point = r"[0-9]+일 (?:전|뒤)"
    whole = "|".join(dict.fromkeys(_WHOLE.values()))
    return [
        (f"{named} 첫날의 (?P<start>{point})부터 (?P<end>{point})까지", _named("ko", _ko_number)),
        (named, _named("ko", _ko_number)),
        (f"(?P<start>{point})부터 (?P<end>{point})까지", _days(_ko_number)),
        (f"(?P<n>[0-9]+)(?P<unit>{unit}) (?P<way>전|뒤) (?:{whole}){part}", _away("ko")),
        (f"(?P<start>{point})", _days(_ko_number)),
        (f"최근 (?P<n>[0-9]+)(?P<unit>{unit})", _rolling("last", "ko")),
        (f"앞으로 (?P<n>[0-9]+)(?P<unit>{unit})", _rolling("next", "ko")),
        (f"(?P<start>{day})부터 (?P<end>{day})까지", _dates),
        (f"(?P<start>{day})부터", _dates),
        (f"(?P<end>{day})까지", _dates),
    ]


def _en_shapes(unit: str, named: str, part: str) -> _Patterns:
    day = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
    point, around = "[0-9]+ days? (?:ago|ahead)", "[0-9]+ days? (?:before|after)"
    return [
        (f"from (?P<start>{around}) to (?P<end>{around}) the start of {named}", _named("en", _en_number)),
        (named, _named("en", _en_number)),
        (f"from (?P<start>{point}) to (?P<end>{point})", _days(_en_number)),
        (f"the (?P<unit>{unit}) (?P<n>[0-9]+) (?:{unit}) (?P<way>back|on){part}", _away("en")),
        (f"exactly (?P<start>{point})", _days(_en_number)),
        (f"in the last (?P<n>[0-9]+) (?P<unit>{unit})", _rolling("last", "en")),
        (f"in the next (?P<n>[0-9]+) (?P<unit>{unit})", _rolling("next", "en")),
        (f"from (?P<start>{day}) to (?P<end>{day})", _dates),
        (f"since (?P<start>{day})", _dates),
        (f"until (?P<end>{day})", _dates),
    ]


def _ko_number(point: str) -> int:
    number, way = point.split("일 ")
    return _signed(number, way)


def _en_number(point: str) -> int:
    number, _, way = point.split()
    return _signed(number, way)


def _unit(word: str, language: Language) -> str:
    if language == "ko":
        return _key(_UNITS["ko"], word)
    return "half" if word == "halves" else word.removesuffix("s")


def _days(number: Callable[[str], int]) -> Callable[[_Groups], dict[str, Any]]:
    return lambda found: {
        "type": "days",
        "start": number(found["start"]),
        "end": number(found.get("end", found["start"])),
    }


def _rolling(kind: str, language: Language) -> Callable[[_Groups], dict[str, Any]]:
    return lambda found: {"type": kind, "n": int(found["n"]), "unit": _unit(found["unit"], language)}


def _part(found: _Groups, language: Language) -> dict[str, Any]:
    return {"part": _key(_PARTS[language], found["part"])} if "part" in found else {}


def _away(language: Language) -> Callable[[_Groups], dict[str, Any]]:
    return lambda found: {
        "type": "calendar",
        "unit": _unit(found["unit"], language),
        "offset": _signed(found["n"], found["way"]),
        **_part(found, language),
    }


def _calendar(language: Language) -> Callable[[_Groups], dict[str, Any]]:
    def build(found: _Groups) -> dict[str, Any]:
        unit, offset = _key(_CALENDAR[language], found["said"])
        return {"type": "calendar", "unit": unit, "offset": offset, **_part(found, language)}

    return build


def _named(language: Language, number: Callable[[str], int]) -> Callable[[_Groups], dict[str, Any]]:
    def build(found: _Groups) -> dict[str, Any]:
        year = found["year"]
        return {
            "type": "named",
            "name": _season(found["name"], language),
            "year": int(year[:4]) if year[0].isdigit() else _key(_YEARS[language], year),
            **{end: number(found[end]) for end in ("start", "end") if end in found},
        }

    return build


def _dates(found: _Groups) -> dict[str, Any]:
    def iso(text: str) -> str:
        year, month, day = (int(part) for part in re.findall("[0-9]+", text))
        return date(year, month, day).isoformat()

    return {"type": "between", **{end: iso(found[end]) for end in ("start", "end") if end in found}}
