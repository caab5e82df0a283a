"""Values that are added up from fact rows: one translation of each such `Aggregate`, and the select that computes them."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.options import DEVICES
from audience_builder.engine.plan import Days, Rows, RowTest
from audience_builder.engine.sql_properties import is_plain, of_test
from audience_builder.engine.sql_rows import SHAPES, booking, confirmed, in_window, of_rows
from audience_builder.engine.sql_terms import (
    Moment,
    at_most,
    day_number_of,
    every,
    floor_divided,
    number,
    one_of,
    total,
    when,
)
from audience_builder.mart.tables import BEHAVIOR_DAILY, EventKind

Counted = Callable[[exp.Expr], exp.Expr]
"""Keeps an expression for the rows that count and makes it NULL for the others."""


_WINDOWS: Final[Mapping[Aggregate, str | None]] = {
    Aggregate.SPEND: "paid",
    Aggregate.AVERAGE_SPEND: None,
    Aggregate.CANCEL_RATE: "booked",
}
"""The date that must lie in the window, where it is not the rows' own; None = the value looks at two dates itself."""


@dataclass(frozen=True, slots=True)
class Added:
    """A value of a user that is added up from rows: how, of which column where it needs one, and from which rows."""

    aggregate: Aggregate
    column: str
    rows: Rows

    @property
    def window(self) -> str | None:
        """The date that must lie in the window; None where the value looks at two dates."""
        return _WINDOWS.get(self.aggregate, self.rows.date)

    def shared(self) -> Added:
        """Without what may differ between the values of one scan: where this is equal, one select computes both."""
        if self.is_kept_days:
            return self
        crossing = tuple(test for test in self.rows.tests if not is_plain(test))
        return replace(self, rows=replace(self.rows, days=(), tests=crossing, has=(), lacks=frozenset()))

    @property
    def is_kept_days(self) -> bool:
        """Whether it counts days on which wishes remain: summed by day first, so it takes a select of its own."""
        return self.aggregate is Aggregate.DISTINCT_DAYS and self.rows.wish_state == "kept"


def values(asked: Sequence[Added], now: Moment) -> exp.Select:
    """One row a user with a row that counts: `user_no`, and `value_1` … one for each of `asked`.

    `asked` are equal once `shared`. What all of them ask of a row stands in WHERE, what only some ask in their columns.
    """
    first, rows = asked[0], asked[0].rows
    if first.is_kept_days:
        return _kept_days(first, now)
    shape = SHAPES[rows.table]
    common = tuple(test for test in rows.tests if all(test in others.rows.tests for others in asked))
    windows = {added.rows.days for added in asked}
    columns = [FACTS[added.aggregate](added, now, _counted(_own(added, common, windows, now))) for added in asked]
    all_of_them = replace(rows, tests=common, days=rows.days if len(windows) == 1 else _around(windows))
    return (
        select(shape.of("user_no"), *(value.as_(f"value_{place}") for place, value in enumerate(columns, start=1)))
        .from_(exp.to_table(shape.relation, alias=shape.alias))
        .where(*_conditions(replace(first, rows=all_of_them), now))
        .group_by(shape.of("user_no"))
    )


def _conditions(added: Added, now: Moment) -> list[exp.Expr]:
    rows = added.rows
    return [*of_rows(rows, now, window=added.window), *(of_test(test, rows, now) for test in rows.tests)]


def _own(added: Added, common: Sequence[RowTest], windows: Collection[Days], now: Moment) -> list[exp.Expr]:
    """What this value asks of a row beside what all values of the scan do."""
    rows = added.rows
    found = [of_test(test, rows, now) for test in rows.tests if test not in common]
    if len(windows) > 1 and added.window is not None:
        found.insert(0, in_window(rows, now, added.window))
    return found


def _around(windows: Iterable[Days]) -> Days:
    """One range that holds all of them."""
    ends = [end for days in windows for ends in days for end in ends]
    return ((min(ends), max(ends)),) if ends else ()


def _counted(conditions: Sequence[exp.Expr]) -> Counted:
    if not conditions:
        return lambda value: value
    return lambda value: when(every(conditions), value)


# --- aggregates -----------------------------------------------------------------------------------------------------------


def _sum(value: exp.Expr) -> exp.Expr:
    return exp.Sum(this=value)


def _count(added: Added, _: Moment, counted: Counted) -> exp.Expr:
    rows = added.rows
    if rows.table == BEHAVIOR_DAILY.name:
        return _events(rows, counted)
    found = exp.Count(this=counted(booking("booking_id")))
    return _with_lines(rows, counted, found)


def _events(rows: Rows, counted: Counted) -> exp.Expr:
    shape = SHAPES[rows.table]
    if rows.wish_state != "kept":
        return _sum(counted(shape.of("count")))
    net = _sum(counted(_made_or_undone(rows)))
    return when(exp.GT(this=net, expression=number(0)), net.copy(), number(0))


def _made_or_undone(rows: Rows) -> exp.Expr:
    shape = SHAPES[rows.table]
    undone = one_of(shape.of("kind"), {EventKind.WISH_REMOVED})
    return when(undone, exp.Neg(this=shape.of("count")), shape.of("count"))


