"""The words engine: one query a rule in two dialects, sets kept and let go of, and a newer index."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from sqlglot import exp

from audience_builder.clock import day_of
from audience_builder.engine.words import WordsEngine, WordsStore
from audience_builder.engine.words.clickhouse import ClickHouseWords
from audience_builder.engine.words.duckdb import DuckDBWords
from audience_builder.engine.words.spelling import Spelling
from audience_builder.errors import EngineError
from audience_builder.index import CursorSource, Index, build
from audience_builder.index.arrays import Words
from audience_builder.mart.person import Person
from tests.engine.sql_world import JEJU, NOON, at, mart_of, rule, search, user, visit

SNAPSHOTS = Path(__file__).parent / "snapshots"
STORES = {"duckdb": DuckDBWords, "clickhouse": ClickHouseWords}
SEARCHED = {"filter": "search_region", "operator": ">=", "value": 1}
RULE = {
    "type": "all",
    "children": [
        {"filter": "membership_tier", "operator": ">=", "value": "gold"},
        {"type": "not", "child": {"filter": "marketing_consent", "operator": "in", "value": ["push"]}},
        {
            "type": "at_least",
            "k": 2,
            "children": [
                {"filter": "age", "operator": "between", "value": [20, 29]},
                {"filter": "visit_frequency", "operator": ">=", "value": 3},
                {"filter": "activity_region", "operator": "in", "value": ["jeju"]},
            ],
        },
    ],
}


@dataclass
class Watched:
    """A store that remembers what it was asked and given."""

    store: WordsStore
    texts: list[str] = field(default_factory=list)
    tables: list[str] = field(default_factory=list)

    @property
    def spelling(self) -> Spelling:
        return self.store.spelling

    def put(self, table: str, columns: Mapping[str, Words]) -> None:
        self.tables.append(table)
        self.store.put(table, columns)

    def rows(self, query: exp.Select) -> Words:
        self.texts.append(query.sql(self.spelling.dialect, pretty=True))
        return self.store.rows(query)

    def drop(self, table: str) -> None:
        self.tables.remove(table)
        self.store.drop(table)

    def close(self) -> None:
        self.store.close()


@contextmanager
def index_of(folder: Path, *people: Person, traits: bool = True) -> Iterator[Index]:
    with mart_of(*people) as mart:
        if traits:
            mart.refresh_traits(day_of(NOON))
        with mart.cursor() as cursor, CursorSource(cursor, now=NOON) as source:
            yield build(folder, source)


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest) -> Watched:
    return Watched(STORES[request.param]())


PEOPLE = (
    user(0, search(1), tier=4, born_on=at(25 * 365).date(), activity_region=JEJU),
    user(1, *(visit(n) for n in range(4)), tier=5, born_on=at(25 * 365).date()),
    user(70, search(3), tier=1, born_on=at(40 * 365).date(), marketing_use_at=at(9), push_at=at(9)),
)


def who(engine: WordsEngine, root: dict[str, Any]) -> set[int]:
    return {int(number) for block in engine.members(rule(root), as_of=NOON) for number in block}


@pytest.mark.parametrize("dialect", STORES)
def test_a_rule_is_one_query_that_can_be_read(tmp_path: Path, dialect: str) -> None:
    watched = Watched(STORES[dialect]())
    with index_of(tmp_path, *PEOPLE) as index:
        engine = WordsEngine(index, watched)
        assert engine.count(rule(RULE), as_of=NOON).total == 2
    (text,) = watched.texts
    snapshot = SNAPSHOTS / f"words_{dialect}.sql"
    if "UPDATE_SNAPSHOTS" in os.environ:
        snapshot.write_text(text + "\n", encoding="utf-8")
    assert text + "\n" == snapshot.read_text(encoding="utf-8")


def test_sets_over_facts_are_brought_once_and_the_rest_is_logic(tmp_path: Path, store: Watched) -> None:
    with index_of(tmp_path, *PEOPLE) as index:
        engine = WordsEngine(index, store)
        assert who(engine, RULE) == {0, 1}
        tables = list(store.tables)
        assert engine.count(rule(RULE), as_of=NOON).total == 2
        assert who(engine, {"filter": "membership_tier", "operator": "in", "value": ["silver", "vip"]}) == {0}
        assert store.tables == tables
        assert who(engine, SEARCHED) == {0, 70}
        assert len(store.tables) == len(tables) + 1


def test_sets_beyond_the_limit_go_the_least_recently_asked_first(tmp_path: Path, store: Watched) -> None:
    with index_of(tmp_path, *PEOPLE) as index:
        engine = WordsEngine(index, store, sets_bytes=64)
        for least in range(1, 9):
            asked = {"filter": "visit_frequency", "operator": ">=", "value": least}
            assert who(engine, asked) == ({1} if least <= 4 else set())
        assert len(store.tables) <= 6
        assert who(engine, {"filter": "visit_frequency", "operator": ">=", "value": 1}) == {1}


def test_a_newer_index_takes_the_place_of_the_older(tmp_path: Path, store: Watched) -> None:
    with index_of(tmp_path / "one", *PEOPLE) as one, index_of(tmp_path / "two", *PEOPLE, user(71, search(1))) as two:
        engine = WordsEngine(one, store)
        assert who(engine, SEARCHED) == {0, 70}
        engine.publish(two)
        assert who(engine, SEARCHED) == {0, 70, 71}
        assert not [table for table in store.tables if table.startswith("index_1_")]


def test_consents_given_later_and_traits_of_another_day_come_from_the_index(tmp_path: Path, store: Watched) -> None:
    late = user(0, valid_from=at(9), marketing_use_at=at(9), email_at=NOON - timedelta(minutes=5))
    consent = rule({"filter": "marketing_consent", "operator": "in", "value": ["email"]})
    cycle = rule({"filter": "payment_cycle", "operator": "unknown"})
    with index_of(tmp_path, late, user(1)) as index:
        engine = WordsEngine(index, store)
        assert engine.count(consent, as_of=NOON).total == 1
        assert engine.count(consent, as_of=NOON - timedelta(minutes=10)).total == 0
        assert engine.count(cycle, as_of=NOON).total == 2
        with pytest.raises(EngineError, match="traits"):
            engine.count(cycle, as_of=NOON - timedelta(days=2))


def test_an_index_without_traits_answers_all_else(tmp_path: Path, store: Watched) -> None:
    with index_of(tmp_path, *PEOPLE, traits=False) as index:
        engine = WordsEngine(index, store)
        assert who(engine, RULE) == {0, 1}
        with pytest.raises(EngineError, match="traits"):
            who(engine, {"filter": "lead_time", "operator": "known"})


def test_of_many_conditions_any_number_can_be_asked_for(tmp_path: Path, store: Watched) -> None:
    children = [{"filter": "age", "operator": ">=", "value": n % 75} for n in range(150)]
    with index_of(tmp_path, *PEOPLE) as index:
        engine = WordsEngine(index, store)
        for k, expected in ((50, {0, 1, 70}), (51, {70}), (75, {70})):
            assert who(engine, {"type": "at_least", "k": k, "children": children}) == expected


def test_every_bit_of_a_word_is_read_back(store: Watched) -> None:
    words = np.array([0, 1, 1 << 63, (1 << 64) - 1], np.uint64)
    store.put("given", {"bits": words})
    query = exp.select("word", "bits").from_("given").order_by(exp.Ordered(this=exp.column("word"), nulls_first=False))
    assert store.rows(query)[:, 1].tolist() == words.tolist()
    store.drop("given")
    with pytest.raises(EngineError):
        store.rows(query)


def test_stores_of_one_process_do_not_meet() -> None:
    one, other = ClickHouseWords(), ClickHouseWords()
    one.put("given", {"bits": np.ones(1, np.uint64)})
    other.put("given", {"bits": np.zeros(2, np.uint64)})
    assert one.rows(exp.select("bits").from_("given")).tolist() == [[1]]
    one.close()
    assert other.rows(exp.select("bits").from_("given")).tolist() == [[0], [0]]
    other.close()
