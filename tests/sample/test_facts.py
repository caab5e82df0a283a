"""Every fact is possible: known codes, moments in order, nothing after the end, one thing fitting the other."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlglot.expressions import select

from audience_builder.catalog.option import OptionList
from audience_builder.catalog.options import (
    DEVICES,
    GENDERS,
    LEISURE_TYPES,
    LIFE_STAGES,
    PARTIES,
    PRICE_BANDS,
    PRODUCT_LINES,
    SPACE_TYPES,
    STAY_MODES,
    STAY_TYPES,
    THEMES,
    TIERS,
    TRANSPORT_LINE,
    TRANSPORT_TYPES,
    VEHICLE_CLASSES,
    night_band,
    use_band,
)
from audience_builder.catalog.places import COUNTRY_BITS, PLACES, matching, place
from audience_builder.clock import day_number, end_of_day
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.tables import EventKind, Status
from tests.sample.conftest import DAYS, END, USERS, Count, One, Rows

LAST = end_of_day(END).replace(tzinfo=None)
FIRST = datetime.combine(END - timedelta(days=DAYS), datetime.min.time()) + timedelta(hours=15)
MOMENTS = ("carted", "checkout", "payment_failed", "removed", "booked", "paid", "cancelled", "refunded")
TYPES_OF_LINE = {
    "domestic_stay": STAY_TYPES.codes(o.key for o in STAY_TYPES.options if o.key != "ryokan"),
    "overseas_stay": STAY_TYPES.codes(STAY_TYPES.keys()),
    "rental_car": VEHICLE_CLASSES.codes(VEHICLE_CLASSES.keys()),
    "leisure_ticket": LEISURE_TYPES.codes(LEISURE_TYPES.keys()),
    "space": SPACE_TYPES.codes(SPACE_TYPES.keys()),
    **{
        line: TRANSPORT_TYPES.codes(key for key, of in TRANSPORT_LINE.items() if of == line)
        for line in ("flight", "train", "bus", "ferry")
    },
}


def line(key: str) -> int:
    return next(iter(PRODUCT_LINES.codes([key])))


def used(options: OptionList, codes: set[int]) -> float:
    return len({option.code for option in options.options} & codes) / len(options.options)


@pytest.mark.parametrize("name", MOMENTS)
def test_no_booking_moment_lies_outside_the_period(count: Count, name: str) -> None:
    assert count("booking", f"{name}_at > $last OR {name}_at < $first", last=LAST, first=FIRST) == 0


def test_no_behaviour_lies_outside_the_period(one: One) -> None:
    outside = "SELECT COUNT(*) FROM behavior_daily WHERE last_at > $last OR first_at < $first OR first_at > last_at"
    assert one(outside, last=LAST, first=FIRST) == 0


def test_no_profile_speaks_of_the_future(one: One) -> None:
    future = """SELECT COUNT(*) FROM user_profile WHERE valid_from > $last OR signed_up_at > $last
                OR GREATEST(marketing_use_at, push_at, email_at, sms_at, kakao_at) > valid_from"""
    assert one(future, last=LAST) == 0


def test_the_day_of_a_row_is_the_day_in_korea_of_its_moments(one: One) -> None:
    other = """SELECT COUNT(*) FROM behavior_daily WHERE day <> CAST(first_at + INTERVAL 9 HOUR AS DATE)
               OR day <> CAST(last_at + INTERVAL 9 HOUR AS DATE)"""
    assert one(other) == 0


def test_check_ins_lie_ahead_of_the_end_too(one: One) -> None:
    ahead = (
        "SELECT COUNT(*) FROM booking_now WHERE check_in_day > $day AND booked_at IS NOT NULL AND cancelled_at IS NULL"
    )
    assert one(ahead, day=day_number(END)) > USERS * 0.05


@pytest.mark.parametrize(
    "disorder",
    [
        "carted_at > booked_at",
        "checkout_at > booked_at",
        "payment_failed_at < checkout_at",
        "removed_at <= carted_at",
        "paid_at < booked_at",
        "cancelled_at <= booked_at",
        "refunded_at <= COALESCE(cancelled_at, paid_at)",
        "check_in_day < booked_day",
        "check_out < check_in",
        "cancelled_day > check_in_day",
        "removed_at IS NOT NULL AND booked_at IS NOT NULL",
        "booked_at IS NULL AND carted_at IS NULL",
        "booked_at IS NULL AND COALESCE(paid_at, cancelled_at, refunded_at) IS NOT NULL",
        "no_show AND (cancelled_at IS NOT NULL OR booked_at IS NULL)",
        "paid_krw <> 0 AND paid_at IS NULL",
        "booked_at IS NOT NULL AND paid_at IS NOT NULL AND paid_krw <= 0",
        "refunded_krw > paid_krw",
        "(refunded_krw > 0) <> (refunded_at IS NOT NULL)",
    ],
)
def test_no_booking_is_out_of_order(count: Count, disorder: str) -> None:
    assert count("booking_now", disorder) == 0


def test_nobody_fails_to_show_up_before_the_day(one: One) -> None:
    assert one("SELECT COUNT(*) FROM booking_now WHERE no_show AND check_in_day > $day", day=day_number(END)) == 0
    assert one("SELECT COUNT(*) FROM booking_now WHERE no_show") > 0


def test_nights_and_stay_mode_agree(rows: Rows) -> None:
    spans = dict(rows("SELECT stay_mode, [MIN(nights), MAX(nights)] FROM booking_now GROUP BY stay_mode"))
    names = {option.key: spans[option.code] for option in STAY_MODES.options}
    assert names["day_use"] == [0, 0]
    assert names["overnight"][0] == 1
    assert names["overnight"][1] <= 6
    assert 7 <= names["long_stay"][0] <= names["long_stay"][1] <= 27
    assert names["monthly"][0] >= 28
    assert spans[None] == [None, None], "only stays have a mode"


def test_the_price_band_is_that_of_what_a_night_cost(rows: Rows) -> None:
    day_use = next(iter(STAY_MODES.codes(["day_use"])))
    paid = rows(
        "SELECT stay_mode, price_band, paid_krw, nights FROM booking_now WHERE paid_at IS NOT NULL AND nights IS NOT NULL"
    )
    assert len(paid) > USERS / 2
    for mode, band, krw, nights in paid:
        assert band == (use_band(krw) if mode == day_use else night_band(krw // nights))


def test_only_stays_have_themes_and_price_bands(count: Count) -> None:
    stays = [line("domestic_stay"), line("overseas_stay")]
    other = "(theme_mask IS NOT NULL OR price_band IS NOT NULL) AND NOT list_contains($stays, product_line)"
    assert count("booking_now", other, stays=stays) == 0


@pytest.mark.parametrize("key", TYPES_OF_LINE)
def test_the_types_of_a_line_are_its_own(rows: Rows, key: str) -> None:
    booked = {
        code for (code,) in rows("SELECT DISTINCT product_type FROM booking WHERE product_line = $line", line=line(key))
    }
    seen = "SELECT DISTINCT product_type FROM behavior_daily WHERE product_line = $line AND product_type IS NOT NULL"
    viewed = {code for (code,) in rows(seen, line=line(key))}
    assert booked
    assert booked | viewed <= TYPES_OF_LINE[key]


def test_every_place_is_one_of_the_tree_and_on_the_right_side_of_the_border(rows: Rows) -> None:
    abroad, home = matching(["overseas"]), matching(["korea"])
    found = rows(
        """SELECT DISTINCT product_line, place FROM booking UNION
           SELECT DISTINCT product_line, place FROM behavior_daily WHERE place IS NOT NULL"""
    )
    assert {code for _, code in found if code is not None} <= {entry.code for entry in PLACES}
    assert {code for of, code in found if of == line("domestic_stay")} <= home
    assert {code for of, code in found if of == line("overseas_stay")} <= abroad


def test_international_flights_go_abroad_and_domestic_ones_do_not(rows: Rows) -> None:
    def ends(key: str) -> set[int]:
        (code,) = TRANSPORT_TYPES.codes([key])
        return {where for (where,) in rows("SELECT DISTINCT place FROM booking WHERE product_type = $type", type=code)}

    assert ends("flight_international") <= matching(["overseas"])
    assert ends("flight_domestic") <= matching(["korea"])
    assert ends("ferry_international") <= matching(["overseas"])


def test_ryokan_are_in_japan(rows: Rows) -> None:
    (ryokan,) = STAY_TYPES.codes(["ryokan"])
    query = """SELECT DISTINCT place FROM booking WHERE product_type = $type UNION
               SELECT DISTINCT place FROM behavior_daily WHERE product_type = $type AND place IS NOT NULL"""
    where = {code for (code,) in rows(query, type=ryokan)}
    assert where
    assert where <= matching(["japan"])


@pytest.mark.parametrize(
    ("options", "query"),
    [
        (STAY_TYPES, "SELECT DISTINCT product_type FROM booking_now WHERE booked_at IS NOT NULL"),
        (SPACE_TYPES, "SELECT DISTINCT product_type FROM booking_now WHERE booked_at IS NOT NULL"),
        (LEISURE_TYPES, "SELECT DISTINCT product_type FROM booking_now WHERE booked_at IS NOT NULL"),
        (TRANSPORT_TYPES, "SELECT DISTINCT product_type FROM booking_now WHERE booked_at IS NOT NULL"),
        (VEHICLE_CLASSES, "SELECT DISTINCT product_type FROM booking_now WHERE booked_at IS NOT NULL"),
        (PRODUCT_LINES, "SELECT DISTINCT product_line FROM booking_now WHERE booked_at IS NOT NULL"),
        (STAY_MODES, "SELECT DISTINCT stay_mode FROM booking_now WHERE booked_at IS NOT NULL"),
        (PRICE_BANDS, "SELECT DISTINCT price_band FROM booking_now WHERE booked_at IS NOT NULL"),
        (DEVICES, "SELECT DISTINCT device FROM behavior_daily"),
        (GENDERS, "SELECT DISTINCT gender FROM user_profile"),
        (LIFE_STAGES, "SELECT DISTINCT life_stage FROM user_profile"),
        (TIERS, "SELECT DISTINCT tier FROM user_profile WHERE valid_to IS NULL"),
    ],
    ids=lambda value: value.name if isinstance(value, OptionList) else "",
)
def test_life_uses_every_list_of_options(rows: Rows, options: OptionList, query: str) -> None:
    assert used(options, {code for (code,) in rows(query)}) >= 0.9


@pytest.mark.parametrize(("options", "column"), [(THEMES, "theme_mask"), (PARTIES, "party_mask")])
@pytest.mark.parametrize("table", ["booking", "behavior_daily"])
def test_every_theme_and_party_comes_up_and_no_bit_is_unknown(
    one: One, options: OptionList, column: str, table: str
) -> None:
    query = select(f"BIT_OR(CAST({column} AS UINTEGER))").from_(table)
    assert one(query.sql("duckdb")) == sum(1 << option.code for option in options.options)


def test_people_live_in_every_district_and_go_to_every_province(rows: Rows) -> None:
    homes = {code for (code,) in rows("SELECT DISTINCT activity_region FROM user_profile")}
    districts = {entry.code for entry in PLACES if entry.level == "district"}
    assert len(homes & districts) >= 0.95 * len(districts)
    assert place("overseas").code in homes
    been = {code for (code,) in rows("SELECT DISTINCT place FROM booking_now WHERE booked_at IS NOT NULL")}
    assert all(been & matching([entry.key]) for entry in PLACES if entry.level == "province")
    assert sum(bool(been & matching([country])) for country in COUNTRY_BITS) >= 0.9 * len(COUNTRY_BITS)


def test_every_kind_of_event_is_there(rows: Rows) -> None:
    kinds = {code for (code,) in rows("SELECT DISTINCT kind FROM behavior_daily")}
    assert kinds == {int(kind) for kind in EventKind}


def test_wherever_somebody_does_anything_there_is_a_visit(one: One) -> None:
    without = """SELECT COUNT(*) FROM behavior_daily b WHERE kind <> $session AND NOT EXISTS (
                   SELECT 1 FROM behavior_daily s WHERE s.kind = $session AND s.user_no = b.user_no
                   AND s.day = b.day AND s.device = b.device)"""
    assert one(without, session=int(EventKind.SESSION)) == 0
    unseen = """SELECT COUNT(*) FROM booking_now b WHERE booked_at IS NOT NULL AND NOT EXISTS (
                  SELECT 1 FROM behavior_daily s WHERE s.kind = $session AND s.user_no = b.user_no
                  AND s.day = CAST(b.booked_at + INTERVAL 9 HOUR AS DATE))"""
    assert one(unseen, session=int(EventKind.SESSION)) == 0


def test_a_wish_taken_back_is_one_that_was_made(one: One) -> None:
    query = """SELECT COUNT(*) FROM behavior_daily r WHERE kind = $removed AND NOT EXISTS (
                 SELECT 1 FROM behavior_daily w WHERE w.kind = $wish AND w.user_no = r.user_no AND w.day = r.wished_on
                 AND w.place = r.place AND w.product_type = r.product_type AND r.day > w.day)"""
    assert one(query, removed=int(EventKind.WISH_REMOVED), wish=int(EventKind.WISH)) == 0
    only = "SELECT COUNT(*) FROM behavior_daily WHERE (wished_on IS NOT NULL) <> (kind = $removed)"
    assert one(only, removed=int(EventKind.WISH_REMOVED)) == 0


def test_nobody_does_anything_before_signing_up(one: One) -> None:
    before = """SELECT COUNT(*) FROM behavior_daily JOIN user_profile p USING (user_no)
                WHERE p.valid_to IS NULL AND first_at < p.signed_up_at"""
    assert one(before) == 0
    early = """SELECT COUNT(*) FROM booking b JOIN user_profile p USING (user_no)
               WHERE p.valid_to IS NULL AND LEAST(b.carted_at, b.booked_at) < p.signed_up_at"""
    assert one(early) == 0


def test_nobody_books_after_withdrawing(one: One) -> None:
    late = """SELECT COUNT(*) FROM booking b JOIN user_profile p USING (user_no)
              WHERE p.valid_to IS NULL AND p.status = $status AND b.booked_at > p.valid_from"""
    assert one(late, status=int(Status.WITHDRAWN)) == 0


def test_minors_book_no_motels(one: One) -> None:
    (motel,) = STAY_TYPES.codes(["motel"])
    young = """SELECT COUNT(*) FROM booking b JOIN user_profile p USING (user_no) WHERE p.valid_to IS NULL
               AND b.product_type = $motel AND p.born_on > CAST($end AS DATE) - INTERVAL 18 YEAR"""
    assert one(young, motel=motel, end=END) == 0


def test_some_users_have_facts_and_no_profile_and_some_no_fact(sample: DuckDBMart, one: One) -> None:
    assert 0.001 < sample.waiting() / USERS < 0.01
    quiet = """SELECT COUNT(*) FROM user_number u WHERE NOT EXISTS (FROM behavior_daily b WHERE b.user_no = u.user_no)
               AND NOT EXISTS (FROM booking b WHERE b.user_no = u.user_no)"""
    assert 0.1 < one(quiet) / USERS < 0.35


def test_some_bookings_have_older_versions_and_some_were_deleted(one: One) -> None:
    assert one("SELECT COUNT(*) FROM booking WHERE source_version > 1") > 0
    assert one("SELECT COUNT(*) FROM booking WHERE deleted") > 0
    assert one("SELECT COUNT(*) - COUNT(DISTINCT (booking_id, source_version)) FROM booking") == 0
