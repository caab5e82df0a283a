"""Compiled loops over rows: which of them count, and what they come to for each user.

A question about rows is asked block by block. Each `keep_…` clears the rows of a block that fail one test (`kept` is 1 for a row
still in); then a gathering loop adds what is left to one number a user. `codes` are bits, one a code; ranges of days hold both ends.
"""

# Compiled loops are handed their columns one by one: they know no objects.
# ruff: noqa: PLR0913, PLR0917

from __future__ import annotations

from typing import Any

import numpy as np

from audience_builder.engine.kernel import compiled
from audience_builder.index.arrays import Array, Bytes, Flags, Integers, Longs, Masks, Words
from audience_builder.index.columns import NO_DAY, NO_NIGHTS

# --- which rows count -----------------------------------------------------------------------------------------------------


@compiled
def keep_between(values: Array, low: Any, high: Any, kept: Bytes) -> None:
    """Keep rows whose number lies in [low, high]; both are of the column's own type."""
    for i in range(kept.size):
        kept[i] &= np.uint8((values[i] >= low) & (values[i] <= high))


@compiled
def keep_ranges(days: Integers, first: Integers, last: Integers, kept: Bytes) -> None:
    """Keep rows whose day lies in one of the ranges."""
    for i in range(kept.size):
        if kept[i]:
            found = np.uint8(0)
            for r in range(first.size):
                found |= np.uint8((days[i] >= first[r]) & (days[i] <= last[r]))
            kept[i] = found


@compiled
def keep_codes(values: Array, codes: Words, kept: Bytes) -> None:
    """Keep rows whose code is one of `codes`."""
    for i in range(kept.size):
        code = values[i]
        kept[i] &= np.uint8((codes[code >> 6] >> np.uint64(code & 63)) & np.uint64(1))


@compiled
def keep_either(one: Bytes, one_codes: Words, other: Bytes, other_codes: Words, kept: Bytes) -> None:
    """Keep rows with a wanted code in one column or in the other."""
    for i in range(kept.size):
        a, b = one[i], other[i]
        found = (one_codes[a >> 6] >> np.uint64(a & 63)) | (other_codes[b >> 6] >> np.uint64(b & 63))
        kept[i] &= np.uint8(found & np.uint64(1))


@compiled
def keep_bits(masks: Array, wanted: Any, kept: Bytes) -> None:
    """Keep rows whose mask shares a bit with `wanted`."""
    for i in range(kept.size):
        kept[i] &= np.uint8((masks[i] & wanted) != 0)


@compiled
def keep_difference(later: Integers, earlier: Integers, low: int, high: int, kept: Bytes) -> None:
    """Keep rows with both days said and so many days between them."""
    for i in range(kept.size):
        said = (later[i] != NO_DAY) & (earlier[i] != NO_DAY)
        days = np.int64(later[i]) - np.int64(earlier[i])
        kept[i] &= np.uint8(said & (days >= low) & (days <= high))


@compiled
def keep_touching(check_in: Integers, last_night: Integers, first: Integers, last: Integers, kept: Bytes) -> None:
    """Keep rows with a night (or day of use) in one of the ranges."""
    for i in range(kept.size):
        if kept[i]:
            found = np.uint8(0)
            for r in range(first.size):
                found |= np.uint8((first[r] <= last_night[i]) & (check_in[i] <= last[r]))
            kept[i] = found if check_in[i] != NO_DAY else np.uint8(0)


@compiled
def keep_touching_nights(check_in: Integers, nights: Array, first: Integers, last: Integers, kept: Bytes) -> None:
    """Keep rows with a night in one of the ranges, where only check-in and the number of nights were said."""
    for i in range(kept.size):
        if kept[i]:
            more = np.int64(nights[i]) - 1 if 0 < nights[i] < NO_NIGHTS else np.int64(0)
            found = np.uint8(0)
            for r in range(first.size):
                found |= np.uint8((first[r] <= check_in[i] + more) & (check_in[i] <= last[r]))
            kept[i] = found if check_in[i] != NO_DAY else np.uint8(0)


@compiled
def keep_users(users: Masks, wanted: Flags, kept: Bytes) -> None:
    """Keep rows of wanted users."""
    for i in range(kept.size):
        if kept[i] and not wanted[users[i]]:
            kept[i] = 0


# --- what they come to ----------------------------------------------------------------------------------------------------


@compiled
def add_counts(users: Masks, counts: Integers, kept: Bytes, totals: Integers) -> None:
    """Add the events of each row to its user's total."""
    for i in range(kept.size):
        totals[users[i]] += counts[i] * np.int32(kept[i])


