"""Compiled loops over sets of users: a whole rule in one pass, how many of many sets are in one, and values turned into sets.

Every loop is compiled once and kept on disk (`NUMBA_CACHE_DIR`, else `__pycache__`), and lets other threads run meanwhile. Sets are
handed over by address, because a rule has any number of them and none should be copied.
"""

# Compiled loops are handed their arrays one by one: they know no objects.
# ruff: noqa: PLR0913, PLR0917

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, cast

import numpy as np
from numba import types
from numba.core import cgutils
from numba.extending import intrinsic
from numba.np.numpy_support import carray

from audience_builder.index.arrays import Array, Integers, Longs, Words
from audience_builder.index.kernel import compiled

BLOCK = 1024
"""Words a rule works on at once: a dozen sets of them stay in a core's first cache, some hundred in its second."""

ALL, ANY, NOT, AT_LEAST = 0, 1, 2, 3
"""What a step of a program does with its children."""

UNIVERSE = 0
"""The first set of every program: everybody active."""

_PLANES = 8  # a rule has at most 200 conditions, so a count of true children fits in eight bits


def _ones(_context: Any, word: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return builder.ctpop(values[0])

    return types.uint64(word), generate


def _pointer(_context: Any, address: Any) -> Any:
    def generate(_: Any, builder: Any, __: Any, values: Any) -> Any:
        return builder.inttoptr(values[0], cgutils.voidptr_t)

    return types.voidptr(address), generate


ones = cast("Callable[[np.uint64], int]", intrinsic(_ones))
pointer = cast("Callable[[Any], Any]", intrinsic(_pointer))


def addresses(sets: Sequence[Array]) -> Words:
    """Where the sets lie. They must stay alive (and in place) as long as the addresses are used."""
    return np.array([entry.ctypes.data for entry in sets], np.uint64)


@compiled
def run_program(
    rows: Words, kinds: Integers, least: Integers, starts: Integers, children: Integers, words: int, counts: Longs
) -> None:
    """Write every step's set and count how many are in it.

    `rows` are the addresses of sets of `words` words: the universe, the conditions, and behind them one set a step to be written,
    in order. Step s joins the rows `children[starts[s] : starts[s + 1]]`, all of them written before it.
    """
    steps = kinds.size
    first_step = rows.size - steps
    planes = np.empty((_PLANES, BLOCK), np.uint64)
    for start in range(0, words, BLOCK):
        size = min(BLOCK, words - start)
        for step in range(steps):
            out = carray(pointer(rows[first_step + step]), words, np.uint64)[start : start + size]
            kind = kinds[step]
            if kind == AT_LEAST:
                _count_children(rows, children[starts[step] : starts[step + 1]], words, start, size, planes)
                _at_least(planes, least[step], size, out)
            else:
                _join(rows, kind, children[starts[step] : starts[step + 1]], words, start, size, out)
            found = 0
            for i in range(size):
                found += ones(out[i])
            counts[step] += found


@compiled
def _join(rows: Words, kind: int, children: Integers, words: int, start: int, size: int, out: Words) -> None:
    head = carray(pointer(rows[children[0]]), words, np.uint64)[start : start + size]
    if kind == NOT:
        everybody = carray(pointer(rows[UNIVERSE]), words, np.uint64)[start : start + size]
        for i in range(size):
            out[i] = everybody[i] & ~head[i]
        return
    for i in range(size):
        out[i] = head[i]
    for child in children[1:]:
        row = carray(pointer(rows[child]), words, np.uint64)[start : start + size]
        if kind == ALL:
            for i in range(size):
                out[i] &= row[i]
        else:
            for i in range(size):
                out[i] |= row[i]


@compiled
def _count_children(rows: Words, children: Integers, words: int, start: int, size: int, planes: Words) -> None:
    """For each bit, of how many children it is one: plane p holds bit p of that number."""
    planes[:, :size] = 0
    for child in children:
        row = carray(pointer(rows[child]), words, np.uint64)[start : start + size]
        for i in range(size):
            carry = row[i]
            for p in range(_PLANES):
                both = planes[p, i] & carry
                planes[p, i] ^= carry
                carry = both


@compiled
def _at_least(planes: Words, least: int, size: int, out: Words) -> None:
    """The bits whose number in `planes` is at least so much."""
    for i in range(size):
        above, equal = np.uint64(0), ~np.uint64(0)
        for down in range(_PLANES):
            p = _PLANES - 1 - down
            if least >> p & 1:
                equal &= planes[p, i]
            else:
                above |= equal & planes[p, i]
                equal &= ~planes[p, i]
        out[i] = above | equal


@compiled
def count_each(rows: Words, audience: Words, counts: Longs) -> None:
    """How many of `audience` are in each of the sets at these addresses, all in one pass."""
    words = audience.size
    for start in range(0, words, BLOCK):
        size = min(BLOCK, words - start)
        for r in range(rows.size):
            row = carray(pointer(rows[r]), words, np.uint64)[start : start + size]
            found = 0
            for i in range(size):
                found += ones(row[i] & audience[start + i])
            counts[r] += found


@compiled
def put_codes(values: Array, wanted: Words, out: Words) -> None:
    """Add to `out` the users whose code is one of `wanted`, a bit a code."""
    for i in range(values.size):
        code = values[i]
        is_wanted = (wanted[code >> 6] >> np.uint64(code & 63)) & np.uint64(1)
        out[i >> 6] |= is_wanted << np.uint64(i & 63)
