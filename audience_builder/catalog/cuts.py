"""How a filter's facet is cut: lines that each are a condition, so a facet can never mean something else than the rule."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise

from audience_builder.catalog.filter import Cut
from audience_builder.catalog.operator import Operator
from audience_builder.catalog.option import OptionList

Bound = tuple[int, int | None]


def bands(bounds: Iterable[Bound], *, ko: str = "", en: str = "", measure: str = "") -> tuple[Cut, ...]:
    """One cut a stretch of numbers, both ends in; `None` = no upper end. `ko`/`en` are the unit behind the number."""
    return tuple(_band(low, high, ko, en, measure) for low, high in bounds)


def _band(low: int, high: int | None, ko: str, en: str, measure: str) -> Cut:
    if high is None:
        return Cut(f"{measure}{low}_up", f"{low:,}{ko}+", f"{low:,}{en}+", Operator.GE, low, measure)
    if low == high:
        return Cut(f"{measure}{low}", f"{low:,}{ko}", f"{low:,}{en}", Operator.EQ, low, measure)
    text = f"{low:,}–{high:,}"
    return Cut(f"{measure}{low}_{high}", f"{text}{ko}", f"{text}{en}", Operator.BETWEEN, (low, high), measure)


def money(edges: Iterable[int], *, zero: bool = False) -> tuple[Cut, ...]:
    """KRW cut at `edges` (lower bound in, upper out); with `zero`, those who paid nothing (or less) stand apart."""
    bounds = list(edges)
    lowest = [Cut("zero", "0원", "₩0", Operator.LE, 0)] if zero else []
    low = 1 if zero else -(10**12)
    first = Cut(
        f"under_{bounds[0]}", f"{_man(bounds[0])} 미만", f"under ₩{bounds[0]:,}", Operator.BETWEEN, (low, bounds[0] - 1)
    )
    middle = [
        Cut(f"{a}_{b}", f"{_man(a)}–{_man(b)}", f"₩{a:,}–{b:,}", Operator.BETWEEN, (a, b - 1))
        for a, b in pairwise(bounds)
    ]
    last = Cut(f"{bounds[-1]}_up", f"{_man(bounds[-1])} 이상", f"₩{bounds[-1]:,}+", Operator.GE, bounds[-1])
    return (*lowest, first, *middle, last)


def _man(krw: int) -> str:
    return f"{krw // 10_000:,}만원"


def each(options: OptionList, operator: Operator = Operator.IN) -> tuple[Cut, ...]:
    """One cut an option: users whose value is it (or, of several values, has it)."""
    return tuple(
        Cut(o.key, o.ko, o.en, operator, o.key if operator is Operator.EQ else (o.key,)) for o in options.options
    )


def each_with(prop: str, entries: Iterable[tuple[str, str, str]], *, none: bool = True) -> tuple[Cut, ...]:
    """One cut a (key, ko, en): users with at least one row of that property; and those with no row at all."""
    found = tuple(Cut(key, ko, en, Operator.GE, 1, "", ((prop, (key,)),)) for key, ko, en in entries)
    return (*found, Cut("none", "없음", "none", Operator.EQ, 0)) if none else found


def labelled(options: OptionList) -> tuple[tuple[str, str, str], ...]:
    """(key, ko, en) of every option of a list."""
    return tuple((option.key, option.ko, option.en) for option in options.options)


UNKNOWN = Cut("unknown", "미상", "unknown", Operator.UNKNOWN)
TIMES = ((0, 0), (1, 1), (2, 2), (3, 4), (5, 9), (10, None))
