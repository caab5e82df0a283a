"""Columns of numpy on their way into the mart: checked against a table, and laid out so that DuckDB can scan them."""

from __future__ import annotations

from collections.abc import Collection, Generator, Mapping
from contextlib import contextmanager
from typing import TypeAlias

import duckdb
import numpy as np
import numpy.typing as npt
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.errors import InputError
from audience_builder.mart.tables import Table

Array: TypeAlias = npt.NDArray[np.generic]
Columns: TypeAlias = Mapping[str, Array]
"""One array a column, all of one length; masked entries, NaT and None are empty. Moments are naive UTC."""

_MASK_OF = "empty {}"


def refuse_wrong(table: Table, names: Collection[str]) -> None:
    """Raise InputError where a column is not the table's, or one that may not be empty is missing."""
    unknown = sorted(set(names) - set(table.column_names()))
    if unknown:
        raise InputError(
            f"{table.name} has no column {', '.join(unknown)}",
            fix=f"Its columns are {', '.join(table.column_names())}.",
        )
    missing = [entry.name for entry in table.columns if not entry.nullable and entry.name not in names]
    if missing:
        raise InputError(f"{table.name} needs {', '.join(missing)}", fix="Give these columns a value in every row.")


def rows_in(columns: Columns) -> int:
    """How many rows the columns have. Raises InputError where they differ."""
    lengths = {len(values) for values in columns.values()}
    if len(lengths) > 1:
        raise InputError("the columns have different lengths", fix="Give every column one value a row.")
    return lengths.pop() if lengths else 0


@contextmanager
def scanned(connection: duckdb.DuckDBPyConnection, columns: Columns, name: str) -> Generator[exp.Select]:
    """A select of the columns, readable while the context lasts; `name` is the relation it is known by meanwhile."""
    laid_out: dict[str, Array] = {}
    found: list[exp.Expr] = []
    for key, values in columns.items():
        plain, empty = _laid_out(values)
        laid_out[key] = plain
        read = column(key, quoted=True)
        if empty is None:
            found.append(read)
        else:
            laid_out[_MASK_OF.format(key)] = empty
            known = exp.Not(this=column(_MASK_OF.format(key), quoted=True))
            found.append(exp.Case().when(known, read).as_(key, quoted=True))
    connection.register(name, laid_out)
    try:
        yield select(*found).from_(exp.to_table(name))
    finally:
        connection.unregister(name)


def _laid_out(values: Array) -> tuple[Array, Array | None]:
    """The array in a type DuckDB scans, and where it is empty (None = said by the values themselves)."""
    empty: Array | None = None
    if isinstance(values, np.ma.MaskedArray):
        empty = np.ascontiguousarray(np.ma.getmaskarray(values))
        values = np.ma.getdata(values)
    if values.dtype.kind == "M":
        values = values.astype("datetime64[us]")
    elif values.dtype.kind == "U":
        values = values.astype(object)
    return np.ascontiguousarray(values), empty
