"""What each user's value is, for all users at once: one translation of every aggregate."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Protocol

import numpy as np

from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.options import CHANNELS
from audience_builder.engine import kernel_bookings as state
from audience_builder.engine import kernel_rows, plan
from audience_builder.engine.bitmap_rows import Block, Reader, Scan, scan, state_step
from audience_builder.engine.bitmap_sets import Numbers, Options, Values
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Bytes, Flags, Integers, Longs, Masks, Words, packed, sealed, unpacked
from audience_builder.index.columns import CONSENTS, NO_DAY, NO_KINDS, PROFILE, USERS_A_PART
from audience_builder.index.contents import Traits

UNKNOWN = -(2**63)
"""What stands for "unknown" among money and rates too large for a smaller type."""

_SEEN = np.uint64(1 << 63)


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
    wanted = (bits & _bits(rows.lacks)) == 0
    for lines in rows.has:
        wanted &= (bits & _bits(lines)) != 0
    starts = log.starts[:, 0]

    def keep(a: int, b: int, kept: Bytes) -> None:
        part = int(np.searchsorted(starts, a, "right")) - 1
        kernel_rows.keep_users(log["user"][a:b], wanted[_users_of(part)], kept)

    return found.and_also(keep)


def _users_of(part: int) -> slice:
    return slice(part * USERS_A_PART, (part + 1) * USERS_A_PART)


def _bits_of(found: Scan, column: str) -> Words:
    """The codes below 64 among each user's rows, a bit each."""
    log, bits = found.asked.log, _zeros(found, np.uint64)

    def gather(part: int, blocks: Iterator[Block]) -> None:
        of_part = bits[_users_of(part)]
        for first, last, kept in blocks:
            kernel_rows.add_bits(log["user"][first:last], log[column][first:last], kept, of_part)

    if log.get(column) is not None:
        found.each_part(gather)
    return bits


def _bits(codes: frozenset[int]) -> np.uint64:
    return np.uint64(sum(1 << code for code in codes))


def _zeros(found: Scan, dtype: type[np.generic]) -> Array:
    return np.zeros(found.asked.reader.index.users.size, dtype)


def shrunk(values: Integers) -> Array:
    """Numbers of 0 and more in the smallest type that holds them."""
    most = int(values.max(initial=0))
    small = next((kind for kind in (np.uint8, np.uint16) if most < np.iinfo(kind).max), None)
    return sealed(values if small is None else values.astype(small))


def _known_where(values: Longs, known: Flags | None) -> Numbers:
    """Numbers, unknown where `known` (None: everywhere) says so, in half the room where they fit."""
    low, high = int(values.min(initial=0)), int(values.max(initial=0))
    is_small = low > NO_DAY and high < 2**31
    fits = values.astype(np.int32) if is_small else values
    if known is None:
        return Numbers(sealed(fits), None)
    empty = NO_DAY if is_small else UNKNOWN
    fits[~known] = empty
    return Numbers(sealed(fits), empty)


# --- sums over rows -------------------------------------------------------------------------------------------------------

SIGN_OF_WISHES = {"any": 1, "kept": 1, "removed": -1}
"""Wishes undone are taken away, but where they are what is asked for."""


