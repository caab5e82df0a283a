"""What people do hangs together: who they are, what they look for, what they book, and when."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pytest

from audience_builder.catalog.options import (
    DEVICES,
    LIFE_STAGES,
    PARTIES,
    PRODUCT_LINES,
    STAY_MODES,
    STAY_TYPES,
    THEMES,
    TIERS,
)
from audience_builder.catalog.places import FACET_PLACES, matching, place
from audience_builder.catalog.seasons import occurrences
from audience_builder.clock import day_from, day_number
from audience_builder.mart.tables import EventKind, Status
from audience_builder.sample.profiles import TIER_BOOKINGS, TIER_SPEND_KRW
from tests.sample.conftest import DAYS, END, USERS, One, Rows

DOMESTIC, OVERSEAS, CAR = (
    next(iter(PRODUCT_LINES.codes([key]))) for key in ("domestic_stay", "overseas_stay", "rental_car")
)
STAYS = "product_line = $line AND nights > 0 AND booked_at IS NOT NULL"


def stage(key: str) -> int:
    return next(iter(LIFE_STAGES.codes([key])))


def bookings_a_user(one: One, life_stage: str, *types: str) -> float:
    return one(
        """SELECT COUNT(b.booked_at) / COUNT(DISTINCT p.user_no) FROM user_profile p
           LEFT JOIN booking_now b ON b.user_no = p.user_no AND list_contains($types, b.product_type)
           WHERE p.valid_to IS NULL AND p.life_stage = $stage""",
        stage=stage(life_stage),
        types=sorted(STAY_TYPES.codes(types)),
    )


def test_families_with_kids_book_resorts_and_pool_villas(one: One) -> None:
    kids, singles = (bookings_a_user(one, who, "resort", "pool_villa") for who in ("family_kids", "single"))
    assert kids > 2 * singles


def test_students_book_guest_houses_and_seniors_do_not(one: One) -> None:
    assert bookings_a_user(one, "student", "guest_house") > 3 * bookings_a_user(one, "senior", "guest_house")


def test_children_travel_with_families(rows: Rows) -> None:
    (child,) = PARTIES.codes(["child"])
    with_child = dict(
        rows(
            """SELECT p.life_stage, AVG(b.party_mask >> $child & 1) FROM booking_now b JOIN user_profile p USING (user_no)
               WHERE p.valid_to IS NULL GROUP BY p.life_stage""",
            child=child,
        )
    )
    assert with_child[stage("family_kids")] > 0.5
    assert with_child[stage("couple")] < 0.1


def test_who_looks_for_pets_welcome_travels_with_a_pet(one: One) -> None:
    (theme,), (pet,) = THEMES.codes(["pet"]), PARTIES.codes(["pet"])
    share = """SELECT AVG(party_mask >> $pet & 1) FROM booking_now WHERE booked_at IS NOT NULL AND
               (user_no IN (SELECT user_no FROM behavior_daily WHERE kind = $search AND theme_mask >> $theme & 1 = 1)) = $looks"""
    looks = one(share, pet=pet, theme=theme, search=int(EventKind.SEARCH), looks=True)
    others = one(share, pet=pet, theme=theme, search=int(EventKind.SEARCH), looks=False)
    assert looks > 5 * others


@pytest.mark.parametrize("region", ["jeju", "gangneung", "busan", "gapyeong"])
def test_searching_a_region_raises_booking_it(one: One, region: str) -> None:
    share = """SELECT AVG(CAST(user_no IN (SELECT user_no FROM booking_now WHERE booked_at IS NOT NULL
                          AND product_line = $line AND list_contains($places, place)) AS INTEGER))
               FROM (SELECT user_no, BOOL_OR(list_contains($places, place)) AS there FROM behavior_daily
                     WHERE kind = $search GROUP BY user_no) WHERE there = $there"""
    places = sorted(matching([region]))
    searched, elsewhere = (
        one(share, line=DOMESTIC, places=places, search=int(EventKind.SEARCH), there=there) for there in (True, False)
    )
    assert searched > 5 * elsewhere


def test_a_search_comes_before_most_stays(one: One) -> None:
    before = """SELECT AVG(CAST(EXISTS (SELECT 1 FROM behavior_daily s WHERE s.kind = $search AND s.user_no = b.user_no
                  AND s.day <= CAST(b.booked_at + INTERVAL 9 HOUR AS DATE)) AS INTEGER))
                FROM booking_now b WHERE product_line = $line AND nights > 0 AND booked_at IS NOT NULL"""
    assert one(before, search=int(EventKind.SEARCH), line=DOMESTIC) > 0.8


def test_many_searches_come_to_nothing(one: One) -> None:
    without = """SELECT AVG(CAST(user_no NOT IN (SELECT user_no FROM booking_now WHERE booked_at IS NOT NULL) AS INTEGER))
                 FROM (SELECT DISTINCT user_no FROM behavior_daily WHERE kind = $search)"""
    assert 0.2 < one(without, search=int(EventKind.SEARCH)) < 0.6


def test_who_goes_to_jeju_flies_and_hires_a_car(rows: Rows) -> None:
    share = dict(
        rows(
            """SELECT there, AVG(CAST(user_no IN (SELECT user_no FROM booking_now WHERE product_line = $car
                             AND booked_at IS NOT NULL) AS INTEGER))
               FROM (SELECT user_no, BOOL_OR(list_contains($jeju, place)) AS there FROM booking_now
                     WHERE product_line = $line AND booked_at IS NOT NULL GROUP BY user_no) GROUP BY there""",
            car=CAR,
            line=DOMESTIC,
            jeju=sorted(matching(["jeju"])),
        )
    )
    assert share[True] > 2.5 * share[False]


def test_people_stay_nearer_home_than_chance_has_it(one: One) -> None:
    there = """SELECT AVG(CAST(list_contains($near, b.place) AS INTEGER)) FROM booking_now b JOIN user_profile p USING (user_no)
               WHERE p.valid_to IS NULL AND b.product_line = $line AND b.nights > 0 AND list_contains($home, p.activity_region)"""
    near = sorted(matching(["gyeonggi", "gangwon", "incheon"]))
    from_seoul = one(there, near=near, line=DOMESTIC, home=sorted(matching(["seoul"])))
    from_busan = one(there, near=near, line=DOMESTIC, home=sorted(matching(["busan"])))
    assert from_seoul > 1.5 * from_busan


def test_people_live_where_people_live(rows: Rows) -> None:
    homes = dict(rows("SELECT activity_region, COUNT(*) FROM user_profile WHERE valid_to IS NULL GROUP BY ALL"))
    known = sum(found for code, found in homes.items() if code is not None)
    capital = sum(homes.get(code, 0) for code in matching(["capital_area"]))
    assert 0.45 < capital / known < 0.56


def share_of_weekdays(rows: Rows, query: str, **values: object) -> list[float]:
    found = dict(rows(query, **values))
    return [found[day] / sum(found.values()) for day in range(7)]


def test_people_check_in_on_fridays_and_saturdays(rows: Rows) -> None:
    query = """SELECT (ISODOW(check_in) - 1)::INTEGER, COUNT(*) FROM booking_now
               WHERE product_line = $line AND nights > 0 AND booked_at IS NOT NULL GROUP BY 1"""
    share = share_of_weekdays(rows, query, line=DOMESTIC)
    assert share[5] > share[4] > 1.3 * max(share[:4])
    assert 0.36 < share[4] + share[5] < 0.55


def test_business_travellers_check_in_on_weekdays(rows: Rows) -> None:
    (business,) = PARTIES.codes(["business"])
    query = """SELECT (ISODOW(check_in) - 1)::INTEGER, COUNT(*) FROM booking_now
               WHERE product_line = $line AND party_mask >> $business & 1 = 1 AND booked_at IS NOT NULL GROUP BY 1"""
    share = share_of_weekdays(rows, query, line=DOMESTIC, business=business)
    assert share[4] + share[5] < 0.15


def check_ins(rows: Rows) -> dict[int, int]:
    query = """SELECT check_in_day, COUNT(*) FROM booking_now
               WHERE product_line = $line AND nights > 0 AND booked_at IS NOT NULL GROUP BY 1"""
    return dict(rows(query, line=DOMESTIC))


def around(
    found: dict[int, int], first: int, last: int, *, without: tuple[int, int], weeks: int
) -> tuple[float, float]:
    """Mean check-ins a day in a stretch, and in the weeks around it."""
    inside = [found.get(day, 0) for day in range(first, last + 1)]
    outside = [
        found.get(day, 0)
        for day in range(without[0] - 7 * weeks, without[1] + 7 * weeks + 1)
        if not without[0] <= day <= without[1]
    ]
    return float(np.mean(inside)), float(np.mean(outside))


@pytest.mark.parametrize("name", ["seollal", "chuseok"])
def test_people_travel_in_the_great_holidays(rows: Rows, name: str) -> None:
    ((first, last),) = occurrences(name, 2026)
    start, end = day_number(first), day_number(last)
    inside, outside = around(check_ins(rows), start, end - 1, without=(start, end), weeks=3)
    assert inside > 1.4 * outside


def test_people_travel_in_summer(rows: Rows) -> None:
    ((first, last),) = occurrences("summer_high", 2026)
    start, end = day_number(first), day_number(last)
    inside, outside = around(check_ins(rows), start, end, without=(start, end), weeks=8)
    assert inside > 1.3 * outside


def test_families_travel_in_the_school_holidays(one: One) -> None:
    ((first, last),) = occurrences("summer_vacation", 2026)
    share = """SELECT AVG(CAST(b.check_in BETWEEN $first AND $last AS INTEGER)) FROM booking_now b
               JOIN user_profile p USING (user_no) WHERE p.valid_to IS NULL AND b.product_line = $line AND b.nights > 0
               AND b.booked_at IS NOT NULL AND p.life_stage = $stage"""
    kids, singles = (
        one(share, first=first, last=last, line=DOMESTIC, stage=stage(key)) for key in ("family_kids", "single")
    )
    assert kids > 1.3 * singles


def test_weekends_and_august_cost_more(rows: Rows) -> None:
    (hotel,) = STAY_TYPES.codes(["hotel"])
    query = """SELECT MONTH(check_in) = 8, ISODOW(check_in) IN (5, 6), MEDIAN(paid_krw / nights) FROM booking_now
               WHERE product_line = $line AND nights > 0 AND paid_krw > 0 AND product_type = $hotel GROUP BY ALL"""
    found = {(august, weekend): krw for august, weekend, krw in rows(query, line=DOMESTIC, hotel=hotel)}
    assert found[False, True] > 1.1 * found[False, False]
    assert found[True, False] > 1.15 * found[False, False]


def test_a_few_do_much_and_many_do_little(rows: Rows) -> None:
    query = (
        """SELECT COUNT(b.booked_at) FROM user_number u LEFT JOIN booking_now b USING (user_no) GROUP BY u.user_no"""
    )
    counts = np.sort([count for (count,) in rows(query)])
    assert 1.0 <= counts.mean() <= 1.5
    assert (counts == 0).mean() > 0.4
    assert counts[-USERS // 10 :].sum() > 0.45 * counts.sum(), "the busiest tenth books almost half"
    assert counts.max() >= 20


def test_there_are_about_fifteen_rows_of_behaviour_a_user(one: One) -> None:
    assert 12 <= one("SELECT COUNT(*) FROM behavior_daily") / USERS <= 18


def test_some_use_several_devices_and_the_app_is_usual(rows: Rows) -> None:
    query = "SELECT device, SUM(count) FROM behavior_daily WHERE kind = $session GROUP BY device"
    found = {code: int(total) for code, total in rows(query, session=int(EventKind.SESSION))}
    app = sum(found[code] for code in DEVICES.codes(["app"]))
    assert 0.75 < app / sum(found.values()) < 0.95
    several = """SELECT AVG(CAST(devices > 1 AS INTEGER)) FROM (SELECT COUNT(DISTINCT device) AS devices
                 FROM behavior_daily WHERE kind = $session GROUP BY user_no)"""
    assert 0.1 < rows(several, session=int(EventKind.SESSION))[0][0] < 0.5


def test_carts_are_left_at_every_stage(rows: Rows) -> None:
    query = """SELECT CASE WHEN removed_at IS NOT NULL THEN 'removed' WHEN payment_failed_at IS NOT NULL THEN 'failed'
                      WHEN checkout_at IS NOT NULL THEN 'checkout' ELSE 'carted' END, COUNT(*)
               FROM booking_now WHERE booked_at IS NULL GROUP BY 1"""
    found = dict(rows(query))
    assert found["carted"] > found["checkout"] > found["failed"] > 20
    assert found["removed"] > 20


def test_some_of_what_is_unknown_is_unknown(rows: Rows) -> None:
    ((gender, born, stage_, home, tier),) = rows(
        """SELECT AVG(CAST(gender IS NULL AS INTEGER)), AVG(CAST(born_on IS NULL AS INTEGER)),
                  AVG(CAST(life_stage IS NULL AS INTEGER)), AVG(CAST(activity_region IS NULL AS INTEGER)),
                  AVG(CAST(tier IS NULL AS INTEGER)) FROM user_profile WHERE valid_to IS NULL"""
    )
    assert 0.03 < gender < 0.1
    assert 0.05 < born < 0.12
    assert 0.2 < stage_ < 0.4
    assert 0.08 < home < 0.2
    assert tier == 0


def test_every_status_comes_up_and_almost_all_accounts_are_in_use(rows: Rows) -> None:
    found = dict(rows("SELECT status, COUNT(*) FROM user_profile WHERE valid_to IS NULL GROUP BY status"))
    assert found.keys() == {int(status) for status in Status if status is not Status.ERASED}
    assert found[Status.NORMAL] > 0.8 * USERS


def test_consents_are_given_later_and_taken_back(one: One) -> None:
    assert (
        0.5
        < one("SELECT AVG(CAST(marketing_use_at IS NOT NULL AS INTEGER)) FROM user_profile WHERE valid_to IS NULL")
        < 0.75
    )
    taken_back = """SELECT COUNT(*) FROM user_profile a JOIN user_profile b ON a.user_no = b.user_no AND a.valid_to = b.valid_from
                    WHERE a.push_at IS NOT NULL AND b.push_at IS NULL"""
    assert one(taken_back) > 0.01 * USERS
    later = "SELECT COUNT(*) FROM user_profile WHERE push_at > signed_up_at + INTERVAL 1 DAY AND valid_to IS NULL"
    assert one(later) > 0.02 * USERS
    night = "SELECT COUNT(*) FROM user_profile WHERE push_night_at IS NOT NULL AND push_at IS NULL"
    assert one(night) == 0


def test_people_sign_up_before_and_during_the_period(one: One) -> None:
    first = END - timedelta(days=DAYS - 1)
    during = one("SELECT COUNT(*) FROM user_profile WHERE valid_to IS NULL AND signed_up_at >= $first", first=first)
    assert 0.1 < during / USERS < 0.3
    lately = one(
        "SELECT COUNT(*) FROM user_profile WHERE valid_to IS NULL AND signed_up_at >= $day",
        day=END - timedelta(days=30),
    )
    assert lately > 0.005 * USERS


def test_places_are_searched_for_coarsely_and_finely(rows: Rows) -> None:
    found = {
        code
        for (code,) in rows(
            "SELECT DISTINCT place FROM behavior_daily WHERE kind = $search", search=int(EventKind.SEARCH)
        )
    }
    assert {place(key).code for key, _, _ in FACET_PLACES} <= found


def test_overseas_searches_name_dates_ahead(one: One) -> None:
    ahead = """SELECT COUNT(DISTINCT user_no) FROM behavior_daily WHERE kind = $search AND product_line = $line
               AND day > $since AND check_in > $end"""
    since = END - timedelta(days=30)
    assert one(ahead, search=int(EventKind.SEARCH), line=OVERSEAS, since=since, end=END) > 0.002 * USERS


def test_day_uses_are_near_home_and_soon(rows: Rows) -> None:
    (day_use,) = STAY_MODES.codes(["day_use"])
    leads = [
        days
        for (days,) in rows(
            "SELECT check_in_day - booked_day FROM booking_now WHERE stay_mode = $mode AND booked_at IS NOT NULL",
            mode=day_use,
        )
    ]
    assert np.mean(np.array(leads) <= 1) > 0.7


def test_the_tier_is_that_of_the_last_twelve_months_at_the_last_review(rows: Rows) -> None:
    review = day_number(date(END.year, END.month, 1))
    asked = rows(
        """SELECT p.user_no, p.tier,
             COUNT(*) FILTER (b.booked_day BETWEEN $review - 365 AND $review - 1
                              AND (b.cancelled_day IS NULL OR b.cancelled_day >= $review)),
             COALESCE(SUM(b.paid_krw - CASE WHEN b.refunded_day < $review THEN b.refunded_krw ELSE 0 END)
                      FILTER (b.paid_day BETWEEN $review - 365 AND $review - 1), 0)
           FROM user_profile p LEFT JOIN booking_now b ON b.user_no = p.user_no
           WHERE p.valid_to IS NULL GROUP BY ALL""",
        review=review,
    )
    order = [option.code for option in TIERS.options]
    for _, tier, bookings, spent in asked:
        reached = [
            bookings >= needed or spent >= krw for needed, krw in zip(TIER_BOOKINGS, TIER_SPEND_KRW, strict=True)
        ]
        assert order.index(tier) == sum(reached)
    assert {tier for _, tier, _, _ in asked} == set(order)


def test_tiers_move_on_the_first_of_a_month(rows: Rows) -> None:
    moved = rows(
        """SELECT DISTINCT CAST(b.valid_from + INTERVAL 9 HOUR AS DATE) FROM user_profile a
           JOIN user_profile b ON a.user_no = b.user_no AND a.valid_to = b.valid_from WHERE a.tier <> b.tier"""
    )
    assert {day.day for (day,) in moved} == {1}
    assert len(moved) == 12
    assert min(moved)[0] > day_from(day_number(END) - DAYS)
