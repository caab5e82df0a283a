"""ClickHouse within this process (`chdb`)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from itertools import count
from pathlib import Path
from typing import Final

import chdb
import numpy as np
import pyarrow as pa
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.engine.words.spelling import CLICKHOUSE
from audience_builder.index.arrays import Array
from bench.rivals.database import CHANGED, CHANGED_USER

_SERIAL: Final = count(1)
_TYPES: Final = {1: exp.DType.UTINYINT, 2: exp.DType.USMALLINT, 4: exp.DType.UINT, 8: exp.DType.UBIGINT}
_SETTINGS: Final = {
    "max_query_size": 2**26,
    "log_queries": 0,
    "log_profile_events": 0,
    "query_profiler_real_time_period_ns": 0,
    "query_profiler_cpu_time_period_ns": 0,
    "mutations_sync": 2,
    "allow_nondeterministic_mutations": 1,
}
"""Nothing is kept about queries; a mutation is done when its statement returns."""


class ClickHouse:
    """Tables of the engine Memory: counts took half as long as in MergeTree (`database.Database`)."""

    name = "ClickHouse, tuned columns"
    dialect = CLICKHOUSE.dialect

    def __init__(self, *, threads: int = 1) -> None:
        self.threads = threads
        self._connection = chdb.connect(":memory:")
        database = exp.Table(this=exp.to_identifier(f"rival_{next(_SERIAL)}"))
        self._run(exp.Create(this=database, kind="DATABASE"))
        self._run(exp.Use(this=database.copy()))
        for name, value in {**_SETTINGS, "max_threads": threads}.items():
            item = exp.SetItem(this=exp.EQ(this=column(name), expression=exp.Literal.number(value)))
            self._run(exp.Set(expressions=[item]))

    def put(self, table: str, columns: Mapping[str, Array]) -> None:
        """Make a table; changes are looked up by user."""
        fields = [exp.ColumnDef(this=exp.to_identifier(name), kind=_type(values)) for name, values in columns.items()]
        engine: exp.Expr = exp.to_identifier("Memory")
        if table == CHANGED:
            words = [exp.to_identifier("ANY"), exp.to_identifier("LEFT"), exp.to_identifier(CHANGED_USER)]
            engine = exp.Anonymous(this="Join", expressions=words)
        properties = exp.Properties(expressions=[exp.EngineProperty(this=engine)])
        shape = exp.Schema(this=exp.to_table(table), expressions=fields)
        self._run(exp.Create(this=shape, kind="TABLE", properties=properties))
        self._insert(table, pa.table({name: np.ascontiguousarray(values) for name, values in columns.items()}))

    def drop(self, table: str) -> None:
        """Remove it."""
        self._run(exp.Drop(tables=[exp.to_table(table)], kind="TABLE", sync=True))

    def rows(self, text: str) -> Sequence[Sequence[int]]:
        """What a query finds: the answer is small, and read as text."""
        lines = str(self._connection.query(text, "TabSeparated")).splitlines()
        return [tuple(int(value) for value in line.split("\t")) for line in lines if line]

    def count_if(self, truth: exp.Expr) -> exp.Expr:
        """`countIf`."""
        return exp.CountIf(this=truth)

    def update(self) -> None:
        """One mutation of three columns."""
        self._connection.query(_UPDATE)

    def _insert(self, table: str, given: pa.Table) -> None:
        # ClickHouse finds the rows by the name they have here.
        rows = select("*").from_(exp.Table(this=exp.Anonymous(this="Python", expressions=[column("given")])))
        self._connection.query(exp.insert(rows, table).sql(self.dialect))

    def _run(self, statement: exp.Expr) -> None:
        self._connection.query(statement.sql(self.dialect))


def _type(values: Array) -> exp.DataType:
    return exp.DataType(this=_TYPES[values.dtype.itemsize], nullable=False)


_UPDATE: Final = (Path(__file__).parent / "clickhouse_update.sql").read_text(encoding="utf-8")
