"""Which rows of a fact table count, as conditions of SQL over one row: one translation of each word of `plan.Rows`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from sqlglot import exp
from sqlglot.expressions import column

from audience_builder.catalog.options import BOOKING_STATUSES
from audience_builder.engine.plan import Rows
from audience_builder.engine.sql_terms import (
    Literal,
    Moment,
    at_most,
    date_of,
    day_number_of,
    days_between,
    either,
    every,
    in_ranges,
    meets_ranges,
    number,
    one_of,
    until,
    when,
)
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, EventKind

BOOKING_NOW: Final = "booking_now"

_MADE = frozenset({EventKind.WISH})
_UNDONE = frozenset({EventKind.WISH_REMOVED})
_HAPPENED = frozenset({"carted", "booked", "paid", "cancelled"})
"""Dates that must have come; check-in and check-out may lie ahead."""


@dataclass(frozen=True, slots=True)
class Shape:
    """How the words of a plan stand in one table: its relation and alias, its days, and its numbers.

    `literal` writes a day next to `date` and `check_in`; `check_in_number` and `last_night` are day numbers.
    """

    relation: str
    alias: str
    literal: Literal
    date: Callable[[Rows], exp.Expr]
    check_in: exp.Expr
    check_in_number: exp.Expr
    last_night: exp.Expr
    lead_days: Callable[[Rows, Moment], exp.Expr]

    def of(self, name: str) -> exp.Column:
        """A column of the row."""
        return column(exp.to_identifier(name, quoted=name == "count"), table=self.alias)


def _behavior(name: str) -> exp.Column:
    return column(name, table="behavior")


def booking(name: str) -> exp.Column:
    """A column of a row of bookings."""
    return column(name, table="booking")


def _event_day(rows: Rows) -> exp.Expr:
    """The day of the event; of a wish undone, the day of the wish."""
    undone = one_of(_behavior("kind"), _UNDONE)
    return {
        "any": _behavior("day"),
        "removed": _behavior("wished_on"),
        "kept": when(undone, _behavior("wished_on"), _behavior("day")),
    }[rows.wish_state]


def _searched_last_night() -> exp.Expr:
    """Check-in and as many nights as were asked for, at least (and if not said) one."""
    nights = _behavior("nights")
    at_least_one = when(exp.GT(this=nights, expression=number(1)), nights.copy(), number(1))
    return exp.Sub(
        this=exp.Add(this=day_number_of(_behavior("check_in")), expression=at_least_one), expression=number(1)
    )


def _booking_date(rows: Rows) -> exp.Expr:
    return booking("check_in_day" if rows.date == "stay" else f"{rows.date}_day")


def _booking_lead(_: Rows, now: Moment) -> exp.Expr:
    """From the booked day, or from the carted day of what was not booked by then."""
    booked = booking("booked_day")
    made = when(at_most(booked, now.day), booked.copy(), booking("carted_day"))
    return exp.Sub(this=booking("check_in_day"), expression=made)


SHAPES: Final[Mapping[str, Shape]] = {
    BEHAVIOR_DAILY.name: Shape(
        relation=BEHAVIOR_DAILY.name,
        alias="behavior",
        literal=date_of,
        date=_event_day,
        check_in=_behavior("check_in"),
        check_in_number=day_number_of(_behavior("check_in")),
        last_night=_searched_last_night(),
        lead_days=lambda rows, _: days_between(_event_day(rows), _behavior("check_in")),
    ),
    BOOKING.name: Shape(
        relation=BOOKING_NOW,
        alias="booking",
        literal=number,
        date=_booking_date,
        check_in=booking("check_in_day"),
        check_in_number=booking("check_in_day"),
        last_night=booking("last_night_day"),
        lead_days=_booking_lead,
    ),
}
"""The fact tables by name."""


def of_rows(rows: Rows, now: Moment, *, window: str | None) -> list[exp.Expr]:
    """What a row must be, all of it but `tests`; `window` is the date asked to lie in the window (None = no date is)."""
    shape = SHAPES[rows.table]
    return [
        *_OF_TABLE[rows.table](rows, now),
        *_of_what(rows, shape),
        *([] if window is None else [in_window(rows, now, window)]),
    ]


def in_window(rows: Rows, now: Moment, date: str) -> exp.Expr:
    """The row's date of that name lies in the window and, where it is one that must have come, has."""
    shape = SHAPES[rows.table]
    if date == "stay":
        return meets_ranges(shape.check_in_number, shape.last_night, rows.days)
    happened = date in _HAPPENED or (date == "day" and rows.wish_state == "any")
    day = shape.date(rows) if date == rows.date else booking(f"{date}_day")
    return in_ranges(day, until(rows.days, now.day) if happened else rows.days, shape.literal)


