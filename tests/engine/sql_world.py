"""Short ways to write travellers down by hand, a mart that knows exactly them, and the values SQL finds of them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Any

import duckdb
import numpy as np

from audience_builder.catalog.dimensions import dimensions
from audience_builder.catalog.places import place
from audience_builder.clock import SEOUL, day_of
from audience_builder.engine.asks import ask
from audience_builder.engine.sql_sheet import sheet
from audience_builder.mart.dimensions import Dimensions
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.person import BehaviorRow, BookingRow, Person, ProfileRow
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, USER_PROFILE, USER_TRAIT, EventKind, Table
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule, conditions

NOON = datetime(2026, 11, 22, 12, 0, tzinfo=SEOUL).astimezone(UTC)
"""When the tests ask: a Sunday noon in Korea."""

TODAY = day_of(NOON)
JEJU, SEOGWIPO, SEOUL_CITY, TOKYO = (place(key).code for key in ("jeju", "seogwipo", "seoul", "tokyo"))


def ago(days: int) -> date:
    """A day before today; negative is ahead."""
    return TODAY - timedelta(days=days)


def at(days_ago: int, clock: str = "10:00:00") -> datetime:
    """A moment of a day so many days ago, by Korean clocks."""
    return datetime.fromisoformat(f"{ago(days_ago)}T{clock}+09:00").astimezone(UTC)


def user(number: int, *facts: BehaviorRow | BookingRow, **profile: Any) -> Person:
    """An active traveller with these facts; `profile` says what is not as usual."""
    usual = {"valid_from": at(2000), "signed_up_at": at(2000)}
    return Person(
        user_no=number,
        profiles=(ProfileRow(**{**usual, **profile}),),
        behavior=tuple(fact for fact in facts if isinstance(fact, BehaviorRow)),
        bookings=tuple(fact for fact in facts if isinstance(fact, BookingRow)),
    )


def search(days_ago: int, **what: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days_ago), kind=EventKind.SEARCH, **what)


def view(days_ago: int, **what: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days_ago), kind=EventKind.VIEW, **what)


def visit(days_ago: int, **what: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days_ago), kind=EventKind.SESSION, **what)


def wish(days_ago: int, **what: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days_ago), kind=EventKind.WISH, **what)


def unwish(days_ago: int, wished: int, **what: Any) -> BehaviorRow:
    return BehaviorRow(day=ago(days_ago), kind=EventKind.WISH_REMOVED, wished_on=ago(wished), **what)


def booked(days_ago: int, booking_id: str, **what: Any) -> BookingRow:
    """A domestic stay booked and paid for so many days ago; `what` says what is not as usual."""
    usual: dict[str, Any] = {"booked_at": at(days_ago), "paid_at": at(days_ago), "product_line": 0}
    return BookingRow(booking_id=booking_id, **{**usual, **what})


def carted(days_ago: int, booking_id: str, clock: str = "10:00:00", **what: Any) -> BookingRow:
    return BookingRow(booking_id=booking_id, carted_at=at(days_ago, clock), **{"product_line": 0, **what})


def rule(root: dict[str, Any]) -> Rule:
    """A checked rule; a node without a type is a condition."""
    return parse_rule({"version": 1, "root": _typed(root)})


def _typed(node: dict[str, Any]) -> dict[str, Any]:
    found = {"type": "condition", **node} if "filter" in node else dict(node)
    if "children" in found:
        found["children"] = [_typed(child) for child in found["children"]]
    if "child" in found:
        found["child"] = _typed(found["child"])
    return found


# --- a mart ---------------------------------------------------------------------------------------------------------------


@cache
def _dimensions() -> Dimensions:
    return dimensions()


@contextmanager
def mart_of(*people: Person) -> Iterator[DuckDBMart]:
    """A mart in memory that knows exactly these travellers."""
    mart = DuckDBMart(None, dimensions=_dimensions())
    try:
        put(mart, *people)
        yield mart
    finally:
        mart.close()


def put(mart: DuckDBMart, *people: Person) -> None:
    """Write down what is known of these travellers, as one more batch."""
    with mart.transaction("people", f"batch {mart.version}") as tx:
        tx.profiles(_columns(USER_PROFILE, _rows(people, "profiles")))
        tx.append(BEHAVIOR_DAILY.name, _columns(BEHAVIOR_DAILY, _rows(people, "behavior")))
        tx.append(BOOKING.name, _columns(BOOKING, _rows(people, "bookings")))


_ALWAYS: dict[str, dict[str, Any]] = {
    "profiles": {},
    "behavior": {"first_at": NOON, "last_at": NOON},
    "bookings": {"source_version": 1, "deleted": False},
}
_KINDS = {"TIMESTAMP": "datetime64[us]", "DATE": "datetime64[D]", "VARCHAR": "object", "BOOLEAN": "bool"}


def _rows(people: Iterable[Person], kind: str) -> list[dict[str, Any]]:
    return [{"user_no": who.user_no, **_ALWAYS[kind], **asdict(row)} for who in people for row in getattr(who, kind)]


def _columns(table: Table, rows: list[dict[str, Any]]) -> dict[str, Any]:
    given = [column for column in table.columns if rows and column.name in rows[0]]
    return {column.name: _array(column.type, [row[column.name] for row in rows]) for column in given}


def _array(kind: str, values: list[Any]) -> Any:
    plain = [value.replace(tzinfo=None) if isinstance(value, datetime) else value for value in values]
    if kind in _KINDS:
        return np.array(plain, dtype=_KINDS[kind])
    return np.ma.MaskedArray([value or 0 for value in plain], mask=[value is None for value in plain], dtype=np.int64)


# --- values ---------------------------------------------------------------------------------------------------------------


def values(condition: dict[str, Any], *people: Person, traits: Iterable[dict[str, Any]] = ()) -> dict[int, int | None]:
    """The value SQL finds of each active traveller for the condition's question; `traits` are rows of that day's traits."""
    return _found(condition, "value_1", "known", people, traits)


def members(condition: dict[str, Any], *people: Person, traits: Iterable[dict[str, Any]] = ()) -> set[int]:
    """The travellers of whom SQL finds the condition true."""
    return {who for who, is_true in _found(condition, "condition_1", "answer", people, traits).items() if is_true}


def _found(
    condition: dict[str, Any], name: str, relation: str, people: Iterable[Person], traits: Iterable[dict[str, Any]]
) -> dict[int, Any]:
    (asked,) = conditions(rule(condition))
    query = sheet({"it": ask(asked, NOON)}, NOON).select("user_no", name).from_(relation)
    with mart_of(*people) as mart, mart.cursor() as cursor:
        cursor.execute("CREATE TEMP VIEW calendar AS FROM dimension.main.calendar")
        _put_traits(cursor, traits)
        return dict(cursor.execute(query.sql("duckdb")).fetchall())


def _put_traits(cursor: duckdb.DuckDBPyConnection, rows: Iterable[dict[str, Any]]) -> None:
    cursor.execute("CREATE TEMP TABLE user_trait_at AS FROM user_trait LIMIT 0")
    for row in rows:
        usual = {"as_of_day": TODAY, "visited": True}
        given = [{**usual, **row}.get(name) for name in USER_TRAIT.column_names()]
        cursor.execute("INSERT INTO user_trait_at VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", given)
