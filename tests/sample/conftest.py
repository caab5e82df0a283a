"""One sample of 20,000 users over a year, shared by the tests that read it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from typing import Any

import pytest
from sqlglot.expressions import select

from audience_builder.catalog.dimensions import dimensions
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.sample import generate

END = date(2026, 11, 22)
USERS, DAYS, SEED = 20_000, 365, 20260101

Rows = Callable[..., list[tuple[Any, ...]]]
One = Callable[..., Any]
Count = Callable[..., int]


@pytest.fixture
def mart() -> Iterator[DuckDBMart]:
    """An empty mart."""
    found = DuckDBMart(None, dimensions=dimensions())
    yield found
    found.close()


@pytest.fixture(scope="session")
def sample() -> Iterator[DuckDBMart]:
    """A mart that holds the sample; only to be read."""
    found = DuckDBMart(None, dimensions=dimensions())
    generate(found, users=USERS, days=DAYS, seed=SEED, end=END)
    yield found
    found.close()


@pytest.fixture
def rows(sample: DuckDBMart) -> Iterator[Rows]:
    """Ask the sample: rows of a query with `$name` parameters."""
    with sample.cursor() as cursor:
        yield lambda query, **values: cursor.execute(query, values or None).fetchall()


@pytest.fixture
def one(rows: Rows) -> One:
    """Ask the sample for one value."""
    return lambda query, **values: rows(query, **values)[0][0]


@pytest.fixture
def count(one: One) -> Count:
    """How many rows of a table hold to a condition."""

    def counted(table: str, where: str, **values: Any) -> int:
        query = select("COUNT(*)").from_(table).where(where, dialect="duckdb")
        return int(one(query.sql("duckdb"), **values))

    return counted
