"""The small words of SQL the translation is written in: trees, never text, and every literal a number or a moment."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlglot import exp

from audience_builder.clock import EPOCH, day_from, day_number, day_of
from audience_builder.engine.plan import Days

Literal = Callable[[int], exp.Expr]
"""Writes a day number as what a column of days is compared with."""

_FIRST, _LAST = day_number(date.min), day_number(date.max)


_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Moment:
    """When a question is asked of: the moment itself (zoned), its day number in Korea, its whole minutes since 1970."""

    as_of: datetime
    day: int
    minute: int

    @classmethod
    def of(cls, as_of: datetime) -> Moment:
        """The day and minute of a moment that knows its zone."""
        return cls(as_of, day_number(day_of(as_of)), (as_of - _BEGINNING) // timedelta(minutes=1))


def number(value: int) -> exp.Expr:
    """An integer literal."""
    return exp.Literal.number(value)


def date_of(day: int) -> exp.Expr:
    """A day number as a DATE literal."""
    return exp.cast(exp.Literal.string(day_from(day).isoformat()), "DATE")


def timestamp(moment: datetime) -> exp.Expr:
    """A moment as a TIMESTAMP literal in UTC, without a zone, as the mart stores it."""
    naive = moment.astimezone(UTC).replace(tzinfo=None)
    return exp.cast(exp.Literal.string(naive.isoformat(sep=" ")), "TIMESTAMP")


def day_number_of(day: exp.Expr) -> exp.Expr:
    """A DATE as days since 1970-01-01."""
    return days_between(date_of(day_number(EPOCH)), day)


def days_between(start: exp.Expr, end: exp.Expr) -> exp.Expr:
    """How many days from one DATE to another."""
    return exp.DateDiff(this=end, expression=start, unit=exp.var("DAY"))


def every(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """All of them; true where there is none."""
    found = list(conditions)
    return exp.and_(*found) if found else exp.true()


def either(conditions: Iterable[exp.Expr]) -> exp.Expr:
    """Any of them; false where there is none."""
    found = list(conditions)
    return exp.or_(*found) if found else exp.false()


def one_of(value: exp.Expr, codes: Collection[int]) -> exp.Expr:
    """The value is one of the codes; false for no codes."""
    return exp.In(this=value, expressions=[number(code) for code in sorted(codes)]) if codes else exp.false()


def shares_bit(value: exp.Expr, mask: int) -> exp.Expr:
    """The mask has a bit in common with `mask`."""
    common = exp.Paren(this=exp.BitwiseAnd(this=value, expression=number(mask)))
    return exp.NEQ(this=common, expression=number(0))


def between(value: exp.Expr, low: int | None, high: int | None, literal: Literal = number) -> exp.Expr:
    """The value lies in [low, high]; open at both ends it only has to be known."""
    if low is not None and low == high:
        return exp.EQ(this=value, expression=literal(low))
    if low is not None and high is not None:
        return exp.Between(this=value, low=literal(low), high=literal(high))
    if low is not None:
        return exp.GTE(this=value, expression=literal(low))
    return at_most(value, high, literal) if high is not None else known(value)


def at_most(value: exp.Expr, high: int, literal: Literal = number) -> exp.Expr:
    """The value is known and not above `high`."""
    return exp.LTE(this=value, expression=literal(high))


def known(value: exp.Expr) -> exp.Expr:
    """The value is not NULL."""
    return exp.Not(this=exp.Is(this=value, expression=exp.null()))


def in_ranges(value: exp.Expr, days: Days, literal: Literal = number) -> exp.Expr:
    """The day lies in one of the ranges; an end beyond the calendar is an open one."""
    return either(between(value.copy(), *_ends(low, high), literal) for low, high in days)


def meets_ranges(first: exp.Expr, last: exp.Expr, days: Days) -> exp.Expr:
    """The stretch first … last (day numbers) has a day in one of the ranges."""
    return either(
        every((at_most(first.copy(), high), exp.GTE(this=last.copy(), expression=number(low)))) for low, high in days
    )


def until(days: Days, last: int) -> Days:
    """The part of the ranges that is not after the day `last`."""
    return tuple((low, min(high, last)) for low, high in days if low <= last)


def _ends(low: int, high: int) -> tuple[int | None, int | None]:
    return (None if low < _FIRST else low), (None if high > _LAST else high)


def when(condition: exp.Expr, value: exp.Expr, otherwise: exp.Expr | None = None) -> exp.Expr:
    """The value where the condition is true, else the other one (NULL where none is given)."""
    found = exp.Case().when(condition, value)
    return found if otherwise is None else found.else_(otherwise)


def total(values: Iterable[exp.Expr]) -> exp.Expr:
    """The sum of several expressions; 0 of none."""
    found = list(values)
    if not found:
        return number(0)
    added = found[0]
    for value in found[1:]:
        added = exp.Add(this=added, expression=value)
    return added


def floor_divided(value: exp.Expr, divisor: exp.Expr) -> exp.Expr:
    """Floor division by a positive number: SQL's own rounds towards zero."""
    below = exp.Sub(this=exp.Paren(this=exp.Add(this=value.copy(), expression=number(1))), expression=divisor.copy())
    negative = exp.LT(this=value.copy(), expression=number(0))
    return when(
        negative,
        exp.IntDiv(this=exp.Paren(this=below), expression=divisor.copy()),
        exp.IntDiv(this=exp.Paren(this=value.copy()), expression=divisor.copy()),
    )
