"""Stretches of the calendar in a sentence: 최근 2주, 지난달, 작년 추석 연휴, 12월 1일부터, in the past two weeks."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from audience_builder.language import seasons_said
from audience_builder.language.item import Item
from audience_builder.language.numbers import numbers

_DURATION: Final = (
    r"(?P<n>[0-9]+|한두|두세|서너|한|두|세|석|네|넉|다섯|여섯|일곱|여덟|아홉|열두|열|일|이|삼|사|오|육|칠|팔|구|십|십이)\s*"
    r"(?P<unit>일간|일|주일|주간|주|개월간|개월|달간|달|년간|년|시간)|(?P<word>하루|이틀|사흘|나흘|닷새|열흘|보름|일주일|한\s?주|반년|한\s?해|며칠)"
)
_EN_DURATION: Final = r"(?:(?P<en>[0-9]+|one|two|three|four|five|six|seven|eight|nine|ten|twelve|thirty|sixty|ninety|couple of)?[\s-]*(?P<enunit>days?|weeks?|months?|years?))"
_PAST: Final = "최근|지난|최근에|요|과거|근|이전"
_AHEAD: Final = "앞으로|향후|다가오는|다음"
_WITHIN: Final = "동안에?|간|이내에?|안에|안으로|내에?|새에?|사이에?|안|새로|만에|이내로|기준"
_UNIT_WORDS: Final = {
    "day": "일|날", "week": "주", "month": "달|월", "quarter": "분기", "half": "반기", "year": "해|년",
}  # fmt: skip
_CALENDAR: Final = {
    "오늘": ("day", 0), "금일": ("day", 0), "어제": ("day", -1), "전일": ("day", -1), "내일": ("day", 1), "그제": ("day", -2),
    "엊그제": ("day", -2), "그저께": ("day", -2), "모레": ("day", 2), "방금": ("day", 0),
    "이번 ?주(?!말)": ("week", 0), "금주(?!말)": ("week", 0), "지난 ?주(?!말|일)": ("week", -1), "저번 ?주(?!말)": ("week", -1),
    "전주에": ("week", -1), "다음 ?주(?!말)": ("week", 1), "차주": ("week", 1), "지지난 ?주": ("week", -2), "다다음 ?주": ("week", 2),
    "이번 ?달": ("month", 0), "이달": ("month", 0), "당월": ("month", 0), "금월": ("month", 0), "지난 ?달": ("month", -1),
    "저번 ?달": ("month", -1), "전월": ("month", -1), "다음 ?달": ("month", 1), "내달": ("month", 1), "익월": ("month", 1),
    "지지난 ?달": ("month", -2), "이번 ?분기": ("quarter", 0), "지난 ?분기": ("quarter", -1), "전 ?분기": ("quarter", -1),
    "다음 ?분기": ("quarter", 1), "올해": ("year", 0), "금년": ("year", 0), "올 ?한 ?해": ("year", 0), "작년": ("year", -1),
    "지난 ?해": ("year", -1), "전년": ("year", -1), "내년": ("year", 1), "재작년": ("year", -2),
    r"\btoday\b": ("day", 0), r"\byesterday\b": ("day", -1), r"\btomorrow\b": ("day", 1),
    **{rf"\b{word} {unit}\b": (unit, offset) for unit in ("week", "month", "quarter", "year")
       for word, offset in (("this", 0), ("last", -1), ("previous", -1), ("next", 1))},
}  # fmt: skip
_PARTS: Final = {"초": "early", "초순": "early", "중순": "middle", "말": "late", "하순": "late"}
_MONTHS: Final = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
                  "november", "december")  # fmt: skip
_DAY: Final = r"(?:(?P<{0}y>20[0-9]{{2}})\s*[년.\-/]\s*)?(?P<{0}m>1[0-2]|0?[1-9])\s*(?:월|[.\-/])\s*(?P<{0}d>[0-3]?[0-9]|말|초)\s*일?"
_MONTH: Final = r"(?:(?P<{0}y>20[0-9]{{2}})\s*년\s*|(?P<{0}r>작년|올해|재작년|내년)\s*)?(?P<{0}m>1[0-2]|[1-9])\s*월"
_UP_TO: Final = r"\s*(?:부터|~|-|–|에서)\s*"

_LETTERS: Final = {"d": "day", "w": "week", "m": "month", "y": "year"}
_WHOLE: Final = r"(?:\s*한\s?(?:해|달)(?:\s*(?:동안|간))?)?"  # `작년 한 해 동안`
_Build = Callable[[re.Match[str], date], dict[str, Any] | None]


def times(text: str, as_of: date) -> Iterator[Item]:
    """Every stretch of time a text can be read to hold."""
    for pattern, build in _shapes():
        for match in pattern.finditer(text):
            readings = build(match, as_of)
            if readings is not None:
                end = match.end() - (len(match[0]) - len(match[0].rstrip()))
                yield Item(match.start(), end, text[match.start() : end], readings)


def _duration_of(match: re.Match[str]) -> tuple[int, str] | None:
    found = match.groupdict()
    if found.get("enunit"):
        number = {"couple of": "two", None: "one"}.get(found["en"], found["en"])
        said = f"{number} {found['enunit']}"
    elif found.get("word"):
        said = str(found["word"])
    else:
        said = f"{found['n']}{found['unit']}"
    return next((item.value("duration") for item in numbers(said) if item.has("duration") and item.text == said), None)


def _rolling(kind: str) -> _Build:
    def build(match: re.Match[str], _: date) -> dict[str, Any] | None:
        found = _duration_of(match)
        return None if found is None else {"window": {"type": kind, "n": found[0], "unit": found[1]}}

    return build


def _within(match: re.Match[str], _: date) -> dict[str, Any] | None:
    found = _duration_of(match)
    return None if found is None else {"within": found}


def _calendar(unit: str, offset: int) -> _Build:
    def build(match: re.Match[str], _: date) -> dict[str, Any] | None:
        part = match.groupdict().get("part")
        more = {"part": _PARTS[part]} if part and unit == "month" else {}
        return {"window": {"type": "calendar", "unit": unit, "offset": offset, **more}}

    return build


def _half(match: re.Match[str], as_of: date) -> dict[str, Any]:
    year = as_of.year + {"작년": -1, "지난해": -1, "재작년": -2, "내년": 1}.get(match["year"] or "", 0)
    first, last = ("01-01", "06-30") if match["half"] in ("상반기", "first half") else ("07-01", "12-31")
    return {"window": {"type": "between", "start": f"{year}-{first}", "end": f"{year}-{last}"}}


def _edge_of_year(match: re.Match[str], as_of: date) -> dict[str, Any]:
    """`연초` is January, `연말` December."""
    year = as_of.year + {"작년": -1, "지난해": -1, "재작년": -2, "내년": 1}.get(match["year"] or "", 0)
    month = 1 if match["edge"] == "연초" else 12
    return _between(date(year, month, 1), date(year, month, 31))


def _same_time_last_year(_: re.Match[str], as_of: date) -> dict[str, Any]:
    """`작년 이맘때`: the same day last year, give or take fifteen days."""
    day = as_of.replace(year=as_of.year - 1, day=28 if (as_of.month, as_of.day) == (2, 29) else as_of.day)
    return _between(day - timedelta(days=15), day + timedelta(days=15))


def _quarter(match: re.Match[str], as_of: date) -> dict[str, Any]:
    said = match["year"] or ""
    year = (
        int(said[:4])
        if said[:4].isdigit()
        else as_of.year + {"작년": -1, "지난해": -1, "재작년": -2, "내년": 1}.get(said, 0)
    )
    month = int(match["q"]) * 3 - 2
    return _between(date(year, month, 1), date(year, month + 2, monthrange(year, month + 2)[1]))


def _between(start: date | None, end: date | None) -> dict[str, Any]:
    dates = {name: day.isoformat() for name, day in (("start", start), ("end", end)) if day is not None}
    return {"window": {"type": "between", **dates}}


def _date_of(match: re.Match[str], side: str, as_of: date) -> date | None:
    found = match.groupdict()
    year = int(found[f"{side}y"]) if found.get(f"{side}y") else as_of.year
    month = int(found[f"{side}m"])
    last = monthrange(year, month)[1]
    day = {"말": last, "초": 1}.get(found[f"{side}d"]) or int(found[f"{side}d"])
    return date(year, month, day) if 1 <= day <= last else None


def _dates(match: re.Match[str], as_of: date) -> dict[str, Any] | None:
    start, end = _date_of(match, "a", as_of), _date_of(match, "b", as_of)
    if start is None or end is None:
        return None
    if start > end and not match["ay"]:
        start = start.replace(year=start.year - 1)
    if start > end and not match["by"]:
        end = end.replace(year=start.year + 1)
    return _between(start, end) if start <= end else None


def _open(match: re.Match[str], as_of: date) -> dict[str, Any] | None:
    day = _date_of(match, "a", as_of)
    if day is None:
        return None
    return _between(day, None) if match["side"] in ("부터", "이후") else _between(None, day)


def _day(match: re.Match[str], as_of: date) -> dict[str, Any] | None:
    """`12월 24일`: the last one that has been, or of trips the next one to come."""
    day = _date_of(match, "a", as_of)
    if day is None:
        return None
    return _between(day, day) if match["ay"] else _either(day, day, as_of)


def _either(start: date, end: date, as_of: date) -> dict[str, Any]:
    """The stretch of days ahead (`window`) and the one that has begun (`past`), where no year is said."""
    begun = start.year - (start > as_of)
    ahead = start.year + (end < as_of)
    past = _between(start.replace(year=begun), end.replace(year=begun + end.year - start.year))
    coming = _between(start.replace(year=ahead), end.replace(year=ahead + end.year - start.year))
    return {**coming, "past": past["window"]}


def _days_of_month(match: re.Match[str], as_of: date) -> dict[str, Any] | None:
    """`12월 24일부터 26일`."""
    start = _date_of(match, "a", as_of)
    if start is None or not start.day <= int(match["to"]) <= monthrange(start.year, start.month)[1]:
        return None
    end = start.replace(day=int(match["to"]))
    return _between(start, end) if match["ay"] else _either(start, end, as_of)


def _two_months(match: re.Match[str], as_of: date) -> dict[str, Any] | None:
    """`7~8월`."""
    first, last = int(match["from"]), int(match["to"])
    if first >= last:
        return None
    start, end = date(as_of.year, first, 1), date(as_of.year, last, monthrange(as_of.year, last)[1])
    return _either(start, end, as_of)


def _month_of(match: re.Match[str], side: str, as_of: date) -> tuple[date, date]:
    found = match.groupdict()
    month = int(found[f"{side}m"])
    relative = {"작년": -1, "올해": 0, "재작년": -2, "내년": 1}.get(found.get(f"{side}r") or "")
    if found.get(f"{side}y"):
        year = int(found[f"{side}y"])
    elif relative is not None:
        year = as_of.year + relative
    else:
        year = as_of.year - (month > as_of.month)
    return date(year, month, 1), date(year, month, monthrange(year, month)[1])


def _month(match: re.Match[str], as_of: date) -> dict[str, Any]:
    start, end = _month_of(match, "a", as_of)
    if match["ay"] or match["ar"]:
        return _between(start, end)
    return (
        _either(start.replace(year=as_of.year), end.replace(year=as_of.year), as_of)
        if (start.month, end.day) != (2, 29)
        else _between(start, end)
    )


def _open_month(match: re.Match[str], as_of: date) -> dict[str, Any]:
    start, end = _month_of(match, "a", as_of)
    sides = {"이전": (None, start - timedelta(days=1)), "까지": (None, end)}
    return _between(*sides.get(match["side"], (start, None)))


def _months(match: re.Match[str], as_of: date) -> dict[str, Any] | None:
    start, end = _month_of(match, "a", as_of)[0], _month_of(match, "b", as_of)[1]
    if match["ar"] and not match["br"] and not match["by"]:
        end = date(start.year + (end.month < start.month), end.month, monthrange(start.year, end.month)[1])
    if start > end:
        start = start.replace(year=start.year - 1)
    return _between(start, end)


def _en_month(match: re.Match[str], as_of: date) -> dict[str, Any]:
    month = _MONTHS.index(match["month"].lower()) + 1
    year = int(match["year"]) if match["year"] else as_of.year - (month > as_of.month)
    return _between(date(year, month, 1), None if match["since"] else date(year, month, monthrange(year, month)[1]))


def _whole_year(match: re.Match[str], _: date) -> dict[str, Any]:
    year = int(match["year"])
    if match["since"]:
        return _between(date(year, 1, 1), None)
    return _between(date(year, 1, 1), date(year, 12, 31))


def _open_year(match: re.Match[str], _: date) -> dict[str, Any]:
    year = int(match["year"])
    sides = {"이전": (None, date(year - 1, 12, 31)), "까지": (None, date(year, 12, 31))}
    return _between(*sides.get(match["side"], (date(year, 1, 1), None)))


def _en_open_year(match: re.Match[str], _: date) -> dict[str, Any]:
    year = int(match["year"])
    sides = {"before": (None, date(year - 1, 12, 31)), "until": (None, date(year, 12, 31))}
    return _between(*sides.get(match["side"], (date(year + 1, 1, 1), None)))


def _ago_range(match: re.Match[str], _: date) -> dict[str, Any]:
    near, far = sorted((int(match["a"]), int(match["b"])))
    return {"window": {"type": "days", "start": -far, "end": -near}, "days": (near, far)}


def _point(match: re.Match[str], _: date) -> dict[str, Any] | None:
    found = _duration_of(match)
    if found is None:
        return None
    return {"behind" if match["way"] in ("전", "ago") else "ahead": _in_days(found), "duration": found}


def _in_days(duration: tuple[int, str]) -> int:
    return duration[0] * {"day": 1, "week": 7, "month": 30, "year": 365}[duration[1]]


def _weekend(match: re.Match[str], as_of: date) -> dict[str, Any]:
    """This coming Friday and Saturday nights, today included; next weekend the one after; last weekend the one before.

    Of what people do (`done`) a weekend is Saturday and Sunday.
    """
    friday = (4 - as_of.weekday()) % 7
    if as_of.weekday() == 5:
        friday = -1
    word = re.sub(r"\s", "", match["which"])
    shift = {"다음": 7, "다음주": 7, "next": 7, "지난": -7, "지난주": -7, "저번": -7, "last": -7}.get(word, 0)
    start = friday + shift
    saturday = -1 if as_of.weekday() == 6 else (5 - as_of.weekday()) % 7
    done = {"type": "days", "start": saturday + shift, "end": saturday + shift + 1}
    nights = {"type": "days", "start": max(start, 0) if not shift else start, "end": start + 1}
    return {"window": nights, "done": done}


def _constant(readings: dict[str, Any]) -> _Build:
    return lambda match, as_of: readings


@cache
def _shapes() -> tuple[tuple[re.Pattern[str], _Build], ...]:
    part = r"(?:\s*(?P<part>초순|초|중순|말|하순)(?=에|\s|$|부터|까지))?"
    shapes: list[tuple[str, _Build]] = [
        (rf"(?:{_PAST})\s*(?:{_DURATION})(?:\s*(?:{_WITHIN}))?", _rolling("last")),
        (r"(?:최근|지난)\s*(?P<n>[0-9]+)\s*(?P<unit>[dwmy])\b", lambda m, _: {"window": {"type": "last", "n": int(m["n"]), "unit": _LETTERS[m["unit"].lower()]}}),
        (r"\blast[ _-](?P<n>[0-9]+)\s?(?P<unit>[dwmy])\b", lambda m, _: {"window": {"type": "last", "n": int(m["n"]), "unit": _LETTERS[m["unit"].lower()]}}),
        (rf"(?:{_AHEAD})\s*(?:{_DURATION})(?:\s*(?:{_WITHIN}))?", _rolling("next")),
        (rf"(?:{_DURATION})\s*(?:{_WITHIN})(?![가-힣]*\s?(?:넘|지난))", _within),
        (r"최근에?|요즘|근래에?|얼마 ?전에?|요새|\brecently\b|\blately\b", _constant({"recent": True})),
        (r"지금까지|여태까지?|역대|전체 기간|그동안|평생|이제까지|누적 기간|\bever\b|\ball time\b|\bat any time so far\b", _constant({"ever": True})),
        *((rf"{said}{part if unit == 'month' else ''}{_WHOLE}", _calendar(unit, offset)) for said, (unit, offset) in _CALENDAR.items()),
        (seasons_said.shape(), seasons_said.season),
        (r"(?:(?P<year>작년|올해|지난해|재작년|내년)\s*)?(?P<half>상반기|하반기)", _half),
        (r"(?:(?P<year>작년|올해|지난해|재작년|내년|다가오는)\s*)?(?P<edge>연초|연말)(?!연시)", _edge_of_year),
        (r"(?<=체크인)\s*당일", _constant({"ahead": 0})),
        (r"(?<=체크아웃)\s*다음 ?날", _constant({"behind": 1})),
        (r"작년\s*(?:이맘때|이 ?맘 ?때|이 ?때쯤?)(?:쯤)?", _same_time_last_year),
        (r"(?:(?P<year>작년|올해|지난해|재작년|내년|20[0-9]{2}년)\s*)?(?P<q>[1-4])\s*분기", _quarter),
        (rf"{_DAY.format('a')}{_UP_TO}{_DAY.format('b')}(?:\s*까지)?", _dates),
        (rf"{_DAY.format('a')}\s*(?P<side>부터|까지|이후|이전)", _open),
        (rf"{_DAY.format('a')}(?!\s*[~\-–0-9]|\s*(?:부터|까지|이후|이전))(?:에|날)?", _day),
        (rf"{_DAY.format('a')}{_UP_TO}(?P<to>[0-3]?[0-9])\s*일(?!\s*월)(?:\s*(?:까지|사이))?(?:에)?", _days_of_month),
        (r"(?:크리스마스|성탄절)\s*이브", lambda _, as_of: _either(date(as_of.year, 12, 24), date(as_of.year, 12, 24), as_of)),
        (r"(?P<from>1[0-2]|[1-9])\s*[~\-]\s*(?P<to>1[0-2]|[1-9])\s*월(?:에|달)?(?!\s*[0-9])", _two_months),
        (rf"{_MONTH.format('a')}{_UP_TO}{_MONTH.format('b')}(?:\s*까지)?", _months),
        (rf"{_MONTH.format('a')}\s*(?P<side>부터|까지|이후|이전)", _open_month),
        (rf"{_MONTH.format('a')}(?!\s*[0-9말초]|생|달)(?:\s*한\s?달)?(?:에|동안|중에?)?", _month),
        (r"(?P<since>since )?(?:in )?\b(?P<year>20[0-9]{2})\s*(?:년(?:도)?(?:에)?(?!\s*[0-9]{1,2}\s*월|\s*[1-4]\s*분기|\s*[-./년'0-9])|\b(?!\s*[-./년'0-9]))", _whole_year),
        (r"(?P<a>[0-9]+)\s*(?:일)?\s*(?:~|-|–|에서|부터)\s*(?P<b>[0-9]+)\s*일\s*전", _ago_range),
        (rf"(?:{_DURATION})\s*(?P<way>전|뒤|후)(?![가-힣]*주)", _point),
        (r"(?P<year>20[0-9]{2})\s*년(?:도)?\s*(?P<side>부터|이후|이전|까지)", _open_year),
        (r"(?P<which>이번|다음\s?주?|지난\s?주?|저번|이번\s?주|다가오는|this|next|last|this coming)\s*(?:주말|weekend)", _weekend),
        (rf"(?:in |over |within |during )?(?:the )?(?:last|past|previous) {_EN_DURATION}", _en_rolling("last")),
        (rf"(?:in |over |within )?(?:the )?(?:next|coming|following) {_EN_DURATION}", _en_rolling("next")),
        (rf"(?:within|in) {_EN_DURATION}", _within),
        (rf"(?:for|in) (?:over |more than |at least )?{_EN_DURATION}\b(?= or| ,|$|,| and| but)", _en_for),
        (rf"{_EN_DURATION} (?P<way>ago)\b", _point),
        (r"(?P<side>before|after|until) (?P<year>20[0-9]{2})\b", _en_open_year),
        (r"(?:in |over |within |during )?(?:the )?(?:last|past) half(?: a)? year", _constant({"window": {"type": "last", "n": 6, "unit": "month"}})),
        (rf"(?:in |(?P<since>since )|during )?\b(?P<month>{'|'.join(_MONTHS)})\b(?: (?P<year>20[0-9]{{2}}))?", _en_month),
        (r"(?:in )?(?:the )?(?P<half>first half|second half) of (?P<year>this|last)? ?year", _half),
    ]  # fmt: skip
    return tuple((re.compile(pattern, re.IGNORECASE), build) for pattern, build in shapes)


def _en_rolling(kind: str) -> _Build:
    def build(match: re.Match[str], _: date) -> dict[str, Any] | None:
        if match["en"] is None and not match["enunit"].endswith("s") and kind == "last":
            return None if match[0].strip().startswith("last") else _one(match, kind)
        if match["en"] is None:
            return None
        found = _duration_of(match)
        return None if found is None else {"window": {"type": kind, "n": found[0], "unit": found[1]}}

    return build


def _one(match: re.Match[str], kind: str) -> dict[str, Any]:
    return {"window": {"type": kind, "n": 1, "unit": match["enunit"].rstrip("s")}}


def _en_for(match: re.Match[str], _: date) -> dict[str, Any] | None:
    found = _duration_of(match)
    return None if found is None else {"duration": found}
