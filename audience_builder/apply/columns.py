"""Rows said one by one as columns the mart takes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

import numpy as np

from audience_builder.mart.columns import Array
from audience_builder.mart.tables import TABLES

_TYPES = {table.name: {column.name: column.type for column in table.columns} for table in TABLES}


def of_cells(table: str, rows: Sequence[dict[str, Any]]) -> dict[str, Array]:
    """The rows as columns of a table of the mart; None is empty, moments know their zone."""
    return {name: _column(_TYPES[table][name], [row[name] for row in rows]) for name in rows[0]}


def _column(kind: str, values: list[Any]) -> Array:
    if kind == "TIMESTAMP":
        return np.array([_naive(value) for value in values], "datetime64[us]")
    if kind == "DATE":
        return np.array(values, "datetime64[D]")
    if kind == "VARCHAR":
        return np.array(values, dtype=object)
    if kind == "BOOLEAN":
        return np.array(values, np.bool_)
    empty = np.array([value is None for value in values], np.bool_)
    return np.ma.MaskedArray(np.array([0 if value is None else value for value in values], np.int64), empty)


def _naive(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC).replace(tzinfo=None)
