"""Generated rules over all 32 filters: every operator, every kind of window, every property, nested groups."""

from __future__ import annotations

from random import Random
from typing import Any

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.filter import Form, Kind, Property, Unit
from audience_builder.catalog.operator import Operator, WindowKind
from audience_builder.catalog.seasons import SEASONS
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from tests.laws.people import PLACES

QUERIED_PLACES = (*PLACES, "korea", "island", "capital_area", "short_haul", "seongsan_udo", "busan_getaway")


def rule(random: Random, *, most: int = 12) -> Rule:
    """A random rule of 1 to `most` conditions, nested up to five deep."""
    return parse_rule({"version": 1, "root": _node(random, random.randint(1, most), depth=5)})


def _node(random: Random, size: int, depth: int) -> dict[str, Any]:
    if size == 1 or depth == 1:
        made = condition(random, random.choice(FILTERS))
        return {"type": "not", "child": made} if random.random() < 0.15 and depth > 1 else made
    parts = random.randint(2, min(4, size))
    children = [_node(random, max(1, size // parts), depth - 1) for _ in range(parts)]
    kind = random.choice(("all", "any", "any", "at_least", "not"))
    if kind == "not":
        return (
            {"type": "not", "child": {"type": "any", "children": children}}
            if depth > 2
            else {"type": "any", "children": children}
        )
    extra = {"k": random.randint(1, parts)} if kind == "at_least" else {}
    return {"type": kind, "children": children, **extra}


def condition(
    random: Random, asked: Filter, operator: Operator | None = None, window: WindowKind | None = None
) -> dict[str, Any]:
    """A random condition on one filter; the operator and the kind of window may be asked for."""
    measure = random.choice(asked.measures)
    chosen = operator or random.choice(asked.operators)
    made: dict[str, Any] = {"type": "condition", "filter": asked.key, "operator": chosen.value, "measure": measure.key}
    value = _value(random, asked, chosen, measure.unit)
    if value is not None:
        made["value"] = value
    if asked.windows and (window or random.random() < 0.7):
        made["window"] = a_window(random, window or random.choice(sorted(asked.windows)))
    properties = random.sample(asked.properties, k=min(len(asked.properties), random.choice((0, 0, 1, 1, 2, 3))))
    made["properties"] = {prop.key: a_property(random, prop) for prop in properties}
    return _sensible(made)


def _sensible(made: dict[str, Any]) -> dict[str, Any]:
    properties = made["properties"]
    if "night" in properties and "marketing_use" in (made.get("value") or ()):
        del properties["night"]
    if "nth" in properties:
        properties.pop("status", None)
    return made


_NUMBERS = {
    Unit.TIMES: (0, 1, 2, 3, 4),
    Unit.DAYS: (0, 1, 2, 7, 14, 29, 30, 31, 60, 90, 365),
    Unit.KRW: (-50_000, 0, 1, 29_999, 100_000, 199_999, 200_000, 1_000_001),
    Unit.YEARS: (18, 19, 20, 29, 30, 40),
    Unit.PERMILLE: (0, 1, 333, 500, 1000),
    Unit.TENTHS: (0, 5, 10, 15, 100),
    Unit.LINES: (0, 1, 2, 3),
}


def _value(random: Random, asked: Filter, operator: Operator, unit: Unit) -> Any:
    if operator in (Operator.KNOWN, Operator.UNKNOWN):
        return None
    if operator in (Operator.TOP_PERCENT, Operator.BOTTOM_PERCENT):
        return random.choice((1, 10, 20, 50, 99, 100))
    if operator in (Operator.WITHIN, Operator.NOT_WITHIN):
        return a_window(random, random.choice(tuple(WindowKind)))
    if operator in (Operator.IN, Operator.NOT_IN, Operator.HAS_ALL, Operator.ONLY):
        return random.sample(_keys(asked), k=min(len(_keys(asked)), random.choice((1, 1, 2, 3))))
    one = (
        (lambda: random.choice(_keys(asked))) if asked.kind is Kind.ORDERED else (lambda: random.choice(_NUMBERS[unit]))
    )
    if operator is not Operator.BETWEEN:
        return one()
    order = _keys(asked).index if asked.kind is Kind.ORDERED else int
    return sorted((one(), one()), key=order)  # type: ignore[arg-type]


def _keys(asked: Filter) -> list[str]:
    if asked.places:
        return list(QUERIED_PLACES)
    assert asked.options is not None
    return list(asked.options.keys())


def a_property(random: Random, prop: Property) -> Any:
    """A random value of a property."""
    match prop.form:
        case Form.PLACES:
            return random.sample(QUERIED_PLACES, k=random.choice((1, 1, 2)))
        case Form.RANGE:
            low, high = sorted(random.choice((-1, 0, 1, 2, 3, 7, 24, 30, 72)) for _ in range(2))
            return random.choice(({"min": low}, {"max": high}, {"min": low, "max": high}))
        case Form.STAY:
            return {
                "relation": random.choice(("in", "touches")),
                "window": a_window(random, random.choice(tuple(WindowKind))),
            }
        case Form.FLAG:
            return True
        case Form.OPTIONS:
            assert prop.options is not None
            return random.sample(
                prop.options.keys(), k=1 if prop.one else min(len(prop.options.keys()), random.choice((1, 2, 4)))
            )


def a_window(random: Random, kind: WindowKind | str) -> dict[str, Any]:
    """A random window of one kind."""
    number = random.choice((1, 2, 7, 14, 30, 90, 365))
    match WindowKind(kind):
        case WindowKind.LAST | WindowKind.NEXT as which:
            unit = random.choice(("day", "day", "week", "month", "year"))
            return {"type": which.value, "n": number if unit == "day" else random.choice((1, 2, 3)), "unit": unit}
        case WindowKind.DAYS:
            start, end = sorted(random.choice((-365, -91, -30, -7, -1, 0, 1, 3, 14)) for _ in range(2))
            return {"type": "days", "start": start, "end": end}
        case WindowKind.CALENDAR:
            unit = random.choice(("day", "week", "month", "quarter", "half", "year"))
            part = (
                {"part": random.choice(("early", "middle", "late"))}
                if unit == "month" and random.random() < 0.3
                else {}
            )
            return {"type": "calendar", "unit": unit, "offset": random.choice((-2, -1, 0, 1)), **part}
        case WindowKind.NAMED:
            shift = {"start": -30, "end": random.choice((-14, 0, 5))} if random.random() < 0.3 else {}
            year = random.choice(("last", "this", "next", "recent", "upcoming", 2025))
            return {"type": "named", "name": random.choice(sorted(SEASONS)), "year": year, **shift}
        case WindowKind.BETWEEN:
            first, last = sorted(
                f"{random.choice((2023, 2024, 2025, 2026))}-{random.choice(('02-28', '03-01', '10-05', '12-31'))}"
                for _ in range(2)
            )
            return random.choice(({"type": "between", "start": first, "end": last}, {"type": "between", "start": first},
                                  {"type": "between", "end": last}))  # fmt: skip
        case WindowKind.EVER:
            return {"type": "ever"}
        case WindowKind.FUTURE:
            return {"type": "future"}
