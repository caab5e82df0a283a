"""The trait models: plain SQL files, parsed once, joined as trees, and written in whichever dialect runs them.

A model reads the relations `booking_rows`, `behavior_rows`, `calendar` and `place_country`, and `$day`. Whoever runs it says what
those are: the whole mart, or only the rows of the users who changed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import lru_cache
from importlib import resources
from typing import cast

import duckdb
import numpy as np
import numpy.typing as npt
from sqlglot import exp, parse_one
from sqlglot.expressions import column, select

from audience_builder.mart.columns import Columns, scanned
from audience_builder.mart.schema import (
    DIALECT,
    DIMENSION_TABLES,
    DIMENSIONS,
    korean_day,
    newest,
    statement,
    versions,
)
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, USER_TRAIT, EventKind

MODELS = ("payment_cycle", "lead_time", "preferred_nights", "overseas_intent", "visited")
"""The models of `mart/models`, one file each; `user_trait` joins them."""

DIALECTS = ("duckdb", "spark", "clickhouse", "bigquery", "redshift")
"""Where the models run."""

_JOINED = USER_TRAIT.name
_TOUCHED = "touched"
_TOUCHED_BOOKING = "touched_booking"
_TOUCHED_BEHAVIOR = "touched_behavior"
_SUPERSEDED = "superseded"

USERS_AT_ONCE = 500_000
"""So many users' traits are computed at a time where everybody's are."""

_CONSTANTS: dict[str, int] = {
    "session": EventKind.SESSION,
    "search": EventKind.SEARCH,
    "view": EventKind.VIEW,
}


def model(name: str) -> exp.Select:
    """The tree of one model, its event kinds filled in and `$day` still open."""
    return _parsed(name).copy()


def says(name: str) -> str:
    """What a model computes: the first line of its file."""
    return _text(name).splitlines()[0].removeprefix("--").strip()


def joined(relations: Mapping[str, exp.Query] | None = None) -> exp.Select:
    """All models as one query with the columns of `user_trait`; `relations` says what they read, if not tables of that name."""
    found = _parsed(_JOINED).copy()
    given = {**(relations or {}), **{name: model(name) for name in MODELS}}
    first = exp.With(expressions=[_cte(name, query) for name, query in given.items()])
    own = found.args["with_"]
    first.set("expressions", [*first.expressions, *own.expressions])
    found.set("with_", first)
    return found


def rendered(query: exp.Query, dialect: str) -> str:
    """A model in the words of a dialect, with its name of the parameter `day`."""
    if dialect not in DIALECTS:
        raise ValueError(f"the models run in {', '.join(DIALECTS)}, not in {dialect}")
    found = query.copy()
    for parameter in found.find_all(exp.Placeholder):
        parameter.set("kind", exp.var("Date"))
    return found.sql(dialect, pretty=True)


def refresh(
    connection: duckdb.DuckDBPyConnection, day: date, users: npt.NDArray[np.uint32] | None, *, stay_lines: Iterable[int]
) -> int:
    """Replace the rows of `user_trait` (of `users`, or all) as of `day`, in the caller's transaction. Returns how many."""
    if users is None:
        return _refresh_everybody(connection, day, list(stay_lines))
    with scanned(connection, {"user_no": np.unique(users).astype(np.uint32)}, "incoming") as rows:
        connection.execute(_temporary(_TOUCHED, rows).sql(DIALECT))
    before, insert, after = _of_touched(frozenset(stay_lines))
    for each in before:
        connection.execute(each)
    written = _inserted(connection, day, insert)
    for each in after:
        connection.execute(each)
    return written


@lru_cache(maxsize=4)
def _of_touched(stay_lines: frozenset[int]) -> tuple[tuple[str, ...], str, tuple[str, ...]]:
    """What replaces the rows of the users in `_TOUCHED`, as SQL: done once a second, and slow to write out."""
    gathered = [_temporary(name, rows).sql(DIALECT) for name, rows in _gathered().items()]
    gone = exp.delete(USER_TRAIT.name, where=_among(_TOUCHED)).sql(DIALECT)
    bookings = newest(sorted(stay_lines), _TOUCHED_BOOKING).where(_among(_TOUCHED, table="b"))
    insert = _insert(relations(bookings.subquery("found"), exp.to_table(_TOUCHED_BEHAVIOR)))
    tables = (_TOUCHED, _TOUCHED_BOOKING, _TOUCHED_BEHAVIOR)
    after = (exp.Drop(tables=[exp.to_table(name)], kind="TABLE").sql(DIALECT) for name in tables)
    return (*gathered, gone), insert, tuple(after)


def _refresh_everybody(connection: duckdb.DuckDBPyConnection, day: date, stay_lines: list[int]) -> int:
    """By stretches of users: it takes the memory of one stretch, however many there are."""
    connection.execute(exp.delete(USER_TRAIT.name).sql(DIALECT))
    return sum(_inserted(connection, day, _insert(read)) for read in _stretches(connection, stay_lines))


def computed(connection: duckdb.DuckDBPyConnection, day: date, *, stay_lines: Iterable[int]) -> Iterator[Columns]:
    """Everybody's traits as of `day` by stretches of users: the columns of `user_trait`. No table of the mart is written.

    In a transaction of the caller's they are of its one moment, whoever writes meanwhile.
    """
    for read in _stretches(connection, list(stay_lines)):
        yield cast(Columns, connection.execute(joined(read).sql(DIALECT), {"day": day}).fetchnumpy())


