"""Compiled loops over rows: which of them count, and what they come to for each user.

A question about rows is asked block by block. Each `keep_…` clears the rows of a block that fail one test (`kept` is 1 for a row
still in); then a gathering loop adds what is left to one number a user. `codes` are bits, one a code; ranges of days hold both ends.
"""

# Compiled loops are handed their columns one by one: they know no objects.
# ruff: noqa: PLR0913, PLR0917

from __future__ import annotations

from typing import Any

import numpy as np

from audience_builder.index.arrays import Array, Bytes, Flags, Halves, Integers, Longs, Masks, Words
from audience_builder.index.columns import NO_DATE
from audience_builder.index.kernel import compiled

# --- which rows count -----------------------------------------------------------------------------------------------------


@compiled
def keep_between(values: Array, low: Any, high: Any, kept: Bytes) -> None:
    """Keep rows whose number lies in [low, high]; both are of the column's own type."""
    for i in range(kept.size):
        kept[i] &= np.uint8((values[i] >= low) & (values[i] <= high))


@compiled
def keep_ranges(days: Halves, first: Integers, last: Integers, kept: Bytes) -> None:
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
def keep_difference(later: Halves, earlier: Halves, low: int, high: int, kept: Bytes) -> None:
    """Keep rows with both days said and so many days between them."""
    for i in range(kept.size):
        said = (later[i] != NO_DATE) & (earlier[i] != NO_DATE)
        days = np.int64(later[i]) - np.int64(earlier[i])
        kept[i] &= np.uint8(said & (days >= low) & (days <= high))


@compiled
def keep_touching(check_in: Halves, check_out: Halves, first: Integers, last: Integers, kept: Bytes) -> None:
    """Keep rows with a night (or day of use) in one of the ranges."""
    for i in range(kept.size):
        if kept[i]:
            has_nights = (check_out[i] != NO_DATE) & (check_out[i] > check_in[i])
            last_night = np.int64(check_out[i]) - 1 if has_nights else np.int64(check_in[i])
            found = np.uint8(0)
            for r in range(first.size):
                found |= np.uint8((first[r] <= last_night) & (check_in[i] <= last[r]))
            kept[i] = found if check_in[i] != NO_DATE else np.uint8(0)


@compiled
def keep_touching_nights(check_in: Halves, nights: Array, first: Integers, last: Integers, kept: Bytes) -> None:
    """Keep rows with a night in one of the ranges, where only check-in and the number of nights were said."""
    for i in range(kept.size):
        if kept[i]:
            more = np.int64(nights[i]) - 1 if nights[i] > 0 else np.int64(0)
            found = np.uint8(0)
            for r in range(first.size):
                found |= np.uint8((first[r] <= check_in[i] + more) & (check_in[i] <= last[r]))
            kept[i] = found if check_in[i] != NO_DATE else np.uint8(0)


@compiled
def keep_listed(rows: Masks, numbers: Integers, low: int, high: int, first: int, kept: Bytes) -> None:
    """Keep the rows from `first` on that are listed (ascending, a number each) with a number in [low, high]."""
    after = 0
    for k in range(rows.size):
        i = rows[k] - first
        for other in range(after, i):
            kept[other] = 0
        if not low <= numbers[k] <= high:
            kept[i] = 0
        after = i + 1
    for other in range(after, kept.size):
        kept[other] = 0


@compiled
def keep_users(users: Halves, wanted: Flags, kept: Bytes) -> None:
    """Keep rows of wanted users."""
    for i in range(kept.size):
        if kept[i] and not wanted[users[i]]:
            kept[i] = 0


# --- what they come to ----------------------------------------------------------------------------------------------------


@compiled
def add_counts(users: Halves, counts: Bytes, kept: Bytes, totals: Integers) -> None:
    """Add the events of each row to its user's total."""
    for i in range(kept.size):
        totals[users[i]] += np.int32(counts[i]) * np.int32(kept[i])


@compiled
def add_net_counts(users: Halves, counts: Bytes, undone: Bytes, sign: int, kept: Bytes, totals: Integers) -> None:
    """Add the events of each row, or take them away where `undone` is 1; with sign -1 the other way round."""
    for i in range(kept.size):
        if kept[i]:
            totals[users[i]] += (-sign if undone[i] else sign) * np.int32(counts[i])


@compiled
def add_rows(users: Halves, kept: Bytes, totals: Integers) -> None:
    """Count the rows of each user."""
    for i in range(kept.size):
        totals[users[i]] += np.int32(kept[i])


