"""Two rules that say the same have one canonical form; two that do not, do not."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from audience_builder.rule.canonical import canonical, node_key, rule_hash
from audience_builder.rule.check import parse_rule
from audience_builder.rule.meaning import members
from audience_builder.rule.tree import Rule
from tests.laws import rules
from tests.laws.people import MOMENTS, people


def condition(key: str, operator: str, value: Any = None, **more: Any) -> dict[str, Any]:
    return {"type": "condition", "filter": key, "operator": operator, "value": value, **more}


def rule(root: dict[str, Any]) -> Rule:
    return parse_rule({"version": 1, "root": root})


def group(kind: str, *children: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": kind, "children": list(children), **more}


A, B, C = condition("booking_count", ">=", 2), condition("age", ">=", 20), condition("gender", "in", ["female"])
BOOKED = condition("booking_count", ">=", 1)
SAME = [
    (A, condition("booking_count", ">=", 2, measure="bookings", window={"type": "ever"})),
    (A, {**A, "id": "other"}),
    (A, condition("booking_count", ">", 1)),
    (A, group("all", A)),
    (group("all", A, B), group("all", B, A)),
    (group("all", A, B), group("all", A, B, A)),
    (group("all", A, group("all", B, C)), group("all", A, B, C)),
    (group("any", A, group("any", B, C)), group("any", C, B, A)),
    (group("at_least", A, B, k=2), group("all", A, B)),
    (group("at_least", A, B, k=1), group("any", A, B)),
    ({"type": "not", "child": {"type": "not", "child": A}}, A),
    ({"type": "not", "child": BOOKED}, condition("booking_count", "=", 0)),
    (condition("booking_count", "<", 1), condition("booking_count", "<=", 0)),
    ({"type": "not", "child": condition("booking_count", "=", 0)}, BOOKED),
    ({"type": "not", "child": C}, condition("gender", "not_in", ["female"])),
    ({"type": "not", "child": condition("age", "known")}, condition("age", "unknown")),
    (condition("gender", "in", ["male", "female"]), condition("gender", "in", ["female", "male", "male"])),
    (condition("age", "between", [20, 20]), condition("age", "=", 20)),
    (condition("search_theme", ">=", 1, properties={"region": ["jeju"], "theme": ["pool"]}),
     condition("search_region", ">=", 1, properties={"theme": ["pool"], "region": ["jeju"]})),
    (condition("search_stay_type", ">=", 1), condition("search_region", ">=", 1)),
    (condition("booking_count", ">=", 1, properties={"product_line": ["rental_car"]}), condition("rental_car", ">=", 1)),
    (condition("viewed_category", ">=", 1, properties={"product_line": ["space"], "region": ["seoul"]}),
     condition("space_rental", ">=", 1, properties={"action": ["viewed"], "region": ["seoul"]})),
    (condition("booking_count", ">=", 1, properties={"product_line": ["overseas_stay"], "region": ["japan"]}),
     condition("overseas_booking", ">=", 1, properties={"product_line": ["overseas_stay"], "destination": ["japan"]})),
    (condition("booking_count", ">=", 1, properties={"status": ["confirmed"], "basis": ["booked"]}), BOOKED),
]  # fmt: skip
DIFFERENT = [
    (A, condition("booking_count", ">=", 3)),
    (A, condition("booking_count", ">=", 2, window={"type": "last", "n": 30})),
    (group("all", A, B), group("any", A, B)),
    ({"type": "not", "child": B}, condition("age", "<", 20)),
    (condition("last_visit", ">=", 91), condition("last_visit", "not_within", {"type": "last", "n": 91})),
    (group("at_least", A, B, C, k=2), group("all", A, B, C)),
    (
        condition("membership_tier", "between", ["silver", "vip"]),
        condition("membership_tier", "between", ["gold", "vip"]),
    ),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_the_same_said_differently_is_one_rule(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert canonical(rule(one)) == canonical(rule(other))
    assert rule_hash(rule(one)) == rule_hash(rule(other))
    assert node_key(rule(one).root) == node_key(rule(other).root)


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_called_the_same_means_the_same_users(one: dict[str, Any], other: dict[str, Any]) -> None:
    random = Random(7)
    for as_of in MOMENTS:
        population = people(random, 60, as_of)
        assert members(rule(one), population, as_of) == members(rule(other), population, as_of)


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_what_differs_stays_different(one: dict[str, Any], other: dict[str, Any]) -> None:
    assert rule_hash(rule(one)) != rule_hash(rule(other))


def with_ids(form: dict[str, Any]) -> Rule:
    return parse_rule(form)


@pytest.mark.parametrize("seed", range(60))
def test_the_canonical_form_is_itself_a_rule_that_means_the_same(seed: int) -> None:
    random = Random(seed)
    as_of = random.choice(MOMENTS)
    written = rules.rule(random)
    again = with_ids(canonical(written))
    assert canonical(again) == canonical(written)
    population = people(random, 40, as_of)
    assert members(again, population, as_of) == members(written, population, as_of)
