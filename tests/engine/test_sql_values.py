"""What SQL finds of a user for each kind of measure, and how each comparison judges it; numbers worked out by hand."""

from __future__ import annotations

from datetime import date
from typing import Any, get_args

import pytest

from audience_builder.catalog.filter import Aggregate
from audience_builder.catalog.places import COUNTRY_BITS
from audience_builder.clock import day_number
from audience_builder.engine import plan
from audience_builder.engine.sql_facts import FACTS
from audience_builder.engine.sql_values import OWN, VALUE_TESTS
from tests.engine.sql_world import (
    JEJU,
    SEOGWIPO,
    SEOUL_CITY,
    ago,
    at,
    booked,
    members,
    search,
    unwish,
    user,
    values,
    visit,
    wish,
)

EVER = {"type": "ever"}
LAST_30 = {"type": "last", "n": 30}


def asking(key: str, **more: Any) -> dict[str, Any]:
    """A condition of that filter that compares as little as it can."""
    return {"filter": key, "operator": "known", **more}


def test_every_aggregate_and_comparison_has_exactly_one_translation() -> None:
    assert set(FACTS) | set(OWN) == set(Aggregate)
    assert not set(FACTS) & set(OWN)
    assert set(VALUE_TESTS) == set(get_args(plan.ValueTest))


# --- added up from rows ---------------------------------------------------------------------------------------------------


def test_count_of_behaviour_sums_the_events_of_the_last_n_days_today_included() -> None:
    found = values(
        asking("search_region", window=LAST_30),
        user(1, search(0, count=2), search(29, count=3), search(30, count=9)),
        user(2, search(-1)),
        user(3),
    )
    assert found == {1: 5, 2: 0, 3: 0}


def test_count_of_bookings_counts_those_confirmed_today() -> None:
    cancelled_tomorrow = booked(5, "b", cancelled_at=at(-1))
    found = values(
        asking("booking_count"),
        user(1, booked(3, "a"), cancelled_tomorrow),
        user(2, booked(3, "c", cancelled_at=at(0))),
    )
    assert found == {1: 2, 2: 0}


def test_distinct_days_counts_a_day_once_however_much_was_done_on_it() -> None:
    found = values(
        asking("search_region", measure="days", window=LAST_30),
        user(1, search(3, count=4), search(3, place=JEJU), search(5)),
        user(2),
    )
    assert found == {1: 2, 2: 0}


def test_distinct_days_of_bookings_speak_of_the_date_the_window_speaks_of() -> None:
    stays = (booked(9, "a", check_in=ago(-2)), booked(8, "b", check_in=ago(-2)), booked(9, "c"))
    by_booked, by_check_in = (
        values(
            asking("booking_count", measure="days", window={"type": window}, properties={"basis": [basis]}),
            user(1, *stays),
        )
        for basis, window in (("booked", "ever"), ("check_in", "future"))
    )
    assert (by_booked, by_check_in) == ({1: 2}, {1: 1}), "the row without a check-in has no such date"


def test_latest_is_the_day_of_the_latest_matching_row_and_unknown_without_one() -> None:
    visits = values(asking("last_visit"), user(1, visit(40), visit(7), visit(-1)), user(2, search(1)))
    bookings = values(asking("last_booking"), user(1, booked(40, "a"), booked(7, "b", cancelled_at=at(6))), user(2))
    assert visits == {1: day_number(ago(7)), 2: None}
    assert bookings == {1: day_number(ago(40)), 2: None}


def test_spend_is_paid_minus_what_was_refunded_by_today_by_paid_day() -> None:
    found = values(
        asking("total_spend", window=LAST_30),
        user(
            1,
            booked(60, "a", paid_at=at(29), paid_krw=100_000),
            booked(3, "b", paid_krw=50_000, refunded_krw=80_000, refunded_at=at(0), cancelled_at=at(1)),
            booked(3, "c", paid_krw=7_000, refunded_krw=7_000, refunded_at=at(-1)),
            booked(3, "d", paid_at=at(30), paid_krw=999),
            booked(3, "e", paid_at=None, paid_krw=999),
        ),
        user(2),
    )
    assert found == {1: 100_000 - 30_000 + 7_000, 2: 0}


