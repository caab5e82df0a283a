"""docs/performance.md: what was measured, on what, with what spread."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Iterator
from datetime import date
from importlib.metadata import version
from pathlib import Path

import numpy as np

from bench.timings import Timings

PAGE = Path(__file__).resolve().parents[1] / "docs" / "performance.md"
_LIBRARIES = ("duckdb", "numpy", "numba", "sqlglot")


def write(timings: Timings, *, users: int, days: int, rules: int) -> None:
    """Write the page and say where it is."""
    PAGE.write_text("\n".join(_lines(timings, users=users, days=days, rules=rules)) + "\n", encoding="utf-8")
    print(PAGE.read_text(encoding="utf-8"))


def _lines(timings: Timings, *, users: int, days: int, rules: int) -> Iterator[str]:
    yield "# Performance"
    yield ""
    yield f"Written by `make bench` on {date.today().isoformat()}: {users:,} users x {days} days of the sample, {rules} random rules of 2 to 12 nested conditions"
    yield "over all 32 filters. Both engines ran in one process, rule by rule one after the other, and every count of every node was equal."
    yield "DuckDB reads the mart as it is, facts and not columns tuned to the question: here it is the oracle, not yet a rival at its best."
    yield ""
    yield f"{os.cpu_count()} cores, {platform.machine()}, Python {sys.version.split()[0]}, {', '.join(f'{name} {version(name)}' for name in _LIBRARIES)}."
    yield f"Mart: {', '.join(f'{count:,} {name}' for name, count in timings.facts.items())}."
    yield ""
    yield "| step | runs | mean ms | median ms | p99 ms |"
    yield "|---|--:|--:|--:|--:|"
    for name, seconds in timings.seconds.items():
        ms = np.array(seconds) * 1000
        yield f"| {name} | {len(ms)} | {ms.mean():,.2f} | {np.median(ms):,.2f} | {np.percentile(ms, 99):,.2f} |"
    yield ""
    yield from _ratios(timings)


def _ratios(timings: Timings) -> Iterator[str]:
    pairs = (
        ("count, known conditions: bitmap", "count: DuckDB"),
        ("count, new conditions: bitmap", "count: DuckDB"),
        ("one condition edited: bitmap", "one condition edited: DuckDB"),
        ("facets of all 32 filters, then: bitmap", "facets of all 32 filters: DuckDB"),
        ("facets of all 32 filters, first: bitmap", "facets of all 32 filters: DuckDB"),
    )
    yield "| bitmap | against | times faster (means) |"
    yield "|---|---|--:|"
    for fast, slow in pairs:
        ratio = float(np.mean(timings.seconds[slow]) / np.mean(timings.seconds[fast]))
        yield f"| {fast} | {slow} | {ratio:,.0f} |"
