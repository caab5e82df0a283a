"""The operational rows that were captured: every version of each, once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
from sqlglot import exp

from audience_builder.mart.columns import Array, Columns, scanned
from audience_builder.mart.schema import DIALECT, statement
from audience_builder.mart.tables import SOURCE_ROW

Key = tuple[str, str]
"""An operational table and a primary key in it."""


@dataclass(frozen=True, slots=True)
class SourceRow:
    """A row as it was from a place of the database's log on. `at` is naive UTC; no `body` = deleted."""

    source: str
    key: str
    place: int
    at: datetime
    user_no: int | None
    body: str | None


def fresh(connection: duckdb.DuckDBPyConnection, rows: Sequence[tuple[str, str, int]]) -> list[int]:
    """Which of these (table, key, place) were not kept before, each of equal ones once: their positions, ascending."""
    told: dict[str, Array] = {
        **_keys([(source, key) for source, key, _ in rows]),
        "place": np.array([place for _, _, place in rows], np.int64),
        "position": np.arange(len(rows), dtype=np.int64),
    }
    with scanned(connection, told, "told_row"):
        found = connection.execute(statement("fresh_rows").sql(DIALECT)).fetchnumpy()["position"]
    return sorted(int(position) for position in found)


def keep(connection: duckdb.DuckDBPyConnection, rows: Sequence[SourceRow]) -> None:
    """Keep versions that are new."""
    if not rows:
        return
    unknown = np.array([row.user_no is None for row in rows], np.bool_)
    columns: dict[str, Array] = {
        **_keys([(row.source, row.key) for row in rows]),
        "place": np.array([row.place for row in rows], np.int64),
        "at": np.array([row.at for row in rows], "datetime64[us]"),
        "user_no": np.ma.MaskedArray(np.array([row.user_no or 0 for row in rows], np.uint32), unknown),
        "body": np.array([row.body for row in rows], dtype=object),
    }
    with scanned(connection, columns, "incoming") as given:
        connection.execute(exp.insert(given, SOURCE_ROW.name, columns=list(columns)).sql(DIALECT))


def versions(connection: duckdb.DuckDBPyConnection, keys: Collection[Key]) -> dict[Key, list[SourceRow]]:
    """Every version of these rows, by place."""
    found: dict[Key, list[SourceRow]] = {key: [] for key in keys}
    if keys:
        with scanned(connection, _keys(list(found)), "wanted"):
            for row in connection.execute(statement("rows_of_keys").sql(DIALECT)).fetchall():
                found[row[0], row[1]].append(SourceRow(*row))
    return found


def versions_of_users(connection: duckdb.DuckDBPyConnection, user_nos: Collection[int]) -> dict[int, list[SourceRow]]:
    """Every version of the rows profiles are made of, by user."""
    found: dict[int, list[SourceRow]] = {user: [] for user in user_nos}
    if found:
        with scanned(connection, {"user_no": np.array(sorted(found), np.uint32)}, "wanted"):
            for row in connection.execute(statement("rows_of_users").sql(DIALECT)).fetchall():
                found[row[4]].append(SourceRow(*row))
    return found


def keys_of(connection: duckdb.DuckDBPyConnection, source: str, *, before: int) -> list[str]:
    """The keys of a table that were there before a place."""
    values = {"source": source, "place": before}
    return [row[0] for row in connection.execute(statement("keys_of_source").sql(DIALECT), values).fetchall()]


def own(connection: duckdb.DuckDBPyConnection, owners: dict[Key, int]) -> None:
    """Say whose rows these are where that was not known."""
    if owners:
        columns: Columns = {**_keys(list(owners)), "user_no": np.array(list(owners.values()), np.uint32)}
        with scanned(connection, columns, "wanted"):
            connection.execute(statement("own_rows").sql(DIALECT))


def _keys(keys: Sequence[Key]) -> dict[str, Array]:
    return {
        "source": np.array([source for source, _ in keys], dtype=object),
        "key": np.array([key for _, key in keys], dtype=object),
    }
