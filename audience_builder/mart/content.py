"""The content of the mart as one number: the same rows give the same, in whatever order they were written."""

from __future__ import annotations

from hashlib import sha256

import duckdb
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.mart.schema import DIALECT
from audience_builder.mart.tables import TABLES, Table


def content_hash(connection: duckdb.DuckDBPyConnection) -> str:
    """The hash of the five tables, 64 hexadecimal digits. Stable within one version of DuckDB."""
    lines: list[str] = []
    for table in TABLES:
        row = connection.execute(_sum_of(table).sql(DIALECT)).fetchone()
        assert row is not None
        lines.append(f"{table.name} {row[0]} {row[1]}")
    return sha256("\n".join(lines).encode()).hexdigest()


def _sum_of(table: Table) -> exp.Select:
    # A sum forgets the order and needs no memory; unlike xor it does not forget rows that come twice.
    hashed = exp.func("hash", *(column(name, quoted=True) for name in table.column_names()))
    return select(exp.Count(this=exp.Star()), exp.Sum(this=hashed)).from_(table.name)
