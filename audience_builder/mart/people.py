"""Users read row by row, as `rule/meaning.py` and the explanation of one user want them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from typing import TypeVar

import duckdb
from sqlglot import exp
from sqlglot.expressions import column, select

from audience_builder.mart.person import BehaviorRow, BookingRow, Person, ProfileRow
from audience_builder.mart.schema import BOOKING_NOW, DIALECT
from audience_builder.mart.tables import BEHAVIOR_DAILY, USER_PROFILE

_Row = TypeVar("_Row", ProfileRow, BehaviorRow, BookingRow)

_FEW = 1_000
"""Up to so many users are asked for by number; more are read with the whole table."""


def people(connection: duckdb.DuckDBPyConnection, user_nos: Sequence[int] | None) -> list[Person]:
    """Everything known of these users in this order, or of everybody by number. Moments are UTC and know it."""
    profiles = _by_user(connection, USER_PROFILE.name, ProfileRow, user_nos, order=("valid_from",))
    behavior = _by_user(connection, BEHAVIOR_DAILY.name, BehaviorRow, user_nos, order=("day", "kind"))
    bookings = _by_user(connection, BOOKING_NOW, BookingRow, user_nos, order=("booking_id",))
    numbers = sorted({*profiles, *behavior, *bookings}) if user_nos is None else user_nos
    return [
        Person(
            user_no=number,
            profiles=tuple(profiles.get(number, ())),
            behavior=tuple(behavior.get(number, ())),
            bookings=tuple(bookings.get(number, ())),
        )
        for number in numbers
    ]


def _by_user(
    connection: duckdb.DuckDBPyConnection,
    relation: str,
    make: Callable[..., _Row],
    user_nos: Sequence[int] | None,
    *,
    order: tuple[str, ...],
) -> dict[int, list[_Row]]:
    names = [entry.name for entry in fields(make)]  # pyright: ignore[reportArgumentType]
    query = select(*(column(name, quoted=True) for name in ("user_no", *names))).from_(relation)
    if user_nos is not None and len(user_nos) <= _FEW:
        wanted = column("user_no").isin(*user_nos) if user_nos else exp.false()
        query = query.where(wanted)
    found: defaultdict[int, list[_Row]] = defaultdict(list)
    for user_no, *values in connection.execute(query.order_by("user_no", *order).sql(DIALECT)).fetchall():
        found[user_no].append(make(**dict(zip(names, map(_aware, values), strict=True))))
    return found


def _aware(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value