@compiled
def add_net_counts(users: Masks, counts: Integers, undone: Bytes, sign: int, kept: Bytes, totals: Integers) -> None:
    """Add the events of each row, or take them away where `undone` is 1; with sign -1 the other way round."""
    for i in range(kept.size):
        if kept[i]:
            totals[users[i]] += (-sign if undone[i] else sign) * counts[i]


@compiled
def add_rows(users: Masks, kept: Bytes, totals: Integers) -> None:
    """Count the rows of each user."""
    for i in range(kept.size):
        totals[users[i]] += np.int32(kept[i])


@compiled
def add_days(users: Masks, days: Integers, kept: Bytes, last: Longs, totals: Integers) -> None:
    """Count the days of each user, of rows whose days of one user stand together. `last` is (user, day) of the last row that counted."""
    for i in range(kept.size):
        if kept[i] and (users[i] != last[0] or days[i] != last[1]):
            last[0], last[1] = users[i], days[i]
            totals[users[i]] += 1


@compiled
def add_net_days(
    users: Masks, days: Integers, counts: Integers, undone: Bytes, sign: int, kept: Bytes, last: Longs, totals: Integers
) -> None:
    """Count the days of each user whose sum (as in `add_net_counts`) is above 0, of rows whose days of one user stand together.

    `last` is (user, day, sum so far) of the day going on: it counts as soon as its sum is above 0, and no longer when it falls back.
    """
    for i in range(kept.size):
        if not kept[i]:
            continue
        if users[i] != last[0] or days[i] != last[1]:
            last[0], last[1], last[2] = users[i], days[i], 0
        before = last[2] > 0
        last[2] += (-sign if undone[i] else sign) * counts[i]
        totals[users[i]] += np.int32(last[2] > 0) - np.int32(before)


@compiled
def keep_latest(users: Masks, days: Integers, kept: Bytes, latest: Integers) -> None:
    """The largest day of each user."""
    for i in range(kept.size):
        if kept[i] and days[i] > latest[users[i]]:
            latest[users[i]] = days[i]


@compiled
def add_bits(users: Masks, codes: Bytes, kept: Bytes, bits: Words) -> None:
    """The codes below 64 among each user's rows, a bit each."""
    for i in range(kept.size):
        if kept[i] and codes[i] < 64:
            bits[users[i]] |= np.uint64(1) << np.uint64(codes[i])


@compiled
def mark(users: Masks, kept: Bytes, bit: np.uint64, bits: Words) -> None:
    """Set one bit of every user with a row."""
    for i in range(kept.size):
        if kept[i]:
            bits[users[i]] |= bit


@compiled
def add_distinct(users: Masks, days: Integers, kept: Bytes, totals: Integers) -> None:
    """Count the different days of each user, of rows that stand by user but not by day."""
    for i in range(kept.size):
        if not kept[i]:
            continue
        is_new = 1
        j = i - 1
        while j >= 0 and users[j] == users[i]:
            if kept[j] and days[j] == days[i]:
                is_new = 0
                break
            j -= 1
        totals[users[i]] += is_new


@compiled
def add_spend(
    users: Masks, paid: Longs, refunded: Longs, refunded_day: Integers, day: int, kept: Bytes, totals: Longs
) -> None:
    """Add what was paid, less what was given back by the day."""
    for i in range(kept.size):
        if kept[i]:
            back = refunded[i] if (refunded_day[i] != NO_DAY) & (refunded_day[i] <= day) else 0
            totals[users[i]] += paid[i] - back


# --- many questions that differ in one column -----------------------------------------------------------------------------


@compiled
def put_by_code(users: Masks, codes: Array, kept: Bytes, starts: Integers, sets: Integers, out: Words) -> None:
    """Put each row's user into the sets of its code: `sets[starts[code] : starts[code + 1]]`, rows of `out`."""
    for i in range(kept.size):
        if kept[i]:
            code = np.int64(codes[i])
            for s in range(starts[code], starts[code + 1]):
                out[sets[s], users[i] >> 6] |= np.uint64(1) << np.uint64(users[i] & 63)


@compiled
def put_by_mask(users: Masks, masks: Array, kept: Bytes, wanted: Masks, out: Words) -> None:
    """Put each row's user into every set whose `wanted` mask shares a bit with the row's."""
    for i in range(kept.size):
        if kept[i] and masks[i]:
            for s in range(wanted.size):
                if wanted[s] & masks[i]:
                    out[s, users[i] >> 6] |= np.uint64(1) << np.uint64(users[i] & 63)
