"""A desk with an empty mart in memory."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from audience_builder.mart.duckdb import DuckDBMart
from tests.intake.desk import DIMENSIONS, NOW, Desk


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    mart = DuckDBMart(None, dimensions=DIMENSIONS, now=lambda: NOW)
    yield Desk(mart, tmp_path)
    mart.close()
