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

from audience_builder.index.arrays import Array, Bytes, Integers, Longs, Words
from audience_builder.index.kernel import compiled

BLOCK = 4096
"""Words worked on at once: each set is read in long stretches, and what some thirty groups come to stays in a core's second cache."""

ALL, ANY, NOT, AT_LEAST = 0, 1, 2, 3
"""What a step of a program does with its children."""

UNIVERSE = 0
"""The first set of every program: everybody active."""

_PLANES = 8  # a rule has at most 200 conditions, so a count of true children fits in eight bits
_SCRATCH = _PLANES


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


def address(words: Array) -> int:
    """Where a set lies. It must stay alive (and in place) as long as the address is used."""
    return words.ctypes.data


def addresses(sets: Sequence[Array]) -> Words:
    """The same of several."""
    return np.array([address(entry) for entry in sets], np.uint64)


@compiled
def run_program(
    rows: Words,
    are_whole: Bytes,
    kinds: Integers,
    least: Integers,
    starts: Integers,
    children: Integers,
    first: int,
    last: int,
    counts: Longs,
) -> None:
    """Work out every step's set over the words first … last (exclusive), and add how many are in it to `counts`.

    `rows` are the addresses of sets: the universe, the conditions, and behind them one set a step to be written, in order. One that
    is not whole (`are_whole`, 1 or 0 a row) has room for a block: it is written over and over, and never leaves the core's caches.
    Step s joins the rows `children[starts[s] : starts[s + 1]]`, all of them written before it.
    """
    steps = kinds.size
    first_step = rows.size - steps
    planes = np.empty((_PLANES + 1, BLOCK), np.uint64)
    for start in range(first, last, BLOCK):
        size = min(BLOCK, last - start)
        for step in range(steps):
            out = _block(rows, are_whole, first_step + step, start, size)
            kind = kinds[step]
            joined = children[starts[step] : starts[step + 1]]
            if kind == AT_LEAST and least[step] == 2:
                _at_least_two(rows, are_whole, joined, start, size, planes[0], out)
            elif kind == AT_LEAST:
                bits = _count_children(rows, are_whole, joined, start, size, planes)
                _at_least(planes, bits, least[step], size, out)
            else:
                _join(rows, are_whole, kind, joined, start, size, out)
            found = 0
            for i in range(size):
                found += ones(out[i])
            counts[step] += found


@compiled
def _block(rows: Words, are_whole: Bytes, row: int, start: int, size: int) -> Words:
    """The words of a set from `start` on."""
    before = start if are_whole[row] else 0
    return carray(pointer(rows[row]), before + size, np.uint64)[before:]


@compiled
def _join(rows: Words, are_whole: Bytes, kind: int, children: Integers, start: int, size: int, out: Words) -> None:
    head = _block(rows, are_whole, children[0], start, size)
    if kind == NOT:
        everybody = _block(rows, are_whole, UNIVERSE, start, size)
        for i in range(size):
            out[i] = everybody[i] & ~head[i]
        return
    second = _block(rows, are_whole, children[min(1, children.size - 1)], start, size)  # of an only child, itself again
    if kind == ALL:
        for i in range(size):
            out[i] = head[i] & second[i]
    else:
        for i in range(size):
            out[i] = head[i] | second[i]
    for child in children[2:]:
        row = _block(rows, are_whole, child, start, size)
        if kind == ALL:
            for i in range(size):
                out[i] &= row[i]
        else:
            for i in range(size):
                out[i] |= row[i]


@compiled
def _at_least_two(
    rows: Words, are_whole: Bytes, children: Integers, start: int, size: int, once: Words, out: Words
) -> None:
    """The bits set in two children or more: what most who ask for some of several mean, and three times as fast as counting."""
    for i in range(size):
        once[i] = out[i] = np.uint64(0)
    for child in children:
        row = _block(rows, are_whole, child, start, size)
        for i in range(size):
            out[i] |= once[i] & row[i]
            once[i] |= row[i]


@compiled
def _count_children(rows: Words, are_whole: Bytes, children: Integers, start: int, size: int, planes: Words) -> int:
    """For each bit, of how many children it is one: plane p holds bit p of that number. Returns how many planes that takes."""
    carry = planes[_SCRATCH]
    bits = 0
    for c in range(children.size):
        row = _block(rows, are_whole, children[c], start, size)
        for i in range(size):
            carry[i] = row[i]
        for p in range(bits):  # plane by plane, not bit by bit: such loops work on eight words at a time
            plane = planes[p]
            for i in range(size):
                both = plane[i] & carry[i]
                plane[i] ^= carry[i]
                carry[i] = both
        if (c + 1) >> bits:  # so many children need another plane, which nothing stood in yet
            for i in range(size):
                planes[bits, i] = carry[i]
            bits += 1
    return bits


@compiled
def _at_least(planes: Words, bits: int, least: int, size: int, out: Words) -> None:
    """The bits whose number in the first `bits` planes is at least so much."""
    equal = planes[_SCRATCH]
    may_reach = np.uint64(0) if least >> bits else ~np.uint64(0)
    for i in range(size):
        out[i], equal[i] = np.uint64(0), may_reach
    for down in range(bits):
        plane = planes[bits - 1 - down]
        if least >> (bits - 1 - down) & 1:
            for i in range(size):
                equal[i] &= plane[i]
        else:
            for i in range(size):
                out[i] |= equal[i] & plane[i]
                equal[i] &= ~plane[i]
    for i in range(size):
        out[i] |= equal[i]


@compiled
def count_each(rows: Words, audience: Words, first: int, last: int, counts: Longs) -> None:
    """Add to `counts` how many of `audience` are in each of the sets at these addresses, over the words first … last (exclusive)."""
    for start in range(first, last, BLOCK):
        among = audience[start : min(start + BLOCK, last)]
        fours = rows.size // 4 * 4
        for r in range(0, fours, 4):
            _count_four(rows[r : r + 4], among, start, counts[r : r + 4])
        for r in range(fours, rows.size):
            row = _words_from(rows[r], start, among.size)
            found = 0
            for i in range(among.size):
                found += ones(row[i] & among[i])
            counts[r] += found


@compiled
def _count_four(rows: Words, among: Words, start: int, counts: Longs) -> None:
    """Four sets in one pass: each word of the audience is fetched once, and four streams from memory keep a core busy."""
    a, b = _words_from(rows[0], start, among.size), _words_from(rows[1], start, among.size)
    c, d = _words_from(rows[2], start, among.size), _words_from(rows[3], start, among.size)
    in_a = in_b = in_c = in_d = 0
    for i in range(among.size):
        word = among[i]
        in_a += ones(a[i] & word)
        in_b += ones(b[i] & word)
        in_c += ones(c[i] & word)
        in_d += ones(d[i] & word)
    counts[0] += in_a
    counts[1] += in_b
    counts[2] += in_c
    counts[3] += in_d


@compiled
def _words_from(row: np.uint64, start: int, size: int) -> Words:
    """So many words of the set at that address, from `start` on."""
    return carray(pointer(row), start + size, np.uint64)[start:]


@compiled
def put_codes(values: Array, wanted: Words, out: Words) -> None:
    """Add to `out` the users whose code is one of `wanted`, a bit a code."""
    for i in range(values.size):
        code = values[i]
        is_wanted = (wanted[code >> 6] >> np.uint64(code & 63)) & np.uint64(1)
        out[i >> 6] |= is_wanted << np.uint64(i & 63)
