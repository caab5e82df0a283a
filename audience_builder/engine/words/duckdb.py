"""Tables of words in a DuckDB of their own."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import contextmanager

import duckdb
import numpy as np
from sqlglot import exp
from sqlglot.expressions import select

from audience_builder.engine.words.sheet import WORD
from audience_builder.engine.words.spelling import DUCKDB, Spelling
from audience_builder.errors import EngineError
from audience_builder.index.arrays import Words

_GIVEN = "given_words"


class DuckDBWords:
    """Words in memory, as BIGINT: DuckDB counts the bits of an unsigned word as 128-bit numbers, which takes longer.

    `threads` are the cores a query may use.
    """

    def __init__(self, *, threads: int = 1) -> None:
        self._connection = duckdb.connect(":memory:", config={"threads": threads})

    @property
    def spelling(self) -> Spelling:
        """How this database writes a query."""
        return DUCKDB

    def put(self, table: str, columns: Mapping[str, Words]) -> None:
        """Make a table of these sets."""
        size = max(words.size for words in columns.values())
        signed = {name: np.ascontiguousarray(words).view(np.int64) for name, words in columns.items()}
        making = exp.Create(this=exp.to_table(table), kind="TABLE", expression=select("*").from_(exp.to_table(_GIVEN)))
        with _answering():
            self._connection.register(_GIVEN, {WORD: np.arange(size, dtype=np.int64), **signed})
            self._connection.execute(self.spelling.text(making))
            self._connection.unregister(_GIVEN)

    def rows(self, query: exp.Select) -> Words:
        """What a query of whole numbers finds, of shape (rows, columns)."""
        with _answering():
            found = self._connection.execute(self.spelling.text(query)).fetchnumpy()
        return np.stack([np.asarray(values, np.int64) for values in found.values()], axis=1).view(np.uint64)

    def drop(self, table: str) -> None:
        """Remove a table."""
        with _answering():
            self._connection.execute(self.spelling.text(exp.Drop(tables=[exp.to_table(table)], kind="TABLE")))

    def close(self) -> None:
        """Remove everything."""
        self._connection.close()


@contextmanager
def _answering() -> Generator[None]:
    try:
        yield
    except duckdb.Error as problem:
        raise EngineError(f"the words could not be read: {problem}", fix="Ask for less at once.") from problem
