"""A rule as one statement: groups as logic over true-or-false columns, readable, in five dialects, and closed to strings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlglot import exp, parse_one

from audience_builder.catalog import FILTERS
from audience_builder.engine.sql import (
    NODES,
    contains_statement,
    count_statement,
    facet_statement,
    members_statement,
)
from audience_builder.errors import RuleError
from audience_builder.mart.traits import DIALECTS
from audience_builder.rule.tree import Condition, Node, Rule, conditions
from tests.engine.sql_world import NOON, rule

SNAPSHOTS = Path(__file__).parent / "snapshots"

SEARCHED_JEJU = {
    "type": "all",
    "children": [
        {
            "filter": "search_region",
            "operator": ">=",
            "value": 2,
            "window": {"type": "last", "n": 14},
            "properties": {"region": ["jeju"]},
        },
        {"filter": "booking_count", "operator": "=", "value": 0, "window": {"type": "last", "n": 14}},
        {"filter": "membership_tier", "operator": ">=", "value": "gold"},
    ],
}
LEFT_A_CART = {
    "type": "at_least",
    "k": 2,
    "children": [
        {"filter": "cart", "operator": ">=", "value": 1, "properties": {"left_hours": {"min": 1, "max": 72}}},
        {"filter": "total_spend", "operator": "top_percent", "value": 10},
        {"filter": "marketing_consent", "operator": "not_in", "value": ["push"], "properties": {"night": True}},
    ],
}
OFF_ON_A_TRIP = {
    "type": "any",
    "children": [
        {
            "filter": "upcoming_trip",
            "operator": ">=",
            "value": 1,
            "window": {"type": "next", "n": 30},
            "properties": {"has": ["flight"], "lacks": ["stay"]},
        },
        {"filter": "overseas_intent", "operator": ">=", "value": "clear", "properties": {"destination": ["japan"]}},
        {
            "type": "not",
            "child": {
                "filter": "booking_count",
                "operator": ">=",
                "value": 1,
                "properties": {"weekday": ["weekend"], "nth": ["latest"]},
            },
        },
    ],
}
SHOWN = {"searched_jeju": SEARCHED_JEJU, "left_a_cart": LEFT_A_CART, "off_on_a_trip": OFF_ON_A_TRIP}


@pytest.mark.parametrize("name", SHOWN)
def test_the_statement_reads_as_the_rule_is_meant(name: str) -> None:
    found = count_statement(rule(SHOWN[name]), NOON).query.sql("duckdb", pretty=True) + "\n"
    kept = SNAPSHOTS / f"{name}.sql"
    if "UPDATE_SNAPSHOTS" in os.environ:
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(found, encoding="utf-8")
    assert found == kept.read_text(encoding="utf-8")


@pytest.mark.parametrize("dialect", DIALECTS)
def test_every_statement_can_be_written_in_every_dialect(dialect: str) -> None:
    for root in SHOWN.values():
        asked = rule(root)
        for statement in (
            count_statement(asked, NOON),
            members_statement(asked, NOON),
            contains_statement(asked, 7, NOON),
            *(facet_statement(entry, NOON, of_members=True) for entry in FILTERS),
        ):
            text = statement.query.sql(dialect, pretty=True)
            assert isinstance(parse_one(text, dialect=dialect), exp.Select)


def test_every_kind_of_group_has_exactly_one_translation() -> None:
    kinds = set(get_args(get_args(Node)[0]))
    assert {*NODES, Condition} == kinds


def test_equal_rows_are_read_once_and_equal_questions_are_one_value() -> None:
    of = {"filter": "search_region", "operator": ">="}
    asked = rule(
        {
            "type": "any",
            "children": [
                {**of, "value": 1, "properties": {"region": ["jeju"]}},
                {**of, "value": 3, "properties": {"region": ["jeju"]}},
                {**of, "value": 2, "properties": {"region": ["seoul"]}},
            ],
        }
    )
    query = count_statement(asked, NOON).query
    assert [cte.alias for cte in query.ctes] == ["everybody", "fact_1", "known", "answer"]
    known = next(cte.this for cte in query.ctes if cte.alias == "known")
    assert known.named_selects == ["user_no", "value_1", "value_2"]


# --- nothing typed reaches SQL --------------------------------------------------------------------------------------------

HOSTILE = "x'); DROP TABLE user_profile; --"


def test_hostile_keys_are_refused_before_sql() -> None:
    for wrong in (
        {"filter": HOSTILE, "operator": ">=", "value": 1},
        {"filter": "search_region", "operator": ">=", "value": 1, "properties": {"region": [HOSTILE]}},
        {"filter": "search_region", "operator": ">=", "value": 1, "properties": {HOSTILE: ["jeju"]}},
        {"filter": "membership_tier", "operator": "in", "value": [HOSTILE]},
        {"filter": "total_spend", "operator": ">=", "value": HOSTILE},
        {"filter": "total_spend", "operator": ">=", "value": 1, "measure": HOSTILE},
        {"filter": "search_region", "operator": ">=", "value": 1, "window": {"type": "named", "name": HOSTILE}},
        {"filter": "gender", "operator": "in", "value": ["male"], "id": HOSTILE},
    ):
        with pytest.raises(RuleError):
            rule(wrong)


def test_a_hostile_key_that_was_never_checked_finds_no_code_and_makes_no_sql() -> None:
    for wrong in (
        {"properties": {"region": [HOSTILE]}},
        {"properties": {"stay_type": [HOSTILE]}},
        {"filter": HOSTILE},
        {"measure": HOSTILE},
    ):
        given: dict[str, Any] = {"id": "a", "filter": "search_region", "operator": ">=", "value": 1, **wrong}
        unchecked = Rule(root=Condition.model_validate(given))
        with pytest.raises(KeyError):
            count_statement(unchecked, NOON)


def test_statements_hold_no_string_but_dates_moments_and_words_of_their_own() -> None:
    for root in SHOWN.values():
        asked = rule(root)
        ids = {condition.id for condition in conditions(asked)}
        query = count_statement(asked, NOON).query
        strings = {literal.this for literal in query.find_all(exp.Literal) if literal.is_string}
        assert all(text.replace("-", "").replace(":", "").replace(" ", "").isdigit() for text in strings), strings
        names = {identifier.this for identifier in query.find_all(exp.Identifier)}
        assert not names & ids, "ids of nodes stay outside"
