"""The trait models, rule by rule, on facts small enough to reckon by hand; and a part computed alone equals the whole."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any, TypeAlias

import numpy as np
import pytest
from sqlglot import exp

from audience_builder.errors import InputError
from audience_builder.mart.dimensions import NIGHT_COLUMNS
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.schema import BOOKING_NOW, DIALECT
from audience_builder.mart.traits import joined, relations
from tests.mart.conftest import Apply

DAY = date(2025, 6, 30)  # a Monday
SESSION, SEARCH, VIEW, WISH = 1, 2, 3, 4
JAPAN, OSAKA, VIETNAM, ASIA, JEJU = 4, 5, 6, 7, 1
STAY, TICKET = 0, 3

Row: TypeAlias = dict[str, Any]


def moment(day: date) -> datetime:
    """Noon in Korea."""
    return datetime(day.year, day.month, day.day, 3)


def back(days: int) -> date:
    return DAY - timedelta(days=days)


def ahead(days: int) -> date:
    return DAY + timedelta(days=days)


def bookings(*rows: Row) -> list[Row]:
    """Bookings of user 1, one id each; dates become moments."""
    found: list[Row] = []
    for position, row in enumerate(rows):
        moments = {f"{name}_at": moment(row[name]) for name in ("carted", "booked", "paid", "cancelled") if name in row}
        rest = {name: value for name, value in row.items() if f"{name}_at" not in moments}
        found.append({"booking_id": f"B{position}", "user_no": 1, "product_line": STAY, **moments, **rest})
    return found


def stay(check_in: date, nights: int, booked: date | None = None, **more: Any) -> Row:
    return {"check_in": check_in, "check_out": check_in + timedelta(days=nights), "booked": booked or back(500), **more}


def trait(mart: DuckDBMart, day: date = DAY, user_no: int = 1) -> Row | None:
    mart.refresh_traits(day)
    with mart.cursor() as cursor:
        found = cursor.execute("SELECT * FROM user_trait WHERE user_no = ?", [user_no])
        names = [entry[0] for entry in found.description]
        row = found.fetchone()
    return None if row is None else dict(zip(names, row, strict=True))


def value(mart: DuckDBMart, name: str, day: date = DAY) -> Any:
    row = trait(mart, day)
    return None if row is None else row[name]


# --- payment cycle ---------------------------------------------------------------------------------------------------


def test_the_payment_cycle_is_the_span_of_distinct_paid_days_by_their_gaps_rounded_down(apply: Apply) -> None:
    paid = [{"paid": back(days)} for days in (50, 40, 40, 21)]
    mart = apply(booking=bookings(*paid))
    assert value(mart, "payment_cycle_days") == 29 // 2
    assert value(mart, "elapsed_tenths") == 210 // 14


def test_a_cancelled_booking_was_paid_all_the_same_and_a_payment_to_come_was_not(apply: Apply) -> None:
    mart = apply(booking=bookings({"paid": back(30), "cancelled": back(29)}, {"paid": back(10)}, {"paid": ahead(1)}))
    assert (value(mart, "payment_cycle_days"), value(mart, "elapsed_tenths")) == (20, 5)
    assert (value(mart, "payment_cycle_days", ahead(1)), value(mart, "elapsed_tenths", ahead(1))) == (31 // 2, 0)


def test_under_two_paid_days_there_is_no_cycle(apply: Apply) -> None:
    mart = apply(booking=bookings({"paid": back(3)}, {"paid": back(3)}))
    assert trait(mart) is None


def test_a_payment_just_after_midnight_in_korea_is_of_that_day(apply: Apply) -> None:
    rows = [
        {"booking_id": "A", "user_no": 1, "paid_at": datetime(2025, 6, 1, 14, 59)},  # 1 June, 23:59 in Korea
        {"booking_id": "B", "user_no": 1, "paid_at": datetime(2025, 6, 1, 15, 0)},
    ]
    assert value(apply(booking=rows), "payment_cycle_days") == 1


# --- lead time -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("leads", "median"), [([7], 7), ([30, 2], 2), ([30, 2, 5], 5), ([1, 40, 3, 3], 3), ([9, 1, 5, 7], 5)]
)
def test_lead_time_is_the_lower_median_of_days_from_booking_to_check_in(
    apply: Apply, leads: list[int], median: int
) -> None:
    mart = apply(booking=bookings(*(stay(back(100), 2, back(100 + lead)) for lead in leads)))
    assert value(mart, "lead_time_days") == median


def test_only_confirmed_stays_with_a_night_have_a_lead_time(apply: Apply) -> None:
    mart = apply(
        booking=bookings(
            stay(back(100), 1, back(110), cancelled=back(105)),
            stay(back(100), 0, back(120)),
            stay(back(100), 2, back(130), product_line=TICKET),
            stay(ahead(100), 2, ahead(1)),
            {"check_in": back(5), "booked": back(50)},
        )
    )
    assert trait(mart) is None


def test_a_cancellation_to_come_leaves_the_stay_confirmed(apply: Apply) -> None:
    mart = apply(booking=bookings(stay(ahead(10), 1, back(4), cancelled=ahead(1))))
    assert value(mart, "lead_time_days") == 14
    assert value(mart, "lead_time_days", ahead(1)) is None


# --- preferred nights ------------------------------------------------------------------------------------------------


def kinds(mart: DuckDBMart, day: date = DAY) -> set[str] | None:
    mask = value(mart, "preferred_nights", day)
    return None if mask is None else {name for bit, name in enumerate(NIGHT_COLUMNS) if mask >> bit & 1}


def test_a_friday_night_is_a_weekend_night_and_a_sunday_night_a_weekday_night(apply: Apply) -> None:
    friday = date(2025, 6, 20)
    assert kinds(apply(booking=bookings(stay(friday, 1)))) == {"fri", "weekend"}


def test_a_kind_is_preferred_from_a_third_of_the_nights_on(apply: Apply) -> None:
    friday = date(2025, 6, 20)
    three = bookings(stay(friday, 3))  # Fri, Sat, Sun
    mart = apply(booking=three)
    assert kinds(mart) == {"fri", "sat", "sun", "weekend", "weekday"}
    apply(booking=[{**row, "booking_id": "more"} for row in bookings(stay(friday, 1))])  # Fri, Fri, Sat, Sun
    assert kinds(mart) == {"fri", "weekend"}


def test_the_night_before_a_holiday_is_no_weekday_night_whatever_its_weekday(apply: Apply) -> None:
    eve = date(2025, 6, 5)  # a Thursday before Friday 6 June
    assert kinds(apply(booking=bookings(stay(eve, 1)))) == {"thu", "holiday_eve"}


def test_a_night_may_be_both_weekend_and_holiday_eve(apply: Apply) -> None:
    thursday = date(2025, 6, 5)
    mart = apply(booking=bookings(stay(thursday, 2), stay(date(2025, 5, 4), 1)))  # Thu (eve), Fri, and Sunday (eve)
    assert kinds(mart) == {"thu", "fri", "sun", "weekend", "holiday_eve"}


def test_only_nights_of_the_last_365_days_count_today_included(apply: Apply) -> None:
    mart = apply(booking=bookings(stay(back(366), 3), stay(DAY, 2)))
    # 366, 365 and 364 days ago began on a Saturday; the window keeps the Monday of 364 days ago, and tonight's Monday.
    assert back(366).weekday() == 5
    assert kinds(mart) == {"mon", "weekday"}
    assert kinds(mart, back(1)) == {"sun", "mon", "weekday"}
    assert kinds(mart, back(2)) == {"sat", "sun", "mon", "weekday", "weekend"}


def test_day_use_other_lines_and_cancelled_stays_have_no_preferred_night(apply: Apply) -> None:
    mart = apply(
        booking=bookings(
            stay(back(10), 0),
            stay(back(10), 1, product_line=TICKET),
            stay(back(10), 1, cancelled=back(9)),
            stay(ahead(1), 2),
        )
    )
    assert kinds(mart) is None


# --- overseas intent -------------------------------------------------------------------------------------------------


def look(days_ago: int, kind: int = SEARCH, place: int = JAPAN, **more: Any) -> Row:
    return {"user_no": 1, "day": back(days_ago), "kind": kind, "place": place, **more}


VISIT = {"user_no": 1, "day": back(200), "kind": SESSION}


def intent(mart: DuckDBMart, country: int = 0, day: date = DAY) -> str | None:
    row = trait(mart, day)
    if row is None or not row["visited"]:
        assert row is None or row["intent_weak"] is None
        return None
    levels = ("weak", "clear", "imminent")
    held = [level for level in levels if row[f"intent_{level}"] >> country & 1]
    assert held == list(levels[: len(held)])  # each level is within the one below
    return held[-1] if held else "none"


@pytest.mark.parametrize(
    ("behavior", "level"),
    [
        ([], "none"),
        ([look(0, WISH)], "none"),
        ([look(90)], "none"),
        ([look(-1)], "none"),
        ([look(89)], "weak"),
        ([look(89, VIEW)], "weak"),
        ([look(29, VIEW, count=9)], "weak"),  # many on one day
        ([look(29, VIEW), look(3)], "weak"),  # two in all
        ([look(29, VIEW), look(3, count=2)], "clear"),
        ([look(30, VIEW), look(3, count=2)], "weak"),
        ([look(29, place=OSAKA), look(3, VIEW, count=2)], "clear"),  # a city and its country are one
        ([look(29, place=VIETNAM), look(3, count=2)], "weak"),  # two countries are not
        ([look(29, check_in=ahead(120))], "clear"),
        ([look(29, check_in=ahead(121))], "weak"),
        ([look(30, check_in=ahead(10))], "weak"),
        ([look(3, check_in=back(1))], "weak"),
        ([look(3, VIEW, check_in=ahead(10))], "weak"),  # only searches carry a date that counts
        ([look(13, check_in=DAY), look(3, check_in=ahead(45))], "imminent"),
        ([look(3, count=2, check_in=ahead(45))], "imminent"),
        ([look(14, check_in=DAY), look(3, check_in=ahead(45))], "clear"),
        ([look(13, check_in=DAY), look(3, check_in=ahead(46))], "clear"),
        ([look(3, count=2, check_in=ahead(10), place=ASIA)], "none"),  # a group names no country
        ([look(3, count=2, check_in=ahead(10), place=JEJU)], "none"),
        ([look(3, count=2, check_in=ahead(10), place=None)], "none"),
    ],
)
def test_intent_follows_from_what_was_searched_and_viewed(apply: Apply, behavior: list[Row], level: str) -> None:
    assert intent(apply(behavior_daily=[VISIT, *behavior])) == level


@pytest.mark.parametrize(("days_ago", "level"), [(6, "imminent"), (7, "none"), (0, "imminent"), (-1, "none")])
def test_a_cart_of_the_last_seven_days_is_imminent(apply: Apply, days_ago: int, level: str) -> None:
    cart = bookings({"carted": back(days_ago), "place": OSAKA})
    assert intent(apply(behavior_daily=[VISIT], booking=cart)) == level


@pytest.mark.parametrize(
    ("booking", "level"),
    [
        (stay(ahead(10), 3, back(3), place=OSAKA), "none"),
        (stay(ahead(7), 3, back(3), place=JAPAN), "none"),  # 10 days ahead is its check-out
        (stay(ahead(6), 3, back(3), place=JAPAN), "clear"),  # it ends the day before
        (stay(ahead(11), 3, back(3), place=JAPAN), "clear"),
        (stay(ahead(10), 3, back(4), place=JAPAN), "clear"),  # booked before the search
        (stay(ahead(10), 3, back(3), place=VIETNAM), "clear"),
        (stay(ahead(10), 3, back(3), place=JAPAN, cancelled=back(1)), "clear"),
        (stay(ahead(10), 3, back(3), place=JAPAN, cancelled=ahead(1)), "none"),
        (stay(ahead(10), 3, ahead(1), place=JAPAN), "clear"),
        ({"booked": back(3), "check_in": ahead(10), "place": JAPAN}, "none"),  # a flight of one day
        ({"booked": back(3), "check_in": ahead(9), "place": JAPAN}, "clear"),
        ({"booked": back(3), "place": JAPAN}, "clear"),  # nobody knows for when
        (stay(ahead(10), 3, back(3), place=ASIA), "clear"),
    ],
)
def test_a_booking_there_for_that_date_answers_the_search(apply: Apply, booking: Row, level: str) -> None:
    searched = look(3, check_in=ahead(10))
    assert intent(apply(behavior_daily=[VISIT, searched], booking=bookings(booking))) == level


def test_evidence_without_a_date_is_answered_by_any_later_booking_there(apply: Apply) -> None:
    booked = bookings({"booked": back(5), "place": JAPAN})
    mart = apply(behavior_daily=[VISIT, look(6), look(5), look(5, VIEW)], booking=booked)
    assert intent(mart) == "none"
    apply(behavior_daily=[look(4)])
    assert intent(mart) == "weak"


def test_a_cart_that_was_booked_is_answered_by_itself(apply: Apply) -> None:
    cart = stay(ahead(10), 2, back(1), carted=back(2), place=OSAKA)
    assert intent(apply(behavior_daily=[VISIT], booking=bookings(cart))) == "none"
    assert intent(apply(booking=bookings({**cart, "cancelled": back(1), "source_version": 2}))) == "imminent"


def test_each_country_has_its_own_level(apply: Apply) -> None:
    mart = apply(behavior_daily=[VISIT, look(3, place=VIETNAM, check_in=ahead(5)), look(80)])
    assert (intent(mart, 0), intent(mart, 1)) == ("weak", "clear")


def test_who_never_visited_has_no_known_intent(apply: Apply) -> None:
    mart = apply(behavior_daily=[look(3), {**VISIT, "day": ahead(1)}])
    assert intent(mart) is None
    assert intent(mart, day=ahead(1)) == "weak"


def test_a_user_without_a_fact_has_no_row(apply: Apply) -> None:
    assert trait(apply(user_profile=[{"user_no": 1}])) is None


# --- a part and the whole --------------------------------------------------------------------------------------------


def random_facts(seed: int, users: int = 60) -> dict[str, list[Row]]:
    rng = np.random.default_rng(seed)

    def day(low: int, high: int) -> date:
        return DAY + timedelta(days=int(rng.integers(low, high)))

    behavior = [
        {
            "user_no": int(rng.integers(users)),
            "day": day(-100, 3),
            "kind": int(rng.integers(1, 6)),
            "place": [None, *range(8)][rng.integers(9)],
            "check_in": None if rng.random() < 0.4 else day(-20, 90),
            "count": int(rng.integers(1, 4)),
        }
        for _ in range(users * 8)
    ]
    booking: list[Row] = []
    for number in range(users * 6):
        booked, check_in = day(-420, 5), day(-400, 90)
        booking.append(
            {
                "booking_id": f"B{number // 2 if rng.random() < 0.5 else number}",
                "source_version": int(rng.integers(1, 4)),
                "deleted": bool(rng.random() < 0.1),
                "user_no": int(rng.integers(users)),
                "product_line": [None, 0, 1, 3][rng.integers(4)],
                "place": [None, *range(8)][rng.integers(9)],
                "carted_at": moment(booked),
                "booked_at": moment(booked) if rng.random() < 0.8 else None,
                "paid_at": moment(booked) if rng.random() < 0.8 else None,
                "cancelled_at": moment(day(-400, 5)) if rng.random() < 0.2 else None,
                "check_in": check_in,
                "check_out": None if rng.random() < 0.2 else check_in + timedelta(days=int(rng.integers(0, 4))),
            }
        )
    return {"behavior_daily": behavior, "booking": booking}


def all_traits(mart: DuckDBMart) -> list[Any]:
    with mart.cursor() as cursor:
        return cursor.execute("SELECT * FROM user_trait ORDER BY user_no").fetchall()


@pytest.mark.parametrize("seed", range(4))
def test_the_traits_of_touched_users_equal_those_of_everybody(apply: Apply, seed: int) -> None:
    mart = apply(**random_facts(seed))
    mart.refresh_traits(DAY)
    changed: list[Any] = []
    mart.on_change(lambda version, users: changed.append(users))
    more = random_facts(seed + 100, users=25)
    apply(booking=more["booking"][:12], behavior_daily=more["behavior_daily"][:12])
    touched = changed[0]
    written = mart.refresh_traits(DAY, touched)
    partly = all_traits(mart)
    assert 0 < written <= len(touched) < len(partly)
    mart.refresh_traits(DAY)
    assert partly == all_traits(mart)


@pytest.mark.parametrize("at_once", [1, 7, 60, 1_000])
def test_the_traits_are_those_of_the_whole_mart_however_many_users_are_computed_at_once(
    apply: Apply, monkeypatch: pytest.MonkeyPatch, at_once: int
) -> None:
    monkeypatch.setattr("audience_builder.mart.traits.USERS_AT_ONCE", at_once)
    mart = apply(**random_facts(9))
    apply(booking=random_facts(10)["booking"][:40])
    models = joined(relations(exp.to_table(BOOKING_NOW), exp.to_table("behavior_daily")))
    with mart.cursor() as cursor:
        whole = cursor.execute(models.order_by("known.user_no").sql(DIALECT), {"day": DAY}).fetchall()
    assert mart.refresh_traits(DAY) == len(whole) > 50
    assert all_traits(mart) == whole


def test_a_user_whose_facts_are_gone_loses_the_row(apply: Apply) -> None:
    mart = apply(booking=bookings(stay(back(5), 1)))
    mart.refresh_traits(DAY)
    apply(booking=[{**row, "source_version": 2, "deleted": True} for row in bookings(stay(back(5), 1))])
    assert mart.refresh_traits(DAY, np.array([1, 1, 999], dtype=np.uint32)) == 0
    assert all_traits(mart) == []


def test_on_another_day_everybody_is_computed_whoever_was_asked_for(apply: Apply) -> None:
    mart = apply(behavior_daily=[{**VISIT, "user_no": no} for no in (1, 2)])
    mart.refresh_traits(DAY)
    assert mart.refresh_traits(DAY, np.array([1], dtype=np.uint32)) == 1
    assert mart.refresh_traits(ahead(1), np.array([1], dtype=np.uint32)) == 2
    assert mart.traits_day == ahead(1)
    assert {row[1] for row in all_traits(mart)} == {ahead(1)}


def test_traits_are_derived_and_make_no_new_version(apply: Apply) -> None:
    mart = apply(behavior_daily=[VISIT])
    mart.refresh_traits(DAY)
    assert mart.version == 1


def test_a_day_without_a_calendar_is_refused(mart: DuckDBMart) -> None:
    for day in (date(2020, 12, 29), date(2031, 1, 1)):
        with pytest.raises(InputError, match="traits can be computed"):
            mart.refresh_traits(day)
    assert mart.refresh_traits(date(2020, 12, 30)) == 0
    assert mart.refresh_traits(date(2030, 12, 31)) == 0
