"""Conditions as a rival would wish for them: a column a value compared, in the smallest type, and plain tests of it.

What takes longest, adding up a user's facts over a window, is done before any clock starts: each rival finds the sum in a column.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from audience_builder.engine import plan
from audience_builder.engine.bitmap_reading import At
from audience_builder.engine.bitmap_sets import Numbers, Options
from audience_builder.engine.plan import Ask
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Flags, unpacked

Ranges = tuple[tuple[int, int], ...]

STATUS: Final = "status"


@dataclass(frozen=True, slots=True)
class Test:
    """What is asked of a column: a number in one of the ranges (ends in), or a mask.

    A mask must share a bit with each of `shares` (with 0 none does) and none with `lacks`.
    """

    column: str
    ranges: Ranges = ()
    shares: tuple[int, ...] = ()
    lacks: int = 0


@dataclass(frozen=True, slots=True)
class Leaf:
    """A condition: every test is passed; or, `negated`, not every one."""

    tests: tuple[Test, ...]
    negated: bool


@dataclass(slots=True)
class Columns:
    """The columns of some questions: one number or mask a user of `among`, by name."""

    at: At
    among: Flags
    arrays: dict[str, Array] = field(default_factory=dict[str, Array])
    _shapes: dict[Hashable, _Shape] = field(default_factory=dict[Hashable, "_Shape"])

    def leaf(self, ask: Ask) -> Leaf:
        """The question as tests of columns, made where they are not there."""
        shape = self._shape(ask)
        limit = self.at.threshold(ask) if isinstance(ask.test, plan.Share) else None
        tests = [shape.test(ask.test, limit)]
        if ask.statuses is not None:
            if STATUS not in self.arrays:
                self.arrays[STATUS] = self.at.index.users.status[self.among]
            tests.append(Test(STATUS, _runs(ask.statuses)))
        return Leaf(tuple(tests), ask.negated)

    def _shape(self, ask: Ask) -> _Shape:
        key = (ask.aggregate, ask.column, ask.rows, ask.countries, ask.night)
        if key not in self._shapes:
            name = f"c{len(self._shapes)}"
            self._shapes[key], self.arrays[name] = _column(name, self.at.values(ask), self.among)
        return self._shapes[key]


@dataclass(frozen=True, slots=True)
class _Shape:
    """What a column says: numbers written from 1 (`low`) up, 0 = unknown; or a bit a code, and one for "known"."""

    column: str
    low: int
    most: int
    is_mask: bool
    known: int = 0

    def test(self, test: plan.ValueTest, limit: int | None) -> Test:
        """A comparison of the value as a test of the column."""
        if isinstance(test, plan.Share):
            return self._share(test, limit)
        return (_MASKS if self.is_mask else _NUMBERS)[type(test)](self, test)

    def between(self, *ranges: tuple[int | None, int | None]) -> Test:
        """Numbers in any of the ranges; None is an open end."""
        written = [
            (1 if low is None else max(1, low - self.low + 1), self.most if high is None else high - self.low + 1)
            for low, high in ranges
        ]
        return Test(self.column, tuple((low, min(high, self.most)) for low, high in written if low <= high))

    def masked(self, *sets: Collection[int], lacks: int = 0) -> Test:
        """Masks that have a code of each set."""
        there = self.most & ~self.known
        wanted = [sum(1 << code for code in codes) & there for codes in sets]
        return Test(self.column, shares=(*((self.known,) if self.known else ()), *wanted), lacks=lacks)

    def _share(self, test: plan.Share, limit: int | None) -> Test:
        if limit is None:
            return Test(self.column)
        return self.between((limit, None) if test.top else (1, limit))


_NUMBERS: Final[Mapping[type[Any], Callable[[_Shape, Any], Test]]] = {
    plan.Between: lambda shape, test: shape.between((test.low, test.high)),
    plan.DayIn: lambda shape, test: shape.between(*test.days),
    plan.InCodes: lambda shape, test: shape.between(*_runs(test.codes)),
    plan.Known: lambda shape, _: shape.between((None, None)),
}
_MASKS: Final[Mapping[type[Any], Callable[[_Shape, Any], Test]]] = {
    plan.InCodes: lambda shape, test: shape.masked(test.codes),
    plan.HasAll: lambda shape, test: shape.masked(*test.sets),
    plan.Only: lambda shape, test: shape.masked(
        test.codes, lacks=shape.most & ~shape.known & ~sum(1 << code for code in test.codes)
    ),
    plan.Known: lambda shape, _: (
        Test(shape.column, shares=(shape.known,)) if shape.known else Test(shape.column, ((0, shape.most),))
    ),
}


def _runs(codes: Iterable[int]) -> Ranges:
    """Codes as ranges of neighbours."""
    wanted = sorted(set(codes))
    starts = [code for code in wanted if code - 1 not in wanted]
    ends = [code for code in wanted if code + 1 not in wanted]
    return tuple(zip(starts, ends, strict=True))


def _column(name: str, values: object, among: Flags) -> tuple[_Shape, Array]:
    if isinstance(values, Numbers):
        column = values.values[among]
        return _Shape(name, values.low, int(column.max(initial=1)), is_mask=False), column
    if isinstance(values, Options):
        return _mask(name, values, among)
    raise EngineError(f"values of {type(values).__name__} have no column")


def _mask(name: str, values: Options, among: Flags) -> tuple[_Shape, Array]:
    codes = len(values.sets)
    most = (1 << (codes + 1)) - 1
    column = np.zeros(int(among.sum()), np.min_scalar_type(most))
    sets = [*values.sets, *([] if values.known is None else [values.known])]
    for code, words in enumerate(sets):
        column |= unpacked(words, among.size)[among].astype(column.dtype) << column.dtype.type(code)
    known = 0 if values.known is None else 1 << codes
    return _Shape(name, 0, most if known else most >> 1, is_mask=True, known=known), column
