"""Numbers with their units, in words and back: 20만원, 30%, 1.5배, ₩200,000."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Final, Literal

from audience_builder.catalog.filter import Unit

Language = Literal["ko", "en"]
_MAN: Final = 10_000


@dataclass(frozen=True, slots=True)
class _Written:
    """How a unit is written: what stands before and behind the number, and how many of the smallest steps make one of it."""

    before: str = ""
    behind: str = ""
    steps: int = 1


_PLAIN: Final = _Written()
_UNITS: Final[Mapping[Language, Mapping[Unit, _Written]]] = MappingProxyType(
    {
        "ko": {
            Unit.DAYS: _Written(behind="일"),
            Unit.KRW: _Written(behind="원"),
            Unit.YEARS: _Written(behind="세"),
            Unit.PERMILLE: _Written(behind="%", steps=10),
            Unit.TENTHS: _Written(behind="배", steps=10),
            Unit.LINES: _Written(behind="개"),
        },
        "en": {
            Unit.DAYS: _Written(behind=" days"),
            Unit.KRW: _Written(before="₩"),
            Unit.PERMILLE: _Written(behind="%", steps=10),
            Unit.TENTHS: _Written(behind=" times", steps=10),
            Unit.LINES: _Written(behind=" lines"),
        },
    }
)
NUMBER: Final = r"-?[0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)?"


def said_number(value: int, unit: Unit, language: Language, counter: str = "") -> str:
    """A number with its unit; `counter` is the Korean counting word of what is counted (회, 건, 일)."""
    if language == "ko" and unit is Unit.KRW and value and value % _MAN == 0:
        return f"{value // _MAN:,}만원"
    written = _written(unit, language, counter)
    return f"{written.before}{_plain(value, written.steps)}{written.behind}"


def _plain(value: int, steps: int) -> str:
    if steps == 1 or value % steps == 0:
        return f"{value // steps:,}"
    return f"{Decimal(value) / steps:,f}"


def _written(unit: Unit, language: Language, counter: str) -> _Written:
    if language == "ko" and counter:
        return _Written(behind=counter)
    return _UNITS[language].get(unit, _PLAIN)


@cache
def number_pattern(unit: Unit, language: Language, counter: str = "") -> str:
    """A pattern of a number with its unit, without groups."""
    written = _written(unit, language, counter)
    man = "만?" if language == "ko" and unit is Unit.KRW else ""
    return f"{re.escape(written.before)}{NUMBER}{man}{re.escape(written.behind)}"


def number_read(text: str, unit: Unit, language: Language, counter: str = "") -> int:
    """The number of a text that matches `number_pattern`."""
    written = _written(unit, language, counter)
    digits = text.removeprefix(written.before).removesuffix(written.behind).replace(",", "")
    scale = _MAN if digits.endswith("만") else written.steps
    return int(Decimal(digits.removesuffix("만")) * scale)
