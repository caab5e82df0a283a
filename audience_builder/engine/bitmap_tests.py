"""Values compared: which users' value is what a question asks for, one translation of every test."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

import numpy as np

from audience_builder.engine import kernel, plan
from audience_builder.engine.bitmap_rows import code_bits
from audience_builder.engine.bitmap_sets import Numbers, Options, Slices, Values
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Words, words_for


def matching(test: plan.ValueTest, values: Values, everybody: Words) -> Words:
    """The users whose value passes; those who are not in `everybody` may or may not be among them.

    Raises EngineError where such a value cannot be compared so.
    """
    found = VALUE_TESTS[type(values)].get(type(test))
    if found is None:
        raise EngineError(f"{type(test).__name__} does not compare {type(values).__name__.lower()}")
    return found(test, values, everybody)


def threshold(test: plan.Share, values: Values, everybody: Words) -> int | None:
    """The smallest (of the lowest: the largest) value that is in; None where nobody has a known value above zero."""
    if isinstance(values, Options) or values.are_days:
        raise EngineError("only numbers have a highest and a lowest share")
    known = everybody & values.between(1, None)
    count = int(np.bitwise_count(known).sum())
    return values.nth(known, -(-test.percent * count // 100), largest=test.top) if count else None


# --- numbers --------------------------------------------------------------------------------------------------------------


def _between(test: plan.Between, values: Numbers | Slices, _: Words) -> Words:
    if values.are_days:
        raise EngineError("dates are compared by ranges of days")
    return values.between(test.low, test.high)


def _day_in(test: plan.DayIn, values: Numbers | Slices, _: Words) -> Words:
    if not values.are_days:
        raise EngineError("ranges of days are asked of dates only")
    return _union(values.between(low, high) for low, high in test.days)


def _known_number(_: plan.Known, values: Numbers | Slices, __: Words) -> Words:
    return values.between(None, None)


def _share(test: plan.Share, values: Numbers | Slices, everybody: Words) -> Words:
    limit = threshold(test, values, everybody)
    if limit is None:
        return np.zeros_like(everybody)
    return values.between(limit, None) if test.top else values.between(1, limit)


def _union(sets: Iterable[Words]) -> Words:
    found, *others = sets
    for other in others:
        found |= other
    return found


# --- codes, one a user ----------------------------------------------------------------------------------------------------


def _one_of(test: plan.InCodes | plan.Only, values: Numbers | Slices, everybody: Words) -> Words:
    return _any_code(values, test.codes, everybody)


def _in_all_sets(test: plan.HasAll, values: Numbers | Slices, everybody: Words) -> Words:
    return _any_code(values, _in_all(test), everybody)


def _any_code(values: Numbers | Slices, codes: Iterable[int], everybody: Words) -> Words:
    if values.are_days:
        raise EngineError("options are asked of a number")
    wanted = sorted(set(codes))
    starts = [code for code in wanted if code - 1 not in wanted]
    ends = [code for code in wanted if code + 1 not in wanted]
    if isinstance(values, Numbers) and len(starts) > _MOST_RANGES:
        return _looked_up(values, wanted)
    return _union([np.zeros_like(everybody), *(values.between(*ends) for ends in zip(starts, ends, strict=True))])


_MOST_RANGES = 3
"""Neighbouring codes are asked for as one range; so many ranges are as fast as looking up each user's code."""


def _looked_up(values: Numbers, codes: Iterable[int]) -> Words:
    """Of users with one of many codes each; "unknown" is never asked for."""
    out = np.zeros(words_for(values.values.size), np.uint64)
    most = int(np.iinfo(values.values.dtype).max)
    written = (code - values.low + 1 for code in codes)
    kernel.put_codes(values.values, code_bits((code for code in written if 0 < code <= most), values.values), out)
    return out


def _in_all(test: plan.HasAll) -> frozenset[int]:
    return frozenset.intersection(*test.sets) if test.sets else frozenset()


# --- options, several a user ----------------------------------------------------------------------------------------------


def _shares_code(values: Options, codes: Iterable[int], everybody: Words) -> Words:
    found = _union([np.zeros_like(everybody), *(values.sets[code] for code in codes if code < len(values.sets))])
    return _of_known(values, found)


def _any_option(test: plan.InCodes, values: Options, everybody: Words) -> Words:
    return _shares_code(values, test.codes, everybody)


def _every_set(test: plan.HasAll, values: Options, everybody: Words) -> Words:
    found = everybody
    for codes in test.sets:
        found = found & _shares_code(values, codes, everybody)
    return found


def _only(test: plan.Only, values: Options, everybody: Words) -> Words:
    others = frozenset(range(len(values.sets))) - test.codes
    return _shares_code(values, test.codes, everybody) & ~_shares_code(values, others, everybody)


def _known_options(_: plan.Known, values: Options, everybody: Words) -> Words:
    return _of_known(values, everybody)


def _of_known(values: Options, found: Words) -> Words:
    return found if values.known is None else found & values.known


_NUMBERS: dict[type[Any], Callable[[Any, Any, Words], Words]] = {
    plan.Between: _between,
    plan.DayIn: _day_in,
    plan.InCodes: _one_of,
    plan.HasAll: _in_all_sets,
    plan.Only: _one_of,
    plan.Known: _known_number,
    plan.Share: _share,
}
_OPTIONS: dict[type[Any], Callable[[Any, Any, Words], Words]] = {
    plan.InCodes: _any_option,
    plan.HasAll: _every_set,
    plan.Only: _only,
    plan.Known: _known_options,
}
VALUE_TESTS: dict[type[Any], dict[type[Any], Callable[[Any, Any, Words], Words]]] = {
    Numbers: _NUMBERS,
    Slices: _NUMBERS,
    Options: _OPTIONS,
}
"""How each test compares each shape of value; where a shape is missing it cannot."""
