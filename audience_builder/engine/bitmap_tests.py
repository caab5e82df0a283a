"""Values compared: which users' value is what a question asks for, one translation of every test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from audience_builder.engine import kernel, plan
from audience_builder.engine.bitmap_rows import code_bits
from audience_builder.engine.bitmap_sets import Numbers, Options, Values
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Words, packed, unpacked, words_for


def matching(test: plan.ValueTest, values: Values, everybody: Words) -> Words:
    """The users whose value passes; those who are not in `everybody` may or may not be among them.

    Raises EngineError where such a value cannot be compared so.
    """
    found = VALUE_TESTS[type(test)].get(type(values))
    if found is None:
        raise EngineError(f"{type(test).__name__} does not compare {type(values).__name__.lower()}")
    return found(test, values, everybody)


def threshold(test: plan.Share, values: Values, everybody: Words) -> int | None:
    """The smallest (of the lowest: the largest) value that is in; None where nobody has a known value above zero."""
    if not isinstance(values, Numbers) or values.are_days:
        raise EngineError("only numbers have a highest and a lowest share")
    numbers = values.values[unpacked(everybody, values.values.size)]
    known = numbers[(numbers > 0) & (numbers <= values.bounds()[1])]
    if not known.size:
        return None
    wanted = -(-test.percent * known.size // 100)
    place = known.size - wanted if test.top else wanted - 1
    return int(np.partition(known, place)[place])


def _in_range(values: Numbers, low: int | None, high: int | None) -> Words:
    out = np.zeros(words_for(values.values.size), np.uint64)
    least, most = values.bounds()
    first, last = least if low is None else max(low, least), most if high is None else min(high, most)
    if first <= last:
        kind = values.values.dtype.type
        kernel.put_between(values.values, kind(first), kind(last), out)
    return out


# --- numbers --------------------------------------------------------------------------------------------------------------


def _between(test: plan.Between, values: Numbers, _: Words) -> Words:
    if values.are_days:
        raise EngineError("dates are compared by ranges of days")
    return _in_range(values, test.low, test.high)


def _day_in(test: plan.DayIn, values: Numbers, _: Words) -> Words:
    if not values.are_days:
        raise EngineError("ranges of days are asked of dates only")
    found = np.zeros(words_for(values.values.size), np.uint64)
    for low, high in test.days:
        found |= _in_range(values, low, high)
    return found


def _known_number(_: plan.Known, values: Numbers, __: Words) -> Words:
    return _in_range(values, None, None)


def _share(test: plan.Share, values: Numbers, everybody: Words) -> Words:
    limit = threshold(test, values, everybody)
    if limit is None:
        return np.zeros(words_for(values.values.size), np.uint64)
    return _in_range(values, limit, None) if test.top else _in_range(values, 1, limit)


def _code_in(test: plan.InCodes | plan.Only, values: Numbers, _: Words) -> Words:
    return _one_of(values, test.codes)


def _in_all_sets(test: plan.HasAll, values: Numbers, _: Words) -> Words:
    return _one_of(values, frozenset.intersection(*test.sets) if test.sets else frozenset())


def _one_of(values: Numbers, codes: Iterable[int]) -> Words:
    """Of users with one option each. The code that stands for "unknown" is never asked for."""
    if values.values.dtype.kind != "u":
        raise EngineError("options are asked of a number")
    out = np.zeros(words_for(values.values.size), np.uint64)
    kernel.put_codes(values.values, code_bits(codes, values.values), out)
    return out


# --- options --------------------------------------------------------------------------------------------------------------


def _shares_bit(values: Options, codes: Iterable[int]) -> Words:
    return _of_known(values, packed((values.masks & _mask(values, codes)) != 0))


def _any_option(test: plan.InCodes, values: Options, _: Words) -> Words:
    return _shares_bit(values, test.codes)


def _every_set(test: plan.HasAll, values: Options, everybody: Words) -> Words:
    found = everybody
    for codes in test.sets:
        found = found & _shares_bit(values, codes)
    return found


def _only(test: plan.Only, values: Options, _: Words) -> Words:
    others = values.masks & ~_mask(values, test.codes)
    return _of_known(values, packed((values.masks != 0) & (others == 0)))


def _known_options(_: plan.Known, values: Options, everybody: Words) -> Words:
    return _of_known(values, everybody)


def _mask(values: Options, codes: Iterable[int]) -> Any:
    wanted = sum(1 << code for code in set(codes))
    return values.masks.dtype.type(wanted & int(np.iinfo(values.masks.dtype).max))


def _of_known(values: Options, found: Words) -> Words:
    return found if values.known is None else found & values.known


VALUE_TESTS: dict[type[Any], dict[type[Any], Callable[[Any, Any, Words], Words]]] = {
    plan.Between: {Numbers: _between},
    plan.DayIn: {Numbers: _day_in},
    plan.InCodes: {Numbers: _code_in, Options: _any_option},
    plan.HasAll: {Numbers: _in_all_sets, Options: _every_set},
    plan.Only: {Numbers: _code_in, Options: _only},
    plan.Known: {Numbers: _known_number, Options: _known_options},
    plan.Share: {Numbers: _share},
}
"""How each test compares each shape of value; where a shape is missing it cannot."""
