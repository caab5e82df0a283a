"""A made-up shop in the format of Online Retail II, with every awkward row such files have."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from audience_builder.intake import Reason
from tests.intake.desk import Desk
from tests.intake.retail import Line, customers

HEADER = "Invoice,StockCode,Description,Quantity,InvoiceDate,Price,Customer ID,Country\n"
GOOD: tuple[Line, ...] = (
    ("500001", "12", "2010-01-04 10:00:00", "6.95", "13085.0"),
    ("500001", "1", "2010-01-04 10:01:00", "0.001", "13085.0"),  # the same invoice, a minute later
    ("500001", "1", "2010-01-04 10:01:00", "0.001", "13085.0"),  # the very same line once more: it counts
    ("500002", "3", "2010-06-30 16:30:00", "2.55", "13085.0"),  # British summer time: the next day in Korea
    ("500003", "3", "2010-06-30 15:30:00", "2.55", "13085.0"),
    ("C500004", "-12", "2010-02-01 09:00:00", "6.95", "13085.0"),
    ("C500004", "-1", "2010-02-01 09:00:00", "1.33", "13085.0"),
    ("500005", "10", "2010-12-09 20:01:00", "0", "13086"),  # given away
    ("C500006", "-2", "2010-11-01 09:00:00", "25.5", "13087"),  # a customer who only ever cancelled
    ("500007", "1", "2010-03-28 00:30:00", "19.99", "13088"),
    ("500007", "2", "2010-03-28 02:30:00", "19.99", "13088"),  # the night the clocks went forward
)
BAD: tuple[tuple[str, Reason], ...] = (
    ("500101,A,Nobody,1,2010-01-04 10:00:00,1.00,,UK", Reason.NO_USER),
    ("C500102,A,Nobody back,-1,2010-01-04 10:00:00,1.00,,UK", Reason.NO_USER),
    ("A500103,B,Adjust bad debt,1,2010-01-04 10:00:00,-53594.36,,UK", Reason.NO_USER),
    ("500104,A,Lost,-5,2010-01-04 10:00:00,0.0,13090,UK", Reason.BAD_QUANTITY),
    ("500105,A,None,0,2010-01-04 10:00:00,1.0,13090,UK", Reason.BAD_QUANTITY),
    ("C500106,A,Back,2,2010-01-04 10:00:00,1.0,13090,UK", Reason.BAD_QUANTITY),
    ("500107,A,Debt,1,2010-01-04 10:00:00,-1.0,13090,UK", Reason.NEGATIVE_PRICE),
    ("500108,A,When,1,31/31/2010 10:00,1.0,13090,UK", Reason.BAD_DATE),
    ("500109,A,Later,1,2050-01-04 10:00:00,1.0,13090,UK", Reason.FUTURE_DATE),
    ("500110,A,Words,one,2010-01-04 10:00:00,1.0,13090,UK", Reason.NOT_A_NUMBER),
    ("500111,A,Hex,1,2010-01-04 10:00:00,0x10,13090,UK", Reason.NOT_A_NUMBER),
    ("500112,A,Much,1,2010-01-04 10:00:00,1e300,13090,UK", Reason.OUT_OF_RANGE),
    ("500113,A,Much,100000000,2010-01-04 10:00:00,100000000,13090,UK", Reason.OUT_OF_RANGE),
    (",A,No invoice,1,2010-01-04 10:00:00,1.0,13090,UK", Reason.MISSING),
    ("500114,A,No price,1,2010-01-04 10:00:00,,13090,UK", Reason.MISSING),
    ("500115,A,No date,1,,1.0,13090,UK", Reason.MISSING),
    ("500001,A,Of another,1,2010-01-04 10:00:00,1.0,13091,UK", Reason.TWO_USERS),
    ("500116,A,Mail,1,2010-01-04 10:00:00,1.0,kim@example.com,UK", Reason.CONTACT_AS_ID),
    ("500117,A,Phone,1,2010-01-04 10:00:00,1.0,010-1234-5678,UK", Reason.CONTACT_AS_ID),
    ("5" * 201 + ",A,Long,1,2010-01-04 10:00:00,1.0,13090,UK", Reason.ID_TOO_LONG),
    ("500118,A,Too few,1,2010-01-04 10:00:00,1.0", Reason.COLUMN_COUNT),
    ("500119,A,Too,many,1,2010-01-04 10:00:00,1.0,13090,UK", Reason.COLUMN_COUNT),
    ('500120,A,"WHITE" HEART,1,2010-01-04 10:00:00,1.0,13090,UK', Reason.BAD_QUOTES),
    ("500121,A,Nul \x00,1,2010-01-04 10:00:00,1.0,13090,UK", Reason.BAD_BYTES),
)


def shop() -> str:
    good = [f'{i},85048,"15CM BALL, ""RED""",{q},{d},{p},{c},United Kingdom' for i, q, d, p, c in GOOD]
    return HEADER + "\n".join([*good, "", *(row for row, _ in BAD)]) + "\n"


def good_lines() -> Iterable[Line]:
    return ((i, q, d, p, c.removesuffix(".0")) for i, q, d, p, c in GOOD)


