"""Compiled loops over numbers of users: written from 1 on, turned into planes of bits, and planes compared with bounds."""

from __future__ import annotations

from typing import Any

import numpy as np

from audience_builder.index.arrays import Array, Words
from audience_builder.index.kernel import compiled

BLOCK = 1024
"""Words compared at once: the intermediate sets stay in a core's first cache."""

_ONE_A_BYTE = np.uint64(0x0101010101010101)
_GATHER = np.uint64(0x0102040810204080)
_TOP = np.uint64(56)


@compiled
def span(values: Array, empty: int) -> tuple[Any, Any]:
    """The smallest and the largest value that is not `empty`; the first above the second where there is none."""
    low, high = np.int64(2**63 - 1), np.int64(-(2**63))
    for i in range(values.size):
        value = np.int64(values[i])
        if value != empty:
            low, high = min(low, value), max(high, value)
    return low, high


@compiled
def put_written(values: Array, low: int, empty: int, out: Array) -> None:
    """Write each value as `value - low + 1`, an `empty` one as 0."""
    for i in range(values.size):
        value = np.int64(values[i])
        if value == empty:
            out[i] = 0
        else:
            out[i] = np.uint64(value) - np.uint64(low) + np.uint64(1)


@compiled
def put_all_written(values: Array, low: int, out: Array) -> None:
    """Write each value as `value - low + 1`: all are known, which lets eight be written at a time."""
    below = np.int64(low) - 1
    for i in range(values.size):
        out[i] = np.int64(values[i]) - below


@compiled
def put_within(values: Array, first: Any, reach: Any, out: Words) -> None:
    """Add to `out` the users whose number is `first` or at most `reach` more; all three are of one unsigned type.

    What lies below wraps around to far above: one comparison for both ends.
    """
    whole = values.size >> 6
    for w in range(whole):
        word, of_word = np.uint64(0), values[w * 64 : w * 64 + 64]
        for b in range(64):
            word |= np.uint64(of_word[b] - first <= reach) << np.uint64(b)
        out[w] |= word
    for i in range(whole * 64, values.size):
        out[i >> 6] |= np.uint64(values[i] - first <= reach) << np.uint64(i & 63)


@compiled
def slice_bytes(values: Array, planes: Words) -> None:
    """Bit p of every one-byte value as plane p (shape (planes, words); a user a bit)."""
    count = planes.shape[0]
    groups = values.size // 8
    for g in range(groups):
        eight = np.uint64(0)
        for b in range(8):
            eight |= np.uint64(values[g * 8 + b]) << np.uint64(8 * b)
        word, shift = g >> 3, np.uint64((g & 7) * 8)
        for p in range(count):
            bits = (((eight >> np.uint64(p)) & _ONE_A_BYTE) * _GATHER) >> _TOP
            planes[p, word] |= bits << shift
    for i in range(groups * 8, values.size):
        for p in range(count):
            planes[p, i >> 6] |= ((np.uint64(values[i]) >> np.uint64(p)) & np.uint64(1)) << np.uint64(i & 63)


@compiled
def put_between(planes: Words, low: np.uint64, high: np.uint64, out: Words) -> None:
    """Add to `out` the users whose sliced number lies in [low, high]."""
    count = planes.shape[0]
    above, below = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    at_low, at_high = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    for start in range(0, out.size, BLOCK):
        size = min(BLOCK, out.size - start)
        above[:size], below[:size] = np.uint64(0), np.uint64(0)
        at_low[:size], at_high[:size] = ~np.uint64(0), ~np.uint64(0)
        for down in range(count):
            p = count - 1 - down
            row = planes[p, start : start + size]
            _step_low(row, low >> np.uint64(p) & np.uint64(1), above, at_low)
            _step_high(row, high >> np.uint64(p) & np.uint64(1), below, at_high)
        for i in range(size):
            out[start + i] |= (above[i] | at_low[i]) & (below[i] | at_high[i])


@compiled
def _step_low(row: Words, bit: np.uint64, above: Words, equal: Words) -> None:
    if bit:
        for i in range(row.size):
            equal[i] &= row[i]
    else:
        for i in range(row.size):
            above[i] |= equal[i] & row[i]
            equal[i] &= ~row[i]


@compiled
def _step_high(row: Words, bit: np.uint64, below: Words, equal: Words) -> None:
    if bit:
        for i in range(row.size):
            below[i] |= equal[i] & ~row[i]
            equal[i] &= row[i]
    else:
        for i in range(row.size):
            equal[i] &= ~row[i]


@compiled
def put_at_least(planes: Words, low: np.uint64, out: Words) -> None:
    """Add to `out` the users whose sliced number is `low` or more: half the work of two bounds."""
    count = planes.shape[0]
    above, equal = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    for start in range(0, out.size, BLOCK):
        size = min(BLOCK, out.size - start)
        above[:size], equal[:size] = np.uint64(0), ~np.uint64(0)
        for down in range(count):
            p = count - 1 - down
            _step_low(planes[p, start : start + size], low >> np.uint64(p) & np.uint64(1), above, equal)
        for i in range(size):
            out[start + i] |= above[i] | equal[i]
