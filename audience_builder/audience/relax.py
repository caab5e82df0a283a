"""Gentler forms of a rule, each changed in one place: a wider window, a lower threshold, the next region up, or a word less."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import cast

from audience_builder.audience.guard import Number
from audience_builder.audience.many import Sizes
from audience_builder.catalog.filter import Kind, Property
from audience_builder.catalog.operator import Operator, WindowKind
from audience_builder.catalog.places import place
from audience_builder.rule.check_condition import condition_problems
from audience_builder.rule.defaults import filter_of, window_of
from audience_builder.rule.edit import replaced, without
from audience_builder.rule.tree import AtLeast, Condition, Node, PropertyValue, Rule, Value, walk
from audience_builder.rule.window import Ever, Last, Next, Window

KINDS = ("region", "window", "threshold", "fewer", "property", "remove")
"""What can be changed, the gentlest first."""

_LADDER = (1, 3, 7, 14, 30, 60, 90, 180, 365, 730)
_STEPS = 2
_Words = tuple[str, str]
_Changed = tuple[str, Condition, _Words]


@dataclass(frozen=True, slots=True)
class Relaxation:
    """The rule changed in one node. `ko` and `en` say what was changed; `rule` is None where nothing is left of it."""

    node: str
    kind: str
    ko: str
    en: str
    rule: Rule | None


@dataclass(frozen=True, slots=True)
class Found:
    """A gentler form, and how many users it means."""

    way: Relaxation
    count: Number


@dataclass(frozen=True, slots=True)
class Relaxed:
    """The gentler forms of a rule that mean more users than its `total`."""

    total: Number
    base: Number
    as_of: datetime
    mart_version: int
    found: tuple[Found, ...]


def gentlest(ways: Sequence[Relaxation], counted: Sizes, *, most: int = 40) -> Relaxed:
    """Those that help, the gentlest kind first and within it who adds fewest. `counted` begins with the rule itself."""
    total, *counts = counted.counts
    rest = iter(counts)
    sized = [(way, counted.base if way.rule is None else next(rest)) for way in ways]
    helping = sorted(
        ((way, count) for way, count in sized if count > total),
        key=lambda found: (KINDS.index(found[0].kind), found[1]),
    )
    gentle = tuple(Found(way, count) for way, count in helping[:most])
    return Relaxed(total, counted.base, counted.as_of, counted.mart_version, gentle)


def relaxations(rule: Rule) -> Iterator[Relaxation]:
    """Every gentler form. Some may be narrower where the condition is a negative one: their counts tell."""
    for node in walk(rule.root):
        if isinstance(node, AtLeast) and node.k > 1:
            fewer = node.model_copy(update={"k": node.k - 1})
            yield _of(rule, node, "fewer", fewer, (f"{node.k - 1}개 이상만 맞아도", f"at least {node.k - 1} is enough"))
        if isinstance(node, Condition):
            for kind, changed, words in _conditions(node):
                if not any(condition_problems(changed, "")):
                    yield _of(rule, node, kind, changed, words)
            label = filter_of(node)
            yield Relaxation(
                node.id, "remove", f"'{label.ko}' 조건을 빼기", f"leave out {label.en}", without(rule, node.id)
            )


def _of(rule: Rule, node: Node, kind: str, changed: Node, words: _Words) -> Relaxation:
    return Relaxation(node.id, kind, *words, replaced(rule, node.id, changed))


def _conditions(condition: Condition) -> Iterator[_Changed]:
    for make in (_regions, _windows, _thresholds, _properties):
        yield from make(condition)


# --- regions --------------------------------------------------------------------------------------------------------------


def _regions(condition: Condition) -> Iterator[_Changed]:
    if filter_of(condition).places and isinstance(condition.value, tuple):
        keys = tuple(str(key) for key in condition.value)
        for wider, words in _places_up(keys):
            yield "region", condition.model_copy(update={"value": wider}), words
    for key in ("region", "destination"):
        value = condition.properties.get(key)
        if isinstance(value, tuple):
            for wider, words in _places_up(value):
                yield "region", _with(condition, key, wider), words


def _places_up(keys: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], _Words]]:
    """The same places one step up the tree each, as long as that is a place somebody would name."""
    parents = [place(key).parent for key in keys]
    above = tuple(
        dict.fromkeys(
            key if up is None or place(up).level == "root" else up for key, up in zip(keys, parents, strict=True)
        )
    )
    if above != tuple(dict.fromkeys(keys)):
        ko, en = ("·".join(place(key).ko for key in above), ", ".join(place(key).en for key in above))
        yield above, (f"지역을 {ko}까지 넓히기", f"widen the region to {en}")


# --- windows --------------------------------------------------------------------------------------------------------------


def _windows(condition: Condition) -> Iterator[_Changed]:
    window, allowed = window_of(condition), filter_of(condition).windows
    if window is None:
        return
    if isinstance(window, Last | Next) and window.unit == "day":
        wider = [n for n in _LADDER if n > window.n][:_STEPS]
        narrower = [n for n in _LADDER if n < window.n][-1:]
        for n in (*wider, *narrower):
            yield _window(condition, window.model_copy(update={"n": n}), n, is_past=isinstance(window, Last))
    if WindowKind.EVER in allowed and not isinstance(window, Ever | Next):
        yield "window", condition.model_copy(update={"window": Ever()}), ("기간을 전체로", "of all time")


def _window(condition: Condition, window: Window, n: int, *, is_past: bool) -> _Changed:
    words = (
        (f"기간을 최근 {n}일로", f"the last {n} days") if is_past else (f"기간을 앞으로 {n}일로", f"the next {n} days")
    )
    return "window", condition.model_copy(update={"window": window}), words


# --- thresholds -----------------------------------------------------------------------------------------------------------


def _thresholds(condition: Condition) -> Iterator[_Changed]:
    make = _THRESHOLDS.get(condition.operator)
    if make is None:
        return
    if filter_of(condition).kind is Kind.ORDERED:
        yield from _ordered(condition)
        return
    for value in make(condition.value):
        said = _said(value)
        yield (
            "threshold",
            condition.model_copy(update={"value": value}),
            (f"기준을 {said}(으)로", f"compare with {said}"),
        )


def _lower(value: Value | None) -> Iterator[int]:
    number = cast(int, value)
    yield from sorted({number // 2, 1} - {number}, reverse=True) if number > 1 else ()


def _higher(value: Value | None) -> Iterator[int]:
    number = cast(int, value)
    yield from (next((step for step in _LADDER if step > number), number * 2), number * 3 + 1)


def _wider(value: Value | None) -> Iterator[tuple[int, int]]:
    low, high = cast("tuple[int, int]", value)
    yield from ((low - low // 2, high + (high + 1) // 2), (min(low, 1), high * 3))


def _more_percent(value: Value | None) -> Iterator[int]:
    yield from {min(100, cast(int, value) * factor) for factor in (2, 4)} - {cast(int, value)}


_THRESHOLDS: dict[Operator, Callable[[Value | None], Iterator[int | tuple[int, int]]]] = {
    Operator.GE: _lower,
    Operator.GT: _lower,
    Operator.LE: _higher,
    Operator.LT: _higher,
    Operator.BETWEEN: _wider,
    Operator.TOP_PERCENT: _more_percent,
    Operator.BOTTOM_PERCENT: _more_percent,
}


def _ordered(condition: Condition) -> Iterator[_Changed]:
    """The option below (of `at least`) or above (of `at most`)."""
    options = filter_of(condition).options
    if options is None or not isinstance(condition.value, str):
        return
    listed = sorted(options.options, key=lambda option: option.code)
    position = next(number for number, option in enumerate(listed) if option.key == condition.value)
    step = -1 if condition.operator in (Operator.GE, Operator.GT) else 1
    if 0 <= position + step < len(listed):
        other = listed[position + step]
        words = (f"기준을 {other.ko}(으)로", f"compare with {other.en}")
        yield "threshold", condition.model_copy(update={"value": other.key}), words


def _said(value: int | tuple[int, int]) -> str:
    return f"{value[0]:,}–{value[1]:,}" if isinstance(value, tuple) else f"{value:,}"


# --- properties -----------------------------------------------------------------------------------------------------------

_SHAPING = frozenset({"action", "basis", "nth", "phase", "state"})
"""Properties that say which fact is meant at all: without them it is another question."""


def _properties(condition: Condition) -> Iterator[_Changed]:
    for key in condition.properties:
        if key in _SHAPING:
            continue
        label = cast(Property, filter_of(condition).property_named(key))
        kept: dict[str, PropertyValue] = {name: value for name, value in condition.properties.items() if name != key}
        words = (f"'{label.ko}' 한정을 빼기", f"any {label.en}")
        yield "property", condition.model_copy(update={"properties": kept}), words


def _with(condition: Condition, key: str, value: PropertyValue) -> Condition:
    return condition.model_copy(update={"properties": {**condition.properties, key: value}})
