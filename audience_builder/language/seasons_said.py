"""Holidays and seasons in a sentence: 작년 추석 연휴, 올여름, since last Christmas, 설 이후로."""

from __future__ import annotations

import re
from datetime import date, timedelta
from functools import cache
from typing import Any, Final

from audience_builder.catalog.seasons import SEASONS
from audience_builder.rule.calendar import day_from, days_in
from audience_builder.rule.window import Named

_YEARS: Final = {
    "작년": "last", "지난해": "last", "전년": "last", "올해": "this", "금년": "this", "이번": "this", "올": "this", "내년": "next",
    "다음": "next", "지난": "recent", "저번": "recent", "다가오는": "upcoming", "돌아오는": "upcoming", "오는": "upcoming",
    "last year's": "last", "this year's": "this", "next year's": "next", "last": "recent", "this": "this", "next": "upcoming",
    "the coming": "upcoming", "upcoming": "upcoming", "coming": "upcoming", "the most recent": "recent", "the last": "recent",
}  # fmt: skip


def shape() -> str:
    """What such words look like: groups `since`, `year`, `number`, `name`, `after` (a year behind it) and `from`."""
    names = "|".join(re.sub(r"\s+", r"\\s?", word) for word in sorted(_words(), key=len, reverse=True))
    years = "|".join(sorted((re.escape(word).replace("\\ ", r"\s?") for word in _YEARS), key=len, reverse=True))
    year = rf"(?:(?P<year>재작년|{years})\s*|(?P<number>20[0-9]{{2}})\s*(?:년|'s)?\s*)?"
    behind = r"(?:,? (?:of |in )?(?P<after>20[0-9]{2}|(?:this|last|next) year)\b)?(?:\s*(?P<from>이후로?|부터|지나고|전에|이전에?))?"
    return rf"(?:\b(?P<since>since |before )(?:the )?)?{year}(?P<name>{names})(?:\s?연휴|\s?시즌|\s?기간)?{behind}"


def season(match: re.Match[str], as_of: date) -> dict[str, Any]:
    """The holiday or season named and the year said with it; the days since (or before) it where that is said."""
    year = match["year"]
    number = match["number"] or match["after"]
    if number and not number.isdigit():
        year, number = f"{number}'s", None
    said = int(number) if number else _YEARS.get(re.sub(r"\s+", " ", year.strip()).lower()) if year else None
    if year and year.startswith("재작년"):
        said = as_of.year - 2
    name = _season_keys()[_bare(match["name"])]
    if match["since"] or match["from"]:
        days = days_in(Named.model_validate({"type": "named", "name": name, "year": said or "recent"}), as_of)
        if "before" in (match["since"] or "") or "전" in (match["from"] or ""):
            return {"window": {"type": "between", "end": (day_from(days[0][0]) - timedelta(days=1)).isoformat()}}
        is_over = match["from"] in ("이후", "이후로", "지나고")
        first = day_from(days[-1][1]) + timedelta(days=1) if is_over else day_from(days[0][0])
        return {"window": {"type": "between", "start": first.isoformat()}}
    return {"season": (name, said)}


def _bare(word: str) -> str:
    return re.sub(r"\s+", "", word).lower()


@cache
def _season_keys() -> dict[str, str]:
    found: dict[str, str] = {}
    for season in SEASONS.values():
        for word in (season.ko, season.en, *season.synonyms):
            found.setdefault(_bare(word), season.key)
    found.update(
        {"설연휴": "seollal", "한가위": "chuseok", "lunarnewyear": "seollal", "fall": "autumn", "설": "seollal"}
    )
    return found


def _words() -> set[str]:
    words = {"fall", "lunar new year", "설 연휴"}
    for season in SEASONS.values():
        words |= {season.ko, season.en.lower(), *season.synonyms}
    return {re.escape(word).replace("\\ ", " ") for word in words if len(word) > 1 or word in ("봄", "설")}