def test_average_spend_divides_down_even_below_zero_and_is_unknown_without_a_confirmed_booking() -> None:
    refunded = {"refunded_krw": 10, "refunded_at": at(1)}
    found = values(
        asking("average_order_value", window=LAST_30),
        user(1, booked(3, "a", paid_krw=100), booked(4, "b", paid_krw=101), booked(50, "c", paid_at=at(2), paid_krw=1)),
        user(2, booked(3, "d", paid_krw=3, **refunded), booked(3, "e")),
        user(3, booked(3, "f", paid_krw=9, cancelled_at=at(2))),
        user(4),
    )
    assert found == {1: 101, 2: -4, 3: None, 4: None}, "202 / 2 (one paid in the window but booked before), -7 / 2 down"


def test_cancel_rate_is_the_permille_of_those_booked_in_the_window_since_cancelled() -> None:
    found = values(
        asking("cancellation", measure="rate", window=LAST_30),
        user(1, booked(3, "a", cancelled_at=at(0)), booked(4, "b"), booked(5, "c", cancelled_at=at(-1))),
        user(2, booked(40, "d", cancelled_at=at(3))),
        user(3, booked(4, "e")),
    )
    assert found == {1: 333, 2: None, 3: 0}


def test_distinct_lines_leaves_out_rows_that_name_no_line() -> None:
    stays = (booked(3, "a"), booked(4, "b"), booked(5, "c", product_line=2), booked(5, "d", product_line=None))
    found = values(asking("product_line_count"), user(1, *stays), user(2))
    assert found == {1: 2, 2: 0}


def test_options_seen_is_known_by_any_visit_and_empty_where_no_visit_names_a_device() -> None:
    found = values(
        asking("device_type"),
        user(1, visit(3, device=0), visit(4, device=3), visit(90, device=1)),
        user(2, visit(3)),
        user(3, visit(90, device=0)),
    )
    assert found == {1: 0b1001, 2: 0, 3: None}


@pytest.mark.parametrize(
    ("state", "times", "days"),
    [("any", 6, 3), ("removed", 5, 2), ("kept", 1, 2)],
)
def test_wishes_are_made_undone_and_kept_by_the_day_of_the_wish(state: str, times: int, days: int) -> None:
    facts = (
        wish(3, count=3), unwish(1, wished=3),  # three made, one undone
        wish(5), unwish(0, wished=5, count=4),  # one made, four undone: never below zero by day
        wish(7, count=2), unwish(-1, wished=7, count=2),  # undone only tomorrow
        wish(60), unwish(1, wished=60, count=9),  # made before the window
    )  # fmt: skip
    asked = {"window": LAST_30, "properties": {"state": [state]}}
    assert values(asking("wishlist", **asked), user(1, *facts)) == {1: times}
    assert values(asking("wishlist", measure="days", **asked), user(1, *facts)) == {1: days}


def test_kept_wishes_are_never_below_zero() -> None:
    asked = asking("wishlist", window=LAST_30, properties={"state": ["kept"]})
    assert values(asked, user(1, wish(5), unwish(0, wished=5, count=4))) == {1: 0}


# --- of the user's own row ------------------------------------------------------------------------------------------------


def test_a_profile_value_is_the_one_that_held_at_the_moment() -> None:
    assert values(asking("membership_tier"), user(1, tier=3), user(2)) == {1: 3, 2: None}


