"""Several parts of users, several blocks of a part, and two threads: what a hundred people never reach."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import date
from random import Random
from typing import Any

import pytest

from audience_builder.catalog.dimensions import dimensions
from audience_builder.clock import end_of_day
from audience_builder.engine import bitmap_scan
from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.engine.duckdb import DuckDBEngine
from audience_builder.index import CursorSource, build
from audience_builder.index.columns import USERS_A_PART
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.rule.check import to_json
from audience_builder.sample import generate
from bench import rules

END = date(2026, 11, 22)
USERS = 2 * USERS_A_PART + 9_000


@pytest.fixture(scope="module")
def engines(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[BitmapEngine, DuckDBEngine]]:
    with closing(DuckDBMart(None, dimensions=dimensions())) as mart:
        generate(mart, users=USERS, days=70, seed=3, end=END)
        mart.refresh_traits(END)
        root = tmp_path_factory.mktemp("index")
        with mart.cursor() as cursor, CursorSource(cursor, now=end_of_day(END), rows_at_once=200_000) as source:
            index = build(root, source)
        assert len(index.log("session").starts) == 3
        yield BitmapEngine(index), DuckDBEngine(mart)


@pytest.fixture(params=["one thread", "two threads, small blocks"])
def sharing(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    if request.param != "one thread":
        monkeypatch.setattr(bitmap_scan, "ROWS_FOR_TWO", 1)
        monkeypatch.setattr(bitmap_scan, "BLOCK_ROWS", 1_000)
    return str(request.param)


def test_engines_agree_on_every_node_over_parts_blocks_and_threads(engines: Any, sharing: str) -> None:
    bitmap, oracle = engines
    bitmap.publish(bitmap._base.index)  # nothing is known from before
    as_of = end_of_day(END)
    for seed in range(12):
        rule = rules.rule(Random(seed))
        found, meant = bitmap.count(rule, as_of=as_of), oracle.count(rule, as_of=as_of)
        assert (found.nodes, found.base, found.thresholds) == (meant.nodes, meant.base, meant.thresholds), to_json(rule)


def test_what_was_made_before_anybody_asked_is_what_is_found_when_asked(engines: Any) -> None:
    bitmap, _ = engines
    as_of = end_of_day(END)
    asked = [rules.rule(Random(seed)) for seed in range(30)]
    bitmap.publish(bitmap._base.index)
    before = [bitmap.count(rule, as_of=as_of).nodes for rule in asked]
    bitmap.publish(bitmap._base.index)
    told: list[tuple[int, int]] = []
    bitmap.warm(as_of=as_of, progress=lambda done, total: told.append((done, total)))
    assert [bitmap.count(rule, as_of=as_of).nodes for rule in asked] == before
    assert [done for done, _ in told] == list(range(1, told[0][1] + 1))
