"""DuckDB in memory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

import duckdb
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.index.arrays import Array

_GIVEN: Final = "given"


class DuckDB:
    """Tables in memory (`database.Database`)."""

    name = "DuckDB, tuned columns"
    dialect = "duckdb"

    def __init__(self, *, threads: int = 1) -> None:
        self.threads = threads
        self._connection = duckdb.connect(":memory:", config={"threads": threads})

    def put(self, table: str, columns: Mapping[str, Array]) -> None:
        """Make a table."""
        self._connection.register(_GIVEN, dict(columns))
        making = exp.Create(this=exp.to_table(table), kind="TABLE", expression=select("*").from_(_GIVEN))
        self._connection.execute(making.sql(self.dialect))
        self._connection.unregister(_GIVEN)

    def drop(self, table: str) -> None:
        """Remove it."""
        self._connection.execute(exp.Drop(tables=[exp.to_table(table)], kind="TABLE").sql(self.dialect))

    def rows(self, text: str) -> Sequence[Sequence[int]]:
        """What a query finds; over no rows `COUNT_IF` finds nothing, which is 0."""
        return [[value or 0 for value in row] for row in self._connection.execute(text).fetchall()]

    def count_if(self, truth: exp.Expr) -> exp.Expr:
        """`COUNT_IF` was faster than a filtered count or a sum of numbers."""
        return exp.CountIf(this=truth)

    def update(self) -> None:
        """One UPDATE, committed."""
        self._connection.execute(_UPDATE)


_UPDATE: Final = (Path(__file__).parent / "duckdb_update.sql").read_text(encoding="utf-8")
