"""Generated people put into a real mart, so that engines read what `meaning` reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from contextlib import closing
from dataclasses import asdict, replace
from datetime import date, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

from audience_builder.catalog.dimensions import dimensions
from audience_builder.clock import day_of
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.engine.port import Engine
from audience_builder.engine.words import WordsEngine
from audience_builder.engine.words.clickhouse import ClickHouseWords
from audience_builder.engine.words.duckdb import DuckDBWords
from audience_builder.index.build import build
from audience_builder.index.contents import Index
from audience_builder.index.patch import patch_of
from audience_builder.index.source import CursorSource
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.person import Person
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, USER_PROFILE, Table

_MISSING = 0
_ACTIVE, _LEFT = 1, 14


def mart_of(people: Sequence[Person]) -> DuckDBMart:
    """A mart in memory that knows exactly these people, by their own numbers."""
    mart = DuckDBMart(None, dimensions=dimensions())
    with mart.transaction("people", "all") as tx:
        numbers = tx.numbers(np.array([f"u{who.user_no}" for who in people], dtype=object))
        assert list(numbers) == [who.user_no for who in people]
        tx.profiles(_columns(USER_PROFILE, _rows(people, "profiles")))
        tx.append("behavior_daily", _columns(BEHAVIOR_DAILY, _rows(people, "behavior")))
        tx.append("booking", _columns(BOOKING, _rows(people, "bookings")))
    return mart


_ALWAYS: dict[str, dict[str, Any]] = {
    "profiles": {},
    "behavior": {"first_at": datetime(2026, 1, 1), "last_at": datetime(2026, 1, 1)},
    "bookings": {"source_version": 1, "deleted": False},
}


def _rows(people: Iterable[Person], kind: str) -> list[dict[str, Any]]:
    return [{"user_no": who.user_no, **_ALWAYS[kind], **asdict(row)} for who in people for row in getattr(who, kind)]


def _columns(table: Table, rows: list[dict[str, Any]]) -> dict[str, Any]:
    given = [column for column in table.columns if rows and column.name in rows[0]]
    return {column.name: _array(column.type, [row[column.name] for row in rows]) for column in given}


def _array(kind: str, values: list[Any]) -> Any:
    if kind == "TIMESTAMP":
        return np.array([_naive(value) for value in values], dtype="datetime64[us]")
    if kind == "DATE":
        return np.array(values, dtype="datetime64[D]")
    if kind == "VARCHAR":
        return np.array(values, dtype=object)
    if kind == "BOOLEAN":
        return np.array(values, dtype=bool)
    return np.ma.MaskedArray(
        [_MISSING if v is None else v for v in values], mask=[v is None for v in values], dtype=np.int64
    )


def _naive(moment: datetime | date | None) -> datetime | None:
    return moment.replace(tzinfo=None) if isinstance(moment, datetime) else None


def engines_of(mart: DuckDBMart, as_of: datetime, people: Sequence[Person] | None = None) -> dict[str, Engine]:
    """Every engine of the product over one mart, as the wiring would set them up at that moment.

    Of `people` (those in the mart) also the engine whose index was made when a third of them were others, and was told since.
    """
    mart.refresh_traits(day_of(as_of))
    index = _index(mart, as_of)
    engines: dict[str, Engine] = {
        "bitmap": BitmapEngine(index),
        "duckdb": DuckDBEngine(mart),
        "words on DuckDB": WordsEngine(index, DuckDBWords()),
        "words on ClickHouse": WordsEngine(index, ClickHouseWords()),
    }
    if people is not None:
        engines["patched"] = _patched(mart, as_of, people)
    return engines


def _index(mart: DuckDBMart, as_of: datetime) -> Index:
    with TemporaryDirectory() as folder, mart.cursor() as cursor, CursorSource(cursor, now=as_of) as source:
        return build(Path(folder), source)


def _patched(mart: DuckDBMart, as_of: datetime, people: Sequence[Person]) -> BitmapEngine:
    numbers = np.array([who.user_no for who in people if who.user_no % 3 == 0], np.uint32)
    with closing(mart_of([other(who) if who.user_no in numbers else who for who in people])) as before:
        before.refresh_traits(day_of(as_of))
        engine = BitmapEngine(_index(before, as_of))
    with mart.cursor() as cursor, CursorSource(cursor, now=as_of, users=numbers) as source:
        engine.patch(patch_of(numbers, source))
    return engine


def other(who: Person) -> Person:
    """Somebody under the same number of whom other things are known."""
    profiles = tuple(
        replace(version, tier=None, gender=None, push_at=None, status=_ACTIVE if who.user_no % 2 else _LEFT)
        for version in who.profiles
    )
    return replace(who, profiles=profiles, behavior=who.behavior[::2], bookings=who.bookings[1:])
