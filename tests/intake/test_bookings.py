"""Bookings: states, orders of several lines, cancellations, money, and files that overlap."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from audience_builder.catalog.options import PRICE_BANDS
from audience_builder.errors import ConflictError, EngineError
from audience_builder.intake import FileReport, Reason, import_files
from audience_builder.mart.duckdb import DuckDBMart, Transaction
from tests.intake.desk import NOW, Desk

BASE = """kind = "bookings"
[columns]
user_id = "user"
booking_id = "id"
booked_at = "at"
paid = { column = "paid", optional = true }
refunded = { column = "back", optional = true }
cancelled_at = { column = "cancelled", optional = true }
carted_at = { column = "carted", optional = true }
"""


def now_rows(desk: Desk, columns: str) -> list[tuple[Any, ...]]:
    return desk.rows(f"SELECT booking_id, {columns} FROM booking_now ORDER BY 1")


# --- files that overlap ---------------------------------------------------------------------------------------------------


def test_an_overlapping_file_makes_newer_versions_and_doubles_nothing(desk: Desk) -> None:
    desk.bring(BASE, "user,id,at,paid\nu1,a,2026-01-01,100\nu1,b,2026-01-02,200\n")
    report = desk.bring(
        BASE,
        "user,id,at,paid\nu1,b,2026-01-02,200\nu1,a,2026-01-01,150\nu2,c,2026-01-03,300\n",
        now=NOW + timedelta(hours=1),
    )
    assert (report.read, report.applied, report.duplicate) == (3, 2, 1)
    assert now_rows(desk, "paid_krw") == [("a", 150), ("b", 200), ("c", 300)]
    assert desk.rows("SELECT count(*) FROM booking") == [(4,)]


def test_a_later_import_is_newer_even_if_the_clock_went_back(desk: Desk) -> None:
    desk.bring(BASE, "user,id,at,paid\nu1,a,2026-01-01,100\n")
    desk.bring(BASE, "user,id,at,paid\nu1,a,2026-01-01,150\n", now=NOW - timedelta(days=9))
    assert now_rows(desk, "paid_krw") == [("a", 150)]


def test_of_several_rows_about_one_booking_the_last_holds_and_the_others_are_counted(desk: Desk) -> None:
    report = desk.bring(BASE, "user,id,at,paid\nu1,a,2026-01-01,100\nu1,a,2026-01-01,100\nu1,a,2026-01-01,150\n")
    assert (report.read, report.applied, report.merged, report.duplicate) == (3, 1, 0, 2)
    assert now_rows(desk, "paid_krw") == [("a", 150)]


VERSIONED = BASE + 'version = "v"\n[version]\nby = "column"\n'


def test_a_version_column_decides_whatever_the_order_of_files_and_rows(desk: Desk) -> None:
    desk.bring(VERSIONED, "user,id,at,paid,v\nu1,a,2026-01-01,300,3\nu1,a,2026-01-01,200,2\n")
    older = desk.bring(VERSIONED, "user,id,at,paid,v\nu1,a,2026-01-01,100,1\n")
    assert (older.applied, older.duplicate) == (0, 1)
    same = desk.bring(VERSIONED, "user,id,at,paid,v\nu1,a,2026-01-01,300,3\nu2,b,2026-01-01,1,2026-01-01T00:00:00Z\n")
    assert (same.applied, same.duplicate) == (1, 1)
    newer = desk.bring(VERSIONED, "user,id,at,paid,v\nu1,a,2026-01-01,400,4\n")
    assert newer.applied == 1
    assert now_rows(desk, "paid_krw, source_version") == [("a", 400, 4), ("b", 1, 1767225600000000)]
    bad = desk.bring(VERSIONED, "user,id,at,paid,v\nu1,a,2026-01-01,400,new\n")
    assert bad.reasons == {Reason.NOT_A_NUMBER: 1}


def test_by_event_the_row_with_the_latest_moment_holds(desk: Desk) -> None:
    text = BASE + '[version]\nby = "event"\n[money]\ncancelled = "refunded"\n'
    desk.bring(text, "user,id,at,paid,cancelled\nu1,a,2026-01-01,100,2026-01-05\n")
    stale = desk.bring(text, "user,id,at,paid,cancelled\nu1,a,2026-01-01,100,\n")
    assert (stale.applied, stale.duplicate) == (0, 1)
    assert now_rows(desk, "refunded_krw") == [("a", 100)]


def test_a_deleted_booking_is_gone_and_may_come_back(desk: Desk) -> None:
    text = BASE.replace("[columns]\n", '[columns]\ndeleted = { column = "gone", optional = true }\n')
    desk.bring(text, "user,id,at,paid\nu1,a,2026-01-01,100\n")
    desk.bring(text, "user,id,at,paid,gone\nu1,a,2026-01-01,100,Y\n")
    assert now_rows(desk, "paid_krw") == []
    desk.bring(text, "user,id,at,paid,gone\nu1,a,2026-01-01,100,아니오\n")
    assert now_rows(desk, "paid_krw") == [("a", 100)]


def test_the_mart_changes_once_a_file(desk: Desk) -> None:
    told: list[int] = []
    desk.mart.on_change(lambda version, _: told.append(version))
    desk.bring(BASE, "user,id,at\nu1,a,2026-01-01\n", "user,id,at\nu1,a,2026-01-01\n", "user,id,at\nu2,b,2026-01-01\n")
    assert told == [1, 2]


# --- states ---------------------------------------------------------------------------------------------------------------

STATES = """
[status]
column = "state"
[status.values]
"OK" = "confirmed"
"no show" = "no_show"
"gone" = "reject"
[money]
cancelled = "refunded"
"""


def test_a_status_says_what_became_of_a_booking(desk: Desk) -> None:
    rows = (
        "u1,a,2026-01-01,,,100,ok", "u1,b,2026-01-01,2026-01-02,,100,취소", "u1,c,2026-01-01,,,100,no show",
        "u1,d,,,2026-01-01,100,cart", "u1,e,2026-01-01,,,100,credit", "u1,f,2026-01-01,,,100,deleted",
    )  # fmt: skip
    report = desk.bring(BASE + STATES, "user,id,at,cancelled,carted,paid,state\n" + "\n".join(rows))
    assert report.applied == 6
    found = now_rows(desk, "booked_at IS NULL, cancelled_at, no_show, paid_krw, refunded_krw, paid_at IS NULL")
    first, second = datetime(2025, 12, 31, 15), datetime(2026, 1, 1, 15)
    assert found == [
        ("a", False, None, False, 100, 0, False),
        ("b", False, second, False, 100, 100, False),
        ("c", False, None, True, 100, 0, False),
        ("d", True, None, False, 0, 0, True),
        ("e", False, first, False, 0, 100, False),
    ]
    assert desk.rows("SELECT booking_id FROM booking WHERE deleted") == [("f",)]


def test_a_status_that_is_contradicted_unknown_or_without_its_moment_is_refused(desk: Desk) -> None:
    rows = (
        "u1,a,2026-01-01,2026-01-02,,100,ok", "u1,b,2026-01-01,,,100,cancelled", "u1,c,2026-01-01,,2026-01-01,100,cart",
        "u1,d,2026-01-01,,,100,maybe", "u1,e,2026-01-01,,,100,gone", "u1,f,2026-01-01,,,100,", "u1,g,,,2026-01-01,100,ok",
        "u1,h,2026-01-02,2026-01-01,,100,cancelled",
    )  # fmt: skip
    report = desk.bring(BASE + STATES, "user,id,at,cancelled,carted,paid,state\n" + "\n".join(rows))
    assert report.applied == 0
    assert [row[0] for row in desk.rows("SELECT reason FROM dead_letter")] == []
    assert report.reasons == {
        Reason.CONTRADICTION: 2, Reason.MISSING: 3, Reason.UNKNOWN_VALUE: 2, Reason.REVERSED_DATES: 1,
    }  # fmt: skip


CANCELS = (
    BASE.replace('kind = "bookings"', 'kind = "bookings"\nversion = { by = "event" }')
    + """