def keep(
    connection: duckdb.DuckDBPyConnection, day: date, pieces: Iterable[Columns], changed: npt.NDArray[np.uint32]
) -> None:
    """Have `user_trait` hold these rows (`computed` as of `day`), in the caller's transaction.

    The users who changed since then keep what they have, if it is of that day: theirs are to be computed anew.
    """
    with scanned(connection, {"user_no": changed.astype(np.uint32)}, "incoming") as rows:
        connection.execute(_temporary(_TOUCHED, rows).sql(DIALECT))
    other_day = column("as_of_day").neq(exp.Placeholder(this="day"))
    gone = exp.delete(USER_TRAIT.name, where=exp.or_(exp.Not(this=_among(_TOUCHED)), other_day))
    connection.execute(gone.sql(DIALECT), {"day": day})
    names = [exp.to_identifier(name, quoted=True) for name in USER_TRAIT.column_names()]
    for piece in pieces:
        with scanned(connection, piece, "incoming") as rows:
            theirs = select(*names).from_(rows.subquery("computed")).where(exp.Not(this=_among(_TOUCHED)))
            connection.execute(exp.insert(theirs, USER_TRAIT.name, columns=names).sql(DIALECT))
    connection.execute(exp.Drop(tables=[exp.to_table(_TOUCHED)], kind="TABLE").sql(DIALECT))


def _stretches(connection: duckdb.DuckDBPyConnection, stay_lines: list[int]) -> Iterator[dict[str, exp.Query]]:
    """What the models read of some users after others, until everybody was read."""
    connection.execute(_temporary(_SUPERSEDED, statement("superseded")).sql(DIALECT))
    (last,) = connection.execute(statement("last_user").sql(DIALECT)).fetchone() or (None,)
    for first in range(0, 0 if last is None else last + 1, USERS_AT_ONCE):
        users = exp.convert(first), exp.convert(first + USERS_AT_ONCE - 1)
        old = select("1").from_(_SUPERSEDED).where("number = b.rowid")
        bookings = versions(stay_lines, BOOKING.name).where(exp.Not(this=exp.Exists(this=old)))
        bookings = bookings.where(column("user_no", table="b").between(*users))
        behavior = select("*").from_(BEHAVIOR_DAILY.name).where(column("user_no").between(*users))
        yield relations(bookings.subquery("found"), behavior.subquery("seen"))
    connection.execute(exp.Drop(tables=[exp.to_table(_SUPERSEDED)], kind="TABLE").sql(DIALECT))


def _gathered() -> dict[str, exp.Select]:
    """The rows the models need of a few users: finding the newest among these is far cheaper than among all."""
    # A version of the booking that names another user may be the newest, so every version is gathered.
    theirs = select("booking_id").from_(BOOKING.name).where(_among(_TOUCHED))
    bookings = select("*").from_(BOOKING.name).where(column("booking_id").isin(query=theirs)).order_by("rowid")
    behavior = _behavior_columns().from_(BEHAVIOR_DAILY.name).where(_among(_TOUCHED))
    return {_TOUCHED_BOOKING: bookings, _TOUCHED_BEHAVIOR: behavior}


def _temporary(name: str, rows: exp.Expr) -> exp.Create:
    return exp.Create(this=exp.to_table(name), kind="TEMPORARY TABLE", replace=True, expression=rows)


def _insert(read: Mapping[str, exp.Query]) -> str:
    names = [exp.to_identifier(name, quoted=True) for name in USER_TRAIT.column_names()]
    return exp.insert(joined(read), USER_TRAIT.name, columns=names).sql(DIALECT)


def _inserted(connection: duckdb.DuckDBPyConnection, day: date, insert: str) -> int:
    row = connection.execute(insert, {"day": day}).fetchone()
    return int(row[0]) if row else 0


def relations(bookings: exp.Expr, behavior: exp.Expr) -> dict[str, exp.Query]:
    """What the models read in DuckDB, from something with the columns of `booking_now` and of `behavior_daily`."""
    moments = ("carted", "booked", "paid", "cancelled")
    booking_rows = select(
        *(column(name) for name in ("user_no", "place", "check_in", "check_out", "nights")),
        *(korean_day(column(f"{name}_at")).as_(f"{name}_on") for name in moments),
    ).from_(bookings)
    return {
        "booking_rows": booking_rows,
        "behavior_rows": _behavior_columns().from_(behavior),
        **{name: select("*").from_(exp.to_table(name, db="main", catalog=DIMENSIONS)) for name in DIMENSION_TABLES},
    }


def _behavior_columns() -> exp.Select:
    wanted = ("user_no", "day", "kind", "place", "check_in", "count")
    return select(*(column(name, quoted=True) for name in wanted))


def _among(users: str, *, table: str | None = None) -> exp.Expr:
    return column("user_no", table=table).isin(query=select("user_no").from_(users))


def _cte(name: str, query: exp.Query) -> exp.CTE:
    return exp.CTE(this=query, alias=exp.TableAlias(this=exp.to_identifier(name)))


@lru_cache(maxsize=len(MODELS) + 1)
def _parsed(name: str) -> exp.Select:
    found = parse_one(_text(name), dialect=DIALECT)
    assert isinstance(found, exp.Select)
    for parameter in list(found.find_all(exp.Placeholder)):
        if parameter.name in _CONSTANTS:
            parameter.replace(exp.Literal.number(_CONSTANTS[parameter.name]))
    return found


def _text(name: str) -> str:
    return resources.files("audience_builder.mart").joinpath("models", f"{name}.sql").read_text(encoding="utf-8")
