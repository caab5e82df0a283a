"""Which rows SQL counts: windows, statuses, lines, and each property of a row; numbers worked out by hand."""

from __future__ import annotations

from typing import Any, get_args

import pytest

from audience_builder.catalog.options import BOOKING_STATUSES, CART_STAGES
from audience_builder.engine import plan
from audience_builder.engine.sql_properties import ROW_TESTS
from audience_builder.engine.sql_rows import STATUSES
from audience_builder.mart.person import BehaviorRow, BookingRow
from tests.engine.sql_world import (
    JEJU,
    SEOGWIPO,
    SEOUL_CITY,
    TOKYO,
    ago,
    at,
    booked,
    carted,
    search,
    unwish,
    user,
    values,
    view,
    visit,
    wish,
)

EVER = {"type": "ever"}


def counted(key: str, *facts: BehaviorRow | BookingRow, window: dict[str, Any] | None = None, **properties: Any) -> int:
    """How many of these facts count for the filter with these properties."""
    asked = {"filter": key, "operator": ">=", "value": 1, "properties": properties}
    found = values({**asked, "window": window} if window else asked, user(1, *facts))
    assert found[1] is not None
    return found[1]


def test_every_property_and_status_has_exactly_one_translation() -> None:
    assert set(ROW_TESTS) == set(get_args(plan.RowTest))
    assert set(STATUSES) == set(BOOKING_STATUSES.keys())
    assert CART_STAGES.keys() == ("carted", "checkout_started", "payment_failed")


# --- which rows -----------------------------------------------------------------------------------------------------------


def test_a_filter_counts_its_own_kind_of_behaviour_only() -> None:
    facts = (search(1), view(1, count=2), visit(1, count=4), wish(1, count=8), unwish(0, wished=1, count=16))
    found = [counted(key, *facts) for key in ("search_region", "viewed_category", "visit_frequency", "wishlist")]
    assert found == [1, 2, 4, 8]


@pytest.mark.parametrize(
    ("window", "expected"),
    [
        ({"type": "last", "n": 1}, 1),
        ({"type": "days", "start": -7, "end": -3}, 6),
        ({"type": "between", "start": "2026-11-15"}, 7),
        ({"type": "between", "end": "2026-11-15"}, 12),
        ({"type": "calendar", "unit": "month"}, 15),
        ({"type": "calendar", "unit": "year", "offset": 5}, 0),
        (EVER, 15),
    ],
)
def test_behaviour_lies_in_the_window_and_never_after_today(window: dict[str, Any], expected: int) -> None:
    facts = (search(0), search(3, count=2), search(7, count=4), search(8, count=8), search(-1, count=16))
    assert counted("search_region", *facts, window=window) == expected


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        ("confirmed", {"a", "b", "c", "d"}),
        ("completed", {"a"}),
        ("upcoming", {"d"}),
        ("cancelled", {"e"}),
        ("no_show", {"c"}),
    ],
)
def test_a_status_is_what_it_is_today(status: str, expected: set[str]) -> None:
    rows = {
        "a": booked(9, "a", check_in=ago(3), check_out=ago(0)),
        "b": booked(9, "b", check_in=ago(3), check_out=ago(-1)),
        "c": booked(9, "c", check_in=ago(3), check_out=ago(2), no_show=True),
        "d": booked(9, "d", check_in=ago(-1), no_show=True, cancelled_at=at(-1)),
        "e": booked(9, "e", check_in=ago(3), cancelled_at=at(0, "23:59:59")),
        "f": booked(-1, "f", check_in=ago(3)),
        "g": carted(9, "g", check_in=ago(3), cancelled_at=at(3)),
    }
    found = {key for key, row in rows.items() if counted("booking_count", row, status=[status])}
    assert found == expected


def test_any_of_several_statuses_will_do() -> None:
    rows = (booked(9, "a", check_in=ago(-1)), booked(9, "b", cancelled_at=at(1)), booked(9, "c"))
    assert counted("booking_count", *rows, status=["upcoming", "cancelled"]) == 2


