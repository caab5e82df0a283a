"""The main job on real input: from a shop's invoice lines to exact counts, in every engine, against plain Python.

The real shop is Online Retail II (skipped by name where the file is absent); a made-up shop in its format is always asked.
"""

from __future__ import annotations

import csv
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from random import Random
from typing import Any

import duckdb
import pytest

from audience_builder.catalog.dimensions import dimensions
from audience_builder.clock import end_of_day
from audience_builder.engine.port import Engine
from audience_builder.intake import import_files
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.rule.check import parse_rule
from tests.intake.retail import Customer, Line, customers
from tests.laws.world import engines_of

_SHARED = Path(os.environ.get("AUDIENCE_BUILDER_SHARED_DATA", Path(__file__).parents[3] / "shared" / "data"))
REAL = _SHARED / "online_retail_II.parquet"
AS_OF = date(2010, 12, 10)


@dataclass(frozen=True)
class Shop:
    """A shop's customers as its own lines say, and the engines over its import."""

    customers: list[Customer]
    engines: dict[str, Engine]


def real_lines() -> list[Line]:
    with duckdb.connect() as connection:
        rows = connection.execute(
            'SELECT Invoice, Quantity, InvoiceDate, Price, "Customer ID" FROM read_parquet(?)', [str(REAL)]
        ).fetchall()
    return [(i, str(q), at, repr(price), str(int(who))) for i, q, at, price, who in rows if who is not None]


def made_up_lines(file: Path) -> list[Line]:
    """A few hundred invoices around midnight and the change of the clocks, written as the shop writes them."""
    random = Random(3)
    lines: list[Line] = []
    for number in range(400):
        sign = "C" if random.random() < 0.15 else ""
        at = f"2010-{random.randint(1, 12):02d}-{random.randint(1, 9):02d} {random.choice((0, 8, 14, 15, 16, 23)):02d}:{random.choice((0, 30, 59)):02d}:00"
        who = str(13_000 + random.randrange(60))
        for _ in range(random.randint(1, 4)):
            quantity = -random.randint(1, 5) if sign else random.randint(1, 30)
            lines.append((f"{sign}{489_434 + number}", str(quantity), at, f"{random.randint(1, 9_999) / 100:.2f}", who))
    with file.open("w", newline="", encoding="utf-8") as out:
        writer = csv.writer(out)
        writer.writerow(
            ["Invoice", "StockCode", "Description", "Quantity", "InvoiceDate", "Price", "Customer ID", "Country"]
        )
        writer.writerows(
            [i, "85048", "LIGHTS", q, at, price, f"{who}.0", "United Kingdom"] for i, q, at, price, who in lines
        )
    return lines


@pytest.fixture(scope="module", params=["made up", "real"])
def shop(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    folder = tmp_path_factory.mktemp("shop")
    file = REAL if request.param == "real" else folder / "shop.csv"
    if request.param == "real" and not REAL.exists():
        pytest.skip("online_retail_II.parquet is not here (AUDIENCE_BUILDER_SHARED_DATA)")
    lines = real_lines() if request.param == "real" else made_up_lines(file)
    mart = DuckDBMart(folder / "mart.duckdb", dimensions=dimensions())
    import_files(mart, "online_retail_ii", [file], rejects_dir=folder)
    yield Shop(list(customers(lines).values()), engines_of(mart, end_of_day(AS_OF)))
    mart.close()


def asks(key: str, operator: str, value: Any, **more: Any) -> dict[str, Any]:
    return {"type": "condition", "filter": key, "operator": operator, "value": value, **more}


def since(customer: Customer, days: int) -> int:
    return sum(AS_OF - timedelta(days=days - 1) <= day <= AS_OF for day in customer.confirmed)


LAST_90 = {"type": "last", "n": 90}
QUESTIONS: list[tuple[dict[str, Any], Callable[[Customer], bool]]] = [
    *((asks("booking_count", ">=", k), lambda c, k=k: len(c.confirmed) >= k) for k in (0, 1, 2, 5, 10)),
    *((asks("booking_count", ">=", 1, window={"type": "last", "n": n}), lambda c, n=n: since(c, n) >= 1) for n in (7, 30, 365)),
    *((asks("cancellation", ">=", k), lambda c, k=k: c.cancelled >= k) for k in (1, 3)),
    *((asks("total_spend", ">=", krw), lambda c, krw=krw: c.spent >= krw) for krw in (-(10**9), 1, 500_000, 2_000_000)),
    (asks("last_booking", "within", LAST_90), lambda c: since(c, 90) > 0),
    (asks("last_booking", ">=", 90), lambda c: bool(c.confirmed) and max(c.confirmed) <= AS_OF - timedelta(days=90)),
    (asks("last_booking", "unknown", None), lambda c: not c.confirmed),
    (asks("average_order_value", ">=", 300_000), lambda c: bool(c.confirmed) and c.spent // len(c.confirmed) >= 300_000),
    ({"type": "all", "children": [asks("booking_count", ">=", 3), {"type": "not", "child": asks("booking_count", ">=", 1, window=LAST_90)}]},
     lambda c: len(c.confirmed) >= 3 and since(c, 90) == 0),
    ({"type": "any", "children": [asks("cancellation", ">=", 2), asks("total_spend", ">=", 5_000_000)]},
     lambda c: c.cancelled >= 2 or c.spent >= 5_000_000),
]  # fmt: skip


@pytest.mark.parametrize(
    ("question", "meant"), QUESTIONS, ids=lambda value: str(value)[:70] if isinstance(value, dict) else ""
)
def test_counts_of_customers_equal_what_the_lines_say(
    shop: Shop, question: dict[str, Any], meant: Callable[[Customer], bool]
) -> None:
    rule = parse_rule({"version": 1, "root": question})
    expected = sum(1 for customer in shop.customers if meant(customer))
    for name, engine in shop.engines.items():
        count = engine.count(rule, as_of=end_of_day(AS_OF))
        assert count.total == expected, name
        assert count.base == len(shop.customers)
