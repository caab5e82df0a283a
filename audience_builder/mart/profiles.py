"""Versions of what is known of a user, kept as a chain without overlaps whatever order they arrive in."""

from __future__ import annotations

import duckdb
from sqlglot import exp
from sqlglot.expressions import column, condition, select

from audience_builder.mart import users
from audience_builder.mart.schema import DIALECT, statement
from audience_builder.mart.tables import USER_PROFILE

_ARRIVED = "arrived_profile"
_END = "valid_to"


def put(connection: duckdb.DuckDBPyConnection, names: tuple[str, ...], rows: exp.Query) -> int:
    """Add the versions of `rows` (columns `names`) and end those before them. Returns how many there were.

    Of two that begin at the same moment the one that arrived later holds.
    """
    arrived = _arrived(names, rows)
    create = exp.Create(this=exp.to_table(_ARRIVED), kind="TEMPORARY TABLE", replace=True, expression=arrived)
    connection.execute(create.sql(DIALECT))
    if connection.execute(statement("is_first_profile").sql(DIALECT)).fetchone() == (True,):
        written = _insert(connection, _chained(names))
    else:
        connection.execute(statement("replace_profiles").sql(DIALECT))
        written = _insert(connection, select(*(column(name, quoted=True) for name in names)).from_(_ARRIVED))
        connection.execute(statement("end_profiles").sql(DIALECT))
    connection.execute("DROP TABLE arrived_profile")
    return written


def _insert(connection: duckdb.DuckDBPyConnection, rows: exp.Select) -> int:
    names = [exp.to_identifier(name, quoted=True) for name in rows.named_selects]
    row = connection.execute(exp.insert(rows, USER_PROFILE.name, columns=names).sql(DIALECT)).fetchone()
    return int(row[0]) if row else 0


def _chained(names: tuple[str, ...]) -> exp.Select:
    """What arrived, each version ended by the next. Enough where nobody has a version yet, and reads no other."""
    following = condition("LEAD(valid_from) OVER (PARTITION BY user_no ORDER BY valid_from)", dialect=DIALECT)
    if _END in names:
        following = exp.Least(this=column(_END), expressions=[following], ignore_nulls=True)
    kept = select(*(column(name, quoted=True) for name in names if name != _END)).from_(_ARRIVED)
    return kept.select(following.as_(_END))


def _arrived(names: tuple[str, ...], rows: exp.Query) -> exp.Select:
    """Each version once, in the types of the table."""
    types = {entry.name: entry.type for entry in USER_PROFILE.columns}
    typed = select(
        *(exp.cast(column(name, quoted=True), types[name], dialect=DIALECT).as_(name, quoted=True) for name in names),
        "ROW_NUMBER() OVER () AS position",
    ).from_(rows.subquery("given"))
    kept = select("*").from_(typed.subquery("typed")).where(users.is_kept())
    newest = "ROW_NUMBER() OVER (PARTITION BY user_no, valid_from ORDER BY position DESC) = 1"
    found = select(*(column(name, quoted=True) for name in names)).from_(kept.subquery("kept"))
    return found.qualify(newest, dialect=DIALECT)