def test_consent_needs_marketing_use_and_the_channel_each_given_by_the_moment() -> None:
    use = {"marketing_use_at": at(9)}
    people = (
        user(1, push_at=at(9)),
        user(2, **use, push_at=at(9), email_at=at(0, "12:00:00"), sms_at=at(0, "12:00:01")),
        user(3, **use, push_at=at(9), push_night_at=at(9), email_at=at(9), kakao_at=at(9), kakao_night_at=at(-1)),
        user(4),
    )
    assert values(asking("marketing_consent"), *people) == {1: 0, 2: 0b00111, 3: 0b10111, 4: 0}
    by_night = asking("marketing_consent", properties={"night": True}, operator="in", value=["push"])
    assert values(by_night, *people) == {1: 0, 2: 0b00101, 3: 0b00111, 4: 0}, "e-mail needs no consent for the night"


def test_age_is_in_full_years() -> None:
    born = {1: date(1996, 11, 22), 2: date(1996, 11, 23), 3: None, 4: date(1996, 2, 29), 5: date(1996, 12, 1)}
    found = values(asking("age"), *(user(number, born_on=day) for number, day in born.items()))
    assert found == {1: 30, 2: 29, 3: None, 4: 30, 5: 29}


def test_since_is_the_day_in_korea_and_unknown_to_another_account_status() -> None:
    people = (user(1, signed_up_at=at(10, "00:00:00")), user(2, signed_up_at=at(10, "23:59:59"), status=2))
    day = day_number(ago(10))
    assert values(asking("signup"), *people) == {1: day, 2: day}
    assert values(asking("signup", properties={"account_status": ["dormant"]}), *people) == {1: None, 2: day}


def test_traits_are_read_from_the_traits_of_the_day() -> None:
    traits = (
        {"user_no": 1, "payment_cycle_days": 30, "elapsed_tenths": 15, "lead_time_days": 4, "preferred_nights": 0b10},
    )
    people = (user(1), user(2))
    for asked, value in (
        (asking("payment_cycle"), 30),
        (asking("payment_cycle", measure="elapsed_ratio"), 15),
        (asking("lead_time"), 4),
        (asking("preferred_stay_day"), 0b10),
    ):
        assert values(asked, *people, traits=traits) == {1: value, 2: None}


def test_overseas_intent_is_the_highest_of_the_countries_asked_about_and_unknown_without_a_visit() -> None:
    japan, vietnam = 1 << COUNTRY_BITS["japan"], 1 << COUNTRY_BITS["vietnam"]
    traits = (
        {"user_no": 1, "intent_weak": japan | vietnam, "intent_clear": japan | vietnam, "intent_imminent": japan},
        {"user_no": 2, "intent_weak": vietnam, "intent_clear": 0, "intent_imminent": 0},
        {"user_no": 3, "intent_weak": 0, "intent_clear": 0, "intent_imminent": 0},
        {"user_no": 4, "visited": False},
    )
    people = tuple(user(number) for number in range(1, 6))
    of = {key: asking("overseas_intent", properties={"destination": [key]}) for key in ("vietnam", "tokyo")}
    assert values(asking("overseas_intent"), *people, traits=traits) == {1: 3, 2: 1, 3: 0, 4: None, 5: None}
    assert values(of["vietnam"], *people, traits=traits) == {1: 2, 2: 1, 3: 0, 4: None, 5: None}
    assert values(of["tokyo"], *people, traits=traits) == {1: 3, 2: 0, 3: 0, 4: None, 5: None}, "a city is its country"


# --- comparisons ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operator", "value", "who"),
    [
        ("=", 2, {2}),
        ("!=", 2, {1, 3, 4}),
        (">=", 2, {2, 3}),
        (">", 2, {3}),
        ("<=", 1, {1, 4}),
        ("<", 1, {4}),
        ("between", [1, 2], {1, 2}),
        ("known", None, {1, 2, 3, 4}),
        ("unknown", None, set()),
    ],
)
def test_counts_compare_as_numbers_and_are_never_unknown(operator: str, value: Any, who: set[int]) -> None:
    people = (*(user(number, search(1, count=number)) for number in (1, 2, 3)), user(4))
    asked = {"filter": "search_region", "operator": operator, **({} if value is None else {"value": value})}
    assert members(asked, *people) == who