def kinds(rows: Rows) -> frozenset[int]:
    """The event kinds that count: of wishes those made, those undone, or both to be set off against each other."""
    return rows.kinds - {"any": _UNDONE, "removed": _MADE, "kept": frozenset[int]()}[rows.wish_state]


def _of_behavior(rows: Rows, now: Moment) -> list[exp.Expr]:
    found = [one_of(_behavior("kind"), kinds(rows))]
    if rows.wish_state != "any":  # the window speaks of the wish's day, so the undoing must be said to have come
        found.append(at_most(_behavior("day"), now.day, date_of))
    return found


def _of_booking(rows: Rows, now: Moment) -> list[exp.Expr]:
    found: list[exp.Expr] = []
    if rows.carted:
        found.append(at_most(booking("carted_day"), now.day))
    if rows.booked and rows.statuses is None:  # every status says booked itself
        found.append(at_most(booking("booked_day"), now.day))
    if rows.statuses is not None:
        found.append(either(STATUSES[BOOKING_STATUSES.key_of(code)](now, booking) for code in sorted(rows.statuses)))
    return found


_OF_TABLE: Final[Mapping[str, Callable[[Rows, Moment], list[exp.Expr]]]] = {
    BEHAVIOR_DAILY.name: _of_behavior,
    BOOKING.name: _of_booking,
}


def _of_what(rows: Rows, shape: Shape) -> list[exp.Expr]:
    if not rows.lines and not rows.types:
        return []
    asked = (("product_line", rows.lines), ("product_type", rows.types))
    return [either(one_of(shape.of(name), codes) for name, codes in asked if codes)]


# --- status ---------------------------------------------------------------------------------------------------------------

_Of = Callable[[str], exp.Expr]


def _cancelled(now: Moment, of: _Of) -> exp.Expr:
    return every((at_most(of("booked_day"), now.day), at_most(of("cancelled_day"), now.day)))


def confirmed(now: Moment, of: _Of = booking) -> exp.Expr:
    """Booked and not cancelled by the day."""
    cancelled_day = of("cancelled_day")
    never = exp.Is(this=cancelled_day, expression=exp.null())
    later = exp.GT(this=cancelled_day.copy(), expression=number(now.day))
    return every((at_most(of("booked_day"), now.day), either((never, later))))


def _no_show(now: Moment, of: _Of) -> exp.Expr:
    return every((confirmed(now, of), of("no_show"), at_most(of("check_in_day"), now.day)))


def _completed(now: Moment, of: _Of) -> exp.Expr:
    over = exp.Coalesce(this=of("check_out_day"), expressions=[of("check_in_day")])
    return every((confirmed(now, of), exp.not_(of("no_show")), at_most(over, now.day)))


def _upcoming(now: Moment, of: _Of) -> exp.Expr:
    return every((confirmed(now, of), exp.GT(this=of("check_in_day"), expression=number(now.day))))


STATUSES: Final[Mapping[str, Callable[[Moment, _Of], exp.Expr]]] = {
    "confirmed": confirmed,
    "completed": _completed,
    "upcoming": _upcoming,
    "cancelled": _cancelled,
    "no_show": _no_show,
}
"""What each booking status means as of a day."""