[status]
column = "id"
prefix = { "X-" = "cancellation" }
otherwise = "confirmed"
strip_prefix = true
[money]
cancelled = "refunded"
"""
)


def test_a_cancellation_that_names_its_order_cancels_it(desk: Desk) -> None:
    text = "user,id,at,paid\nu1,a,2026-01-01,100\nu1,b,2026-01-01,200\nu1,X-a,2026-01-05,\nu1,X-b,2026-01-06,-50\n"
    report = desk.bring(CANCELS, text)
    assert (report.read, report.applied, report.merged) == (4, 2, 2)
    assert now_rows(desk, "cancelled_at, refunded_at, paid_krw, refunded_krw") == [
        ("a", datetime(2026, 1, 4, 15), datetime(2026, 1, 4, 15), 100, 100),
        ("b", datetime(2026, 1, 5, 15), datetime(2026, 1, 5, 15), 200, 50),
    ]


def test_a_cancellation_finds_its_order_in_the_mart(desk: Desk) -> None:
    desk.bring(CANCELS, "user,id,at,paid\nu1,a,2026-01-01,100\nu1,b,2026-01-01,200\n")
    report = desk.bring(CANCELS, "user,id,at,paid\nu1,X-a,2026-01-05,\nu1,X-b,2026-01-05,-30\nu2,c,2026-01-07,9\n")
    assert (report.read, report.applied, report.rejected) == (3, 3, 0)
    assert now_rows(desk, "cancelled_at IS NOT NULL, paid_krw, refunded_krw") == [
        ("a", True, 100, 100), ("b", True, 200, 30), ("c", False, 9, 0),
    ]  # fmt: skip
    again = desk.bring(CANCELS, "user,id,at,paid\nu1,X-a,2026-01-05,\n")
    assert (again.applied, again.duplicate) == (0, 1)


def test_a_cancellation_without_its_order_is_refused(desk: Desk) -> None:
    desk.bring(CANCELS, "user,id,at,paid\nu1,a,2026-01-01,100\n")
    report = desk.bring(
        CANCELS, "user,id,at,paid\nu1,X-z,2026-01-05,\nu2,X-a,2026-01-05,\nu1,b,2026-01-05,1\nu2,X-b,2026-01-05,\n"
    )
    assert report.reasons == {Reason.CANCELLATION_WITHOUT_ORDER: 2, Reason.TWO_USERS: 1}
    assert now_rows(desk, "cancelled_at") == [("a", None), ("b", None)]


# --- orders of several lines ----------------------------------------------------------------------------------------------

ORDERS = """kind = "bookings"
[columns]
user_id = "user"
order_id = "order"
booked_at = "at"
quantity = "n"
unit_price = "price"
product_line = { column = "line", optional = true }
theme = { column = "theme", optional = true }
cancelled_at = { column = "cancelled", optional = true }
check_in = { column = "in", optional = true }
check_out = { column = "out", optional = true }
[group]
by = "order_id"
[money]
cancelled = "refunded"
"""


def test_lines_of_an_order_become_one_booking(desk: Desk) -> None:
    rows = (
        "u1,o1,2026-01-02,2,100.4,,pool,2026-02-02,2026-02-03",
        "u1,o1,2026-01-01,1,50.5,국내 숙박,spa|pool,2026-02-01,2026-02-02",
    )
    report = desk.bring(ORDERS, "user,order,at,n,price,line,theme,in,out\n" + "\n".join(rows))
    assert (report.read, report.applied, report.merged) == (2, 1, 1)
    assert now_rows(desk, "order_id, booked_at, paid_krw, product_line, theme_mask, check_in, check_out, nights") == [
        ("o1", "o1", datetime(2025, 12, 31, 15), 251, 0, 1 << 4 | 1 << 6, date(2026, 2, 1), date(2026, 2, 3), 2)
    ]


def test_an_order_is_cancelled_when_every_line_is(desk: Desk) -> None:
    rows = (
        "u1,o1,2026-01-01,1,100,2026-01-05",
        "u1,o1,2026-01-01,1,30,",
        "u1,o2,2026-01-01,1,100,2026-01-05",
        "u1,o2,2026-01-01,1,30,2026-01-07",
    )
    desk.bring(ORDERS, "user,order,at,n,price,cancelled\n" + "\n".join(rows))
    assert now_rows(desk, "cancelled_at, refunded_at, paid_krw, refunded_krw") == [
        ("o1", None, datetime(2026, 1, 4, 15), 130, 100),
        ("o2", datetime(2026, 1, 6, 15), datetime(2026, 1, 6, 15), 130, 130),
    ]


def test_an_order_that_grew_is_a_newer_version_of_itself(desk: Desk) -> None:
    head = "user,order,at,n,price\nu1,o1,2026-01-01,1,100\n"
    desk.bring(ORDERS, head)
    report = desk.bring(ORDERS, head + "u1,o1,2026-01-01,1,20\nu1,o2,2026-01-01,1,5\n", now=NOW + timedelta(days=1))
    assert (report.applied, report.merged, report.duplicate) == (2, 1, 0)
    same = desk.bring(ORDERS, head + "u1,o1,2026-01-01,1,20\n", now=NOW + timedelta(days=2))
    assert (same.read, same.applied, same.merged, same.duplicate) == (2, 0, 0, 2)
    assert now_rows(desk, "paid_krw") == [("o1", 120), ("o2", 5)]


def test_an_order_too_large_to_be_true_is_refused_with_all_its_lines(desk: Desk) -> None:
    line = "u1,o1,2026-01-01,1,900000000000\n"
    report = desk.bring(ORDERS, "user,order,at,n,price\n" + line * 12 + "u1,o2,2026-01-01,1,900000000000\n")
    assert report.reasons == {Reason.OUT_OF_RANGE: 12}
    assert now_rows(desk, "paid_krw") == [("o2", 900_000_000_000)]


# --- money and time -------------------------------------------------------------------------------------------------------


def test_an_amount_is_rounded_down_once_a_booking(desk: Desk) -> None:
    text = ORDERS.replace("[money]", '[money]\ncurrency = "JPY"\nrate = "9.4321"')
    desk.bring(text, "user,order,at,n,price\nu1,o1,2026-01-01,3,33.3\nu1,o1,2026-01-01,1,0.05\n")
    assert now_rows(desk, "paid_krw") == [("o1", int(99.95 * 9.4321))]


def test_a_table_of_rates_holds_from_day_to_day(desk: Desk) -> None:
    rates = '[money]\ncurrency = "USD"\n[money.rates]\n2026-01-10 = "1400.5"\n2026-01-02 = 1300\n'
    rows = "u1,a,2026-01-01 23:59:59,10\nu1,b,2026-01-02,10\nu1,c,2026-01-09 23:59:59,10\nu1,d,2026-01-10,10\nu1,e,2026-11-01,10\n"
    report = desk.bring(BASE + rates, "user,id,at,paid\n" + rows)
    assert report.reasons == {Reason.NO_RATE: 1}
    assert now_rows(desk, "paid_krw") == [("b", 13_000), ("c", 13_000), ("d", 14_005), ("e", 14_005)]


@pytest.mark.parametrize(
    ("money", "said", "krw"),
    [
        ("", "1234", 1234),
        ("", "1e3", 1000),
        ("", " +12.99 ", 12),
        ('thousands = ","', '"1,234,567"', 1_234_567),
        ('thousands = "."\ndecimal = ","', '"1.234.567,89"', 1_234_567),
        ('thousands = " "\ndecimal = ","', '"1 234,9"', 1234),
        ('thousands = "\'"', "1'234", 1234),
        ("unit = 1000", "12.5", 12_500),
        ('unit = "0.01"', "129900", 1299),
    ],
)
def test_amounts_are_read_as_the_map_says(desk: Desk, money: str, said: str, krw: int) -> None:
    report = desk.bring(BASE + "[money]\n" + money + "\n", "user,id,at,paid\nu1,a,2026-01-01," + said + "\n")
    assert report.applied == 1
    assert now_rows(desk, "paid_krw") == [("a", krw)]


@pytest.mark.parametrize(
    "said", ['"1,234"', "12원", "１２", "1_000", "0x1F", "inf", "nan", "--1", "1.2.3", "(12)", "1e9999"]
)
def test_what_is_no_number_is_refused(desk: Desk, said: str) -> None:
    report = desk.bring(BASE, "user,id,at,paid\nu1,a,2026-01-01," + said + "\n")
    assert report.rejected == 1
    assert set(report.reasons) == {Reason.NOT_A_NUMBER}


@pytest.mark.parametrize(
    ("time", "said", "utc"),
    [
        ("", "2026-01-02", datetime(2026, 1, 1, 15)),
        ("", "2026-01-02 09:30", datetime(2026, 1, 2, 0, 30)),
        ("", "2026-01-02T09:30:15.25", datetime(2026, 1, 2, 0, 30, 15, 250_000)),
        ("", "2026-01-02T09:30:00Z", datetime(2026, 1, 2, 9, 30)),
        ("", "2026-01-02 09:30:00+0900", datetime(2026, 1, 2, 0, 30)),
        ("", "2026-01-02 09:30:00-05:30", datetime(2026, 1, 2, 15, 0)),
        ("zone = 'UTC'", "2026-01-02 09:30", datetime(2026, 1, 2, 9, 30)),
        ("zone = 'America/New_York'", "2026-07-02 09:30", datetime(2026, 7, 2, 13, 30)),
        ("formats = '%d.%m.%Y %H:%M'", "02.01.2026 09:30", datetime(2026, 1, 2, 0, 30)),
        ("formats = ['%Y년 %m월 %d일', 'iso']", "2026년 1월 2일", datetime(2026, 1, 1, 15)),
        ("formats = ['%Y년 %m월 %d일', 'iso']", "2026-01-02", datetime(2026, 1, 1, 15)),
        ("formats = '%Y%m%d%H%M%S'", "20260102093000", datetime(2026, 1, 2, 0, 30)),
        ("formats = '%Y-%m-%d %H:%M %z'", "2026-01-02 09:30 +0100", datetime(2026, 1, 2, 8, 30)),
        ("formats = 'unix'", "1767346200", datetime(2026, 1, 2, 9, 30)),
        ("formats = 'unix_ms'", "1767346200500", datetime(2026, 1, 2, 9, 30, 0, 500_000)),
    ],
)
def test_moments_are_read_as_the_map_says(desk: Desk, time: str, said: str, utc: datetime) -> None:
    report = desk.bring(BASE + "[time]\n" + time + "\n", "user,id,at\nu1,a," + said + "\n")
    assert report.applied == 1
    assert now_rows(desk, "booked_at") == [("a", utc)]


@pytest.mark.parametrize(
    "said",
    [
        "2026-02-30",
        "2026-13-01",
        "1989-12-31",
        "2101-01-02",
        "infinity",
        "epoch",
        "today",
        "02/01/2026",
        "2026-01-02 25:00",
        "0",
    ],
)
def test_what_is_no_date_is_refused(desk: Desk, said: str) -> None:
    report = desk.bring(BASE, "user,id,at\nu1,a," + said + "\n")
    assert report.reasons == {Reason.BAD_DATE: 1}


def test_a_booking_s_price_is_paid_by_the_night_and_a_cart_s_what_was_shown(desk: Desk) -> None:
    text = (
        BASE
        + 'product_line = { constant = "domestic_stay" }\ncheck_in = "in"\nnights = "nights"\nprice = { column = "shown", optional = true }\n'
    )
    rows = "u1,a,2026-01-01,,210000,2026-02-01,3,\nu1,b,2026-01-01,,25000,2026-02-01,0,\nu1,c,,2026-01-01,,2026-02-01,3,120000\n"
    desk.bring(text, "user,id,at,carted,paid,in,nights,shown\n" + rows)
    bands = {option.code: option.key for option in PRICE_BANDS.options}
    found = {row[0]: (bands[row[1]], row[2], row[3]) for row in now_rows(desk, "price_band, check_out, stay_mode")}
    assert found == {
        "a": ("n_7_10", date(2026, 2, 4), 2), "b": ("d_2_3", date(2026, 2, 1), 1), "c": ("n_10_15", date(2026, 2, 4), 2),
    }  # fmt: skip


def test_ids_may_be_given_a_prefix_so_that_two_sources_stay_apart(desk: Desk) -> None:
    text = BASE.replace('user_id = "user"', 'user_id = { column = "user", prefix = "shop-", whole_number = true }')
    desk.bring(text, "user,id,at\n13085.0,a,2026-01-01\n13085,b,2026-01-01\n")
    assert desk.rows("SELECT user_id FROM user_number") == [("shop-13085",)]


# --- people ---------------------------------------------------------------------------------------------------------------

DERIVING = "derive_users = true\n" + BASE


def profiles(desk: Desk) -> list[tuple[Any, ...]]:
    return desk.rows(
        "SELECT n.user_id, valid_from, valid_to, signed_up_at, gender FROM user_profile JOIN user_number n USING (user_no) ORDER BY 1, 2"
    )


JAN, MAR, MAY = (datetime(2026, month, 1, 3) for month in (1, 3, 5))


def test_users_derived_from_bookings_signed_up_when_first_seen(desk: Desk) -> None:
    report = desk.bring(DERIVING, "user,id,at\nu1,b,2026-05-01 12:00\nu1,a,2026-03-01 12:00\n")
    assert report.files[0].derived_users == 1
    assert profiles(desk) == [("u1", MAR, None, MAR, None)]
    assert desk.mart.active_count(datetime(2026, 3, 1, 12, tzinfo=UTC)) == 1
    assert desk.mart.active_count(datetime(2026, 2, 1, 12, tzinfo=UTC)) == 0


def test_a_derived_user_seen_earlier_in_another_file_signed_up_earlier(desk: Desk) -> None:
    desk.bring(DERIVING, "user,id,at\nu1,b,2026-05-01 12:00\nu2,c,2026-05-01 12:00\n")
    desk.bring(DERIVING, "user,id,at\nu1,a,2026-03-01 12:00\nu2,d,2026-05-02 12:00\n")
    desk.bring(DERIVING, "user,id,at\nu1,z,2026-01-01 12:00\n")
    assert {row[3] for row in profiles(desk) if row[0] == "u1"} == {JAN}
    assert profiles(desk)[0][1] == JAN
    assert [row for row in profiles(desk) if row[0] == "u2"] == [("u2", MAY, None, MAY, None)]


def test_a_user_the_mart_knows_is_never_derived(desk: Desk) -> None:
    desk.bring("users_csv", "user_id,signed_up_at,gender\nu1,2026-03-01 12:00,female\n")
    report = desk.bring(DERIVING, "user,id,at\nu1,a,2026-01-01 12:00\n")
    assert report.files[0].derived_users == 0
    assert profiles(desk) == [("u1", MAR, None, MAR, 1)]


def test_a_file_of_users_takes_the_place_of_what_was_derived(desk: Desk) -> None:
    desk.bring(DERIVING, "user,id,at\nu1,a,2026-05-01 12:00\n")
    desk.bring("users_csv", "user_id,signed_up_at,gender\nu1,2026-03-01 12:00,female\n")
    assert profiles(desk) == [("u1", MAR, MAY, MAR, 1), ("u1", MAY, None, MAR, 1)]


def test_an_erased_user_never_comes_back(desk: Desk) -> None:
    desk.bring(DERIVING, "user,id,at\nu1,a,2026-01-01\nu2,b,2026-01-01\n")
    desk.mart.erase("u1")
    burnt = desk.rows("SELECT user_id FROM user_number WHERE user_id LIKE 'erased %'")[0][0]
    report = desk.bring(DERIVING, f"user,id,at\nu1,c,2026-01-01\n{burnt},d,2026-01-01\nu2,e,2026-01-01\n")
    assert report.reasons == {Reason.ERASED_USER: 2}
    assert now_rows(desk, "user_no") == [("b", 1), ("e", 1)]


class ErasingMart:
    """A mart in which somebody is erased just before the import writes."""

    def __init__(self, mart: DuckDBMart) -> None:
        self.mart = mart

    def cursor(self) -> duckdb.DuckDBPyConnection:
        return self.mart.cursor()

    @contextmanager
    def transaction(self, source: str, key: str) -> Iterator[Transaction]:
        self.mart.erase("u1")
        with self.mart.transaction(source, key) as tx:
            yield tx


def test_somebody_erased_while_a_file_is_read_stops_it_whole(desk: Desk) -> None:
    file, text = (
        desk.file("a.csv", "user,id,at\nu1,a,2026-01-01\nu2,b,2026-01-01\nu3,c,never\n"),
        desk.file("m.toml", BASE),
    )
    with pytest.raises(ConflictError):
        import_files(ErasingMart(desk.mart), text, [file], rejects_dir=desk.rejects, now=NOW)
    assert desk.rows("SELECT count(*) FROM booking UNION ALL SELECT count(*) FROM applied_batch") == [(0,), (0,)]
    assert list(desk.rejects.iterdir()) == []
    assert desk.bring(BASE, file).reasons == {Reason.ERASED_USER: 1, Reason.BAD_DATE: 1}


def test_a_report_that_does_not_add_up_cannot_be_made() -> None:
    with pytest.raises(EngineError, match="3 rows were read"):
        FileReport(file="a.csv", key="k", read=3, applied=1, merged=1)
    with pytest.raises(EngineError):
        FileReport(file="a.csv", key="k", read=1, rejected=1)