def test_every_row_is_applied_merged_or_refused_with_its_reason(desk: Desk) -> None:
    report = desk.bring("online_retail_ii", shop())
    expected: dict[Reason, int] = {}
    for _, reason in BAD:
        expected[reason] = expected.get(reason, 0) + 1
    assert report.reasons == expected
    assert (report.read, report.applied, report.merged, report.duplicate) == (len(GOOD) + len(BAD), 7, len(GOOD) - 7, 0)
    lines = {line for (line,) in desk.rows("SELECT line FROM dead_letter")}
    assert lines == set(range(len(GOOD) + 3, len(GOOD) + 3 + len(BAD)))


def test_a_customer_s_bookings_cancellations_and_spend_are_what_the_lines_add_up_to(desk: Desk) -> None:
    desk.bring("online_retail_ii", shop())
    expected = customers(good_lines())
    found = desk.rows(
        """SELECT n.user_id, count(*) FILTER (WHERE cancelled_at IS NULL), count(cancelled_at), sum(paid_krw - refunded_krw),
                  max(booked_day) FILTER (WHERE cancelled_at IS NULL)
           FROM booking_now JOIN user_number n USING (user_no) GROUP BY 1 ORDER BY 1"""
    )
    epoch = datetime(1970, 1, 1).date()
    assert [(who, confirmed, cancelled, spent) for who, confirmed, cancelled, spent, _ in found] == [
        (who, len(c.confirmed), c.cancelled, c.spent) for who, c in sorted(expected.items())
    ]
    assert {who: last for who, *_, last in found} == {
        who: (max(c.confirmed) - epoch).days if c.confirmed else None for who, c in expected.items()
    }
    assert dict(desk.rows("SELECT n.user_id, signed_up_at FROM user_profile JOIN user_number n USING (user_no)")) == {
        who: c.first.astimezone(UTC).replace(tzinfo=None) for who, c in expected.items() if c.first
    }


def test_a_cancellation_without_a_reference_is_a_booking_of_its_own_that_gives_back(desk: Desk) -> None:
    desk.bring("online_retail_ii", shop())
    at = datetime(2010, 2, 1, 9, 0)
    assert desk.rows(
        """SELECT booked_at, cancelled_at, paid_at, refunded_at, paid_krw, refunded_krw, product_line, product_id
           FROM booking WHERE booking_id = 'C500004'"""
    ) == [(at, at, at, at, 0, 152_514, None, None)]
    assert desk.rows("SELECT cancelled_at, refunded_krw FROM booking WHERE booking_id = '500001'") == [(None, 0)]


def test_what_was_given_away_was_never_paid(desk: Desk) -> None:
    desk.bring("online_retail_ii", shop())
    assert desk.rows("SELECT paid_at, paid_krw FROM booking WHERE booking_id = '500005'") == [(None, 0)]


def test_a_day_is_a_day_in_korea(desk: Desk) -> None:
    desk.bring("online_retail_ii", shop())
    days = dict(
        desk.rows(
            "SELECT booking_id, DATE '1970-01-01' + booked_day FROM booking_now WHERE booking_id IN ('500002', '500003', '500005')"
        )
    )
    assert {key: str(day)[:10] for key, day in days.items()} == {
        "500002": "2010-07-01",
        "500003": "2010-06-30",
        "500005": "2010-12-10",
    }


@pytest.mark.parametrize(
    ("encoding", "delimiter"), [("utf-8", ","), ("utf-8-sig", ";"), ("utf-16", "\t"), ("cp949", "|")]
)
def test_the_same_shop_in_another_encoding_and_delimiter_gives_the_same_mart(
    desk: Desk, encoding: str, delimiter: str
) -> None:
    rows = [(i, "A", "컵 ☕" if encoding != "cp949" else "컵", q, d, p, c, "영국") for i, q, d, p, c in GOOD]
    text = "\r\n".join(delimiter.join(row) for row in [tuple(HEADER.strip().split(",")), *rows])
    report = desk.bring("online_retail_ii", desk.file("shop.csv", text, encoding))
    assert (report.applied, report.rejected) == (7, 0)
    expected = customers(good_lines())
    assert dict(
        desk.rows(
            "SELECT n.user_id, sum(paid_krw - refunded_krw) FROM booking JOIN user_number n USING (user_no) GROUP BY 1"
        )
    ) == {who: c.spent for who, c in expected.items()}


def test_as_parquet_with_numbers_and_dates_as_types_it_is_the_same_shop(desk: Desk, tmp_path: Path) -> None:
    csv, parquet = (
        desk.file("good.csv", HEADER + "".join(f"{i},A,x,{q},{d},{p},{c},UK\n" for i, q, d, p, c in GOOD)),
        tmp_path / "good.parquet",
    )
    with desk.mart.cursor() as cursor:
        cursor.execute(
            f"""COPY (SELECT Invoice, StockCode, Description, Quantity, InvoiceDate::TIMESTAMP AS InvoiceDate, Price::DOUBLE AS Price,
                  "Customer ID"::DOUBLE AS "Customer ID", Country FROM read_csv('{csv}', all_varchar = true)) TO '{parquet}' (FORMAT parquet)"""
        )
    report = desk.bring("online_retail_ii", parquet)
    assert (report.read, report.applied, report.rejected) == (len(GOOD), 7, 0)
    again = desk.bring("online_retail_ii", csv)
    assert (again.applied, again.duplicate) == (0, len(GOOD))