def _with_lines(rows: Rows, counted: Counted, found: exp.Expr) -> exp.Expr:
    """The value, or 0 where a line the rows must have is missing, or one they must not have is there."""
    if not rows.has and not rows.lacks:
        return found

    def is_there(lines: frozenset[int]) -> exp.Expr:
        return exp.Max(this=counted(when(one_of(booking("product_line"), lines), number(1), number(0))))

    asked = [exp.EQ(this=is_there(lines), expression=number(1)) for lines in rows.has]
    if rows.lacks:
        asked.append(exp.EQ(this=is_there(rows.lacks), expression=number(0)))
    return when(every(asked), found, number(0))


def _distinct_days(added: Added, _: Moment, counted: Counted) -> exp.Expr:
    return _distinct(counted(SHAPES[added.rows.table].date(added.rows)))


def _kept_days(added: Added, now: Moment) -> exp.Select:
    """On how many wished days more was wished than undone since."""
    rows = added.rows
    shape = SHAPES[rows.table]
    kept = (
        select(shape.of("user_no"), shape.date(rows).as_("wished_on"))
        .from_(exp.to_table(shape.relation, alias=shape.alias))
        .where(*_conditions(added, now))
        .group_by(shape.of("user_no"), shape.date(rows))
        .having(exp.GT(this=_sum(_made_or_undone(rows)), expression=number(0)))
        .subquery("kept")
    )
    days = exp.Count(this=column("wished_on", table="kept")).as_("value_1")
    user = column("user_no", table="kept")
    return select(user, days).from_(kept).group_by(user)


def _latest(added: Added, _: Moment, counted: Counted) -> exp.Expr:
    """The day number of the latest row: how many days ago is left to the comparison."""
    shape = SHAPES[added.rows.table]
    latest = exp.Max(this=counted(shape.date(added.rows)))
    return day_number_of(latest) if added.rows.table == BEHAVIOR_DAILY.name else latest


def _paid(now: Moment) -> exp.Expr:
    refunded = when(at_most(booking("refunded_day"), now.day), booking("refunded_krw"), number(0))
    return exp.Sub(this=booking("paid_krw"), expression=refunded)


def _spend(_: Added, now: Moment, counted: Counted) -> exp.Expr:
    return _sum(counted(_paid(now)))


def _average_spend(added: Added, now: Moment, counted: Counted) -> exp.Expr:
    """Spend by paid day over confirmed bookings by booked day; NULL without such a booking."""
    rows = added.rows
    is_paid = in_window(rows, now, "paid")
    is_booked = every((confirmed(now), in_window(rows, now, "booked")))
    spent = exp.Coalesce(this=_sum(counted(when(is_paid, _paid(now)))), expressions=[number(0)])
    bookings = exp.Count(this=counted(when(is_booked, booking("booking_id"))))
    return floor_divided(spent, exp.Nullif(this=bookings, expression=number(0)))


def _cancel_rate(_: Added, now: Moment, counted: Counted) -> exp.Expr:
    cancelled = exp.Count(this=counted(when(at_most(booking("cancelled_day"), now.day), booking("booking_id"))))
    booked = exp.Count(this=counted(booking("booking_id")))
    share = exp.Mul(this=number(1000), expression=cancelled)
    return exp.IntDiv(this=exp.Paren(this=share), expression=exp.Nullif(this=booked, expression=number(0)))


def _distinct_lines(added: Added, _: Moment, counted: Counted) -> exp.Expr:
    return _distinct(counted(SHAPES[added.rows.table].of("product_line")))


def _distinct(value: exp.Expr) -> exp.Expr:
    return exp.Count(this=exp.Distinct(expressions=[value]))


_OPTIONS: Final = {"device": DEVICES}
"""The options a row of a fact table can carry, by column."""


def _options_seen(added: Added, _: Moment, counted: Counted) -> exp.Expr:
    """The options as bits. A row without one makes the set known all the same."""

    def bit(code: int) -> exp.Expr:
        carried = one_of(SHAPES[added.rows.table].of(added.column), {code})
        return exp.Max(this=counted(when(carried, number(1 << code), number(0))))

    return total(bit(option.code) for option in _OPTIONS[added.column].options)


FACTS: Final[Mapping[Aggregate, Callable[[Added, Moment, Counted], exp.Expr]]] = {
    Aggregate.COUNT: _count,
    Aggregate.DISTINCT_DAYS: _distinct_days,
    Aggregate.LATEST: _latest,
    Aggregate.SPEND: _spend,
    Aggregate.AVERAGE_SPEND: _average_spend,
    Aggregate.CANCEL_RATE: _cancel_rate,
    Aggregate.DISTINCT_LINES: _distinct_lines,
    Aggregate.OPTIONS_SEEN: _options_seen,
}
"""One translation of each value added up from rows; NULL where no row counts."""

NEVER_UNKNOWN: Final = frozenset({Aggregate.COUNT, Aggregate.DISTINCT_DAYS, Aggregate.SPEND, Aggregate.DISTINCT_LINES})
"""Counts and sums: 0 where no row counts."""
