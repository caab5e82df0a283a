"""What the properties of a condition ask of one row, as conditions of SQL: one translation of each `plan.RowTest`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.catalog.options import CART_STAGES, NIGHT_KINDS, STAY_MODES
from audience_builder.engine import plan
from audience_builder.engine.plan import Rows
from audience_builder.engine.sql_rows import BOOKING_NOW, SHAPES, booking, confirmed
from audience_builder.engine.sql_terms import (
    Moment,
    at_most,
    between,
    either,
    every,
    in_ranges,
    meets_ranges,
    number,
    one_of,
    shares_bit,
    when,
)

CALENDAR: Final = "calendar"
(_DAY_USE,) = STAY_MODES.codes(("day_use",))
_LEFT_AFTER_MINUTES: Final = 60


def of_test(test: plan.RowTest, rows: Rows, now: Moment) -> exp.Expr:
    """What one property asks of the row."""
    return ROW_TESTS[type(test)](test, rows, now)


def is_plain(test: plan.RowTest) -> bool:
    """Whether the test reads nothing but its own row, so that many may be asked of one scan."""
    return not isinstance(test, plan.Left | plan.Nth) and getattr(test, "column", "") not in (
        "left_hours",
        "night_mask",
    )


def _code_in(test: plan.CodeIn, rows: Rows, _: Moment) -> exp.Expr:
    return one_of(SHAPES[rows.table].of(test.column), test.codes)


def _mask_any(test: plan.MaskAny, rows: Rows, _: Moment) -> exp.Expr:
    if test.column == "night_mask":
        return _has_night(test.mask)
    return shares_bit(SHAPES[rows.table].of(test.column), test.mask)


def _has_night(mask: int) -> exp.Expr:
    """One of the nights check-in … check-out - 1 is of an asked kind: the calendar counts the nights before each day."""
    names = [option.key for option in NIGHT_KINDS.options if mask >> option.code & 1]
    more = either(exp.GT(this=column(name, table="upto"), expression=column(name, table="before")) for name in names)
    nights = (
        select("1")
        .from_(exp.to_table(CALENDAR, alias="before"))
        .join(exp.to_table(CALENDAR, alias="upto"), join_type="cross")
        .where(
            exp.EQ(this=column("day", table="before"), expression=booking("check_in")),
            exp.EQ(this=column("day", table="upto"), expression=booking("check_out")),
            more,
        )
    )
    is_stay = exp.GTE(this=booking("nights"), expression=number(1))
    return every((is_stay, exp.Exists(this=nights)))


def _number_in(test: plan.NumberIn, rows: Rows, now: Moment) -> exp.Expr:
    return _NUMBERS[test.column](test, rows, now)


def _nights(test: plan.NumberIn, rows: Rows, _: Moment) -> exp.Expr:
    return between(SHAPES[rows.table].of("nights"), test.low, test.high)


def _lead_days(test: plan.NumberIn, rows: Rows, now: Moment) -> exp.Expr:
    return between(SHAPES[rows.table].lead_days(rows, now), test.low, test.high)


def _left_hours(test: plan.NumberIn, _: Rows, now: Moment) -> exp.Expr:
    """Whole hours since the last touch, said in minutes: h hours are 60h to 60h + 59 minutes."""
    low, high = (
        None if test.low is None else 60 * test.low,
        None if test.high is None else 60 * test.high + 59,
    )
    idle = exp.Sub(this=number(now.minute), expression=_last_touch(now))
    return every((_is_left(now), between(idle, low, high)))


_NUMBERS: Final[Mapping[str, Callable[[plan.NumberIn, Rows, Moment], exp.Expr]]] = {
    "nights": _nights,
    "lead_days": _lead_days,
    "left_hours": _left_hours,
}


def _check_in_in(test: plan.CheckInIn, rows: Rows, _: Moment) -> exp.Expr:
    shape = SHAPES[rows.table]
    return in_ranges(shape.check_in, test.days, shape.literal)


def _touches(test: plan.Touches, rows: Rows, _: Moment) -> exp.Expr:
    shape = SHAPES[rows.table]
    return meets_ranges(shape.check_in_number, shape.last_night, test.days)


def _left(_: plan.Left, _rows: Rows, now: Moment) -> exp.Expr:
    return _is_left(now)


def _is_left(now: Moment) -> exp.Expr:
    """Carted, not taken out by hand, untouched for an hour, and not answered by a confirmed booking since."""
    removed = booking("removed_minute")
    still_in = either(
        (
            exp.Is(this=removed, expression=exp.null()),
            exp.GT(this=removed.copy(), expression=number(now.minute)),
        )
    )
    idle = at_most(_last_touch(now), now.minute - _LEFT_AFTER_MINUTES)
    carted = at_most(booking("carted_minute"), now.minute)
    return every((carted, still_in, idle, exp.not_(exp.Exists(this=_answers(now)))))


def _last_touch(now: Moment) -> exp.Expr:
    """The latest of carting, checkout and failed payment that has come, in minutes."""
    later = (
        when(at_most(booking(name), now.minute), booking(name), booking("carted_minute"))
        for name in ("checkout_minute", "payment_failed_minute")
    )
    return exp.Greatest(this=booking("carted_minute"), expressions=list(later), ignore_nulls=True)


def _answers(now: Moment) -> exp.Select:
    """The user's confirmed bookings since the cart, of its product or of its place on overlapping dates."""

    def answer(name: str) -> exp.Expr:
        return column(name, table="answer")

    def same(name: str) -> exp.Expr:
        return exp.EQ(this=answer(name), expression=booking(name))

    overlapping = (
        same("place"),
        exp.LTE(this=answer("check_in_day"), expression=booking("last_night_day")),
        exp.LTE(this=booking("check_in_day"), expression=answer("last_night_day")),
    )
    return (
        select("1")
        .from_(exp.to_table(BOOKING_NOW, alias="answer"))
        .where(
            same("user_no"),
            confirmed(now, answer),
            exp.GTE(this=answer("booked_minute"), expression=booking("carted_minute")),
            either((same("product_id"), every(overlapping))),
        )
    )


