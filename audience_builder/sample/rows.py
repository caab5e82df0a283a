"""Arrays on their way into the mart: in the types of its tables, with empty entries masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final, TypeAlias

import numpy as np
import numpy.typing as npt

from audience_builder.mart.tables import Table
from audience_builder.sample.chance import Bools, Ints

Array: TypeAlias = npt.NDArray[Any]
Columns: TypeAlias = dict[str, Array]
"""One array a column, all of one length."""

_TYPES: Final = {
    "BOOLEAN": np.bool_,
    "UTINYINT": np.uint8,
    "USMALLINT": np.uint16,
    "UINTEGER": np.uint32,
    "INTEGER": np.int32,
    "BIGINT": np.int64,
}


def packed(table: Table, values: Mapping[str, Array]) -> Columns:
    """The values in the types of the table's columns. Raises KeyError for a column the table has not."""
    types = {column.name: column.type for column in table.columns}
    return {
        name: found.astype(_TYPES[types[name]], copy=False) if types[name] in _TYPES else found
        for name, found in values.items()
    }


def said(values: Array, is_said: Bools) -> Array:
    """The values where something was said, empty elsewhere."""
    return np.ma.masked_array(values, mask=~is_said)


def texts(prefix: str, numbers: Ints) -> Array:
    """Numbers as ids: a prefix and ten digits."""
    if not len(numbers):
        return np.empty(0, dtype=object)
    distinct, position = np.unique(numbers, return_inverse=True)
    written = np.char.add(prefix, np.char.zfill(distinct.astype("U10"), 10))
    return written.astype(object)[position]
