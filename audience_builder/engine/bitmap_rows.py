"""Which rows of a log count: a question's tests as steps, each clearing the rows of a block that fail it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import numpy as np

from audience_builder.catalog.options import BOOKING_STATUSES, CART_STAGES
from audience_builder.engine import kernel_bookings as state
from audience_builder.engine import kernel_rows, plan
from audience_builder.engine.bitmap_scan import HAPPENED_DATES, Asked, Reader, Scan, Step
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Array, Bytes, Integers, Words
from audience_builder.index.columns import BEHAVIOR_LOGS, NO_DATE, NO_NIGHTS
from audience_builder.index.contents import Index, Log


def scan(reader: Reader, rows: plan.Rows) -> Scan:
    """The scan that finds the rows asked for. Raises EngineError where the index does not keep such rows."""
    asked = Asked(reader, _log_of(reader.index, rows), rows)
    return _bookings(asked) if asked.is_booking else _behavior(asked)


def _log_of(index: Index, rows: plan.Rows) -> Log:
    if rows.table == "booking":
        return index.log("booking")
    names = [name for name, kinds in BEHAVIOR_LOGS.items() if rows.kinds and rows.kinds <= kinds]
    if rows.table != "behavior_daily" or len(names) != 1:
        raise EngineError(f"the index keeps no one log of {rows.table} {sorted(rows.kinds)}")
    return index.log(names[0])


# --- behaviour ------------------------------------------------------------------------------------------------------------


def _behavior(asked: Asked) -> Scan:
    if asked.rows.has or asked.rows.lacks or asked.rows.statuses is not None or asked.rows.date != "day":
        raise EngineError("has, lacks, statuses and other dates are asked of bookings only")
    is_wish = asked.log.name == "wish"
    # A wish undone lies on the day of the wish; whether it had been undone yet is asked of its own day.
    days = asked.rows.days if is_wish else _until(asked.rows.days, asked.day)
    steps = (_day_in(asked.log, "day", days), *(_wish_steps(asked) if is_wish else ()), *_common_steps(asked))
    return Scan(asked, asked.log.runs(("day",), days), steps)


def _common_steps(asked: Asked) -> tuple[Step, ...]:
    return (*_line_steps(asked), *_test_steps(asked))


WISH_ROWS: dict[str, tuple[int, int]] = {"any": (0, 0), "removed": (1, 1), "kept": (0, 1)}
"""Which wish rows a state looks at: from and to what of `removed`."""


def _wish_steps(asked: Asked) -> tuple[Step, ...]:
    """Rows of the asked state that had happened by the day."""
    state_of_wish = _between(asked.log, "removed", *WISH_ROWS[asked.rows.wish_state])
    return state_of_wish, _between(asked.log, "done_day", None, asked.day)


# --- bookings -------------------------------------------------------------------------------------------------------------


def _bookings(asked: Asked) -> Scan:
    steps = (*_date_steps(asked), *_state_steps(asked), *_common_steps(asked))
    dates = ("check_in", "check_out") if asked.rows.date == "stay" else (asked.day_column,)
    return Scan(asked, asked.log.runs(dates, asked.rows.days), steps)


STATUS_BITS = {
    "confirmed": state.CONFIRMED,
    "cancelled": state.CANCELLED,
    "no_show": state.NO_SHOW,
    "completed": state.COMPLETED,
    "upcoming": state.UPCOMING,
}
STAGE_BITS = {
    "carted": state.STAGE_CARTED,
    "checkout_started": state.STAGE_CHECKOUT,
    "payment_failed": state.STAGE_FAILED,
}
_STATUS_OF_CODE = {option.code: STATUS_BITS[option.key] for option in BOOKING_STATUSES.options}
_STAGE_OF_CODE = {option.code: STAGE_BITS[option.key] for option in CART_STAGES.options}


def state_step(asked: Asked, wanted: int) -> Step:
    """Keep booking rows of which one of these is true on the day (`kernel_bookings`)."""
    return _bits(asked.reader.states(), wanted)


def _state_steps(asked: Asked) -> Iterator[Step]:
    rows = asked.rows
    demands = [(state.CARTED, rows.carted), (state.BOOKED, rows.booked and not rows.statuses)]
    yield from (state_step(asked, bit) for bit, is_asked in demands if is_asked)
    if rows.statuses is not None:
        yield state_step(asked, sum(_STATUS_OF_CODE[code] for code in rows.statuses))


def _date_steps(asked: Asked) -> tuple[Step, ...]:
    rows = asked.rows
    if rows.date == "stay":
        return (_touches(plan.Touches(rows.days), asked),)
    days = _until(rows.days, asked.day) if rows.date in HAPPENED_DATES else rows.days
    return (_day_in(asked.log, asked.day_column, days),)


def _until(days: plan.Days, last: int) -> plan.Days:
    return tuple((low, min(high, last)) for low, high in days if low <= last)


# --- what is asked of a row -----------------------------------------------------------------------------------------------


def _line_steps(asked: Asked) -> tuple[Step, ...]:
    """A row needs its line among the lines or its type among the types, where either is named."""
    lines, types = asked.rows.lines, asked.rows.types
    if not (lines or types):
        return ()
    if not types:
        return (_codes(asked.log, "product_line", lines),)
    one, other = asked.log.get("product_line"), asked.log.get("product_type")
    if one is None or other is None:
        named = ("product_line", lines) if other is None else ("product_type", types)
        return (_codes(asked.log, *named),)
    wanted = code_bits(lines, one), code_bits(types, other)
    return (lambda a, b, kept: kernel_rows.keep_either(one[a:b], wanted[0], other[a:b], wanted[1], kept),)


def _test_steps(asked: Asked) -> Iterator[Step]:
    return (ROW_TESTS[type(test)](test, asked) for test in asked.rows.tests)


def nothing(_first: int, _last: int, kept: Bytes) -> None:
    """No row passes: nobody ever said anything in that column."""
    kept.fill(0)


def code_bits(codes: Iterable[int], column: Array) -> Words:
    """The codes as bits, with room for every value of the column."""
    bits = np.zeros((int(np.iinfo(column.dtype).max) + 64) // 64, np.uint64)
    for code in codes:
        bits[code >> 6] |= np.uint64(1) << np.uint64(code & 63)
    return bits


def _codes(log: Log, name: str, codes: Iterable[int]) -> Step:
    column = log.get(name)
    if column is None:
        return nothing
    wanted = code_bits(codes, column)
    return lambda a, b, kept: kernel_rows.keep_codes(column[a:b], wanted, kept)


def _bits(masks: Array, wanted: int) -> Step:
    bits = masks.dtype.type(wanted & int(np.iinfo(masks.dtype).max))
    return lambda a, b, kept: kernel_rows.keep_bits(masks[a:b], bits, kept)


def _between(log: Log, name: str, low: int | None, high: int | None, *, empty: int | None = None) -> Step:
    column = log.get(name)
    return nothing if column is None else _number_in(column, low, high, empty)


def _number_in(column: Array, low: int | None, high: int | None, empty: int | None) -> Step:
    """Open ends reach to the type's own; `empty` (the type's smallest or largest) is never in."""
    kinds = np.iinfo(column.dtype)
    least = int(kinds.min) + (empty == kinds.min)
    most = int(kinds.max) - (empty == kinds.max)
    first = least if low is None else max(least, low)
    last = most if high is None else min(most, high)
    if first > last:
        return nothing
    ends = column.dtype.type(first), column.dtype.type(last)
    return lambda a, b, kept: kernel_rows.keep_between(column[a:b], *ends, kept)


def _ends(days: plan.Days) -> tuple[Integers, Integers]:
    within = [(max(low, 0), min(high, NO_DATE - 1)) for low, high in days]
    return np.array([low for low, _ in within], np.int32), np.array([high for _, high in within], np.int32)


def _day_in(log: Log, name: str, days: plan.Days) -> Step:
    column = log.get(name)
    if column is None or not days:
        return nothing
    if len(days) == 1:
        return _number_in(column, *days[0], NO_DATE)
    first, last = _ends(days)
    return lambda a, b, kept: kernel_rows.keep_ranges(column[a:b], first, last, kept)


def _code_in(test: plan.CodeIn, asked: Asked) -> Step:
    return _codes(asked.log, test.column, test.codes)


def _mask_any(test: plan.MaskAny, asked: Asked) -> Step:
    column = asked.log.get(test.column)
    return nothing if column is None else _bits(column, test.mask)


def _number(test: plan.NumberIn, asked: Asked) -> Step:
    return _NUMBERS[test.column](test, asked)


def _nights(test: plan.NumberIn, asked: Asked) -> Step:
    column = asked.log.get("nights")
    return nothing if column is None else _number_in(column, test.low, test.high, NO_NIGHTS)


def _lead_days(test: plan.NumberIn, asked: Asked) -> Step:
    check_in, log = asked.log.get("check_in"), asked.log
    if check_in is None:
        return nothing
    low, high = (-(2**62) if test.low is None else test.low), (2**62 if test.high is None else test.high)
    if not asked.is_booking:
        return lambda a, b, kept: kernel_rows.keep_difference(check_in[a:b], log["day"][a:b], low, high, kept)

    def keep(a: int, b: int, kept: Bytes) -> None:
        # Counted from the booked day once that has come, until then from the carted one.
        booked, carted = log["booked_day"][a:b], log["carted_day"][a:b]
        said = np.where(booked <= asked.day, booked, carted)
        kernel_rows.keep_difference(check_in[a:b], said, low, high, kept)

    return keep


def _left_hours(test: plan.NumberIn, asked: Asked) -> Step:
    carts = asked.reader.index.tables["cart"]["row"]
    low, high = max(0, test.low or 0), min(2**31 - 1 if test.high is None else test.high, 2**31 - 1)

    def keep(a: int, b: int, kept: Bytes) -> None:
        first, last = np.searchsorted(carts, np.array([a, b], np.uint32)).tolist()
        kernel_rows.keep_listed(carts[first:last], asked.reader.left_hours(first, last), low, high, a, kept)

    return keep


_NUMBERS: dict[str, Callable[[plan.NumberIn, Asked], Step]] = {
    "nights": _nights,
    "lead_days": _lead_days,
    "left_hours": _left_hours,
}


def _check_in(test: plan.CheckInIn, asked: Asked) -> Step:
    return _day_in(asked.log, "check_in", test.days)


def _touches(test: plan.Touches, asked: Asked) -> Step:
    check_in = asked.log.get("check_in")
    first, last = _ends(test.days)
    if check_in is None:
        return nothing
    if asked.is_booking:
        check_out = asked.log["check_out"]
        return lambda a, b, kept: kernel_rows.keep_touching(check_in[a:b], check_out[a:b], first, last, kept)
    nights = asked.log.get("nights")
    if nights is None:
        return _day_in(asked.log, "check_in", test.days)
    return lambda a, b, kept: kernel_rows.keep_touching_nights(check_in[a:b], nights[a:b], first, last, kept)


def _left(_: plan.Left, asked: Asked) -> Step:
    return _left_hours(plan.NumberIn("left_hours", 0, None), asked)


def _stage(test: plan.StageIn, asked: Asked) -> Step:
    return state_step(asked, sum(_STAGE_OF_CODE[code] for code in test.codes))


def _nth(test: plan.Nth, asked: Asked) -> Step:
    return state_step(asked, state.LATEST if test.latest else state.FIRST)


def _phase(test: plan.Phase, asked: Asked) -> Step:
    if test.in_trip:
        return state_step(asked, state.IN_TRIP)
    return _between(asked.log, "check_in", asked.day, None, empty=NO_DATE)


ROW_TESTS: dict[type[Any], Callable[[Any, Asked], Step]] = {
    plan.CodeIn: _code_in,
    plan.MaskAny: _mask_any,
    plan.NumberIn: _number,
    plan.CheckInIn: _check_in,
    plan.Touches: _touches,
    plan.Left: _left,
    plan.StageIn: _stage,
    plan.Nth: _nth,
    plan.Phase: _phase,
}
"""One step-maker for each thing a property may ask of a row."""
