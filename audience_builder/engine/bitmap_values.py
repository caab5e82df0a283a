"""What each user's value is, for all users at once: one translation of every aggregate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, Protocol

import numpy as np

from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.options import CHANNELS
from audience_builder.engine import kernel_bookings as state
from audience_builder.engine import kernel_rows, kernel_slices, plan
from audience_builder.engine.bitmap_gathered import Pieces, gathered, pieces, span, users_of
from audience_builder.engine.bitmap_rows import scan, state_step
from audience_builder.engine.bitmap_scan import BLOCK_ROWS, Block, Reader, Scan
from audience_builder.engine.bitmap_sets import Numbers, Options, Values, numbers_of, options_of
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Bytes, Halves, Integers, Longs, Masks, Words, packed, sealed
from audience_builder.index.columns import CONSENTS, NO_CODE, NO_DAY, NO_KINDS, PROFILE
from audience_builder.index.contents import Traits


class ValueReader(Reader, Protocol):
    """What a value may need besides rows."""

    def traits(self) -> Traits:
        """The traits as of the day."""
        ...

    def consents(self) -> Words:
        """The consents given by the moment: a row of bits each (`columns.CONSENTS`)."""
        ...


def value_of(reader: ValueReader, ask: plan.Ask) -> Values:
    """The value the question compares, of every user number; whoever is not active may have any."""
    return VALUES[ask.aggregate](reader, ask)


def _rows(reader: ValueReader, ask: plan.Ask) -> Scan:
    if ask.rows is None:
        raise EngineError(f"{ask.filter.key} asks for rows without saying which")
    found = scan(reader, ask.rows)
    return _with_lines(found) if ask.rows.has or ask.rows.lacks else found


def _with_lines(found: Scan) -> Scan:
    """Only rows of users among whose rows every set of `has`, and no line of `lacks`, is found."""
    rows, log, bits = found.asked.rows, found.asked.log, _bits_of(found, "product_line")
    wanted = (bits & _bits(rows.lacks, bits)) == 0
    for lines in rows.has:
        wanted &= (bits & _bits(lines, bits)) != 0
    starts = log.starts[:, 0]

    def keep(a: int, b: int, kept: Bytes) -> None:
        part = int(np.searchsorted(starts, a, "right")) - 1
        kernel_rows.keep_users(log["user"][a:b], wanted[users_of(part)], kept)

    return found.and_also(keep)


def _bits_of(found: Scan, column: str) -> Array:
    """The codes below 64 among each user's rows, a bit each."""
    log = found.asked.log
    if log.get(column) is None:
        return np.zeros(found.asked.reader.index.users.size, np.uint8)

    def add(bits: Words, blocks: Iterator[Block]) -> None:
        for first, last, kept in blocks:
            kernel_rows.add_bits(log["user"][first:last], log[column][first:last], kept, bits)

    return gathered(found, np.uint64, add)


def _bits(codes: frozenset[int], like: Array) -> Any:
    """The codes as bits of that array's type; those it has no room for are nobody's."""
    return like.dtype.type(sum(1 << code for code in codes) & int(np.iinfo(like.dtype).max))


def _sums(found: Scan, add: Callable[[Array, Iterator[Block]], None]) -> Numbers:
    """Numbers of 0 and more, known of everybody."""
    totals = gathered(found, np.int32, add)
    return Numbers(sealed(totals + totals.dtype.type(1)), 0)


# --- sums over rows -------------------------------------------------------------------------------------------------------

SIGN_OF_WISHES = {"any": 1, "kept": 1, "removed": -1}
"""Wishes undone are taken away, but where they are what is asked for."""