@compiled
def add_days(users: Halves, days: Halves, kept: Bytes, last: Longs, totals: Integers) -> None:
    """Count the days of each user, of rows whose days of one user stand together. `last` is (user, day) of the last row that counted."""
    for i in range(kept.size):
        if kept[i] and (users[i] != last[0] or days[i] != last[1]):
            last[0], last[1] = users[i], days[i]
            totals[users[i]] += 1


@compiled
def add_net_days(
    users: Halves, days: Halves, counts: Bytes, undone: Bytes, sign: int, kept: Bytes, last: Longs, totals: Integers
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
        last[2] += (-sign if undone[i] else sign) * np.int32(counts[i])
        totals[users[i]] += np.int32(last[2] > 0) - np.int32(before)


@compiled
def keep_latest(users: Halves, days: Halves, kept: Bytes, latest: Halves) -> None:
    """The largest day of each user and one more: 0 where there is none."""
    for i in range(kept.size):
        if kept[i] and days[i] >= latest[users[i]]:
            latest[users[i]] = days[i] + 1


@compiled
def add_bits(users: Halves, codes: Bytes, kept: Bytes, bits: Words) -> None:
    """The codes below 64 among each user's rows, a bit each."""
    for i in range(kept.size):  # without a branch, for which rows count is nothing a core could foresee
        bits[users[i]] |= np.uint64(kept[i] & np.uint8(codes[i] < 64)) << np.uint64(codes[i] & 63)


@compiled
def add_seen(users: Halves, codes: Bytes, kept: Bytes, bits: Words) -> None:
    """Bit 0 of every user with a row, and above it the codes below 63 among their rows, a bit each."""
    for i in range(kept.size):  # without a branch, as above
        code = np.uint64(codes[i] < 63) << np.uint64((codes[i] + 1) & 63)
        bits[users[i]] |= (code | np.uint64(1)) * np.uint64(kept[i])


@compiled
def gather_days(users: Halves, days: Halves, kept: Bytes, found: Masks) -> int:
    """The (user, day) of every row, as one number each; returns how many there are."""
    total = 0
    for i in range(kept.size):
        if kept[i]:
            found[total] = np.uint32(users[i]) << np.uint32(16) | np.uint32(days[i])
            total += 1
    return total


@compiled
def add_spend(
    users: Halves, paid: Array, refunded: Array, refunded_day: Halves, day: int, kept: Bytes, totals: Longs
) -> None:
    """Add what was paid, less what was given back by the day."""
    for i in range(kept.size):  # without a branch, as above; a date not said is later than any day
        back = np.int64(refunded[i]) * np.int64(refunded_day[i] <= day)
        totals[users[i]] += (np.int64(paid[i]) - back) * np.int64(kept[i])


@compiled
def put_divided(totals: Array, times: int, counts: Array, least: int, out: Array) -> None:
    """So many times the totals by counts, rounded down, written as `quotient - least + 1`; 0 where there is nothing to divide by."""
    for i in range(out.size):
        out[i] = np.int64(totals[i]) * times // np.int64(counts[i]) - least + 1 if counts[i] else 0


EXACT = 2**52
"""Numbers smaller than that divide as floating point, rounded down, to what whole numbers do: the rest of a division is at least one
part in the divisor, and no such quotient is rounded so far."""


@compiled
def put_divided_exact(totals: Array, times: int, counts: Array, least: int, out: Array) -> None:
    """The same of numbers below EXACT: eight at a time, which whole numbers are not divided."""
    for i in range(out.size):
        by = np.float64(max(counts[i], 1))
        found = np.int64(np.floor(np.float64(np.int64(totals[i]) * times) / by)) - least + 1
        out[i] = found if counts[i] else 0


# --- many questions that differ in one column -----------------------------------------------------------------------------


@compiled
def put_by_code(
    users: Halves, codes: Array, kept: Bytes, starts: Integers, sets: Integers, word: int, out: Words
) -> None:
    """Put each row's user into the sets of its code: `sets[starts[code] : starts[code + 1]]`, rows of `out`. User 0 is in `word`."""
    for i in range(kept.size):
        if kept[i]:
            code = np.int64(codes[i])
            for s in range(starts[code], starts[code + 1]):
                out[sets[s], word + (users[i] >> 6)] |= np.uint64(1) << np.uint64(users[i] & 63)


@compiled
def put_by_mask(users: Halves, masks: Array, kept: Bytes, wanted: Masks, word: int, out: Words) -> None:
    """Put each row's user into every set whose `wanted` mask shares a bit with the row's. User 0 is in `word`."""
    for i in range(kept.size):
        if kept[i] and masks[i]:
            for s in range(wanted.size):
                if wanted[s] & masks[i]:
                    out[s, word + (users[i] >> 6)] |= np.uint64(1) << np.uint64(users[i] & 63)
