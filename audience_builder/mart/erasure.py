"""Forgetting a user: no row of theirs stays, and nothing of theirs comes back."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import duckdb
import numpy as np
import numpy.typing as npt
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.mart import memberships
from audience_builder.mart.identity import TOMBSTONE, id_tag
from audience_builder.mart.schema import DIALECT
from audience_builder.mart.tables import SOURCE_ROW, TABLES


@dataclass(frozen=True, slots=True)
class ErasureReport:
    """What was deleted: the burnt number (None = the id was never seen), and how many rows of each table."""

    user_no: int | None
    rows: dict[str, int]
    already_erased: bool = False

    def users(self) -> npt.NDArray[np.uint32]:
        """The one user whose facts changed, or nobody."""
        return np.array([] if self.user_no is None else [self.user_no], dtype=np.uint32)


def erase(connection: duckdb.DuckDBPyConnection, user_id: str, *, at: datetime) -> ErasureReport:
    """Delete the user's rows within the caller's transaction. `at` is naive UTC."""
    tag = _tag(connection, user_id)
    gone = connection.execute("SELECT user_no FROM erased_user WHERE id_tag = ?", [tag]).fetchone()
    if gone is not None:
        return ErasureReport(user_no=gone[0], rows=_delete(connection, gone[0]), already_erased=True)
    known = connection.execute("SELECT user_no FROM user_number WHERE user_id = ?", [user_id]).fetchone()
    user_no: int | None = None if known is None else int(known[0])
    connection.execute("INSERT INTO erased_user VALUES (?, ?, ?)", [tag, user_no, at])
    connection.execute("UPDATE user_number SET user_id = ? WHERE user_id = ?", [TOMBSTONE + tag, user_id])
    if user_no is not None:
        memberships.erase(connection, user_no, at=at)
    return ErasureReport(user_no=user_no, rows=_delete(connection, user_no))


def _tag(connection: duckdb.DuckDBPyConnection, user_id: str) -> str:
    row = connection.execute(select(id_tag(exp.Placeholder())).sql(DIALECT), [user_id]).fetchone()
    assert row is not None
    return str(row[0])


def _delete(connection: duckdb.DuckDBPyConnection, user_no: int | None) -> dict[str, int]:
    if user_no is None:
        return {table.name: 0 for table in (*TABLES, SOURCE_ROW)}
    deleted: dict[str, int] = {}
    for table in (*TABLES, SOURCE_ROW):
        delete = exp.delete(table.name, where=column("user_no").eq(user_no))
        row = connection.execute(delete.sql(DIALECT)).fetchone()
        deleted[table.name] = int(row[0]) if row else 0
    return deleted
