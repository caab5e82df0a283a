"""Tables of words in ClickHouse, run within this process (`chdb`)."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager
from itertools import count
from typing import Final
from weakref import finalize

import chdb
import numpy as np
import pyarrow as pa
from chdb.state.sqlitelike import Connection
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.engine.words.sheet import WORD
from audience_builder.engine.words.spelling import CLICKHOUSE, Spelling
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Words

_SERIAL: Final = count(1)
_NUMBERS: Final = "RowBinary"
"""Whole numbers of eight bytes, row by row."""

_SETTINGS: Final = {
    "max_query_size": 2**26,
    "max_ast_elements": 10**6,
    "max_expanded_ast_elements": 10**6,
    "log_queries": 0,
    "log_query_threads": 0,
    "log_profile_events": 0,
    "log_processors_profiles": 0,
    "query_metric_log_interval": 0,
    "query_profiler_real_time_period_ns": 0,
    "query_profiler_cpu_time_period_ns": 0,
}
"""The facets of all filters are one query; and ClickHouse's own bookkeeping takes longer than a small query."""


class ClickHouseWords:
    """Words as UInt64 in MergeTree tables ordered by word.

    A process has one ClickHouse: each store has a database of its own in it. `threads` are the cores a query may use.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._connection = chdb.connect(":memory:")
        self._database = exp.to_identifier(f"words_{next(_SERIAL)}")
        self._run(exp.Create(this=exp.Table(this=self._database), kind="DATABASE"))
        self._run(exp.Use(this=exp.Table(this=self._database)))
        for name, value in {**_SETTINGS, "max_threads": threads}.items():
            self._run(_setting(name, value))
        leaving = self.spelling.text(exp.Drop(tables=[exp.Table(this=self._database)], kind="DATABASE", sync=True))
        self._left = finalize(self, _leave, self._connection, leaving)

    @property
    def spelling(self) -> Spelling:
        """How this database writes a query."""
        return CLICKHOUSE

    def put(self, table: str, columns: Mapping[str, Words]) -> None:
        """Make a table of these sets."""
        size = max(words.size for words in columns.values())
        self._run(_table(table, columns))
        self._insert(table, pa.table({WORD: np.arange(size, dtype=np.uint64), **columns}))

    def rows(self, query: exp.Select) -> Words:
        """What a query of whole numbers finds, of shape (rows, columns)."""
        found = self._run(query)
        return np.frombuffer(found, np.uint64).reshape(-1, len(query.expressions))

    def drop(self, table: str) -> None:
        """Remove a table."""
        self._run(exp.Drop(tables=[exp.to_table(table)], kind="TABLE", sync=True))

    def close(self) -> None:
        """Remove everything."""
        self._left()

    def _insert(self, table: str, given: pa.Table) -> None:
        # ClickHouse finds the rows by the name they have here.
        rows = select("*").from_(exp.Table(this=exp.Anonymous(this="Python", expressions=[column("given")])))
        with _answering():
            self._connection.query(self.spelling.text(exp.insert(rows, table)))

    def _run(self, statement: exp.Expr) -> bytes:
        with _answering():
            return self._connection.query(self.spelling.text(statement), _NUMBERS).bytes()


@contextmanager
def _answering() -> Generator[None]:
    try:
        yield
    except RuntimeError as problem:
        raise EngineError(f"the words could not be read: {problem}", fix="Ask for less at once.") from problem


def _leave(connection: Connection, leaving: str) -> None:
    connection.query(leaving)
    connection.close()


def _table(name: str, columns: Mapping[str, Words]) -> exp.Create:
    words = [exp.ColumnDef(this=exp.to_identifier(entry), kind=_word()) for entry in (WORD, *columns)]
    engine = exp.EngineProperty(this=exp.to_identifier("MergeTree"))
    ordered = exp.Order(expressions=[exp.Ordered(this=column(WORD), nulls_first=False)])
    return exp.Create(
        this=exp.Schema(this=exp.to_table(name), expressions=words),
        kind="TABLE",
        properties=exp.Properties(expressions=[engine, ordered]),
    )


def _word() -> exp.DataType:
    return exp.DataType(this=exp.DType.UBIGINT, nullable=False)


def _setting(name: str, value: int) -> exp.Set:
    return exp.Set(expressions=[exp.SetItem(this=exp.EQ(this=column(name), expression=exp.Literal.number(value)))])
