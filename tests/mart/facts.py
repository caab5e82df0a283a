"""Short ways to write facts down; two countries, and a calendar with two holidays."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

import numpy as np

from audience_builder.clock import day_number
from audience_builder.mart.dimensions import Dimensions
from audience_builder.mart.duckdb import Transaction
from audience_builder.mart.tables import TABLES

FIRST, LAST = date(2020, 1, 1), date(2030, 12, 31)
HOLIDAYS = (date(2025, 5, 5), date(2025, 6, 6))  # a Monday and a Friday
PLACES = (-1, -1, -1, -1, 0, 0, 1, -1)  # 4 and 5 lie in country 0, 6 in country 1, 7 is a group of countries

_DEFAULTS: dict[str, dict[str, Any]] = {
    "user_profile": {"status": 1, "valid_from": datetime(2024, 1, 1)},
    "behavior_daily": {"kind": 1, "count": 1, "first_at": datetime(2025, 1, 1), "last_at": datetime(2025, 1, 1)},
    "booking": {"source_version": 1, "deleted": False, "no_show": False, "paid_krw": 0, "refunded_krw": 0},
}
_KINDS = {"DATE": "datetime64[D]", "TIMESTAMP": "datetime64[us]", "VARCHAR": "object", "BOOLEAN": "bool"}


def dimensions() -> Dimensions:
    days = [FIRST + timedelta(days=offset) for offset in range((LAST - FIRST).days + 1)]
    nights = np.zeros((len(days) + 1, 10), dtype=np.int32)
    for row, day in enumerate(days, start=1):
        weekend, eve = day.weekday() in (4, 5), day + timedelta(days=1) in HOLIDAYS
        nights[row, day.weekday()] = 1
        nights[row, 7:] = not (weekend or eve), weekend, eve
    return Dimensions(
        country_bits=np.array(PLACES, dtype=np.int8),
        first_day=day_number(FIRST),
        nights_before=np.cumsum(nights, axis=0, dtype=np.int32),
        stay_lines=(0, 1),
    )


def columns(table: str, rows: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """Rows as the arrays a mart takes."""
    full = [{**_DEFAULTS.get(table, {}), **row} for row in rows]
    types = {entry.name: entry.type for entry in next(t for t in TABLES if t.name == table).columns}
    found: dict[str, Any] = {}
    for name in dict.fromkeys(key for row in full for key in row):
        values = [row.get(name) for row in full]
        if types[name] in _KINDS:
            found[name] = np.array(values, dtype=_KINDS[types[name]])
        else:
            mask = [value is None for value in values]
            found[name] = np.ma.MaskedArray([value or 0 for value in values], mask=mask, dtype=np.int64)
    return found


def write(tx: Transaction, **tables: Iterable[Mapping[str, Any]]) -> None:
    """Append rows to the tables named."""
    for table, rows in tables.items():
        given = columns(table, rows)
        if table == "user_profile":
            tx.profiles(given)
        else:
            tx.append(table, given)


def at(year: int, month: int, day: int, hour: int = 12) -> datetime:
    return datetime(year, month, day, hour, tzinfo=UTC)