def _stage_in(test: plan.StageIn, _: Rows, now: Moment) -> exp.Expr:
    stage: exp.Expr = exp.null()
    for option in CART_STAGES.options:  # from the first stage to the furthest, so that the furthest is asked first
        reached = at_most(booking(_STAGE_DAYS[option.key]), now.day)
        stage = when(reached, number(option.code), stage)
    return one_of(stage, test.codes)


_STAGE_DAYS: Final = {
    "carted": "carted_day",
    "checkout_started": "checkout_day",
    "payment_failed": "payment_failed_day",
}


def _nth(test: plan.Nth, _: Rows, now: Moment) -> exp.Expr:
    order = [exp.Ordered(this=booking(name), desc=test.latest) for name in ("booked_at", "booking_id")]
    place = exp.Window(this=exp.RowNumber(), partition_by=[booking("user_no")], order=exp.Order(expressions=order))
    ranked = (
        select(booking("booking_id"), place.as_("place"))
        .from_(exp.to_table(BOOKING_NOW, alias="booking"))
        .where(confirmed(now))
        .subquery("ranked")
    )
    firsts = select("booking_id").from_(ranked).where(exp.EQ(this=column("place"), expression=number(1)))
    return exp.In(this=booking("booking_id"), query=exp.Subquery(this=firsts))


def _phase(test: plan.Phase, _: Rows, now: Moment) -> exp.Expr:
    check_in, today = booking("check_in_day"), number(now.day)
    if not test.in_trip:
        return exp.GTE(this=check_in, expression=today)
    ends = exp.Coalesce(this=booking("check_out_day"), expressions=[check_in.copy()])
    day_use = exp.Coalesce(
        this=exp.Paren(this=exp.EQ(this=booking("stay_mode"), expression=number(_DAY_USE))), expressions=[exp.false()]
    )
    return every(
        (
            exp.LTE(this=check_in, expression=today),
            exp.GTE(this=ends, expression=today.copy()),
            exp.not_(day_use),
        )
    )


ROW_TESTS: Final[Mapping[type[plan.RowTest], Callable[[Any, Rows, Moment], exp.Expr]]] = {
    plan.CodeIn: _code_in,
    plan.MaskAny: _mask_any,
    plan.NumberIn: _number_in,
    plan.CheckInIn: _check_in_in,
    plan.Touches: _touches,
    plan.Left: _left,
    plan.StageIn: _stage_in,
    plan.Nth: _nth,
    plan.Phase: _phase,
}
"""One translation of each property of a row."""
