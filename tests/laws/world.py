"""Generated people put into a real mart, so that engines read what `meaning` reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import asdict
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
from audience_builder.index.build import build
from audience_builder.index.source import CursorSource
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.mart.person import Person
from audience_builder.mart.tables import BEHAVIOR_DAILY, BOOKING, USER_PROFILE, Table

_MISSING = 0


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


def engines_of(mart: DuckDBMart, as_of: datetime) -> dict[str, Engine]:
    """Every engine of the product over one mart, as the wiring would set them up at that moment."""
    mart.refresh_traits(day_of(as_of))
    with TemporaryDirectory() as folder, mart.cursor() as cursor, CursorSource(cursor, now=as_of) as source:
        index = build(Path(folder), source)
        return {"bitmap": BitmapEngine(index), "duckdb": DuckDBEngine(mart)}
