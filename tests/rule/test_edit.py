"""Rules made from rules: nothing is changed that was not meant."""

from __future__ import annotations

import random

import pytest

from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.edit import joined, renamed, replaced, without
from audience_builder.rule.tree import Rule, walk
from tests.audience.small import GOLD, SEEN, WOMEN, rule
from tests.laws.rules import rule as generated

NESTED = parse_rule(
    {
        "version": 1,
        "root": {
            "type": "all",
            "id": "root",
            "children": [
                {"type": "not", "id": "not", "child": WOMEN},
                {"type": "at_least", "id": "two", "k": 2, "children": [GOLD, SEEN]},
            ],
        },
    }
)


def test_a_left_out_node_takes_the_groups_along_that_it_empties() -> None:
    found = without(NESTED, "women")
    assert found is not None
    assert [node.id for node in walk(found.root)] == ["root", "two", "gold", "seen"]


def test_at_least_asks_for_no_more_than_there_are() -> None:
    found = without(NESTED, "gold")
    assert found is not None
    assert to_json(found)["root"]["children"][1]["k"] == 1


def test_of_a_rule_of_one_condition_nothing_is_left() -> None:
    assert without(Rule(root=rule(WOMEN).root.children[0]), "women") is None  # type: ignore[union-attr]


def test_a_replaced_node_stands_where_the_other_stood() -> None:
    (gold,) = rule(GOLD).root.children  # type: ignore[union-attr]
    found = replaced(NESTED, "women", gold.model_copy(update={"id": "new"}))
    assert [node.id for node in walk(found.root)] == ["root", "not", "new", "two", "gold", "seen"]


def test_joined_rules_have_ids_of_their_own_and_can_be_read_back() -> None:
    found = Rule(root=joined([NESTED.root, NESTED.root, rule(WOMEN).root]))
    ids = [node.id for node in walk(found.root)]
    assert len(set(ids)) == len(ids)
    assert parse_rule(to_json(found)) == found


@pytest.mark.parametrize("seed", range(50))
def test_renaming_changes_only_ids_and_replacing_by_itself_changes_nothing(seed: int) -> None:
    asked = generated(random.Random(seed))
    nodes = list(walk(asked.root))
    fresh = list(walk(renamed(asked.root, "x")))
    assert len({node.id for node in fresh}) == len(nodes)
    assert [node.type for node in fresh] == [node.type for node in nodes]
    for node in nodes:
        assert replaced(asked, node.id, node) == asked
