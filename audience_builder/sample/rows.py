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

_DIGITS: Final = 10


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
    """Numbers as ids: a letter and ten digits."""
    written = np.empty((len(numbers), 1 + _DIGITS), dtype=np.uint32)
    written[:, 0] = ord(prefix)
    rest = numbers
    for place in range(_DIGITS, 0, -1):
        higher = rest // 10
        written[:, place] = rest - higher * 10
        rest = higher
    written[:, 1:] += ord("0")
    return written.view(f"U{1 + _DIGITS}").ravel().astype(object)