@pytest.mark.parametrize(
    ("basis", "expected"),
    [("booked", 0), ("paid", 1), ("check_in", 1), ("check_out", 0), ("stay", 1), ("cancelled", 0)],
)
def test_the_window_speaks_of_the_date_of_the_basis(basis: str, expected: int) -> None:
    stay = booked(9, "a", paid_at=at(0), check_in=ago(1), check_out=ago(-2))
    last_two_days = {"type": "last", "n": 2}
    assert counted("booking_count", stay, window=last_two_days, basis=[basis]) == expected


def test_a_stay_is_in_the_window_if_any_of_its_nights_is() -> None:
    stay = booked(9, "a", check_in=ago(3), check_out=ago(0))
    nights = [
        counted("booking_count", stay, window={"type": "days", "start": -day, "end": -day}, basis=["stay"])
        for day in (4, 3, 1, 0)
    ]
    assert nights == [0, 1, 1, 0], "check-out day is no night"


def test_a_row_without_the_windows_date_never_counts() -> None:
    assert counted("booking_count", booked(9, "a"), window=EVER, basis=["check_in"]) == 0
    assert counted("cancellation", booked(9, "a"), window=EVER) == 0


def test_a_row_needs_the_line_or_the_type_its_filter_names() -> None:
    rows = (
        booked(9, "a", product_line=1),
        booked(9, "b", product_line=2, product_type=152),
        booked(9, "c", product_line=2, product_type=151),
        booked(9, "d", product_line=None),
    )
    assert counted("overseas_booking", *rows) == 2
    assert counted("transport", *rows) == 2
    assert counted("transport", view(1, product_line=2), view(1), action=["viewed"]) == 1


# --- properties -----------------------------------------------------------------------------------------------------------


def test_a_place_counts_what_lies_in_it_and_several_properties_hold_of_one_row() -> None:
    facts = (
        search(1, place=JEJU, product_type=4),
        search(1, place=SEOGWIPO, count=2, product_type=1),
        search(1, place=SEOUL_CITY, count=4, product_type=4),
        search(1, count=8, product_type=4),
    )
    assert counted("search_region", *facts, region=["jeju"]) == 3
    assert counted("search_region", *facts, region=["seogwipo"]) == 2
    assert counted("search_region", *facts, region=["jeju"], stay_type=["pool_villa"]) == 1
    assert counted("search_region", *facts, stay_type=["pension_villa"]) == 13, "a group means any of its members"


def test_a_theme_is_any_bit_of_the_rows_themes_and_a_row_counts_once() -> None:
    facts = (search(1, theme_mask=0b110001), search(1, theme_mask=0b10, count=2), search(1, theme_mask=0), search(1))
    assert counted("search_theme", *facts, theme=["ocean_view", "pool", "private_pool"]) == 1
    assert counted("search_theme", *facts, theme=["mountain_view", "ocean_view"]) == 3


def test_nights_of_a_search_are_those_asked_for_and_of_a_booking_those_of_a_stay() -> None:
    searches = (search(1, nights=0), search(1, nights=2, count=2), search(1, count=4))
    assert counted("search_region", *searches, nights={"max": 2}) == 3
    stays = (
        booked(9, "a", check_in=ago(3), check_out=ago(1)),
        booked(9, "b", check_in=ago(3), check_out=ago(3)),
        booked(9, "c", check_in=ago(3)),
        booked(9, "d", check_in=ago(3), check_out=ago(1), product_line=3),
    )
    assert counted("booking_count", *stays, nights={"min": 2}) == 1
    assert counted("booking_count", *stays, nights={"min": 0, "max": 0}) == 1
    assert counted("booking_count", *stays, nights={"max": 9}) == 2


def test_lead_days_run_from_the_event_to_check_in() -> None:
    assert counted("search_region", search(3, check_in=ago(-4)), search(3), lead_days={"min": 7, "max": 7}) == 1
    assert counted("booking_count", booked(3, "a", check_in=ago(0)), booked(3, "b"), lead_days={"min": 3}) == 1
    wishes = (wish(5, check_in=ago(0)), unwish(2, wished=5, check_in=ago(0)), unwish(2, wished=6, check_in=ago(0)))
    asked = {"lead_days": {"min": 5, "max": 5}}
    assert [counted("wishlist", *wishes, **asked, state=[state]) for state in ("any", "removed", "kept")] == [1, 1, 0]


