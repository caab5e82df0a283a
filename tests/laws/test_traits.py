"""The laws of traits where one becomes another: first and last days, so many and one fewer, exactly a third, answered and not."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import product

import pytest

from audience_builder.catalog import FILTERS
from audience_builder.catalog.places import place
from audience_builder.clock import day_of
from audience_builder.mart.person import BehaviorRow, BookingRow
from audience_builder.mart.tables import EventKind
from tests.laws.test_edges import DOMESTIC_STAY, all_agree, asked, everyone

_NOON = datetime.fromisoformat("2026-11-22T12:00:00+09:00")
_TODAY = day_of(_NOON)
_JAPAN, _OSAKA, _THAILAND = (place(key).code for key in ("tokyo", "osaka", "bangkok"))
_SEARCH, _VIEW = EventKind.SEARCH, EventKind.VIEW

Rows = tuple[list[BehaviorRow], list[BookingRow]]


def on(days: int) -> date:
    return _TODAY + timedelta(days=days)


def at(days: int, hour: int = 12) -> datetime:
    return (_NOON.replace(hour=hour) + timedelta(days=days)).astimezone(UTC)


def look(kind: int, day: int, check_in: int | None = None, count: int = 1, where: int = _JAPAN) -> BehaviorRow:
    return BehaviorRow(
        day=on(day), kind=kind, count=count, place=where, check_in=None if check_in is None else on(check_in)
    )


def levels(rows: list[Rows]) -> None:
    """Everybody visited; asked for each level of all there are and of one country."""
    visited = [
        ([*behavior, BehaviorRow(day=on(0), kind=EventKind.SESSION, count=1)], bookings) for behavior, bookings in rows
    ]
    (levels_of,) = (entry.options for entry in FILTERS if entry.key == "overseas_intent")
    assert levels_of is not None
    rules = [
        asked("overseas_intent", "=", option.key, **more)
        for option in levels_of.options
        for more in ({}, {"properties": {"destination": ["osaka"]}})
    ]
    all_agree(everyone(visited), _NOON, rules)


def test_one_look_says_as_much_as_its_day_and_dates_and_kind() -> None:
    days = (1, 0, -13, -14, -29, -30, -88, -89, -90, -91)
    dates = (None, -1, 0, 1, 45, 46, 120, 121)
    levels([([look(*each)], []) for each in product((_SEARCH, _VIEW), days, dates, (1, 2))])


def test_looks_add_up_over_rows_and_days() -> None:
    pairs = [(0, 0), (0, -1), (-28, -29), (-29, -29), (-29, -30), (-30, -31), (0, 1)]
    counts = [(1, 1), (1, 2), (2, 2), (3, 1)]
    rows: list[Rows] = [
        ([look(one, first, count=few), look(_VIEW, second, count=many, where=where)], [])
        for (first, second), (few, many), one, where in product(
            pairs, counts, (_SEARCH, _VIEW), (_JAPAN, _OSAKA, _THAILAND)
        )
    ]
    rows += [
        ([look(_VIEW, first), look(_SEARCH, -2), look(_VIEW, last)], [])
        for first, last in product((0, -2, -5), repeat=2)
    ]
    near = product((-13, -14), (-1, 0, 45, 46), (-13, -14, 0), (0, 45, 46))
    rows += [([look(_SEARCH, first, when), look(_SEARCH, second, then)], []) for first, when, second, then in near]
    levels(rows)


def test_a_cart_says_most_for_seven_days() -> None:
    days = (1, 0, -5, -6, -7, -8)
    levels([
        ([], [BookingRow(booking_id=f"c{day}{hour}{where}", carted_at=at(day, hour), place=where)])
        for day, hour, where in product(days, (3, 12, 23), (_JAPAN, None))
    ])  # fmt: skip


def test_what_was_booked_since_for_those_dates_there_is_meant_no_more() -> None:
    rows: list[Rows] = []
    stays = ((19, 21), (20, 21), (19, 20), (21, 23), (20, None), (18, 19), (None, None))
    booked, gone = (-6, -5, -4, 0, 1), (None, -1, 0, 1)
    for number, (wanted, (start, end), made, cancelled, where, cart) in enumerate(
        product((None, 20), stays, booked, gone, (_JAPAN, _OSAKA, _THAILAND), (False, True))
    ):
        booking = BookingRow(
            booking_id=f"b{number}", booked_at=at(made), cancelled_at=None if cancelled is None else at(cancelled), place=where,
            check_in=None if start is None else on(start), check_out=None if end is None else on(end),
        )  # fmt: skip
        held = BookingRow(
            booking_id=f"h{number}", carted_at=at(-5), place=_JAPAN, check_in=None if wanted is None else on(wanted)
        )
        rows.append(([], [held, booking]) if cart else ([look(_SEARCH, -5, wanted, 2)], [booking]))
    levels(rows)


def test_who_visited_is_who_has_had_a_session_until_today() -> None:
    seen = [
        ([BehaviorRow(day=on(day), kind=kind, count=1)], []) for kind, day in product(range(1, 6), (-400, -1, 0, 1))
    ]
    all_agree(everyone(seen), _NOON, [asked("overseas_intent", "known"), asked("overseas_intent", "unknown")])


def test_a_cycle_is_counted_between_paid_days_and_how_far_it_is_in_tenths() -> None:
    patterns = (
        (0,),
        (-1, 0),
        (-10, -1),
        (-10, -10, -1),
        (-30, -20, -9),
        (-31, -20, -9),
        (-32, -20, -9),
        (-5, 0, 1),
        (-7, -3, -3, 0),
        (-90, -60),
        (-400, -35, -1),
    )
    rows: list[Rows] = []
    for number, (days, gone) in enumerate(product(patterns, (None, 0))):
        paid = [
            BookingRow(booking_id=f"p{number}-{each}", booked_at=at(day), paid_at=at(day, 12 + each), cancelled_at=None if gone is None else at(gone), paid_krw=50_000)
            for each, day in enumerate(days)
        ]  # fmt: skip
        rows.append(([], paid))
    rules = [asked("payment_cycle", "=", days) for days in (1, 2, 3, 4, 5, 9, 10, 11, 12, 30, 182, 183)]
    rules += [
        asked("payment_cycle", operator, tenths, measure="elapsed_ratio")
        for operator in (">=", "<=") for tenths in (1, 5, 8, 9, 10, 11, 20)
    ]  # fmt: skip
    all_agree(everyone(rows), _NOON, rules)


def test_lead_time_is_the_lower_median_of_confirmed_nights() -> None:
    leads = ((3,), (1, 9), (1, 5, 9), (2, 4, 6, 8), (0, 0, 7))
    rows: list[Rows] = []
    for number, (days, made, nights, gone) in enumerate(product(leads, (-1, 0, 1), (0, 1, 2), (None, -1, 0, 1))):
        stays = [
            BookingRow(
                booking_id=f"l{number}-{each}", product_line=DOMESTIC_STAY, booked_at=at(made), check_in=on(made + lead), check_out=on(made + lead + nights),
                cancelled_at=None if gone is None else at(gone),
            )
            for each, lead in enumerate(days)
        ]  # fmt: skip
        rows.append(([], stays))
    rules = [asked("lead_time", "=", days) for days in range(10)]
    all_agree(everyone(rows), _NOON, [*rules, asked("lead_time", "known")])


@pytest.mark.parametrize("first", range(0, 7, 2))
def test_nights_are_preferred_from_a_third_on_and_count_for_a_year(first: int) -> None:
    """Stays of each length from several weekdays, at both ends of the year; alone, and beside nights of other kinds."""
    starts = [first - 3, first - 8, first - 364 - 3, first - 365 - 3, first - 366 - 3]
    rows: list[Rows] = []
    for number, (start, length, beside, gone, made) in enumerate(
        product(starts, (1, 2, 3, 4, 9), (None, 1, 2), (None, -1, 0, 1), (-500, 0, 1))
    ):
        stays = [(start, length), *([] if beside is None else [(start - 30, beside)])]
        rows.append((
            [],
            [
                BookingRow(
                    booking_id=f"n{number}-{each}", product_line=DOMESTIC_STAY, booked_at=at(made), check_in=on(begun), check_out=on(begun + nights),
                    cancelled_at=None if gone is None else at(gone),
                )
                for each, (begun, nights) in enumerate(stays)
            ],
        ))  # fmt: skip
    (kinds,) = (entry.options for entry in FILTERS if entry.key == "preferred_stay_day")
    assert kinds is not None
    all_agree(everyone(rows), _NOON, [asked("preferred_stay_day", "in", [option.key]) for option in kinds.options])
