"""Measures counts, facets and edits on a generated mart, bitmap engine and DuckDB side by side, and writes docs/performance.md.

Run as `make bench` (1,000,000 users x 365 days) or `python -m bench --users N --days D --rules R`. Every number the two engines
give must be equal, or the run fails. The mart is kept in the data folder, so a second run measures at once.
"""

from __future__ import annotations

import argparse
import sys
from datetime import date, datetime
from functools import partial
from pathlib import Path
from random import Random

from rich.console import Console

from audience_builder.catalog.dimensions import dimensions
from audience_builder.clock import end_of_day
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.engine.port import Engine
from audience_builder.index.build import build
from audience_builder.index.saved import load
from audience_builder.index.source import CursorSource
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.rule.check import to_json
from audience_builder.rule.tree import Rule
from audience_builder.sample import generate
from bench import report, rules
from bench.timings import Timings

END = date(2026, 11, 22)
CONSOLE = Console(stderr=True)


def main(arguments: list[str]) -> int:
    """Measure and write the page. Returns the exit code."""
    asked = _options(arguments)
    timings = Timings()
    mart = _mart(asked.data, users=asked.users, days=asked.days, timings=timings)
    as_of = end_of_day(END)
    bitmap = _bitmap(asked.data, mart, as_of, timings)
    sql = DuckDBEngine(mart)
    for number in range(asked.rules):
        CONSOLE.print(f"rule {number + 1} of {asked.rules}", end="\r")
        _one_rule(rules.rule(Random(number)), bitmap, sql, as_of, timings)
    _facets(bitmap, sql, as_of, timings)
    report.write(timings, users=asked.users, days=asked.days, rules=asked.rules)
    mart.close()
    return 0


def _options(arguments: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="bench")
    parser.add_argument("--users", type=int, default=1_000_000)
    parser.add_argument("--days", type=int, default=365)
    parser.add_argument("--rules", type=int, default=40)
    parser.add_argument("--data", type=Path, default=Path(".data/bench"))
    return parser.parse_args(arguments)


def _mart(folder: Path, *, users: int, days: int, timings: Timings) -> DuckDBMart:
    path = folder / f"{users}x{days}"
    path.mkdir(parents=True, exist_ok=True)
    mart = DuckDBMart(path / "mart.duckdb", dimensions=dimensions())
    if mart.version == 0:
        CONSOLE.print(f"generating {users:,} users x {days} days …")
        timings.measure("sample generated", lambda: generate(mart, users=users, days=days, seed=1, end=END))
    timings.measure("traits", lambda: mart.refresh_traits(END))
    with mart.cursor() as cursor:
        for table in ("user_profile", "behavior_daily", "booking"):
            row = cursor.query(f"FROM {table}").count("*").fetchone()
            timings.facts[table] = int(row[0]) if row else 0
    return mart


def _bitmap(folder: Path, mart: DuckDBMart, as_of: datetime, timings: Timings) -> BitmapEngine:
    place = folder / "index"
    with mart.cursor() as cursor, CursorSource(cursor, now=as_of) as source:
        timings.measure("index built", lambda: build(place, source))
    index = timings.measure("index mapped again", lambda: load(place, mart_version=mart.version))
    if index is None:
        raise SystemExit("the index just saved cannot be loaded")
    timings.facts["index bytes"] = sum(file.stat().st_size for file in place.rglob("*") if file.is_file())
    engine = BitmapEngine(index)
    timings.measure(
        "first count ever (kernels compiled or loaded)", lambda: engine.count(rules.rule(Random(-1)), as_of=as_of)
    )
    return engine


def _one_rule(rule: Rule, bitmap: BitmapEngine, sql: Engine, as_of: datetime, timings: Timings) -> None:
    """The same rule in both engines, one after the other, then again with one condition edited."""
    first = timings.measure("count, new conditions: bitmap", lambda: bitmap.count(rule, as_of=as_of))
    again = timings.measure("count, known conditions: bitmap", lambda: bitmap.count(rule, as_of=as_of))
    slow = timings.measure("count: DuckDB", lambda: sql.count(rule, as_of=as_of))
    if not (
        first.nodes == again.nodes == slow.nodes and first.base == slow.base and first.thresholds == slow.thresholds
    ):
        raise SystemExit(f"the engines differ on {to_json(rule)}")
    edited = rules.edited(rule)
    changed = timings.measure("one condition edited: bitmap", lambda: bitmap.count(edited, as_of=as_of))
    if changed.nodes != timings.measure("one condition edited: DuckDB", lambda: sql.count(edited, as_of=as_of)).nodes:
        raise SystemExit(f"the engines differ on {to_json(edited)}")


def _facets(bitmap: BitmapEngine, sql: Engine, as_of: datetime, timings: Timings) -> None:
    rule = rules.rule(Random(0))
    first = timings.measure("facets of all 32 filters, first: bitmap", lambda: bitmap.facets(rule, as_of=as_of))
    for number in range(10):
        other = rules.rule(Random(number))
        bitmap.count(other, as_of=as_of)
        timings.measure("facets of all 32 filters, then: bitmap", partial(bitmap.facets, other, as_of=as_of))
    CONSOLE.print("facets in DuckDB …")
    if first != timings.measure("facets of all 32 filters: DuckDB", lambda: sql.facets(rule, as_of=as_of)):
        raise SystemExit("the engines differ on facets")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