def test_lead_days_of_a_cart_run_from_carting_until_it_is_booked() -> None:
    open_cart = carted(6, "a", check_in=ago(0))
    answered = carted(6, "b", booked_at=at(2), check_in=ago(0))
    ahead = carted(6, "c", booked_at=at(-1), check_in=ago(0))
    assert counted("cart", open_cart, answered, ahead, lead_days={"min": 6, "max": 6}) == 2
    assert counted("cart", open_cart, answered, ahead, lead_days={"min": 2, "max": 2}) == 1


def test_stay_dates_lie_in_a_window_by_check_in_or_touch_it_by_any_night() -> None:
    friday_on = {"type": "days", "start": -2, "end": 0}
    facts = (
        search(9, check_in=ago(2), nights=1),
        search(9, check_in=ago(4), nights=2, count=2),  # nights 4 and 3 days ago
        search(9, check_in=ago(4), nights=3, count=4),  # nights 4, 3 and 2 days ago
        search(9, check_in=ago(3), count=8),  # not said: one night
        search(9, check_in=ago(0), nights=0, count=16),  # day use: the day itself
        search(9, count=32),
    )
    assert counted("search_region", *facts, stay={"relation": "in", "window": friday_on}) == 17
    assert counted("search_region", *facts, stay={"relation": "touches", "window": friday_on}) == 21
    stays = (
        booked(9, "a", check_in=ago(4), check_out=ago(1)),
        booked(9, "b", check_in=ago(4), check_out=ago(2)),
        booked(9, "c"),
    )
    assert counted("booking_count", *stays, stay={"relation": "touches", "window": friday_on}) == 1


@pytest.mark.parametrize(
    ("kinds", "expected"),
    [
        (["fri"], 2),
        (["sat"], 1),
        (["weekend"], 2),
        (["weekday"], 1),
        (["mon", "thu"], 1),
        (["holiday_eve"], 1),
        (["tue"], 0),
    ],
)
def test_kinds_of_nights_are_those_of_the_nights_of_a_stay(kinds: list[str], expected: int) -> None:
    stays = (
        booked(90, "a", check_in=ago(3), check_out=ago(1)),  # Thursday and Friday night
        booked(
            90, "b", check_in=ago(58), check_out=ago(56)
        ),  # Friday 25 September 2026, within 추석 (24 to 26), and Saturday
        booked(90, "c", check_in=ago(5), check_out=ago(5)),  # day use on a Tuesday
        booked(90, "d", check_in=ago(5), check_out=ago(4), product_line=3),  # a car has no night
    )
    assert counted("booking_count", *stays, weekday=kinds) == expected


@pytest.mark.parametrize(
    ("stages", "expected"),
    [(["carted"], 1), (["checkout_started"], 2), (["payment_failed"], 4), (["carted", "payment_failed"], 5)],
)
def test_a_stage_is_the_furthest_reached_by_today(stages: list[str], expected: int) -> None:
    rows = (
        carted(5, "a", checkout_at=at(-1)),
        *(carted(5, f"b{n}", checkout_at=at(4)) for n in range(2)),
        *(carted(5, f"c{n}", payment_failed_at=at(0, "23:00:00")) for n in range(4)),
    )
    assert counted("cart", *rows, stage=stages) == expected


CART = {"product_id": "p", "place": JEJU, "check_in": ago(-10), "check_out": ago(-12)}


@pytest.mark.parametrize(
    ("row", "answer", "is_left"),
    [
        (carted(0, "a", "11:00:00"), None, True),
        (carted(0, "a", "11:00:59"), None, True),
        (carted(0, "a", "11:01:00"), None, False),
        (carted(0, "a", "08:00:00", checkout_at=at(0, "11:01:00")), None, False),
        (carted(0, "a", "08:00:00", checkout_at=at(0, "12:01:00")), None, True),
        (carted(3, "a", removed_at=at(2)), None, False),
        (carted(3, "a", removed_at=at(0, "12:01:00")), None, True),
        (carted(3, "a", booked_at=at(2), product_id="p"), None, False),
        (carted(3, "a", booked_at=at(2), cancelled_at=at(1), product_id="p"), None, True),
        (carted(3, "a", **CART), booked(2, "b", product_id="p"), False),
        (carted(3, "a", **CART), booked(4, "b", product_id="p"), True),
        (carted(3, "a", "10:00:30", **CART), booked(3, "b", booked_at=at(3, "10:00:00"), product_id="p"), False),
        (carted(3, "a", **CART), booked(2, "b", product_id="q", place=JEJU, check_in=ago(-11), check_out=ago(-12)), False),
        (carted(3, "a", **CART), booked(2, "b", product_id="q", place=JEJU, check_in=ago(-12), check_out=ago(-13)), True),
        (carted(3, "a", **CART), booked(2, "b", product_id="q", place=SEOUL_CITY, check_in=ago(-11)), True),
        (carted(3, "a"), booked(2, "b"), True),
    ],
)  # fmt: skip
def test_a_cart_is_left_an_hour_after_its_last_touch_unless_removed_or_answered(
    row: BookingRow, answer: BookingRow | None, is_left: bool
) -> None:
    facts = (row, answer) if answer else (row,)
    assert counted("cart", *facts, left=True) == is_left


