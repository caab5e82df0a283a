"""The compiled loops do what one line of numpy says, on random data of every awkward length."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audience_builder.engine import kernel, kernel_rows
from audience_builder.engine.bitmap_sets import numbers_of, options_of, sliced
from audience_builder.engine.bitmap_shared import BYTES_FOR_TWO, shared
from audience_builder.index.arrays import packed, sealed, unpacked, words_for
from audience_builder.index.columns import NO_DATE, NO_NIGHTS

LENGTHS = (0, 1, 63, 64, 65, 4_000, 64 * kernel.BLOCK, 64 * kernel.BLOCK + 1)


def flags(random: np.random.Generator, users: int) -> Any:
    return random.random(users) < random.random()


@pytest.mark.parametrize("users", LENGTHS)
def test_a_set_packed_and_unpacked_is_the_set(users: int) -> None:
    chosen = flags(np.random.default_rng(users), users)
    words = packed(chosen)
    assert words.size == words_for(users)
    assert (unpacked(words, users) == chosen).all()
    assert int(np.bitwise_count(words).sum()) == chosen.sum(), "no bit behind the last user"


def worked_out(rows: list[Any], steps: list[tuple[int, int, list[int]]]) -> list[Any]:
    """The rows, and behind them what each step makes of those before it, as numpy says it."""
    found = list(rows)
    for kind, least, children in steps:
        given = np.array([found[child] for child in children])
        found.append(
            {
                kernel.ALL: given.all(axis=0),
                kernel.ANY: given.any(axis=0),
                kernel.NOT: found[0] & ~given[0],
                kernel.AT_LEAST: given.sum(axis=0) >= least,
            }[kind]
        )
    return found


@pytest.mark.parametrize("users", LENGTHS)
def test_a_program_works_out_every_group_and_counts_it(users: int) -> None:
    random = np.random.default_rng(users)
    everybody = flags(random, users)
    leaves = [flags(random, users) & everybody for _ in range(9)]
    # Rows: 0 everybody, 1 to 9 the leaves, 10 on the steps.
    steps: list[tuple[int, int, list[int]]] = [
        (kernel.ALL, 0, [1, 2, 3]),
        (kernel.ANY, 0, [4, 5]),
        (kernel.NOT, 0, [10]),
        (kernel.AT_LEAST, 3, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (kernel.AT_LEAST, 9, [1, 2, 3, 4, 5, 6, 7, 8, 9]),
        (kernel.AT_LEAST, 1, [1, 1]),
        (kernel.AT_LEAST, 2, [1, 2, 3, 4]),
        (kernel.ANY, 0, [12, 13]),
        (kernel.ALL, 0, [7]),
    ]
    rows = worked_out([everybody, *leaves], steps)
    known = [packed(row) for row in rows[:10]]
    made = [np.full(words_for(users), 7, np.uint64) for _ in steps]
    counts = np.zeros(len(steps), np.int64)
    kernel.run_program(
        kernel.addresses([*known, *made]),
        np.ones(len(known) + len(made), np.uint8),
        np.array([kind for kind, _, _ in steps], np.int32),
        np.array([least for _, least, _ in steps], np.int32),
        np.cumsum([0, *(len(children) for _, _, children in steps)], dtype=np.int32),
        np.array([child for _, _, children in steps for child in children], np.int32),
        0,
        words_for(users),
        counts,
    )
    for got, count, wanted in zip(made, counts, rows[10:], strict=True):
        assert (unpacked(got, users) == wanted).all()
        assert count == wanted.sum()


def test_two_hundred_children_are_counted_without_overflow() -> None:
    everybody = packed(np.ones(100, np.bool_))
    made, counts = np.zeros(2, np.uint64), np.zeros(1, np.int64)
    kernel.run_program(
        kernel.addresses([everybody, made]),
        np.ones(2, np.uint8),
        np.array([kernel.AT_LEAST], np.int32),
        np.array([200], np.int32),
        np.array([0, 200], np.int32),
        np.zeros(200, np.int32),
        0,
        2,
        counts,
    )
    assert counts[0] == 100


@pytest.mark.parametrize("users", [*LENGTHS, 64 * 4_096 + 65])
@pytest.mark.parametrize("how_many", [0, 1, 3, 4, 9])
def test_many_sets_are_counted_within_one(users: int, how_many: int) -> None:
    random = np.random.default_rng(users)
    audience, sets = flags(random, users), [flags(random, users) for _ in range(how_many)]
    words = [packed(each) for each in sets]
    counts = np.zeros(how_many, np.int64)
    first = min(1, words_for(users))
    for start, end in ((0, first), (first, words_for(users))):
        kernel.count_each(kernel.addresses(words), packed(audience), start, end, counts)
    assert counts.tolist() == [(each & audience).sum() for each in sets]


def test_work_shared_by_two_cores_comes_to_the_same() -> None:
    random = np.random.default_rng(5)
    words = random.integers(0, 2**63, 5 * kernel.BLOCK + 7, dtype=np.uint64)

    def count(first: int, last: int) -> Any:
        return np.array([np.bitwise_count(words[first:last]).sum(), last - first])

    alone, together = (shared(count, words.size, of_bytes=many) for many in (0, BYTES_FOR_TWO))
    assert alone.tolist() == together.tolist() == [int(np.bitwise_count(words).sum()), words.size]


RANGES = [
    (None, None),
    (20, None),
    (None, 20),
    (20, 120),
    (-9, -2),
    (5, 5),
    (121, 20),
    (-(10**9), 10**9),
    (10**12, None),
]


@pytest.mark.parametrize("users", LENGTHS[:6])
@pytest.mark.parametrize(("low", "high"), [(0, 200), (-90, 40), (19_000, 21_000), (-(2**40), 2**40)])
def test_numbers_between_two_ends_become_a_set_plain_or_sliced(users: int, low: int, high: int) -> None:
    random = np.random.default_rng(users)
    values = random.integers(low, high + 1, users)
    empty = int(values[0]) if users else 0
    for unknown in (None, empty):
        numbers = numbers_of(sealed(values), empty=unknown)
        known = np.ones(users, np.bool_) if unknown is None else values != unknown
        for first, last in [*RANGES, (low, high), (low + 1, high - 1)]:
            meant = known & (values >= (low if first is None else first)) & (values <= (high if last is None else last))
            for shape in (numbers, sliced(numbers)):
                assert (unpacked(shape.between(first, last), users) == meant).all(), (first, last, shape)


@pytest.mark.parametrize("largest", [True, False])
def test_the_nth_number_of_a_set_is_found_plain_or_sliced(largest: bool) -> None:
    random = np.random.default_rng(8)
    values = random.integers(-50, 5_000, 700)
    among = random.random(700) < 0.4
    numbers, ordered = numbers_of(sealed(values), empty=None), np.sort(values[among])[:: -1 if largest else 1]
    for nth in (1, 2, 57, int(among.sum())):
        for shape in (numbers, sliced(numbers)):
            assert shape.nth(packed(among), nth, largest=largest) == ordered[nth - 1]


def test_a_mask_of_options_becomes_a_set_an_option() -> None:
    masks = np.random.default_rng(9).integers(0, 2**20, 3_000).astype(np.uint32)
    options = options_of(masks, None)
    assert len(options.sets) == 20
    for code, words in enumerate(options.sets):
        assert (unpacked(words, 3_000) == (masks >> code & 1).astype(bool)).all()


@pytest.mark.parametrize("kind", [np.uint8, np.uint16])
def test_codes_become_a_set(kind: type[Any]) -> None:
    random = np.random.default_rng(3)
    values = random.integers(0, np.iinfo(kind).max + 1, 1_001).astype(kind)
    wanted = np.unique(values)[::3]
    bits = packed(np.isin(np.arange(np.iinfo(kind).max + 1), wanted))
    out = np.zeros(words_for(1_001), np.uint64)
    kernel.put_codes(sealed(values), bits, out)
    assert (unpacked(out, 1_001) == np.isin(values, wanted)).all()


ROWS = 5_000


def kept_by(call: Any, *arguments: Any) -> Any:
    kept = np.ones(ROWS, np.uint8)
    kept[::7] = 0
    call(*arguments, kept)
    assert not kept[::7].any(), "a row that is out stays out"
    return kept.astype(bool)


def among(found: Any) -> Any:
    wanted = np.array(found)
    wanted[::7] = False
    return wanted


def days(random: np.random.Generator) -> Any:
    values = random.integers(0, 400, ROWS).astype(np.uint16)
    values[random.random(ROWS) < 0.2] = NO_DATE
    return sealed(values)


def test_each_test_of_rows_keeps_what_numpy_keeps() -> None:
    random = np.random.default_rng(11)
    day, check_in, check_out = days(random), days(random), days(random)
    first_days, last_days = np.array([10, 200], np.int32), np.array([50, 220], np.int32)
    codes = sealed(random.integers(0, 256, ROWS).astype(np.uint8))
    others = sealed(random.integers(0, 256, ROWS).astype(np.uint8))
    some, more = packed(np.arange(256) % 5 == 0), packed(np.arange(256) % 3 == 0)
    masks = sealed(random.integers(0, 2**32, ROWS).astype(np.uint32) & np.uint32(0b1001))
    nights = random.integers(0, 5, ROWS).astype(np.int16)
    nights[random.random(ROWS) < 0.3] = NO_NIGHTS
    users = sealed(random.integers(0, 50, ROWS).astype(np.uint16))
    wanted = random.random(50) < 0.5
    said = (check_in != NO_DATE) & (day != NO_DATE)
    lead = check_in.astype(np.int64) - day
    spent = check_in + np.where((nights == 0) | (nights == NO_NIGHTS), 1, nights).astype(np.int64) - 1
    last = np.where((check_out != NO_DATE) & (check_out > check_in), check_out.astype(np.int64) - 1, check_in)

    def touch(end: Any) -> Any:
        each = [(a <= end) & (check_in <= b) for a, b in zip(first_days, last_days, strict=True)]
        return np.any(each, axis=0) & (check_in != NO_DATE)

    in_ranges = ((day >= 10) & (day <= 50)) | ((day >= 200) & (day <= 220))
    cases = [
        (kernel_rows.keep_between, (day, np.uint16(5), np.uint16(90)), (day >= 5) & (day <= 90)),
        (kernel_rows.keep_ranges, (day, first_days, last_days), in_ranges),
        (kernel_rows.keep_codes, (codes, some), codes % 5 == 0),
        (kernel_rows.keep_either, (codes, some, others, more), (codes % 5 == 0) | (others % 3 == 0)),
        (kernel_rows.keep_bits, (masks, np.uint32(8)), (masks & 8) != 0),
        (kernel_rows.keep_difference, (check_in, day, -3, 40), said & (lead >= -3) & (lead <= 40)),
        (kernel_rows.keep_touching, (check_in, check_out, first_days, last_days), touch(last)),
        (kernel_rows.keep_touching_nights, (check_in, sealed(nights), first_days, last_days), touch(spent)),
        (kernel_rows.keep_users, (users, wanted), wanted[users]),
    ]
    for keep, arguments, meant in cases:
        assert (kept_by(keep, *arguments) == among(meant)).all(), keep


def test_each_sum_over_rows_is_what_numpy_sums() -> None:
    random = np.random.default_rng(12)
    users = sealed(random.integers(0, 40, ROWS).astype(np.uint16))
    day = sealed(np.sort(random.integers(0, 60, ROWS)).astype(np.uint16))
    order = np.lexsort((users, day))
    users = sealed(users[order])
    counts = sealed(random.integers(1, 9, ROWS).astype(np.uint8))
    codes = sealed(random.integers(0, 70, ROWS).astype(np.uint8))
    kept = (random.random(ROWS) < 0.4).astype(np.uint8)
    inside = kept.astype(bool)

    def totals(kind: type[Any] = np.int32) -> Any:
        return np.zeros(40, kind)

    added, rows, on_days, latest, bits = totals(), totals(), totals(), totals(np.uint16), totals(np.uint64)
    seen = totals(np.uint64)
    kernel_rows.add_counts(users, counts, kept, added)
    kernel_rows.add_rows(users, kept, rows)
    kernel_rows.add_days(users, day, kept, np.array([-1, 0, 0], np.int64), on_days)
    kernel_rows.keep_latest(users, day, kept, latest)
    kernel_rows.add_bits(users, codes, kept, bits)
    kernel_rows.add_seen(users, codes, kept, seen)
    for user in range(40):
        of_user = inside & (users == user)
        assert added[user] == counts[of_user].sum()
        assert rows[user] == of_user.sum()
        assert on_days[user] == np.unique(day[of_user]).size
        assert latest[user] == (day[of_user].max() + 1 if of_user.any() else 0)
        assert bits[user] == sum(1 << int(code) for code in np.unique(codes[of_user]) if code < 64)
        assert seen[user] == sum(2 << int(code) for code in np.unique(codes[of_user]) if code < 63) + int(of_user.any())


def test_days_of_one_user_are_counted_once_though_a_block_ends_between_them() -> None:
    users = sealed(np.array([3, 3, 3, 4], np.uint16))
    day = sealed(np.array([1, 1, 2, 2], np.uint16))
    kept, last, totals = np.ones(4, np.uint8), np.array([-1, 0, 0], np.int64), np.zeros(5, np.int32)
    for first in range(4):
        piece = slice(first, first + 1)
        kernel_rows.add_days(users[piece], day[piece], kept[piece], last, totals)
    assert totals.tolist() == [0, 0, 0, 2, 1]


def test_what_is_undone_on_a_day_takes_the_day_away_again() -> None:
    users = sealed(np.array([0, 0, 0, 1, 1], np.uint16))
    day = sealed(np.array([1, 1, 2, 2, 2], np.uint16))
    counts = sealed(np.array([2, 2, 1, 1, 3], np.uint8))
    undone = sealed(np.array([0, 1, 0, 1, 0], np.uint8))
    kept, totals, added = np.ones(5, np.uint8), np.zeros(2, np.int32), np.zeros(2, np.int32)
    kernel_rows.add_net_days(users, day, counts, undone, 1, kept, np.array([-1, 0, 0], np.int64), totals)
    kernel_rows.add_net_counts(users, counts, undone, -1, kept, added)
    assert totals.tolist() == [1, 1]
    assert added.tolist() == [-1, -2]


def test_money_given_back_counts_from_the_day_it_was_given() -> None:
    users = sealed(np.array([0, 0, 1], np.uint16))
    paid, refunded = sealed(np.array([100, 50, 70], np.int64)), sealed(np.array([10, 20, 70], np.int64))
    refunded_day = sealed(np.array([5, 6, NO_DATE], np.uint16))
    totals = np.zeros(2, np.int64)
    kernel_rows.add_spend(users, paid, refunded, refunded_day, 5, np.ones(3, np.uint8), totals)
    assert totals.tolist() == [140, 70]


def test_rows_are_put_into_every_set_of_their_code_or_mask() -> None:
    random = np.random.default_rng(14)
    users = sealed(random.integers(0, 100, ROWS).astype(np.uint16))
    codes = sealed(random.integers(0, 300, ROWS).astype(np.uint16))
    masks = sealed(random.integers(0, 16, ROWS).astype(np.uint32))
    kept = (random.random(ROWS) < 0.05).astype(np.uint8)
    groups = [{1, 2, 3}, {3, 299}, set(range(0, 300, 2))]
    pairs = sorted((code, number) for number, each in enumerate(groups) for code in each)
    starts = np.searchsorted([code for code, _ in pairs], np.arange(65_537)).astype(np.int32)
    by_code, by_mask = np.zeros((3, 2), np.uint64), np.zeros((2, 2), np.uint64)
    kernel_rows.put_by_code(users, codes, kept, starts, np.array([n for _, n in pairs], np.int32), 0, by_code)
    kernel_rows.put_by_mask(users, masks, kept, np.array([1, 6], np.uint32), 0, by_mask)
    inside = kept.astype(bool)
    for row, each in zip(by_code, groups, strict=True):
        assert set(np.flatnonzero(unpacked(row, 100))) == set(users[inside & np.isin(codes, list(each))])
    for row, wanted in zip(by_mask, (1, 6), strict=True):
        assert set(np.flatnonzero(unpacked(row, 100))) == set(users[inside & ((masks & wanted) != 0)])
