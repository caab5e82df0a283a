"""What every engine promises (`engine.port.Engine`), asked of each of them over the same mart."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from random import Random
from typing import Any

import numpy as np
import pytest

from audience_builder.catalog import FILTERS
from audience_builder.engine.port import Engine
from audience_builder.errors import EngineError, NotFoundError
from audience_builder.mart.duckdb import DuckDBMart
from audience_builder.rule.tree import Rule, walk
from tests.engine.sql_world import (
    JEJU,
    NOON,
    SEOUL_CITY,
    TOKYO,
    ago,
    at,
    booked,
    carted,
    mart_of,
    put,
    rule,
    search,
    unwish,
    user,
    visit,
    wish,
)
from tests.laws.rules import rule as any_rule
from tests.laws.world import engines_of

ENGINES = ("bitmap", "duckdb", "words on DuckDB", "words on ClickHouse")
PEOPLE = (
    user(0, search(1, count=3, place=JEJU), visit(1, device=0), tier=3, gender=1, born_on=ago(30 * 365 + 7)),
    user(1, search(2), booked(9, "a", paid_krw=70_000), booked(5, "b"), tier=1, marketing_use_at=at(9), push_at=at(9)),
    user(2, booked(40, "c", paid_krw=5), carted(3, "d", place=TOKYO), visit(2), tier=4, activity_region=SEOUL_CITY),
    user(3, wish(3), unwish(1, wished=3), status=2, life_stage=1),
    user(4, search(1), status=11),
    user(5, search(1), signed_up_at=at(-1)),
    user(63, visit(5), tier=5),
    user(64, search(7), tier=2, gender=2),
    user(200, booked(9, "e", check_in=ago(-3), check_out=ago(-5)), booked(8, "f", cancelled_at=at(7)), tier=5),
)
EVERYBODY = {0, 1, 2, 3, 63, 64, 200}
ASKED_ABOUT = (*EVERYBODY, 4, 5, 6, 62, 65, 201, 256, 9_999)
SEARCHED = {"filter": "search_region", "operator": ">=", "value": 1}
GOLD = {"filter": "membership_tier", "operator": ">=", "value": "gold"}
CYCLE_UNKNOWN = {"filter": "payment_cycle", "operator": "unknown"}


@pytest.fixture(scope="module")
def mart() -> Iterator[DuckDBMart]:
    with mart_of(*PEOPLE) as found:
        yield found


@pytest.fixture(scope="module")
def engines(mart: DuckDBMart) -> dict[str, Engine]:
    return engines_of(mart, NOON)


@pytest.fixture(params=ENGINES)
def engine(request: pytest.FixtureRequest, engines: dict[str, Engine]) -> Engine:
    return engines[request.param]


def who(engine: Engine, asked: Rule) -> set[int]:
    return {int(number) for block in engine.members(asked, as_of=NOON) for number in block}


def test_the_suite_asks_every_engine_there_is(engines: dict[str, Engine]) -> None:
    assert set(ENGINES) == set(engines)


def test_every_node_is_counted_on_its_own_among_the_active_users(engine: Engine, mart: DuckDBMart) -> None:
    asked = rule(
        {
            "type": "all",
            "id": "top",
            "children": [
                {**GOLD, "id": "gold"},
                {"type": "not", "id": "no", "child": {**SEARCHED, "id": "searched"}},
                {"type": "at_least", "id": "two", "k": 2, "children": [
                    {**CYCLE_UNKNOWN, "id": "cycle"},
                    {"filter": "booking_count", "operator": ">=", "value": 1, "id": "booked"},
                    {"filter": "visit_frequency", "operator": ">=", "value": 1, "id": "came"},
                ]},
            ],
        }
    )  # fmt: skip
    count = engine.count(asked, as_of=NOON)
    assert count.nodes == {"top": 2, "gold": 4, "no": 4, "searched": 3, "two": 3, "cycle": 5, "booked": 3, "came": 3}
    assert (count.total, count.base, count.as_of, count.mart_version) == (2, len(EVERYBODY), NOON, mart.version)
    assert who(engine, asked) == {2, 63}


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ({"filter": "gender", "operator": "in", "value": ["female"]}, {0}),
        ({"filter": "gender", "operator": "not_in", "value": ["female"]}, EVERYBODY - {0}),
        ({"filter": "gender", "operator": "unknown"}, EVERYBODY - {0, 64}),
        ({"filter": "age", "operator": "between", "value": [30, 39]}, {0}),
        ({"filter": "age", "operator": "<", "value": 30}, set()),
        ({"filter": "membership_tier", "operator": "=", "value": "vvip"}, {63, 200}),
        ({"filter": "marketing_consent", "operator": "in", "value": ["push"]}, {1}),
        ({"filter": "marketing_consent", "operator": "has_all", "value": ["push", "sms"]}, set()),
        ({"filter": "activity_region", "operator": "in", "value": ["capital_area"]}, {2}),
        ({"filter": "signup", "operator": ">=", "value": 1999}, EVERYBODY),
        ({"filter": "signup", "operator": ">=", "value": 0, "properties": {"account_status": ["dormant"]}}, {3}),
        ({"filter": "total_spend", "operator": "top_percent", "value": 50}, {1}),
        ({"filter": "total_spend", "operator": "between", "value": [1, 10]}, {2}),
    ],
)
def test_profiles_and_facts_are_compared_as_they_are_meant(
    engine: Engine, condition: dict[str, Any], expected: set[int]
) -> None:
    assert who(engine, rule(condition)) == expected


def test_a_share_says_where_it_begins(engine: Engine) -> None:
    asked = rule({"filter": "total_spend", "operator": "top_percent", "value": 10, "id": "top"})
    assert engine.count(asked, as_of=NOON).thresholds == {"top": 70_000}
    nobody = rule({"filter": "cancellation", "operator": "top_percent", "value": 10, "id": "top", "measure": "rate",
                   "window": {"type": "last", "n": 1}})  # fmt: skip
    assert engine.count(nobody, as_of=NOON).thresholds == {"top": None}


@pytest.mark.parametrize("seed", range(5))
def test_members_and_verdicts_are_those_counted(engine: Engine, seed: int) -> None:
    asked = any_rule(Random(seed), most=6)
    members = who(engine, asked)
    assert engine.count(asked, as_of=NOON).total == len(members)
    verdicts = {number: engine.contains(asked, number, as_of=NOON)[asked.root.id] for number in ASKED_ABOUT}
    assert {number for number, is_in in verdicts.items() if is_in} == members


def test_a_user_who_is_not_active_is_in_nothing(engine: Engine) -> None:
    asked = rule({"type": "any", "children": [SEARCHED, {"type": "not", "child": SEARCHED}]})
    for number in (4, 6, 10_000):
        assert engine.contains(asked, number, as_of=NOON) == dict.fromkeys(
            [node.id for node in walk(asked.root)], False
        )


def test_facets_of_all_filters_are_one_line_a_cut(engine: Engine, engines: dict[str, Engine]) -> None:
    facets = engine.facets(rule(GOLD), as_of=NOON)
    assert [facet.filter for facet in facets] == [entry.key for entry in FILTERS if entry.cuts]
    assert facets == engines["duckdb"].facets(rule(GOLD), as_of=NOON)


def test_facets_of_everybody_and_of_named_filters(engine: Engine) -> None:
    (tiers, genders) = engine.facets(None, as_of=NOON, filters=["membership_tier", "gender"])
    assert (tiers.filter, genders.filter) == ("membership_tier", "gender")
    assert {line.key: (line.count, line.base) for line in tiers.lines}["vvip"] == (2, 2)
    assert sum(line.count for line in genders.lines) == len(EVERYBODY)


def test_a_filter_nobody_declared_is_not_found(engine: Engine) -> None:
    with pytest.raises(NotFoundError, match="shoe_size"):
        engine.facets(None, as_of=NOON, filters=["shoe_size"])


def test_members_come_in_blocks_of_bounded_size() -> None:
    with mart_of(user(0), user(70_000, tier=5), user(140_001)) as mart:
        for engine in engines_of(mart, NOON).values():
            blocks = list(engine.members(rule({"filter": "booking_count", "operator": "=", "value": 0}), as_of=NOON))
            assert all(block.dtype == np.uint32 and 0 < block.size <= 65_536 for block in blocks)
            assert np.concatenate(blocks).tolist() == [0, 70_000, 140_001]


def test_an_engine_over_nobody_finds_nobody() -> None:
    with mart_of() as mart:
        for engine in engines_of(mart, NOON).values():
            assert engine.count(rule(SEARCHED), as_of=NOON).base == 0
            assert not list(engine.members(rule({"type": "not", "child": SEARCHED}), as_of=NOON))
            assert {line.base for facet in engine.facets(None, as_of=NOON) for line in facet.lines} == {0}


def test_what_an_index_cannot_know_is_refused() -> None:
    with mart_of(user(0, valid_from=at(2000))) as mart:
        put(mart, user(0, valid_from=at(5), tier=3))
        engines = engines_of(mart, NOON)
        for name in set(ENGINES) - {"duckdb"}:
            with pytest.raises(EngineError):
                engines[name].count(rule(GOLD), as_of=NOON - timedelta(days=30))
        assert engines["duckdb"].count(rule(GOLD), as_of=NOON - timedelta(days=30)).total == 0
