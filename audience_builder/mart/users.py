"""Users as dense numbers: given on first sight, never reused, refused once erased."""

from __future__ import annotations

import duckdb
import numpy as np
import numpy.typing as npt
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.errors import InputError
from audience_builder.mart.columns import Array, scanned
from audience_builder.mart.identity import id_tag
from audience_builder.mart.schema import DIALECT, statement

ERASED = 0xFFFF_FFFF
"""Instead of a number: the id belongs to an erased user, and nothing of it may be kept."""

UNKNOWN = 0xFFFF_FFFE
"""Instead of a number, where none may be given: nobody with that id was ever seen."""

_SEEN = "seen_id"


def _not_erased() -> exp.Expr:
    tagged = column("id_tag", table="gone").eq(id_tag(column("user_id", table="seen")))
    return exp.Not(this=exp.Exists(this=select("1").from_("erased_user AS gone").where(tagged)))


def numbers(connection: duckdb.DuckDBPyConnection, user_ids: Array, *, assign: bool) -> npt.NDArray[np.uint32]:
    """The number of each id, in order. New ids get the next numbers by first appearance, if `assign`.

    An id of an erased user gives `ERASED`; without `assign` an id never seen gives `UNKNOWN`. Raises InputError for an
    empty id.
    """
    ids = np.ascontiguousarray(user_ids.astype(object))
    if len(ids) == 0:
        return np.empty(0, dtype=np.uint32)
    columns: dict[str, Array] = {"user_id": ids, "position": np.arange(len(ids), dtype=np.int64)}
    with scanned(connection, columns, "incoming_id") as rows:
        seen = exp.Create(this=exp.to_table(_SEEN), kind="TEMPORARY TABLE", replace=True, expression=rows)
        connection.execute(seen.sql(DIALECT))
    if connection.execute("SELECT 1 FROM seen_id WHERE user_id IS NULL OR user_id = '' LIMIT 1").fetchone():
        raise InputError("a row has no user id", fix="Send rows without a user id to the dead letters.")
    refusing = connection.execute("SELECT 1 FROM erased_user LIMIT 1").fetchone() is not None
    if assign:
        connection.execute(_assigning(refusing=refusing).sql(DIALECT))
    # An id that got no number although numbers are given is one whose hash is among the erased.
    unseen = ERASED if assign else UNKNOWN
    found = connection.execute(
        statement("look_up_numbers").sql(DIALECT), {"erased": ERASED, "unseen": unseen}
    ).fetchnumpy()["user_no"]
    connection.execute("DROP TABLE seen_id")
    return np.asarray(found).astype(np.uint32)


def is_kept() -> exp.Expr:
    """The condition of rows whose user is not erased. A row without a number passes: its table refuses it aloud."""
    return exp.NullSafeNEQ(this=column("user_no"), expression=exp.convert(ERASED))


def _assigning(*, refusing: bool) -> exp.Insert:
    # Hashing every new id is only worth its time where somebody has been erased.
    inserting = statement("assign_numbers")
    assert isinstance(inserting, exp.Insert)
    if refusing:
        query = inserting.expression
        assert isinstance(query, exp.Select)
        query.where(_not_erased(), copy=False)
    return inserting
