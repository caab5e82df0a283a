"""What the generated people and rules reach: a law that nothing could break proves nothing."""

from __future__ import annotations

from collections import defaultdict
from random import Random

import pytest

from audience_builder.catalog import FILTERS, Filter
from audience_builder.catalog.filter import Kind
from audience_builder.catalog.operator import POSITIVE_OF, Operator
from audience_builder.clock import day_number
from audience_builder.rule.check import parse_rule
from audience_builder.rule.meaning import members
from audience_builder.rule.meaning_moments import Moment
from audience_builder.rule.meaning_values import UserValue, is_active, value_of
from audience_builder.rule.tree import Condition, conditions
from tests.laws import rules
from tests.laws.people import MOMENTS, people

WORLDS = [(people(Random(seed), 60, as_of), as_of) for seed, as_of in enumerate(MOMENTS)]
NEVER_FALSE = {Operator.KNOWN, Operator.UNKNOWN}


def asked_values(asked: Filter, operator: Operator, seed: int) -> tuple[Condition, set[bool], list[UserValue], Moment]:
    random = Random(seed)
    population, as_of = WORLDS[seed % len(WORLDS)]
    rule = parse_rule({"version": 1, "root": rules.condition(random, asked, operator)})
    (condition,) = conditions(rule)
    now = Moment(as_of)
    active = [who for who in population if is_active(who, now)]
    meant = members(rule, population, as_of)
    return condition, {who.user_no in meant for who in active}, [value_of(condition, who, now) for who in active], now


@pytest.mark.parametrize("asked", FILTERS, ids=lambda entry: entry.key)
def test_each_operator_meets_true_and_false_unknown_and_boundary(asked: Filter) -> None:
    verdicts: dict[Operator, set[bool]] = defaultdict(set)
    unknown: dict[Operator, bool] = defaultdict(bool)
    boundary: dict[Operator, bool] = defaultdict(bool)
    for operator in asked.operators:
        for seed in range(60):
            condition, truths, values, now = asked_values(asked, operator, seed)
            verdicts[operator] |= truths
            unknown[operator] |= None in values
            boundary[operator] |= any(_is_edge(condition, value, now) for value in values)
    always_known = not any(measure.can_be_unknown for measure in asked.measures) or asked.key == "signup"
    for operator in asked.operators:
        if not (operator in NEVER_FALSE and always_known) and not (
            asked.key == "signup" and operator is Operator.UNKNOWN
        ):
            assert verdicts[operator] == {True, False}, operator
        if not always_known:
            assert unknown[operator], operator
        if asked.kind in (Kind.EVENTS, Kind.NUMBER, Kind.DAYS) and POSITIVE_OF.get(operator, operator) in _WITH_EDGES:
            assert boundary[operator], operator


_WITH_EDGES = {Operator.EQ, Operator.GE, Operator.GT, Operator.LE, Operator.LT, Operator.BETWEEN}


def _is_edge(condition: Condition, value: UserValue, now: Moment) -> bool:
    """Whether the value is the very number the condition names (of dates: so many days ago)."""
    asked = condition.value if isinstance(condition.value, tuple) else (condition.value,)
    if value is None or isinstance(value, frozenset):
        return False
    number = value if isinstance(value, int) else day_number(now.day) - day_number(value)
    return number in asked
