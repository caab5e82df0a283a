"""The laws: one rule and one user have one verdict, in every engine, and logic is logic.

`make test` asks 400 generated rules of 60 generated people; `make laws` 10,000 of 100. A failure names the smallest node that differs.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from random import Random

import numpy as np
import pytest

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.operator import Operator, WindowKind
from audience_builder.engine.port import Engine
from audience_builder.mart.person import Person
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.meaning import members, thresholds
from audience_builder.rule.tree import Condition, Rule, walk
from tests.laws import rules
from tests.laws.people import MOMENTS, people
from tests.laws.world import engines_of, mart_of

FEW_RULES, FEW_PEOPLE, PER_WORLD = 400, 60, 20
MANY_RULES, MANY_PEOPLE = int(os.environ.get("LAWS_RULES", "10000")), 100


@dataclass(frozen=True)
class World:
    """People, the moment they are asked at, and the engines that read them."""

    people: list[Person]
    as_of: datetime
    engines: dict[str, Engine]

    def meant(self, rule: Rule) -> frozenset[int]:
        return members(rule, self.people, self.as_of)


@contextmanager
def world(seed: int, how_many: int) -> Iterator[World]:
    random = Random(seed)
    as_of = MOMENTS[seed % len(MOMENTS)]
    population = people(random, how_many, as_of)
    mart = mart_of(population)
    try:
        yield World(population, as_of, engines_of(mart, as_of, population))
    finally:
        mart.close()


def found(engine: Engine, rule: Rule, as_of: datetime) -> frozenset[int]:
    blocks = list(engine.members(rule, as_of=as_of))
    numbers = np.concatenate(blocks) if blocks else np.empty(0, np.uint32)
    assert list(numbers) == sorted(set(numbers.tolist())), "members ascend and come once"
    return frozenset(numbers.tolist())


def agree(rule: Rule, where: World) -> None:
    """Every engine gives the members, total, node counts and thresholds that the law gives."""
    meant = where.meant(rule)
    nodes = {node.id: len(where.meant(Rule(root=node))) for node in walk(rule.root)}
    everybody = len(where.meant(EVERYBODY))
    limits = thresholds(rule, where.people, where.as_of)
    for name, engine in where.engines.items():
        count = engine.count(rule, as_of=where.as_of)
        if (found(engine, rule, where.as_of), count.nodes, count.base) != (meant, nodes, everybody):
            pytest.fail(_smallest_difference(name, engine, rule, where))
        assert count.total == len(meant), name
        assert count.thresholds == limits, name


EVERYBODY = parse_rule(
    {"version": 1, "root": {"type": "condition", "id": "all", "filter": "booking_count", "operator": ">=", "value": 0}}
)


def _smallest_difference(name: str, engine: Engine, rule: Rule, where: World) -> str:
    for node in reversed(list(walk(rule.root))):
        part = Rule(root=node)
        meant, given = where.meant(part), found(engine, part, where.as_of)
        if meant != given:
            wrong = min(meant ^ given)
            who = next(person for person in where.people if person.user_no == wrong)
            return f"{name} differs at {where.as_of} on\n{to_json(part)}\nuser {wrong}: meant {wrong in meant}\n{who}"
    return f"{name}: counts of {to_json(rule)} differ though members do not"


@pytest.mark.parametrize("seed", range(FEW_RULES // PER_WORLD))
def test_every_engine_gives_every_user_the_same_verdict(seed: int) -> None:
    with world(seed, FEW_PEOPLE) as where:
        random = Random(1000 + seed)
        for _ in range(PER_WORLD):
            agree(rules.rule(random), where)


@pytest.mark.laws
@pytest.mark.parametrize("seed", range(MANY_RULES // 50))
def test_every_engine_gives_every_user_the_same_verdict_at_length(seed: int) -> None:
    with world(50_000 + seed, MANY_PEOPLE) as where:
        random = Random(seed)
        for _ in range(50):
            agree(rules.rule(random), where)


@pytest.mark.parametrize("asked", FILTERS, ids=lambda entry: entry.key)
def test_each_operator_window_and_property_of_each_filter_agrees(asked: Filter) -> None:
    number = FILTERS.index(asked)
    random = Random(number)
    with world(900 + number, 40) as where:
        for operator in asked.operators:
            for window in sorted(asked.windows) or [None]:
                agree(_one(rules.condition(random, asked, operator, WindowKind(window) if window else None)), where)


def _one(condition: dict[str, object]) -> Rule:
    return parse_rule({"version": 1, "root": condition})


@pytest.mark.parametrize("seed", range(12))
def test_a_rule_and_its_negation_part_everybody(seed: int) -> None:
    with world(200 + seed, 40) as where:
        random = Random(seed)
        everybody = where.meant(EVERYBODY)
        for _ in range(8):
            rule = rules.rule(random, most=4)
            negated = parse_rule(
                {"version": 1, "root": {"type": "not", "id": "complement", "child": to_json(rule)["root"]}}
            )
            for engine in where.engines.values():
                inside, outside = found(engine, rule, where.as_of), found(engine, negated, where.as_of)
                assert inside | outside == everybody
                assert not inside & outside


@pytest.mark.parametrize("seed", range(6))
def test_logic_is_logic(seed: int) -> None:
    with world(300 + seed, 40) as where:
        random = Random(seed)
        a, b = (rules.condition(random, random.choice(FILTERS)) for _ in range(2))

        def both(kind: str, *children: object) -> dict[str, object]:
            return {"type": kind, "children": list(children)}

        def no(child: object) -> dict[str, object]:
            return {"type": "not", "child": child}

        pairs = [
            (no(both("all", a, b)), both("any", no(a), no(b))),
            (no(both("any", a, b)), both("all", no(a), no(b))),
            (no(no(a)), a),
            (both("all", a, a), a),
            (both("any", a, both("all", a, b)), a),
            (both("all", a, b), both("all", b, a)),
            ({**both("at_least", a, b), "k": 1}, both("any", a, b)),
        ]
        for engine in where.engines.values():
            for one, other in pairs:
                assert found(engine, _one(one), where.as_of) == found(engine, _one(other), where.as_of)


@pytest.mark.parametrize("seed", range(6))
def test_widening_grows_and_narrowing_shrinks(seed: int) -> None:
    with world(400 + seed, 60) as where:
        for engine in where.engines.values():
            for key in ("search_region", "booking_count", "visit_frequency", "cancellation", "cart"):
                windows = [{"type": "last", "n": n} for n in (1, 7, 30, 90, 365)] + [{"type": "ever"}]
                sizes = [
                    found(
                        engine,
                        _one({"type": "condition", "filter": key, "operator": ">=", "value": 1, "window": w}),
                        where.as_of,
                    )
                    for w in windows
                ]
                assert all(small <= large for small, large in pairwise(sizes))
                counts = [
                    found(engine, _one({"type": "condition", "filter": key, "operator": ">=", "value": n}), where.as_of)
                    for n in range(4)
                ]
                assert all(small <= large for large, small in pairwise(counts))


@pytest.mark.parametrize("seed", range(100))
def test_a_rule_read_from_what_was_printed_is_the_rule(seed: int) -> None:
    rule = rules.rule(Random(seed))
    assert parse_rule(to_json(rule)) == rule


@pytest.mark.parametrize("seed", range(3))
def test_facets_count_what_their_lines_say(seed: int) -> None:
    from audience_builder.engine.asks import cut_conditions

    with world(600 + seed, 50) as where:
        rule = rules.rule(Random(seed), most=3)
        meant, everybody = where.meant(rule), where.meant(EVERYBODY)
        by_law = {
            (asked.key, cut.key): (len(meant & inside), len(everybody & inside))
            for asked in FILTERS
            for cut, condition in cut_conditions(asked)
            if (inside := where.meant(Rule(root=condition))) is not None
        }
        for name, engine in where.engines.items():
            given = {
                (facet.filter, line.key): (line.count, line.base)
                for facet in engine.facets(rule, as_of=where.as_of)
                for line in facet.lines
            }
            assert given == by_law, name


@pytest.mark.parametrize("seed", range(4))
def test_one_user_asked_about_alone_gets_the_same_verdicts(seed: int) -> None:
    with world(700 + seed, 30) as where:
        rule = rules.rule(Random(seed), most=6)
        nodes = {node.id: where.meant(Rule(root=node)) for node in walk(rule.root)}
        for engine in where.engines.values():
            for who in where.people:
                verdicts = engine.contains(rule, who.user_no, as_of=where.as_of)
                assert verdicts == {node: who.user_no in meant for node, meant in nodes.items()}


def test_the_generated_rules_ask_everything_the_catalog_knows() -> None:
    random = Random(1)
    asked = [node for _ in range(3000) for node in walk(rules.rule(random).root) if isinstance(node, Condition)]
    assert {(entry.filter, entry.operator) for entry in asked} == {(f.key, o) for f in FILTERS for o in f.operators}
    assert {(entry.filter, key) for entry in asked for key in entry.properties} == {
        (f.key, p.key) for f in FILTERS for p in f.properties
    }
    assert {entry.window.type for entry in asked if entry.window} == {kind.value for kind in WindowKind}
    assert {entry.operator for entry in asked} == set(Operator)
