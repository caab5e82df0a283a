"""What is measured on: an index that is there, or one built of a mart that is there, or of a sample made now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from audience_builder.catalog.dimensions import dimensions
from audience_builder.clock import day_from, end_of_day
from audience_builder.index import CursorSource, Index, build, load
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.sample import generate
from bench.records import Timings

END = date(2026, 11, 22)
BUILD, MAP = "the index built from the mart", "the index mapped again"
_MART_MB = 4096
_WHO = ("this product: bitsets", 1)


@dataclass(frozen=True, slots=True)
class Data:
    """An index, and the moment its traits are of."""

    index: Index
    as_of: datetime
    facts: dict[str, float]


def opened(folder: Path, *, users: int, days: int, timings: Timings) -> Data:
    """The index in a folder. Where there is none the mart beside it is read; where there is no mart, a sample is made."""
    place = folder / "index"
    if not any(place.glob("*/manifest.json")):
        _build(folder, place, users=users, days=days, timings=timings)
    index = timings.measure(MAP, _WHO, lambda: load(place))
    if index is None or index.traits is None:
        raise SystemExit(f"{place} holds no whole index with traits: remove it to build another")
    facts: dict[str, float] = {
        "users": index.users.size,
        "index bytes": sum(file.stat().st_size for file in place.rglob("*") if file.is_file()),
        **{f"{name} rows": log.rows for name, log in index.logs.items()},
    }
    return Data(index, end_of_day(day_from(index.traits.day)), facts)


def _build(folder: Path, place: Path, *, users: int, days: int, timings: Timings) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    mart = DuckDBMart(folder / "mart.duckdb", dimensions=dimensions(), memory_mb=_MART_MB)
    try:
        if mart.version == 0:
            generate(mart, users=users, days=days, seed=1, end=END)
        if mart.traits_day is None:
            mart.refresh_traits(END)
        day = mart.traits_day
        assert day is not None
        with mart.cursor() as cursor, CursorSource(cursor, now=end_of_day(day)) as source:
            timings.measure(BUILD, _WHO, lambda: build(place, source))
    finally:
        mart.close()
