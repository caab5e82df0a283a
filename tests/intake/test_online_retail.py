"""Real customers with real histories: Online Retail II, imported, against its own rows counted in plain Python."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from audience_builder.catalog.dimensions import dimensions
from audience_builder.intake import ImportReport, Reason, import_files
from audience_builder.mart.duckdb import DuckDBMart
from tests.intake.retail import Customer, Line, customers

_SHARED = Path(os.environ.get("AUDIENCE_BUILDER_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
FILE = _SHARED / "online_retail_II.parquet"
AS_OF = date(2010, 12, 10)

pytestmark = pytest.mark.skipif(
    not FILE.exists(), reason="online_retail_II.parquet is not here (AUDIENCE_BUILDER_SHARED_DATA)"
)


class Imported:
    def __init__(self, mart: DuckDBMart, report: ImportReport, folder: Path) -> None:
        self.mart, self.report, self.folder = mart, report, folder

    def number(self, sql: str, *values: Any) -> int:
        with self.mart.cursor() as cursor:
            row = cursor.execute(sql, list(values)).fetchone()
        assert row is not None
        return int(row[0])


@pytest.fixture(scope="module")
def imported(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Imported]:
    folder = tmp_path_factory.mktemp("retail")
    mart = DuckDBMart(folder / "mart.duckdb", dimensions=dimensions())
    report = import_files(mart, "online_retail_ii", [FILE], rejects_dir=folder)
    yield Imported(mart, report, folder)
    mart.close()


@pytest.fixture(scope="module")
def raw() -> list[tuple[Any, ...]]:
    with duckdb.connect() as connection:
        return connection.execute(
            'SELECT Invoice, Quantity, InvoiceDate, Price, "Customer ID" FROM read_parquet(?)', [str(FILE)]
        ).fetchall()


@pytest.fixture(scope="module")
def expected(raw: list[tuple[Any, ...]]) -> dict[str, Customer]:
    def line(row: tuple[Any, ...]) -> Line:
        invoice, quantity, moment, price, customer = row
        return invoice, str(quantity), moment, repr(price), str(int(customer))

    return customers(line(row) for row in raw if row[4] is not None)


_CONFIRMED = "SELECT user_no, count(*) AS n FROM booking_now WHERE cancelled_at IS NULL GROUP BY user_no"
_CANCELLED = "SELECT user_no, count(*) AS n FROM booking_now WHERE cancelled_at IS NOT NULL GROUP BY user_no"
_SPENT = "SELECT user_no, sum(paid_krw - refunded_krw) AS n FROM booking_now WHERE paid_at IS NOT NULL GROUP BY user_no"


def test_every_line_is_accounted_for(imported: Imported, raw: list[tuple[Any, ...]]) -> None:
    report = imported.report
    nobody = sum(1 for row in raw if row[4] is None)
    assert report.read == len(raw) == 525_461
    assert report.reasons == {Reason.NO_USER: nobody} == {Reason.NO_USER: 107_927}
    assert report.applied == len({row[0] for row in raw if row[4] is not None}) == 23_587
    assert report.merged == len(raw) - nobody - report.applied
    assert report.duplicate == 0


def test_every_customer_is_a_user(imported: Imported, expected: dict[str, Customer]) -> None:
    assert imported.number("SELECT count(*) FROM user_profile") == len(expected) == 4_383
    first = min(customer.first for customer in expected.values() if customer.first)
    assert imported.number("SELECT count(*) FROM user_profile WHERE signed_up_at < ?", first.replace(tzinfo=None)) == 0


@pytest.mark.parametrize("least", [1, 2, 3, 5, 10, 20, 50])
def test_as_many_customers_booked_so_often(imported: Imported, expected: dict[str, Customer], least: int) -> None:
    found = imported.number(f"SELECT count(*) FROM ({_CONFIRMED}) WHERE n >= ?", least)
    assert found == sum(1 for customer in expected.values() if len(customer.confirmed) >= least)
    assert found > 0


@pytest.mark.parametrize("least", [1, 2, 5])
def test_as_many_customers_cancelled_so_often(imported: Imported, expected: dict[str, Customer], least: int) -> None:
    found = imported.number(f"SELECT count(*) FROM ({_CANCELLED}) WHERE n >= ?", least)
    assert found == sum(1 for customer in expected.values() if customer.cancelled >= least)
    assert found > 0


@pytest.mark.parametrize("least", [-(10**12), 0, 1, 500_000, 2_000_000, 10_000_000, 100_000_000])
def test_as_many_customers_spent_so_much(imported: Imported, expected: dict[str, Customer], least: int) -> None:
    found = imported.number(
        f"SELECT count(*) FROM user_profile LEFT JOIN ({_SPENT}) USING (user_no) WHERE coalesce(n, 0) >= ?", least
    )
    assert found == sum(1 for customer in expected.values() if customer.spent >= least)


def test_each_customer_s_spend_is_the_sum_of_their_lines(imported: Imported, expected: dict[str, Customer]) -> None:
    with imported.mart.cursor() as cursor:
        found = dict(
            cursor.execute(
                f"SELECT user_id, coalesce(n, 0) FROM user_number LEFT JOIN ({_SPENT}) USING (user_no)"
            ).fetchall()
        )
    assert found == {who: customer.spent for who, customer in expected.items()}


@pytest.mark.parametrize("last", [1, 7, 30, 90, 180, 365])
def test_as_many_customers_booked_last_so_many_days_ago(
    imported: Imported, expected: dict[str, Customer], last: int
) -> None:
    latest = "SELECT user_no, max(CAST(booked_at + INTERVAL 9 HOUR AS DATE)) AS day FROM booking_now WHERE cancelled_at IS NULL GROUP BY user_no"
    found = imported.number(f"SELECT count(*) FROM ({latest}) WHERE DATE '2010-12-10' - day < ?", last)
    since = AS_OF - timedelta(days=last - 1)
    assert found == sum(1 for customer in expected.values() if any(since <= day <= AS_OF for day in customer.confirmed))
    assert found > 0


def test_importing_it_again_changes_nothing(imported: Imported) -> None:
    before = imported.mart.content_hash()
    again = import_files(imported.mart, "online_retail_ii", [FILE], rejects_dir=imported.folder)
    assert again.files[0].already_applied
    assert imported.mart.content_hash() == before
