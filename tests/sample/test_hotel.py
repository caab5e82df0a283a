"""The shape of bookings beside real ones (`sample/hotel.py`): leads, cancellations, nights."""

from __future__ import annotations

import numpy as np
import pytest

from audience_builder.catalog.options import PRODUCT_LINES
from audience_builder.clock import day_number
from audience_builder.sample import hotel
from tests.sample.conftest import END, Rows

(DOMESTIC,) = PRODUCT_LINES.codes(["domestic_stay"])
REAL = {step * 5: days for step, days in enumerate(hotel.LEAD_DAYS["individuals"])}


def leads(rows: Rows) -> np.ndarray:
    query = """SELECT check_in_day - booked_day FROM booking_now
               WHERE product_line = $line AND nights > 0 AND booked_at IS NOT NULL"""
    return np.array([days for (days,) in rows(query, line=DOMESTIC)])


@pytest.mark.parametrize(
    ("percent", "least", "most"), [(50, 0.4, 1.1), (75, 0.6, 1.1), (90, 0.75, 1.1), (95, 0.85, 1.1)]
)
def test_stays_are_booked_ahead_as_in_real_hotels_or_somewhat_later(
    rows: Rows, percent: int, least: float, most: float
) -> None:
    assert least * REAL[percent] <= np.percentile(leads(rows), percent) <= most * REAL[percent]


def test_leads_have_a_long_tail(rows: Rows) -> None:
    found = leads(rows)
    assert np.percentile(found, 90) > 4 * np.percentile(found, 50)
    assert found.mean() > 1.5 * np.percentile(found, 50)
    assert np.mean(found == 0) > 0.1


def cancelled(rows: Rows) -> list[tuple[float, int]]:
    """Share cancelled and bookings at each of the lead days' edges, of check-ins that are over."""
    query = """SELECT check_in_day - booked_day, cancelled_at IS NOT NULL FROM booking_now
               WHERE product_line = $line AND nights > 0 AND booked_at IS NOT NULL AND check_in_day <= $day"""
    found = np.array(rows(query, line=DOMESTIC, day=day_number(END)))
    place = np.searchsorted(hotel.LEAD_EDGES, found[:, 0], side="right") - 1
    return [(found[place == edge, 1].mean(), int((place == edge).sum())) for edge in range(len(hotel.LEAD_EDGES))]


def test_cancellation_rises_with_the_lead_as_in_real_hotels(rows: Rows) -> None:
    for (share, bookings), permille in zip(cancelled(rows), hotel.CANCELLED_PERMILLE, strict=True):
        spread = 3 * np.sqrt(share * (1 - share) / bookings)
        assert abs(share - permille / 1000) < max(spread, 0.02)
    soon, late = cancelled(rows)[0][0], cancelled(rows)[-1][0]
    assert late > 4 * soon


def test_a_fifth_to_a_third_of_all_stays_is_cancelled(rows: Rows) -> None:
    found = cancelled(rows)
    share = sum(part * bookings for part, bookings in found) / sum(bookings for _, bookings in found)
    assert 0.18 < share < 0.33


def test_no_shows_are_as_rare_as_in_real_hotels(rows: Rows) -> None:
    query = """SELECT AVG(CAST(no_show AS INTEGER)) FROM booking_now
               WHERE booked_at IS NOT NULL AND cancelled_at IS NULL AND check_in_day <= $day"""
    ((share,),) = rows(query, day=day_number(END))
    assert abs(share - hotel.NO_SHOW_PERMILLE / 1000) < 0.005


def test_nights_fall_off_and_have_a_long_tail(rows: Rows) -> None:
    query = """SELECT nights, COUNT(*) FROM booking_now
               WHERE product_line = $line AND nights > 0 AND booked_at IS NOT NULL GROUP BY nights"""
    found = dict(rows(query, line=DOMESTIC))
    total = sum(found.values())
    share = [found[nights] / total for nights in range(1, 7)]
    assert share == sorted(share, reverse=True)
    assert 0.45 < share[0] < 0.65, "Koreans stay shorter: one night is the most common"
    assert 0 < sum(count for nights, count in found.items() if nights >= 7) / total < 0.03


def test_refunds_are_full_partial_or_none(rows: Rows) -> None:
    query = """SELECT refunded_krw, paid_krw FROM booking_now WHERE cancelled_at IS NOT NULL AND paid_krw > 0"""
    found = np.array(rows(query), dtype=np.float64)
    share = found[:, 0] / found[:, 1]
    assert 0.4 < np.mean(share > 0.99) < 0.9
    assert np.mean((share > 0.1) & (share < 0.9)) > 0.05
    assert np.mean(share == 0) > 0.05
