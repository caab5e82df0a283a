"""Numbers in a sentence: money, counts, ages, shares and stretches of time, in digits or in words."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any, Final

from audience_builder.language.item import Item

_NATIVE: Final = {
    "한": 1, "두": 2, "세": 3, "석": 3, "네": 4, "넉": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "열한": 11, "열두": 12, "열세": 13, "열네": 14, "열다섯": 15, "스무": 20, "서른": 30,
}  # fmt: skip
_ABOUT: Final = {
    "한두": (1, 2),
    "두세": (2, 3),
    "두어": (2, 3),
    "서너": (3, 4),
    "너댓": (4, 5),
    "네댓": (4, 5),
    "대여섯": (5, 6),
}
_MANY: Final = {"여러": 3, "몇": 3, "수차례": 3}
_SINO: Final = {"일": 1, "이": 2, "삼": 3, "사": 4, "오": 5, "육": 6, "칠": 7, "팔": 8, "구": 9}
_POWERS: Final = {"십": 10, "백": 100, "천": 1000}
_MYRIADS: Final = {"만": 10_000, "억": 100_000_000}
_TENS: Final = {
    "twenties": 20,
    "thirties": 30,
    "forties": 40,
    "fifties": 50,
    "sixties": 60,
    "seventies": 70,
    "teens": 10,
}
_EN: Final = {
    "one": 1, "once": 1, "two": 2, "twice": 2, "three": 3, "thrice": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15, "twenty": 20, "thirty": 30, "sixty": 60, "ninety": 90,
}  # fmt: skip
_DAYS: Final = {
    "하루": (1, "day"), "이틀": (2, "day"), "사흘": (3, "day"), "나흘": (4, "day"), "닷새": (5, "day"), "엿새": (6, "day"),
    "열흘": (10, "day"), "보름": (15, "day"), "일주일": (1, "week"), "한주": (1, "week"), "반년": (6, "month"),
    "한해": (1, "year"), "며칠": (7, "day"), "반달": (15, "day"), "한동안": (60, "day"), "오랫동안": (180, "day"),
    "a week": (1, "week"), "a month": (1, "month"), "a year": (1, "year"), "half a year": (6, "month"),
    "a fortnight": (2, "week"), "a day": (1, "day"), "six months": (6, "month"),
}  # fmt: skip
_UNITS: Final = {
    "일": "day", "날": "day", "주": "week", "주일": "week", "주간": "week", "개월": "month", "달": "month", "달간": "month",
    "년": "year", "해": "year", "day": "day", "days": "day", "week": "week", "weeks": "week", "month": "month",
    "months": "month", "year": "year", "years": "year", "d": "day", "w": "week", "m": "month", "일간": "day", "개월간": "month",
    "년간": "year",
}  # fmt: skip

_RATES: Final = {
    "월": "month", "주": "week", "연": "year", "연간": "year", "한달에": "month", "1개월에": "month", "일주일에": "week", "한주에": "week",
    "1년에": "year", "일년에": "year", "한해에": "year",
}  # fmt: skip

_N: Final = r"[0-9][0-9,]*(?:\.[0-9]+)?"
_DASH: Final = r"\s*(?:~|-|–|에서|부터|to|and)\s*"
_KO_NUMBER: Final = "[일이삼사오육칠팔구십백천]+"
_NATIVES: Final = "|".join(sorted(_NATIVE, key=len, reverse=True))
_ABOUTS: Final = "|".join(_ABOUT)
_COUNTERS: Final = "번|회|건|차례|곳|개|가지|장|종|개월에"
_MAN: Final = rf"(?:{_N}|{_KO_NUMBER})"
_AMOUNT: Final = rf"(?:(?:{_N}\s*억\s*)?{_MAN}\s*(?:억|천만|백만|십만|만|천)|{_N})"
_EN_UNITS: Final = "days?|weeks?|months?|years?"
_EN_WORDS: Final = "|".join(_EN)


def amount(said: str) -> int:
    """KRW (or a plain number) of how it is said: 1.5억, 이십만, 300만, 2억 5000만, 1,000."""
    said = re.sub(r"[\s,]", "", said)
    if re.fullmatch(r"[0-9.]+", said):
        return int(Decimal(said))
    total = Decimal(0)
    for number, unit in re.findall(r"([0-9.]*|[일이삼사오육칠팔구십백천]*)(천만|백만|십만|억|만|천|백|$)", said):
        if number or unit:
            total += _digits(number or "1") * _scale(unit)
    return int(total)


def _scale(unit: str) -> int:
    return {"": 1, "천만": 10_000_000, "백만": 1_000_000, "십만": 100_000, "백": 100, "천": 1000, **_MYRIADS}[unit]


def _digits(said: str) -> Decimal:
    if re.fullmatch(r"[0-9.]+", said):
        return Decimal(said)
    total, current = 0, 0
    for char in said:
        if char in _POWERS:
            total += (current or 1) * _POWERS[char]
            current = 0
        else:
            current = _SINO[char]
    return Decimal(total + current)


def _krw(said: str) -> int:
    said = said.strip().lower()
    found = re.fullmatch(rf"(?:₩\s*)?({_N})\s*(k|m|만|million|thousand)?\s*(?:won|krw)?", said)
    if found and found[2] in ("k", "m", "million", "thousand"):
        scale = {"k": 1000, "m": 1_000_000, "million": 1_000_000, "thousand": 1000}[found[2]]
        return int(Decimal(found[1].replace(",", "")) * scale)
    return amount(re.sub(r"\s*(원|won|krw|₩)\s*", "", said))


def _band_width(said: str) -> int:
    """How wide `10만원대` is: as wide as its last digit that is not zero."""
    value = amount(said)
    width = 1
    while value and value % (width * 10) == 0:
        width *= 10
    return width


def _count(said: str) -> tuple[int, int]:
    said = said.strip()
    if said in _ABOUT:
        return _ABOUT[said]
    value = _NATIVE.get(said) or _EN.get(said) or int(amount(said))
    return value, value


_Build = Callable[[re.Match[str]], dict[str, Any] | None]


def _money_band(match: re.Match[str]) -> dict[str, Any]:
    low = amount(match[1])
    return {"money": (low, low + _band_width(match[1]) - 1)}


def _money_range(match: re.Match[str]) -> dict[str, Any]:
    low, high = match["a"], match["b"]
    unit = re.search(r"(억|천만|백만|십만|만|천|k|million|thousand|m)\s*(?:원|won|krw)?$", high)
    if unit and not re.search(r"(억|만|천|k|m|thousand)", low):
        low += unit[1]
    return {"money": (_krw(low), _krw(high)), "range": True}


def _age_range(match: re.Match[str]) -> dict[str, Any]:
    return {"age": (int(match[1]), int(match[2]) + 9)}


_THIRDS: Final = {
    "초반": (0, 3), "중반": (4, 6), "후반": (7, 9), "초": (0, 3), "중후반": (4, 9), "초중반": (0, 6),
    "early": (0, 3), "mid": (4, 6), "late": (7, 9),
}  # fmt: skip


def _decade(start: int | Decimal, third: str | None) -> dict[str, Any]:
    low, high = _THIRDS.get(third or "", (0, 9))
    return {"age": (int(start) + low, int(start) + high)}


def _age_decade(match: re.Match[str]) -> dict[str, Any]:
    return _decade(int(match[1]), match[2])


def _en_decade(match: re.Match[str]) -> dict[str, Any]:
    start = _TENS[match[2]] if match[2] in _TENS else int(match[2][:2])
    low, high = _THIRDS.get((match[1] or "").strip("- "), (0, 9))
    return {"age": (start + low, start + high)}


def _pair_of_decades(match: re.Match[str]) -> dict[str, Any] | None:
    low, high = int(match[1][:2]), int(match[1][2:])
    return {"age": (low, high + 9)} if 10 <= low < high <= 90 and low % 10 == high % 10 == 0 else None


def _duration(number: str, unit: str) -> dict[str, Any]:
    return {"duration": (_count(number)[1], _UNITS[unit.strip().lower()])}


def _range_of_days(match: re.Match[str]) -> dict[str, Any]:
    days = {"day": 1, "week": 7, "month": 30, "year": 365}[_UNITS[match[3]]]
    return {"days": (_count(match[1])[0] * days, _count(match[2])[0] * days)}


def _word(table: dict[str, tuple[int, str]]) -> _Build:
    return lambda match: {"duration": table[re.sub(r"(?<=[가-힣])\s+", "", match[0].strip())]}


_BEFORE: Final = {"하루": 1, "이틀": 2, "사흘": 3, "일주일": 7, "보름": 15}


def _days_before(match: re.Match[str]) -> dict[str, Any]:
    days = int(match[1]) if match[1] else _BEFORE.get(match[2], 30)
    return {"lead_days": f"{days}-{days}"}


def _nights(match: re.Match[str]) -> dict[str, Any]:
    return {"nights": (int(amount(match[1])), int(amount(match[1])))}


_HANGUL_END: Final = r"(?![가-힣])"
_SHAPES: Final[tuple[tuple[str, _Build], ...]] = (
    # money
    (rf"({_AMOUNT})\s*원?\s*대(?=\s|[의로인이를]|$|호|펜|숙|모|리|풀|에|가|요)(?<!만\s대)", lambda m: _money_band(m) if re.search("[만천억원]", m[0]) else None),
    (rf"(?P<a>{_AMOUNT}\s*원?){_DASH}(?P<b>{_MAN}\s*(?:억|천만|백만|십만|만|천)?\s*원)", _money_range),
    (rf"(?P<a>{_N}\s*만?\s*원?){_DASH}(?P<b>{_N}\s*만)\s*원?", _money_range),
    (rf"(?P<a>₩?\s*{_N}\s*[km]?){_DASH}(?P<b>₩\s*{_N}|{_N}\s*(?:k|m|million|thousand)?\s*(?:won|krw)|{_N}\s*k)\b", _money_range),
    (rf"{_AMOUNT}\s*원", lambda m: {"money": (_krw(m[0]), _krw(m[0]))}),
    (rf"{_MAN}\s*(?:억|천만|백만|십만|만)(?!\s*명|\s*나이|\s*[0-9]|\s*이용)", lambda m: {"money": (_krw(m[0]), _krw(m[0]))}),
    (rf"₩\s*{_N}(?:\s*(?:k|m|million))?\b", lambda m: {"money": (_krw(m[0]), _krw(m[0]))}),
    (rf"{_N}\s*(?:(?:k|m|million|thousand)\s*)?(?:won|krw)\b|{_N}\s*(?:k|million)\b", lambda m: {"money": (_krw(m[0]), _krw(m[0]))}),
    # ages
    (rf"([1-9]0)\s*대?{_DASH}([1-9]0)\s*대", _age_range),
    (r"([1-9]0)\s*대\s*(초중반|중후반|초반|중반|후반)?(?![가-힣]{2}원)", _age_decade),
    (r"(이십|삼십|사십|오십|육십|칠십)\s*대\s*(초중반|중후반|초반|중반|후반)?", lambda m: _decade(_digits(m[1]), m[2])),
    (r"(스무|서른)\s*살", lambda m: {"age": (_NATIVE[m[1]],) * 2}),
    (r"(?<![0-9])([1-9]0[1-9]0)(?![0-9년])", _pair_of_decades),
    (rf"(?:만\s*)?([0-9]{{1,2}})\s*(?:세|살)?{_DASH}([0-9]{{1,2}})\s*(?:세|살)", lambda m: {"age": (int(m[1]), int(m[2])), "range": True}),
    (r"(?:만\s*)?([0-9]{1,3})\s*(?:세|살)", lambda m: {"age": (int(m[1]), int(m[1]))}),
    (r"(?:in (?:their|her|his) )?(early |mid[- ]|late )?(twenties|thirties|forties|fifties|sixties|seventies|teens|[1-9]0s)\b", _en_decade),
    (rf"(?:aged?|ages|between the ages of|age between)\s+([0-9]{{2}}){_DASH}([0-9]{{2}})\b", lambda m: {"age": (int(m[1]), int(m[2])), "range": True}),
    (r"(?:aged?|ages)\s+([0-9]{2})\b", lambda m: {"age": (int(m[1]), int(m[1]))}),
    ("미성년자?", lambda _: {"age": (0, 18)}),
    ("성인", lambda _: {"age": (19, None)}),
    # nights
    (r"1\s*박(?=\s*[0-9])|1\s*박\s*(?:에|당|\s*요금|\s*가격|기준)|박당", lambda _: {"a_night": True}),
    (r"([0-9]+)\s*박\s*[0-9]+\s*일", _nights),
    (r"([0-9]+)\s*박(?!\s*(?:에|당|기준|요금|가격)|\s*[0-9])", _nights),
    (r"([0-9]+)\s*nights?\b", _nights),
    # counts
    (rf"(?:매주|매년|매일|하루에)\s*(?:평균\s*)?(?:{_N}|{_NATIVES})\s*(?:회|번|건|차례)|매일(?:같이)?|매주|하루도 ?빠짐없이", lambda _: {"waits": "rate"}),
    (rf"(?:{_N}|두|세|네|석|넉)\s*(?:달|개월|주|년|일)에\s*(?:{_N}|{_NATIVES})\s*(?:회|번|건|차례)(?!\s*이상)", lambda m: None if re.match(r"(?:1|한|일)\s*(?:달|개월|주|년)", m[0]) else {"waits": "rate"}),
    (rf"(월|주|연간|연|한 ?달에|1개월에|일주일에|한 ?주에|1년에|일 ?년에|한 ?해에)\s*(?:평균\s*)?(?=(?:{_N}|{_NATIVES})\s*(?:(?:회|번|건|차례)(?!꼴)|만|억|천))", lambda m: {"within": (1, _RATES[m[1].replace(" ", "")]), "rate": True}),
    (r"(?:한 ?달|일주일|한 ?주|1년|일 ?년|두 ?달)에\s*(?:한|두|세|[0-9]+)\s*(?:번|회)꼴", lambda _: {"waits": "rate"}),
    (r"연간(?=\s*(?:결제|예약|구매|총|누적|이용))", lambda _: {"within": (1, "year"), "rate": True}),
    (r"분기에\s*(?:한|두|세|[0-9]+)\s*(?:번|회)", lambda _: {"waits": "rate"}),
    (r"(?<=[가-힣])\s+(?:외|이외)(?:의)?(?=\s*(?:지역|거주|에 거주|에 사는|사는))", lambda _: {"not": True}),
    (r"(?:전체\s*|총\s*)?예약\s*(?:중에?서?|대비)\s*(?=취소\s*(?:율|비율|한 비율))|오늘\s*기준(?:으로)?", lambda _: {"filler": True}),
    (r"(하나|둘|셋|넷)(?=만(?![가-힣])|만\s|밖에|\s*이상|\s*이하)", lambda m: {"count": ({"하나": 1, "둘": 2, "셋": 3, "넷": 4}[m[1]],) * 2}),
    (r"최근\s*(?:방문|접속|로그인)(?:일)?(?=(?:이|은|일이|일은)\s)", lambda _: {"last_visit": True}),
    (rf"({_N}|{_NATIVES}){_DASH}({_N}|{_NATIVES})\s*(?:{_COUNTERS})", lambda m: {"count": (_count(m[1])[0], _count(m[2])[1])}),
    (rf"({_N}|{_ABOUTS}|{_NATIVES})\s*(?:{_COUNTERS})(?!호|째)", lambda m: {"count": _count(m[1])}),
    ("여러 ?번|몇 ?번|수 ?차례|여러 ?차례|여러 ?개", lambda _: {"count": (3, None)}),
    (rf"({_N}|{_EN_WORDS})\s*(?:times?|x|bookings?)\b(?!\s*(?:ago))", lambda m: {"count": _count(m[1].lower())} if "booking" not in m[0] else None),
    (r"\b(?:once|twice|thrice)\b", lambda m: {"count": _count(m[0].lower())}),
    # shares
    (rf"({_N})\s*(?:%|퍼센트|프로|percent)", lambda m: {"percent": Decimal(m[1].replace(",", ""))}),
    (r"(?:상위|top|탑)\s*[0-9]+\s*(?:명|위|등)?(?!\s*(?:%|퍼|프로|percent|[0-9.]))", lambda _: {"waits": "top_n"}),
    (r"(?:이번|다음|요번)\s?(?:달|주)\s*(?:프로모션|캠페인|이벤트|푸시|발송|기획전)(?:용|으로|을|를)?\s*(?:대상자?)?(?![가-힣]*\s*동의)", lambda _: {"filler": True}),
    (r"\b([2-8])0-?\s?somethings?\b", lambda m: {"age": (int(m[1]) * 10, int(m[1]) * 10 + 9)}),
    (r"절반|\bhalf(?= (?:of|their|the|or more))", lambda _: {"percent": Decimal(50)}),
    (rf"({_N})\s*배", lambda m: {"times_of": Decimal(m[1].replace(",", ""))}),
    (rf"({_NATIVES})\s*배(?![가-힣])|({_NATIVES})\s*배(?=[가를의로])", lambda m: {"times_of": Decimal(_NATIVE[m[1] or m[2]])}),
    (r"([0-9]+)\s*(?:시간)?\s*[~-]\s*([0-9]+)\s*시간", lambda m: {"hours": (int(m[1]), int(m[2])), "range": True}),
    (r"([0-9]+)\s*시간", lambda m: {"hours": (int(m[1]), int(m[1]))}),
    (r"(?:회원\s*)?가입\s*(?:후|한 ?후|한 ?뒤|이후|하고 ?나서|하고(?=\s*(?:아직|한 ?번도|여태|지금까지)))에?(?=\s*(?:아직|한 ?번도|첫|예약|구매|결제|방문|접속|검색|찜|앱|여태|지금까지|재구매))", lambda _: {"filler": True}),
    (r"([0-9]+)\s*hours?\b", lambda m: {"hours": (int(m[1]), int(m[1]))}),
    (r"(?:가입|예약|구매|결제|검색|찜|방문|체크아웃|퇴실)\s*(?:하고|한|후|이후|한 ?후|한 ?뒤|하고 ?나서)\s*(?:[0-9]+|한|두|세|일)\s*(?:일|주일?|주|개월|달|년)\s*(?:이내|안|내)에?(?!\s*(?:회원|고객|사람))", lambda _: {"waits": "since"}),
    (rf"최근\s*(?:{_N}|{_NATIVES})\s*(?:번|회|건)의?\s*(?=예약|방문|결제|구매|검색|여행)", lambda _: {"waits": "last_n"}),
    (r"(?<=[번회건개원일])보다\s*(?:더\s*)?(?:많은|많이|큰|높은|오래)", lambda _: {"gt": True}),
    (r"(?<=[번회건개원일])보다\s*(?:더\s*)?(?:적은|적게|작은|낮은)", lambda _: {"lt": True}),
    (r"(?<![번회건개원일])보다\s*(?:더\s*)?(?:많은|많이|큰|높은|적은|적게|작은|낮은|자주)", lambda _: {"waits": "compare"}),
    (r"체크인\s*(?:([0-9]+)\s*일|(하루|이틀|사흘|일주일|한 ?달|보름))\s*전(?:에|쯤)?\s*(?:미리\s*)?(?=예약|결제|구매)", _days_before),
    # stretches of time
    (rf"({_N})\s*일\s*(?:째|차)", lambda m: {"behind": int(m[1]), "exact": True}),
    (r"하루|이틀|사흘|나흘|닷새|엿새|열흘|보름|일주일|한 ?주(?![가-힣문])|반년|한 ?해(?!외)|며칠|한동안|오랫동안|\b(?:half )?a (?:week|month|year|fortnight|day)\b", _word(_DAYS)),
    (rf"(?!20[0-9]{{2}}\s*년)({_N}|{_KO_NUMBER}|{_NATIVES})\s*(일간|일|주일|주간|주(?!년)|개월간|개월|달간|달|년간|년)(?!\s*차|\s*반|생|도|대|차)", lambda m: _duration(m[1], m[2])),
    (rf"({_N})\s*(?:일|주|개월|달|년)?{_DASH}({_N})\s*(일|주|개월|달|년)(?!\s*전|생|도|대|차|[가-힣]*\s?전)", _range_of_days),
    (rf"({_N}|{_EN_WORDS})[\s-]*({_EN_UNITS})\b(?!\s*old)", lambda m: _duration(m[1].lower(), m[2])),
    (r"([0-9]+)\s+(?:different|distinct|separate)\s+days\b", lambda m: {"duration": (int(m[1]), "day"), "day_count": True}),
    (r"\b([0-9]+)\s?([dw])\b", lambda m: _duration(m[1], m[2])),
    (r"\b([0-9]+)m\b", lambda m: {"duration": (int(m[1]), "month")}),
    (r"\b[wW]([0-9]+)\b", lambda m: {"duration": (int(m[1]), "week")}),
    (r"\b[mM]([0-9]+)\b", lambda m: {"duration": (int(m[1]), "month")}),
    (r"[dD]-([0-9]+)\s*(?:이내|안쪽|이하)", lambda m: {"within": (int(m[1]), "day")}),
    (r"[dD]-([0-9]+)(?!\s*(?:이내|안쪽|이하))", lambda m: {"ahead": int(m[1])}),
    (r"[dD]\+([0-9]+)", lambda m: {"behind": int(m[1])}),
    (r"(?<=[0-9회건번개대세박원만드버dpDP])\s?\+(?=\s|/|,|$|\stimes|times)", lambda _: {"ge": True, "sign": True}),
    # plain
    (rf"({_N}){_DASH}({_N})(?![0-9]|\s*(?:월|일|주|개월|년|만|원))", lambda m: {"number": (_count(m[1])[0], _count(m[2])[0]), "range": True}),
    (rf"({_N})(?![0-9월])", lambda m: {"number": _count(m[1])}),
    (rf"\b({_EN_WORDS})\b", lambda m: {"number": _count(m[1].lower())}),
)  # fmt: skip
_COMPILED: Final = tuple((re.compile(pattern, re.IGNORECASE), build) for pattern, build in _SHAPES)


def numbers(text: str) -> Iterator[Item]:
    """Every number a text can be read to hold; overlapping ones are left to be chosen from."""
    for pattern, build in _COMPILED:
        for match in pattern.finditer(text):
            if match.start() and text[match.start() - 1].isdigit() and match[0][0].isdigit():
                continue
            readings = build(match)
            if readings is not None:
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                end = match.end() - (len(match[0]) - len(match[0].rstrip()))
                yield Item(start, end, text[start:end], readings)