def test_hours_since_left_are_whole_hours_since_the_last_touch() -> None:
    rows = (
        carted(0, "a", "11:01:00"),  # 59 minutes ago: not left yet
        carted(0, "b", "10:01:00"),  # 1 h 59 min ago
        carted(0, "c", "10:00:00"),  # 2 h
        carted(0, "d", "01:00:00", payment_failed_at=at(0, "09:01:00")),  # 2 h 59 min
    )
    found = [
        counted("cart", *rows, left_hours=hours)
        for hours in ({"max": 0}, {"min": 1, "max": 1}, {"min": 2, "max": 2}, {"min": 1}, {"max": 2})
    ]
    assert found == [0, 1, 2, 3, 3]


def test_the_first_booking_is_of_any_line_and_must_have_the_other_properties_itself() -> None:
    rows = (
        booked(9, "c", cancelled_at=at(8)),
        booked(8, "b", product_line=3),
        booked(7, "d", booked_at=at(7, "12:00:00")),
        booked(7, "a", booked_at=at(7, "12:00:00"), product_line=1),
    )
    first, latest = ({"nth": [which]} for which in ("first", "latest"))
    assert counted("booking_count", *rows, **first) == 1
    assert counted("booking_count", *rows, **first, product_line=["rental_car"]) == 1
    assert counted("booking_count", *rows, **first, product_line=["stay"]) == 0
    assert counted("booking_count", *rows, **latest, product_line=["domestic_stay"]) == 1, "of one moment the later id"
    assert counted("booking_count", *rows, **latest, product_line=["overseas_stay"]) == 0


def test_a_trip_is_upcoming_from_today_on_and_under_way_between_check_in_and_check_out() -> None:
    rows = (
        booked(9, "a", check_in=ago(0)),
        booked(9, "b", check_in=ago(2), check_out=ago(0)),
        booked(9, "c", check_in=ago(2), check_out=ago(1)),
        booked(9, "d", check_in=ago(0), check_out=ago(0), stay_mode=1),
        booked(9, "e", check_in=ago(-1), check_out=ago(-2)),
        booked(9, "f", check_in=ago(0), check_out=ago(0), product_line=3),
    )
    assert counted("upcoming_trip", *rows, phase=["upcoming"]) == 4
    assert counted("upcoming_trip", *rows, phase=["in_trip"]) == 3, "day use makes no trip"


@pytest.mark.parametrize(
    ("properties", "expected"),
    [
        ({"has": ["flight"]}, 3),
        ({"has": ["flight", "stay"]}, 3),
        ({"has": ["flight", "train"]}, 0),
        ({"lacks": ["train"]}, 3),
        ({"lacks": ["overseas_stay"]}, 0),
        ({"has": ["flight"], "lacks": ["rental_car"]}, 3),
        ({"has": ["flight"], "region": ["tokyo"]}, 0),
    ],
)
def test_has_and_lacks_speak_of_all_rows_of_the_condition(properties: dict[str, Any], expected: int) -> None:
    rows = (
        booked(9, "a", check_in=ago(-3), product_line=2),
        booked(9, "b", check_in=ago(-3), product_line=1, place=TOKYO),
        booked(9, "c", check_in=ago(-3), product_line=None),
        booked(9, "d", check_in=ago(3), product_line=3),
    )
    assert counted("upcoming_trip", *rows, **properties) == expected
