"""Each booking as it stands now, in days of Korea and minutes of UTC."""

from __future__ import annotations

from datetime import date, datetime

import pytest

from audience_builder.clock import day_number
from tests.mart.conftest import Apply


def test_the_newest_version_holds_in_whatever_order_versions_arrive(apply: Apply) -> None:
    apply(booking=[{"booking_id": "B", "user_no": 1, "source_version": 3, "paid_krw": 300}])
    apply(booking=[{"booking_id": "B", "user_no": 1, "source_version": 2, "paid_krw": 200}])
    mart = apply(booking=[{"booking_id": "C", "user_no": 1, "source_version": 1, "paid_krw": 7}])
    assert [(row.booking_id, row.paid_krw) for row in mart.person(1).bookings] == [("B", 300), ("C", 7)]


def test_a_version_that_comes_twice_is_one_booking_and_the_later_row_holds(apply: Apply) -> None:
    rows = [{"booking_id": "B", "user_no": 1, "source_version": 3, "paid_krw": krw} for krw in (1, 2)]
    apply(booking=rows)
    mart = apply(booking=[{**rows[0], "paid_krw": 3}])
    assert [row.paid_krw for row in mart.person(1).bookings] == [3]


def test_a_deleted_booking_vanishes_and_may_come_back(apply: Apply) -> None:
    apply(booking=[{"booking_id": "B", "user_no": 1, "source_version": 1}])
    mart = apply(booking=[{"booking_id": "B", "user_no": 1, "source_version": 2, "deleted": True}])
    assert mart.person(1).bookings == ()
    apply(booking=[{"booking_id": "B", "user_no": 1, "source_version": 3}])
    assert len(mart.person(1).bookings) == 1


def test_a_booking_that_moved_to_another_user_is_theirs_alone(apply: Apply) -> None:
    mart = apply(booking=[{"booking_id": "B", "user_no": 1, "source_version": 1}])
    told: list[list[int]] = []
    mart.on_change(lambda version, users: told.append([] if users is None else users.tolist()))
    apply(booking=[{"booking_id": "B", "user_no": 2, "source_version": 2}])
    assert (len(mart.person(1).bookings), len(mart.person(2).bookings)) == (0, 1)
    assert told == [[1, 2]]


def test_moments_are_days_in_korea_and_minutes_in_utc(apply: Apply) -> None:
    moments = {
        f"{name}_at": datetime(2025, 6, 1, 14, 59, 59)
        for name in ("carted", "checkout", "payment_failed", "removed", "paid", "refunded")
    }
    late = {"booked_at": datetime(2025, 6, 1, 15, 0), "cancelled_at": None}
    mart = apply(booking=[{"booking_id": "B", "user_no": 1, **moments, **late, "check_in": date(2025, 7, 1)}])
    with mart.cursor() as cursor:
        row = cursor.execute(
            "SELECT carted_day, checkout_day, payment_failed_day, removed_day, paid_day, refunded_day, booked_day, cancelled_day,"
            " check_in_day, carted_minute, booked_minute, cancelled_minute FROM booking_now"
        ).fetchone()
    first = day_number(date(2025, 6, 1))
    minute = first * 1440 + 14 * 60 + 59
    assert row == (*[first] * 6, first + 1, None, day_number(date(2025, 7, 1)), minute, minute + 1, None)


@pytest.mark.parametrize(
    ("line", "check_in", "check_out", "nights", "last_night"),
    [
        (0, date(2025, 7, 1), date(2025, 7, 4), 3, date(2025, 7, 3)),
        (1, date(2025, 7, 1), date(2025, 7, 1), 0, date(2025, 7, 1)),
        (0, date(2025, 7, 1), None, None, date(2025, 7, 1)),
        (0, None, date(2025, 7, 1), None, None),
        (3, date(2025, 7, 1), date(2025, 7, 4), None, date(2025, 7, 3)),
        (None, date(2025, 7, 1), date(2025, 7, 4), None, date(2025, 7, 3)),
    ],
)
def test_nights_are_known_of_stays_with_both_dates(
    apply: Apply,
    line: int | None,
    check_in: date | None,
    check_out: date | None,
    nights: int | None,
    last_night: date | None,
) -> None:
    row = {"booking_id": "B", "user_no": 1, "product_line": line, "check_in": check_in, "check_out": check_out}
    with apply(booking=[row]).cursor() as cursor:
        found = cursor.execute("SELECT nights, last_night_day FROM booking_now").fetchone()
    assert found == (nights, last_night and day_number(last_night))
