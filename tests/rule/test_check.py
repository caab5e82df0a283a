"""A rule that cannot be read says where, what and how to mend it."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audience_builder.errors import RuleError
from audience_builder.rule.check import parse_rule, rule_schema, to_json
from audience_builder.rule.tree import MAX_BYTES, conditions, walk

CONDITION = {"type": "condition", "filter": "booking_count", "operator": ">=", "value": 1}


def rule(root: Any, **more: Any) -> dict[str, Any]:
    return {"version": 1, "root": root, **more}


def the_problem(data: Any) -> tuple[str, str, str]:
    with pytest.raises(RuleError) as caught:
        parse_rule(data)
    problem = caught.value.problems[0]
    assert problem.message
    assert problem.fix
    return problem.pointer, problem.code, problem.fix


def test_a_rule_comes_back_as_it_was_written() -> None:
    written = rule(
        {
            "type": "all",
            "id": "root",
            "children": [{**CONDITION, "id": "a"}, {"type": "not", "id": "b", "child": {**CONDITION, "id": "c"}}],
        }
    )
    assert to_json(parse_rule(to_json(parse_rule(written)))) == to_json(parse_rule(written))
    assert [node.id for node in walk(parse_rule(written).root)] == ["root", "a", "b", "c"]


def test_nodes_without_an_id_get_one_that_is_free_and_keep_it() -> None:
    written = rule({"type": "any", "children": [CONDITION, {**CONDITION, "id": "n1"}, CONDITION]})
    once = to_json(parse_rule(written))
    ids = [node.id for node in walk(parse_rule(written).root)]
    assert len(set(ids)) == 4
    assert "n1" in ids
    assert to_json(parse_rule(once)) == once
    assert "id" not in written["root"]
    assert "id" not in CONDITION


@pytest.mark.parametrize(
    ("data", "pointer", "code"),
    [
        (b"", "", "json_invalid"),
        (b"{", "", "json_invalid"),
        (b"\xff\xfe", "", "json_invalid"),
        (b"null", "", "shape"),
        (b"[1]", "", "shape"),
        ({}, "/root", "root_missing"),
        (rule(None), "/root", "shape"),
        (rule([]), "/root", "shape"),
        (rule({"type": "alll", "children": []}), "/root/type", "unknown_type"),
        (rule({"type": ["all"]}), "/root/type", "unknown_type"),
        (rule({"type": "all", "children": []}), "/root/children", "empty_group"),
        (rule({"type": "not"}), "/root/child", "empty_group"),
        (rule({"type": "audience", "audience": "a"}), "/root/type", "notyet"),
        (rule({"type": "list"}), "/root/type", "notyet"),
        (rule({"type": "sequence"}), "/root/type", "notyet"),
        (rule(CONDITION, version=2), "/version", "value_type"),
        (rule(CONDITION, colour="red"), "/colour", "unknown_field"),
        (rule({**CONDITION, "colour": "red"}), "/root/colour", "unknown_field"),
        (rule({**CONDITION, "id": "two words"}), "/root/id", "value_type"),
        (rule({**CONDITION, "filter": "bookings"}), "/root/filter", "unknown_filter"),
        (rule({**CONDITION, "operator": "in"}), "/root/operator", "operator_not_allowed"),
        (rule({**CONDITION, "operator": "~"}), "/root/operator", "value_type"),
        (rule({**CONDITION, "value": None}), "/root/value", "value_missing"),
        (rule({**CONDITION, "value": -1}), "/root/value", "value_range"),
        (rule({**CONDITION, "value": 10**30}), "/root/value", "value_range"),
        (rule({**CONDITION, "value": True}), "/root/value", "value_type"),
        (rule({**CONDITION, "value": 1.5}), "/root/value", "value_type"),
        (rule({**CONDITION, "value": "many"}), "/root/value", "value_type"),
        (rule({**CONDITION, "operator": "between", "value": [5, 1]}), "/root/value", "value_range"),
        (rule({**CONDITION, "operator": "known"}), "/root/value", "value_unexpected"),
        (rule({**CONDITION, "operator": "top_percent", "value": 0}), "/root/value", "value_range"),
        (rule({**CONDITION, "measure": "rate"}), "/root/measure", "unknown_measure"),
        (rule({**CONDITION, "measure": "max_same_item"}), "/root/measure", "notyet"),
        (rule({**CONDITION, "properties": {"brand": ["sono"]}}), "/root/properties/brand", "notyet"),
        (rule({**CONDITION, "properties": {"colour": ["red"]}}), "/root/properties/colour", "unknown_property"),
        (rule({**CONDITION, "properties": {"region": ["jejuu"]}}), "/root/properties/region", "unknown_option"),
        (rule({**CONDITION, "properties": {"stay_type": ["hotell"]}}), "/root/properties/stay_type", "unknown_option"),
        (rule({**CONDITION, "properties": {"nights": {"min": 3, "max": 1}}}), "/root/properties/nights", "value_range"),
        (rule({**CONDITION, "properties": {"nights": {}}}), "/root/properties/nights", "value_type"),
        (rule({**CONDITION, "properties": {"basis": ["booked", "paid"]}}), "/root/properties/basis", "value_type"),
        (rule({**CONDITION, "properties": {"nth": ["first"], "status": ["cancelled"]}}), "/root/properties/nth", "nth_is_confirmed"),
        (rule({**CONDITION, "window": {"type": "named", "name": "xmas"}}), "/root/window", "unknown_window"),
        (rule({**CONDITION, "window": {"type": "last", "n": 0}}), "/root/window/n", "value_range"),
        (rule({"type": "condition", "filter": "age", "operator": "=", "value": 20, "window": {"type": "ever"}}), "/root/window", "window_not_allowed"),
        (rule({"type": "condition", "filter": "total_spend", "operator": "=", "value": 1, "window": {"type": "future"}}), "/root/window", "window_kind"),
        (rule({"type": "condition", "filter": "membership_tier", "operator": "=", "value": "golden"}), "/root/value", "unknown_option"),
        (rule({"type": "condition", "filter": "signup", "operator": "within", "value": 3}), "/root/value", "value_type"),
        (rule({"type": "condition", "filter": "marketing_consent", "operator": "in", "value": ["marketing_use"], "properties": {"night": True}}),
         "/root/properties/night", "night_needs_channel"),
        (rule({"type": "at_least", "k": 3, "children": [CONDITION]}), "/root/k", "k_too_big"),
        (rule({"type": "all", "children": [{**CONDITION, "id": "a"}, {**CONDITION, "id": "a"}]}), "/root/children/1/id", "duplicate_id"),
        (rule({"type": "all", "children": [CONDITION] * 201}), "/root/children/200", "too_many_conditions"),
    ],
)  # fmt: skip
def test_each_mistake_has_its_place_and_code(data: Any, pointer: str, code: str) -> None:
    assert the_problem(data)[:2] == (pointer, code)


def test_a_misspelt_word_is_met_with_the_nearest_one() -> None:
    assert the_problem(rule({**CONDITION, "filter": "booking_cuont"}))[2] == "did you mean booking_count?"
    assert the_problem(rule({**CONDITION, "filter": "객단가요"}))[2] == "did you mean average_order_value?"
    assert the_problem(rule({**CONDITION, "properties": {"stay_type": ["hotell"]}}))[2] == "did you mean hotel?"


def test_rules_deeper_than_eight_are_refused_however_deep() -> None:
    root: dict[str, Any] = CONDITION
    for _ in range(7):
        root = {"type": "not", "child": root}
    assert parse_rule(rule(root))
    assert the_problem(rule({"type": "not", "child": root}))[1] == "too_deep"
    deep = b'{"version":1,"root":' + b'{"type":"not","child":' * 10_000 + orjson.dumps(CONDITION) + b"}" * 10_001
    assert the_problem(deep)[1] in ("json_invalid", "too_deep")
    assert the_problem(b'{"root":' + b"[" * 10**6)[1] == "too_big"
    assert the_problem(b" " * (MAX_BYTES + 1))[1] == "too_big"


def test_several_mistakes_are_told_at_once() -> None:
    with pytest.raises(RuleError) as caught:
        parse_rule(rule({"type": "all", "children": [{**CONDITION, "value": -1}, {**CONDITION, "filter": "x"}]}))
    assert [entry.pointer for entry in caught.value.problems] == ["/root/children/0/value", "/root/children/1/filter"]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=8)
    | st.sampled_from(["condition", "all", "any", "not", "at_least", "age", "booking_count", ">=", "between", "known", "last"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(
        st.sampled_from(["type", "id", "children", "child", "filter", "operator", "value", "window", "properties", "n", "k", "region", "nights", "min"])
        | st.text(max_size=4), inner, max_size=5),
    max_leaves=15,
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(JSON)
def test_no_json_whatever_breaks_the_reader(root: Any) -> None:
    try:
        found = parse_rule({"version": 1, "root": root})
    except RuleError as error:
        assert all(problem.code and problem.message and problem.fix for problem in error.problems)
    else:
        assert conditions(found)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200))
def test_no_bytes_whatever_break_the_reader(data: bytes) -> None:
    with pytest.raises(RuleError):
        parse_rule(data)


def test_the_published_schema_names_every_node_and_window() -> None:
    schema = rule_schema()
    assert {"Condition", "All", "AnyOf", "Not", "AtLeast", "Last", "Named", "Future", "Stay", "Range"} <= set(
        schema["$defs"]
    )
    assert not any("id" in node["required"] for node in schema["$defs"].values())
