"""What changed from one rule to another."""

from __future__ import annotations

from random import Random
from typing import Any

import pytest

from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.diff import Change, changes
from audience_builder.rule.tree import Rule
from tests.audience.small import GOLD, SEEN, WOMEN, rule, rule_json
from tests.laws.rules import rule as generated

JEJU = {
    "type": "condition", "id": "jeju", "filter": "search_region", "operator": ">=", "value": 2,
    "properties": {"region": ["jeju"]}, "window": {"type": "last", "n": 14},
}  # fmt: skip


def told(before: Rule, after: Rule) -> list[tuple[str, str, str]]:
    return [(change.kind, change.node, change.path) for change in changes(before, after)]


@pytest.mark.parametrize("seed", range(40))
def test_nothing_changed_between_a_rule_and_itself(seed: int) -> None:
    asked = generated(Random(seed))
    assert changes(asked, parse_rule(to_json(asked))) == []


def test_what_came_and_what_went_is_told_once_with_everything_below_it() -> None:
    group = {"type": "any", "id": "group", "children": [GOLD, SEEN]}
    before, after = rule(WOMEN), rule(WOMEN, group)
    assert told(before, after) == [("added", "group", "/root/children/1")]
    assert told(after, before) == [("removed", "group", "/root/children/1")]
    (came,) = changes(before, after)
    assert came.before is None
    assert came.after["id"] == "group"
    assert came.ko.startswith("추가: ")
    assert came.en.startswith("added: ")


def test_a_changed_part_is_told_with_its_place_and_both_values() -> None:
    wider: dict[str, Any] = {
        **JEJU,
        "window": {"type": "last", "n": 30},
        "properties": {"region": ["jeju"], "theme": ["spa"]},
    }
    window, theme = changes(rule(JEJU), rule(wider))
    assert (window.kind, window.node, window.path) == ("changed", "jeju", "/root/children/0/window")
    assert (window.before["n"], window.after["n"]) == (14, 30)
    assert window.ko.startswith("기간: 최근 14일")
    assert "→ 최근 30일" in window.ko
    assert window.en.startswith("window: ")
    assert (theme.path, theme.part, theme.before, theme.after) == (
        "/root/children/0/properties/theme", "properties.theme", None, ["spa"],
    )  # fmt: skip
    assert theme.ko.startswith("테마: ")


def test_groups_that_join_otherwise_and_nodes_that_moved_are_told() -> None:
    before = parse_rule(rule_json(WOMEN, {"type": "at_least", "id": "some", "k": 1, "children": [GOLD, SEEN]}))
    after = parse_rule(
        rule_json(WOMEN, SEEN, {"type": "at_least", "id": "some", "k": 1, "children": [GOLD]}, kind="any")
    )
    said = {(change.kind, change.node, change.part) for change in changes(before, after)}
    assert said == {("changed", "root", "type"), ("moved", "seen", None)}
    fewer = parse_rule(rule_json(WOMEN, {"type": "at_least", "id": "some", "k": 2, "children": [GOLD, SEEN]}))
    (k,) = changes(before, fewer)
    assert (k.part, k.before, k.after, k.path) == ("k", 1, 2, "/root/children/1/k")


def test_conditions_that_mean_the_same_are_the_same_under_another_id() -> None:
    assert changes(rule(WOMEN, GOLD), rule({**GOLD, "id": "n7"}, {**WOMEN, "id": "n8"})) == []
    assert told(rule(WOMEN, GOLD), rule({**WOMEN, "id": "x"}, SEEN)) == [
        ("added", "seen", "/root/children/1"),
        ("removed", "gold", "/root/children/1"),
    ]


@pytest.mark.parametrize("seed", range(60))
def test_every_difference_of_two_rules_is_told_in_both_languages(seed: int) -> None:
    before, after = generated(Random(seed), most=6), generated(Random(seed + 1000), most=6)
    found: list[Change] = changes(before, after)
    for change in found:
        assert change.ko
        assert change.en
        assert change.path.startswith("/root")
