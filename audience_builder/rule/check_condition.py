"""What can be wrong with one condition: its filter, measure, operator, value, window and properties against the catalog."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import cast

from rapidfuzz import fuzz, process

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.filter import Filter, Form, Kind, Measure, Property, Unit
from audience_builder.catalog.operator import Operator
from audience_builder.catalog.places import is_place
from audience_builder.errors import Problem
from audience_builder.rule.calendar import is_window_known
from audience_builder.rule.defaults import measure_of
from audience_builder.rule.tree import Condition, PropertyValue, Range, Stay
from audience_builder.rule.window import Last, Named, Window

_CLOSE_ENOUGH = 60
_LARGEST = 10**15


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """A fix that names the nearest of the known words, or lists where to look."""
    choices = list(known)
    found = process.extractOne(word[:100], choices, scorer=fuzz.WRatio, score_cutoff=_CLOSE_ENOUGH)
    if found:
        return f"did you mean {found[0]}?"
    return f"one of {', '.join(choices[:12])}{' …' if len(choices) > 12 else ''}"


def condition_problems(condition: Condition, pointer: str) -> Iterator[Problem]:
    """Everything wrong with a condition that has the right shape."""
    asked = BY_KEY.get(condition.filter)
    if asked is None:
        yield Problem(
            f"{pointer}/filter", "unknown_filter", f"no filter {condition.filter!r}", _filter_named(condition.filter)
        )
        return
    if condition.measure is not None and asked.measure(condition.measure) is None:
        yield _unknown_word(
            asked, condition.measure, "measure", (entry.key for entry in asked.measures), f"{pointer}/measure"
        )
        return
    yield from _value_problems(condition, asked, pointer)
    yield from _window_problems(condition, asked, pointer)
    for key, value in condition.properties.items():
        yield from _property_problems(asked, key, value, f"{pointer}/properties/{key}")
    yield from _together_problems(condition, pointer)


def _filter_named(word: str) -> str:
    names = {name: key for key, entry in BY_KEY.items() for name in (key, entry.ko, entry.en, *entry.synonyms)}
    found = process.extractOne(word[:100], names, processor=str.lower, scorer=fuzz.WRatio, score_cutoff=_CLOSE_ENOUGH)
    found = process.extractOne(word[:100], list(names), scorer=fuzz.WRatio, score_cutoff=_CLOSE_ENOUGH) or found
    return (
        f"did you mean {names[found[0]]}?" if found and found[0] in names else "GET /api/v1/catalog lists all filters"
    )


def _unknown_word(asked: Filter, word: str, what: str, known: Iterable[str], pointer: str) -> Problem:
    waits = next((entry for entry in asked.notyet if entry.key == word), None)
    if waits:
        return Problem(pointer, "notyet", f"{asked.key} cannot be asked for {word} yet: {waits.reason}", "leave it out")
    return Problem(pointer, f"unknown_{what}", f"{asked.key} has no {what} {word!r}", did_you_mean(word, known))


# --- operator and value ---------------------------------------------------------------------------------------------------


def _value_problems(condition: Condition, asked: Filter, pointer: str) -> Iterator[Problem]:
    operator = condition.operator
    if operator not in asked.operators:
        message = f"{asked.key} cannot be compared with {operator.value}"
        yield Problem(f"{pointer}/operator", "operator_not_allowed", message, f"one of {', '.join(asked.operators)}")
        return
    problem = _VALUE_CHECKS[operator](condition, asked)
    if problem:
        code, message, fix = problem
        yield Problem(f"{pointer}/value", code, message, fix)


_Verdict = tuple[str, str, str] | None


def _no_value(condition: Condition, _: Filter) -> _Verdict:
    return (
        ("value_unexpected", f"{condition.operator.value} takes no value", "remove value")
        if condition.value is not None
        else None
    )


def _one(condition: Condition, asked: Filter) -> _Verdict:
    return _scalar(condition.value, condition, asked)


def _scalar(value: object, condition: Condition, asked: Filter) -> _Verdict:
    if asked.kind is Kind.ORDERED:
        return (
            _option(value, asked)
            if isinstance(value, str)
            else ("value_type", "the value is an option", "a key of the list")
        )
    if not isinstance(value, int):
        return (
            "value_missing" if value is None else "value_type",
            "the value is a whole number",
            "write a number, as 3",
        )
    low, high = bounds(measure_of(condition))
    return (
        None
        if low <= value <= high
        else ("value_range", f"{value:,} is outside {low:,} … {high:,}", "a number in that range")
    )


_BOUNDS = {
    Unit.KRW: (-_LARGEST, _LARGEST),
    Unit.PERMILLE: (0, 1000),
    Unit.YEARS: (0, 150),
    Unit.LINES: (0, 9),
    Unit.DAYS: (0, 40_000),
}


def bounds(measure: Measure) -> tuple[int, int]:
    """The least and the greatest number a measure can be compared with."""
    return _BOUNDS.get(measure.unit, (0, _LARGEST))


def _pair(condition: Condition, asked: Filter) -> _Verdict:
    value = condition.value
    if not isinstance(value, tuple) or len(value) != 2:
        return ("value_type", "between takes [low, high]", "two values, both ends in")
    found = _scalar(value[0], condition, asked) or _scalar(value[1], condition, asked)
    if found:
        return found
    low, high = (_rank(entry, asked) for entry in value)
    return ("value_range", "low is above high", "swap the two") if low > high else None


def _rank(value: int | str, asked: Filter) -> int:
    return value if isinstance(value, int) else min(asked.options.codes((value,))) if asked.options else 0


def _list(condition: Condition, asked: Filter) -> _Verdict:
    value = condition.value
    if not isinstance(value, tuple) or not all(isinstance(entry, str) for entry in value):
        return ("value_type", "the value is a list of option keys", 'as ["gold", "vip"]')
    return next((found for found in (_option(entry, asked) for entry in value) if found), None)


def _option(value: object, asked: Filter) -> _Verdict:
    word = str(value)
    if asked.places:
        return (
            None if is_place(word) else ("unknown_option", f"no place {word!r}", "GET /api/v1/catalog lists all places")
        )
    if asked.options is None or word in asked.options:
        return None
    return ("unknown_option", f"{asked.key} has no option {word!r}", did_you_mean(word, asked.options.keys()))


def _span(condition: Condition, _: Filter) -> _Verdict:
    if condition.value is None or isinstance(condition.value, int | str | tuple):
        return ("value_type", f"{condition.operator.value} takes a window", 'as {"type": "last", "n": 30}')
    return _window_verdict(condition.value)


def _percent(condition: Condition, asked: Filter) -> _Verdict:
    value = condition.value
    right = isinstance(value, int) and 1 <= value <= 100
    return None if right else ("value_range", "the share is a whole number from 1 to 100", "as 20")


_VALUE_CHECKS: dict[Operator, Callable[[Condition, Filter], _Verdict]] = {
    **dict.fromkeys((Operator.KNOWN, Operator.UNKNOWN), _no_value),
    **dict.fromkeys((Operator.EQ, Operator.NE, Operator.GE, Operator.GT, Operator.LE, Operator.LT), _one),
    Operator.BETWEEN: _pair,
    **dict.fromkeys((Operator.IN, Operator.NOT_IN, Operator.HAS_ALL, Operator.ONLY), _list),
    **dict.fromkeys((Operator.WITHIN, Operator.NOT_WITHIN), _span),
    **dict.fromkeys((Operator.TOP_PERCENT, Operator.BOTTOM_PERCENT), _percent),
}


# --- windows --------------------------------------------------------------------------------------------------------------


def _window_problems(condition: Condition, asked: Filter, pointer: str) -> Iterator[Problem]:
    window = condition.window
    if window is None:
        return
    place = f"{pointer}/window"
    if not asked.windows:
        yield Problem(place, "window_not_allowed", f"{asked.key} has no window", _window_fix(asked))
    elif window.type not in asked.windows:
        yield Problem(
            place, "window_kind", f"{asked.key} cannot look {window.type}", f"one of {', '.join(sorted(asked.windows))}"
        )
    else:
        verdict = _window_verdict(window)
        if verdict:
            yield Problem(place, *verdict)


def _window_fix(asked: Filter) -> str:
    return "say when with operator within" if asked.kind is Kind.DAYS else "remove window"


def _window_verdict(window: Window) -> _Verdict:
    if isinstance(window, Named) and not is_window_known(window.name):
        return ("unknown_window", f"no named window {window.name!r}", "GET /api/v1/catalog lists all named windows")
    if isinstance(window, Last) and window.unit == "year" and window.n > 100:
        return ("value_range", "more than 100 years", "use ever")
    return None


# --- properties -----------------------------------------------------------------------------------------------------------


def _property_problems(asked: Filter, key: str, value: PropertyValue, pointer: str) -> Iterator[Problem]:
    prop = asked.property_named(key)
    if prop is None:
        yield _unknown_word(asked, key, "property", (entry.key for entry in asked.properties), pointer)
        return
    verdict = _FORM_CHECKS[prop.form](prop, value)
    if verdict:
        yield Problem(pointer, *verdict)


def _options(prop: Property, value: PropertyValue) -> _Verdict:
    if not isinstance(value, tuple):
        return (
            "value_type",
            f"{prop.key} takes a list of options",
            f'as ["{prop.options.keys()[0] if prop.options else ""}"]',
        )
    if prop.one and len(value) != 1:
        return ("value_type", f"{prop.key} takes exactly one option", "leave one")
    options = prop.options
    wrong = next((word for word in value if options is not None and word not in options), None)
    if wrong is None or options is None:
        return None
    return ("unknown_option", f"{prop.key} has no option {wrong!r}", did_you_mean(wrong, options.keys()))


def _places(prop: Property, value: PropertyValue) -> _Verdict:
    if not isinstance(value, tuple):
        return ("value_type", f"{prop.key} takes a list of places", 'as ["jeju"]')
    wrong = next((word for word in value if not is_place(word)), None)
    return None if wrong is None else ("unknown_option", f"no place {wrong!r}", "GET /api/v1/catalog lists all places")


def _range(prop: Property, value: PropertyValue) -> _Verdict:
    if not isinstance(value, Range) or (value.min is None and value.max is None):
        return ("value_type", f"{prop.key} takes a range", 'as {"min": 2}')
    if value.min is not None and value.max is not None and value.min > value.max:
        return ("value_range", "min is above max", "swap the two")
    return None


def _stay(prop: Property, value: PropertyValue) -> _Verdict:
    if not isinstance(value, Stay):
        return (
            "value_type",
            f"{prop.key} takes relation and window",
            'as {"relation": "in", "window": {"type": "next", "n": 7}}',
        )
    return _window_verdict(value.window)


def _flag(prop: Property, value: PropertyValue) -> _Verdict:
    return None if value is True else ("value_type", f"{prop.key} is true or left out", "write true")


_FORM_CHECKS: dict[Form, Callable[[Property, PropertyValue], _Verdict]] = {
    Form.OPTIONS: _options,
    Form.PLACES: _places,
    Form.RANGE: _range,
    Form.STAY: _stay,
    Form.FLAG: _flag,
}


def _together_problems(condition: Condition, pointer: str) -> Iterator[Problem]:
    """Words that are right alone and mean nothing together."""
    asked = condition.properties
    if "night" in asked and isinstance(condition.value, tuple) and "marketing_use" in condition.value:
        message = "marketing_use is no channel and has no night consent"
        yield Problem(f"{pointer}/properties/night", "night_needs_channel", message, "name push, sms or kakao")
    status = cast("tuple[str, ...]", asked.get("status", ()))
    if "nth" in asked and "cancelled" in status:
        message = "first and latest speak of confirmed bookings"
        yield Problem(f"{pointer}/properties/nth", "nth_is_confirmed", message, "remove cancelled from status")
