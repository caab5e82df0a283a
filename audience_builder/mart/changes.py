"""Whom each version of the mart changed, kept with the change itself: a start knows whom a saved index does not speak of."""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt

UserNumbers = npt.NDArray[np.uint32]

_BYTES = np.dtype("<u4")


def keep(connection: duckdb.DuckDBPyConnection, version: int, users: UserNumbers | None) -> None:
    """Keep whom a version changed, within the caller's transaction; None = everyone, or too many to name."""
    body = None if users is None else users.astype(_BYTES).tobytes()
    connection.execute("INSERT INTO mart_change VALUES (?, ?)", [version, body])


def between(connection: duckdb.DuckDBPyConnection, since: int, version: int) -> UserNumbers | None:
    """Whoever changed after `since` up to `version`, ascending and once each; None where that is everyone, or was not kept."""
    query = "SELECT users FROM mart_change WHERE mart_version > ? AND mart_version <= ?"
    found = [row[0] for row in connection.execute(query, [since, version]).fetchall()]
    if len(found) != version - since or None in found:
        return None
    return np.unique(np.concatenate([np.zeros(0, np.uint32), *(np.frombuffer(body, _BYTES) for body in found)]))


def forget(connection: duckdb.DuckDBPyConnection, version: int) -> None:
    """Forget whom versions up to this one changed: an index that holds them is saved."""
    connection.execute("DELETE FROM mart_change WHERE mart_version <= ?", [version])