def _count(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    log = found.asked.log
    sign = SIGN_OF_WISHES[found.asked.rows.wish_state]

    def add(totals: Integers, blocks: Iterator[Block]) -> None:
        for first, last, kept in blocks:
            users = log["user"][first:last]
            if log.name == "booking":
                kernel_rows.add_rows(users, kept, totals)
            elif log.name == "wish":
                counts, undone = log["count"][first:last], log["removed"][first:last]
                kernel_rows.add_net_counts(users, counts, undone, sign, kept, totals)
            else:
                kernel_rows.add_counts(users, log["count"][first:last], kept, totals)
        np.maximum(totals, 0, out=totals)  # no more wishes can be undone than were made

    return _sums(found, add)


def _distinct_days(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    log = found.asked.log
    day = log[found.asked.day_column]
    sign = SIGN_OF_WISHES[found.asked.rows.wish_state]

    def add(totals: Integers, blocks: Iterator[Block]) -> None:
        last_row = np.array([-1, 0, 0], np.int64)
        for first, last, kept in blocks:
            users, days = log["user"][first:last], day[first:last]
            if log.name == "wish":
                counts, undone = log["count"][first:last], log["removed"][first:last]
                kernel_rows.add_net_days(users, days, counts, undone, sign, kept, last_row, totals)
            else:
                kernel_rows.add_days(users, days, kept, last_row, totals)

    return _sums(found, _different_days(found) if found.asked.is_booking else add)


def _different_days(found: Scan) -> Callable[[Integers, Iterator[Block]], None]:
    """Counts different days of rows that do not stand by that day."""
    log = found.asked.log
    day = log[found.asked.day_column]

    def add(totals: Integers, blocks: Iterator[Block]) -> None:
        pieces: list[Masks] = []
        for first, last, kept in blocks:
            piece = np.empty(last - first, np.uint32)
            pieces.append(piece[: kernel_rows.gather_days(log["user"][first:last], day[first:last], kept, piece)])
        users = np.unique(np.concatenate(pieces)) >> 16
        totals += np.bincount(users, minlength=totals.size).astype(np.int32)

    return add


def _latest(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    log, column = found.asked.log, found.asked.log[found.asked.day_column]

    def add(latest: Halves, blocks: Iterator[Block]) -> None:
        for first, last, kept in blocks:
            days = column[first:last]
            kernel_rows.keep_between(days, np.uint16(0), np.uint16(max(0, reader.day)), kept)
            kernel_rows.keep_latest(log["user"][first:last], days, kept, latest)

    return Numbers(sealed(gathered(found, np.uint16, add)), 0, are_days=True)


def _options_seen(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    log = found.asked.log
    unsaid = np.full(BLOCK_ROWS, NO_CODE, np.uint8)

    def add(bits: Words, blocks: Iterator[Block]) -> None:
        for first, last, kept in blocks:
            column = log.get(ask.column)
            codes = unsaid[: last - first] if column is None else column[first:last]
            kernel_rows.add_seen(log["user"][first:last], codes, kept, bits)

    seen = gathered(found, np.uint64, add)
    return options_of(seen >> seen.dtype.type(1), packed(seen != 0))


def _distinct_lines(reader: ValueReader, ask: plan.Ask) -> Values:
    return Numbers(sealed(np.bitwise_count(_bits_of(_rows(reader, ask), "product_line")) + np.uint8(1)), 0)


# --- money and rates ------------------------------------------------------------------------------------------------------


def _paid(reader: ValueReader, ask: plan.Ask) -> Pieces:
    """KRW paid less refunded, by paid day, whatever other date the rows are asked by."""
    rows = ask.rows
    if rows is None or rows.table != "booking":
        raise EngineError(f"{ask.filter.key} asks what was paid, of rows that are no bookings")
    paid_rows = plan.Rows(
        table=rows.table, date="paid", days=rows.days, lines=rows.lines, types=rows.types, tests=rows.tests
    )
    found = scan(reader, paid_rows)
    log = found.asked.log

    def add(totals: Longs, blocks: Iterator[Block]) -> None:
        for first, last, kept in blocks:
            paid, refunded, day = (log[name][first:last] for name in ("paid_krw", "refunded_krw", "refunded_day"))
            kernel_rows.add_spend(log["user"][first:last], paid, refunded, day, reader.day, kept, totals)

    return pieces(found, np.int64, add)


def _spend(reader: ValueReader, ask: plan.Ask) -> Values:
    paid = _paid(reader, ask)
    low, high = span(paid)
    written = np.full(reader.index.users.size, 1 - low, np.min_scalar_type(high - low + 1))
    for part, each in enumerate(paid):
        if each is not None:
            kernel_slices.put_all_written(each, low, written[users_of(part)])
    return Numbers(sealed(written), low)


def _counted(found: Scan) -> Pieces:
    log = found.asked.log

    def add(totals: Integers, blocks: Iterator[Block]) -> None:
        for first, last, kept in blocks:
            kernel_rows.add_rows(log["user"][first:last], kept, totals)

    return pieces(found, np.int32, add)


def _average_spend(reader: ValueReader, ask: plan.Ask) -> Values:
    paid, found = _paid(reader, ask), _rows(reader, ask)
    counts = _counted(found.and_also(state_step(found.asked, state.CONFIRMED)))
    return _floor_divided(paid, 1, counts, reader.index.users.size)


def _cancel_rate(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    booked = found.and_also(state_step(found.asked, state.BOOKED))
    cancelled = _counted(booked.and_also(state_step(found.asked, state.CANCELLED)))
    return _floor_divided(cancelled, 1000, _counted(booked), reader.index.users.size)


def _floor_divided(totals: Pieces, times: int, counts: Pieces, users: int) -> Numbers:
    """So many times the totals by counts, rounded down; unknown where there is nothing to divide by."""
    low, high = (end * times for end in span(totals))  # no quotient lies further out
    divide = kernel_rows.put_divided_exact if max(-low, high) < kernel_rows.EXACT else kernel_rows.put_divided
    written = np.zeros(users, np.min_scalar_type(high - low + 1))
    for part, by in enumerate(counts):
        if by is not None:
            total = totals[part]
            of_part = written[users_of(part)]
            divide(np.zeros(of_part.size, np.uint8) if total is None else total, times, by, low, of_part)
    return Numbers(sealed(written), low)


# --- profile --------------------------------------------------------------------------------------------------------------

_EMPTY_OF = {entry.name: entry.empty for entry in PROFILE}


def _profile(reader: ValueReader, ask: plan.Ask) -> Values:
    return numbers_of(reader.index.users.profile[ask.column], empty=_EMPTY_OF[ask.column])


def _since(reader: ValueReader, _: plan.Ask) -> Values:
    return numbers_of(reader.index.users.signed_up_day, empty=NO_DAY, are_days=True)


def _age(reader: ValueReader, _: plan.Ask) -> Values:
    """Years between two dates written as yyyymmdd: the month and day borrow a year where the birthday is still ahead."""
    born: Integers = reader.index.users.profile["born_on"]
    known = born != NO_DAY
    first, last = int(born.min(initial=reader.day, where=known)), int(born.max(initial=reader.day, where=known))
    written = _written_dates(first, last)
    years = np.full(born.shape, NO_DAY, np.int32)
    years[known] = (written[reader.day - first] - written[born[known] - first]) // 10_000
    return numbers_of(years, empty=NO_DAY)


def _written_dates(first: int, last: int) -> Integers:
    """Every day from one number to another as yyyymmdd."""
    days = np.arange(first, last + 1).astype("datetime64[D]")
    months = days.astype("datetime64[M]")
    in_month = (days - months.astype("datetime64[D]")).astype(np.int32) + 1
    number = months.astype(np.int64) + 1970 * 12
    return ((number // 12) * 10_000 + (number % 12 + 1) * 100 + in_month).astype(np.int32)


_MARKETING_USE = "marketing_use"


def _consents(reader: ValueReader, ask: plan.Ask) -> Values:
    """A channel counts with marketing use; where night is asked also with its night consent, if that channel needs one."""
    given: dict[str, Words] = dict(zip(CONSENTS, reader.consents(), strict=True))
    everyone = given[_MARKETING_USE]
    sets = np.zeros((1 + max(channel.code for channel in CHANNELS.options), everyone.size), np.uint64)
    for channel in CHANNELS.options:
        night = given.get(f"{channel.key}_night") if ask.night else None
        sets[channel.code] = everyone & given[channel.key] & (everyone if night is None else night)
    return Options(sealed(sets), None)


# --- traits ---------------------------------------------------------------------------------------------------------------


def _trait(reader: ValueReader, ask: plan.Ask) -> Values:
    return TRAITS[ask.column](reader.traits(), ask)


def _number(traits: Traits, ask: plan.Ask) -> Values:
    return numbers_of(traits[ask.column], empty=NO_DAY)


def _preferred_nights(traits: Traits, _: plan.Ask) -> Values:
    masks = traits["preferred_nights"]
    return options_of(np.where(masks == NO_KINDS, 0, masks).astype(np.uint16), packed(masks != NO_KINDS))


_NO_LEVEL = 255


def _intent(traits: Traits, ask: plan.Ask) -> Values:
    """The highest level reached for any country asked about: each level's mask holds the higher ones too."""
    if ask.filter.options is None:
        raise EngineError("overseas intent has no levels")
    none, weak, clear, imminent = (option.code for option in ask.filter.options.options)
    countries = np.uint64(2**64 - 1 if ask.countries is None else ask.countries)
    levels = np.full(traits["visited"].shape, none, np.uint8)
    for name, code in (("intent_weak", weak), ("intent_clear", clear), ("intent_imminent", imminent)):
        levels[(traits[name] & countries) != 0] = code
    levels[traits["visited"] == 0] = _NO_LEVEL
    return numbers_of(levels, empty=_NO_LEVEL)


TRAITS: dict[str, Callable[[Traits, plan.Ask], Values]] = {
    "payment_cycle_days": _number,
    "elapsed_tenths": _number,
    "lead_time_days": _number,
    "preferred_nights": _preferred_nights,
    "intent": _intent,
}

VALUES: dict[Aggregate, Callable[[ValueReader, plan.Ask], Values]] = {
    Aggregate.COUNT: _count,
    Aggregate.DISTINCT_DAYS: _distinct_days,
    Aggregate.LATEST: _latest,
    Aggregate.SPEND: _spend,
    Aggregate.AVERAGE_SPEND: _average_spend,
    Aggregate.CANCEL_RATE: _cancel_rate,
    Aggregate.DISTINCT_LINES: _distinct_lines,
    Aggregate.OPTIONS_SEEN: _options_seen,
    Aggregate.PROFILE: _profile,
    Aggregate.CONSENTS: _consents,
    Aggregate.AGE: _age,
    Aggregate.SINCE: _since,
    Aggregate.TRAIT: _trait,
}
"""One translation of every aggregate."""