@pytest.mark.parametrize(
    ("operator", "value", "who"),
    [
        (">=", 7, {2, 3}),
        ("<", 7, {1}),
        ("between", [0, 7], {1, 2}),
        ("within", LAST_30, {1, 2}),
        ("not_within", LAST_30, {3, 4}),
        ("within", {"type": "days", "start": -7, "end": -7}, {2}),
        ("known", None, {1, 2, 3}),
        ("unknown", None, {4}),
    ],
)
def test_dates_compare_by_days_ago_or_by_where_they_lie(operator: str, value: Any, who: set[int]) -> None:
    people = (user(1, visit(0)), user(2, visit(7)), user(3, visit(30)), user(4))
    asked = {"filter": "last_visit", "operator": operator, **({} if value is None else {"value": value})}
    assert members(asked, *people) == who


@pytest.mark.parametrize(
    ("operator", "value", "who"),
    [
        ("in", ["ios"], {1, 2}),
        ("not_in", ["ios"], {3, 4, 5}),
        ("in", ["app"], {1, 2, 3}),
        ("has_all", ["ios", "web"], {2}),
        ("only", ["app"], {1, 3}),
        ("known", None, {1, 2, 3, 4}),
        ("unknown", None, {5}),
    ],
)
def test_sets_compare_by_what_they_share(operator: str, value: Any, who: set[int]) -> None:
    people = (
        user(1, visit(1, device=0)),
        user(2, visit(1, device=0), visit(2, device=2)),
        user(3, visit(1, device=1)),
        user(4, visit(1)),  # a visit, but no device
        user(5),
    )
    asked = {"filter": "device_type", "operator": operator, **({} if value is None else {"value": value})}
    assert members(asked, *people) == who


@pytest.mark.parametrize(
    ("asked", "who"),
    [
        ({"filter": "membership_tier", "operator": ">=", "value": "gold"}, {2, 3}),
        ({"filter": "membership_tier", "operator": "between", "value": ["welcome", "gold"]}, {1, 2}),
        ({"filter": "membership_tier", "operator": "in", "value": ["welcome", "vip"]}, {1, 3}),
        ({"filter": "membership_tier", "operator": "not_in", "value": ["welcome", "vip"]}, {2, 4}),
        ({"filter": "activity_region", "operator": "in", "value": ["jeju"]}, {1, 2}),
    ],
)
def test_options_compare_by_their_order_and_by_name_and_places_by_what_lies_in_them(asked: Any, who: set[int]) -> None:
    homes = (JEJU, SEOGWIPO, SEOUL_CITY)
    people = (*(user(n, tier=tier, activity_region=homes[n - 1]) for n, tier in ((1, 1), (2, 3), (3, 4))), user(4))
    assert members(asked, *people) == who


@pytest.mark.parametrize(
    ("operator", "percent", "who"),
    [
        ("top_percent", 1, {5}),
        ("top_percent", 20, {5}),
        ("top_percent", 21, {3, 4, 5}),
        ("top_percent", 60, {3, 4, 5}),
        ("top_percent", 100, {1, 2, 3, 4, 5}),
        ("bottom_percent", 20, {1}),
        ("bottom_percent", 41, {1, 2, 3, 4}),
    ],
)
def test_a_share_is_of_those_above_zero_and_takes_ties_in(operator: str, percent: int, who: set[int]) -> None:
    counts = {1: 1, 2: 2, 3: 7, 4: 7, 5: 9, 6: 0}
    people = tuple(user(number, search(1, count=n)) if n else user(number) for number, n in counts.items())
    assert members({"filter": "search_region", "operator": operator, "value": percent}, *people) == who


def test_a_share_of_nobody_is_nobody() -> None:
    assert members({"filter": "search_region", "operator": "top_percent", "value": 100}, user(1), user(2)) == set()
