"""A mart in memory, and one word to write a batch into it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import count
from typing import Any

import pytest

from audience_builder.mart.duckdb import DuckDBMart
from tests.mart.facts import dimensions, write


@pytest.fixture
def mart() -> Iterator[DuckDBMart]:
    found = DuckDBMart(None, dimensions=dimensions())
    yield found
    found.close()


_BATCH = count()

Apply = Callable[..., DuckDBMart]


@pytest.fixture
def apply(mart: DuckDBMart) -> Apply:
    """Write rows as one batch of their own."""

    def batch(**tables: Iterable[Mapping[str, Any]]) -> DuckDBMart:
        with mart.transaction("test", str(next(_BATCH))) as tx:
            write(tx, **tables)
        return mart

    return batch