def _count(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    log = found.asked.log
    if found.asked.is_booking:
        return Numbers(shrunk(_counted(found)), None)
    totals = _zeros(found, np.int32)
    sign = SIGN_OF_WISHES[found.asked.rows.wish_state]

    def gather(part: int, blocks: Iterator[Block]) -> None:
        of_part = totals[_users_of(part)]
        for first, last, kept in blocks:
            users, counts = log["user"][first:last], log["count"][first:last]
            if log.name == "wish":
                kernel_rows.add_net_counts(users, counts, log["removed"][first:last], sign, kept, of_part)
            else:
                kernel_rows.add_counts(users, counts, kept, of_part)

    found.each_part(gather)
    return Numbers(shrunk(np.maximum(totals, 0) if log.name == "wish" else totals), None)


def _distinct_days(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    log, totals = found.asked.log, _zeros(found, np.int32)
    day = log[found.asked.day_column]
    sign = SIGN_OF_WISHES[found.asked.rows.wish_state]

    def gather(part: int, blocks: Iterator[Block]) -> None:
        of_part, last_row = totals[_users_of(part)], np.array([-1, 0, 0], np.int64)
        for first, last, kept in blocks:
            users, days = log["user"][first:last], day[first:last]
            if log.name == "wish":
                counts, undone = log["count"][first:last], log["removed"][first:last]
                kernel_rows.add_net_days(users, days, counts, undone, sign, kept, last_row, of_part)
            else:
                kernel_rows.add_days(users, days, kept, last_row, of_part)

    found.each_part(_different_days(found, totals) if found.asked.is_booking else gather)
    return Numbers(shrunk(totals), None)


def _different_days(found: Scan, totals: Integers) -> Callable[[int, Iterator[Block]], None]:
    """Counts different days of rows that do not stand by that day."""
    log = found.asked.log
    day = log[found.asked.day_column]

    def gather(part: int, blocks: Iterator[Block]) -> None:
        pieces: list[Masks] = []
        for first, last, kept in blocks:
            piece = np.empty(last - first, np.uint32)
            pieces.append(piece[: kernel_rows.gather_days(log["user"][first:last], day[first:last], kept, piece)])
        users = np.unique(np.concatenate(pieces)) >> 16
        of_part = totals[_users_of(part)]
        of_part += np.bincount(users, minlength=of_part.size).astype(np.int32)

    return gather


def _latest(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    log, latest = found.asked.log, np.full(reader.index.users.size, NO_DAY, np.int32)
    column = log[found.asked.day_column]

    def gather(part: int, blocks: Iterator[Block]) -> None:
        of_part = latest[_users_of(part)]
        for first, last, kept in blocks:
            days = column[first:last]
            kernel_rows.keep_between(days, np.uint16(0), np.uint16(max(0, reader.day)), kept)
            kernel_rows.keep_latest(log["user"][first:last], days, kept, of_part)

    found.each_part(gather)
    return Numbers(sealed(latest), NO_DAY, are_days=True)


def _options_seen(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    log, seen = found.asked.log, _bits_of(found, ask.column)
    bits = _zeros(found, np.uint64)

    def gather(part: int, blocks: Iterator[Block]) -> None:
        of_part = bits[_users_of(part)]
        for first, last, kept in blocks:
            kernel_rows.mark(log["user"][first:last], kept, _SEEN, of_part)

    found.each_part(gather)
    return Options(sealed((seen & ~_SEEN).astype(np.uint32)), packed(bits != 0))


def _distinct_lines(reader: ValueReader, ask: plan.Ask) -> Values:
    return Numbers(sealed(np.bitwise_count(_bits_of(_rows(reader, ask), "product_line"))), None)


# --- money and rates ------------------------------------------------------------------------------------------------------


def _paid(reader: ValueReader, ask: plan.Ask) -> Longs:
    """KRW paid less refunded, by paid day, whatever other date the rows are asked by."""
    rows = ask.rows
    if rows is None or rows.table != "booking":
        raise EngineError(f"{ask.filter.key} asks what was paid, of rows that are no bookings")
    paid_rows = plan.Rows(
        table=rows.table, date="paid", days=rows.days, lines=rows.lines, types=rows.types, tests=rows.tests
    )
    found = scan(reader, paid_rows)
    log, totals = found.asked.log, _zeros(found, np.int64)

    def gather(part: int, blocks: Iterator[Block]) -> None:
        of_part = totals[_users_of(part)]
        for first, last, kept in blocks:
            paid, refunded, day = (log[name][first:last] for name in ("paid_krw", "refunded_krw", "refunded_day"))
            kernel_rows.add_spend(log["user"][first:last], paid, refunded, day, reader.day, kept, of_part)

    found.each_part(gather)
    return totals


def _spend(reader: ValueReader, ask: plan.Ask) -> Values:
    return _known_where(_paid(reader, ask), None)


def _counted(found: Scan) -> Integers:
    totals = _zeros(found, np.int32)

    def gather(part: int, blocks: Iterator[Block]) -> None:
        of_part = totals[_users_of(part)]
        for first, last, kept in blocks:
            kernel_rows.add_rows(found.asked.log["user"][first:last], kept, of_part)

    found.each_part(gather)
    return totals


def _average_spend(reader: ValueReader, ask: plan.Ask) -> Values:
    paid, found = _paid(reader, ask), _rows(reader, ask)
    return _floor_divided(paid, _counted(found.and_also(state_step(found.asked, state.CONFIRMED))))


def _cancel_rate(reader: ValueReader, ask: plan.Ask) -> Values:
    found = _rows(reader, ask)
    booked = found.and_also(state_step(found.asked, state.BOOKED))
    cancelled = _counted(booked.and_also(state_step(found.asked, state.CANCELLED)))
    return _floor_divided(1000 * cancelled.astype(np.int64), _counted(booked))


def _floor_divided(totals: Longs, counts: Integers) -> Numbers:
    """Totals by counts, rounded down; unknown where there is nothing to divide by."""
    known = counts > 0
    return _known_where(totals // np.maximum(counts, 1), known)


# --- profile --------------------------------------------------------------------------------------------------------------

_EMPTY_OF = {entry.name: entry.empty for entry in PROFILE}


def _profile(reader: ValueReader, ask: plan.Ask) -> Values:
    return Numbers(reader.index.users.profile[ask.column], _EMPTY_OF[ask.column])


def _since(reader: ValueReader, _: plan.Ask) -> Values:
    return Numbers(reader.index.users.signed_up_day, NO_DAY, are_days=True)


def _age(reader: ValueReader, _: plan.Ask) -> Values:
    """Years between two dates written as yyyymmdd: the month and day borrow a year where the birthday is still ahead."""
    born: Integers = reader.index.users.profile["born_on"]
    known = born != NO_DAY
    first, last = int(born.min(initial=reader.day, where=known)), int(born.max(initial=reader.day, where=known))
    written = _written_dates(first, last)
    years = np.full(born.shape, NO_DAY, np.int32)
    years[known] = (written[reader.day - first] - written[born[known] - first]) // 10_000
    return Numbers(sealed(years), NO_DAY)


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
    users = reader.index.users
    given: dict[str, Words] = dict(zip(CONSENTS, reader.consents(), strict=True))
    masks = np.zeros(users.size, np.uint16)
    for channel in CHANNELS.options:
        words = given[_MARKETING_USE] & given[channel.key]
        night = given.get(f"{channel.key}_night")
        if ask.night and night is not None:
            words &= night
        masks |= unpacked(words, users.size).astype(np.uint16) << np.uint16(channel.code)
    return Options(sealed(masks), None)


# --- traits ---------------------------------------------------------------------------------------------------------------


def _trait(reader: ValueReader, ask: plan.Ask) -> Values:
    return TRAITS[ask.column](reader.traits(), ask)


def _number(traits: Traits, ask: plan.Ask) -> Values:
    return Numbers(traits[ask.column], NO_DAY)


def _preferred_nights(traits: Traits, _: plan.Ask) -> Values:
    masks = traits["preferred_nights"]
    return Options(masks, packed(masks != NO_KINDS))


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
    return Numbers(sealed(levels), _NO_LEVEL)


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
