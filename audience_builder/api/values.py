"""A user's value as people read it: a number with its unit, a day, or option keys."""

from __future__ import annotations

from datetime import date

from audience_builder.api.messages import WhyNode
from audience_builder.catalog.filter import Filter, Unit
from audience_builder.catalog.places import place_of_code
from audience_builder.rule.defaults import filter_of, measure_of
from audience_builder.rule.meaning import Explanation
from audience_builder.rule.meaning_values import UserValue
from audience_builder.rule.tree import Condition, Rule, walk


def why_nodes(rule: Rule, explanation: Explanation) -> dict[str, WhyNode]:
    """Each node's verdict by id, and of a condition its value."""
    return {
        node.id: _condition(node, explanation)
        if isinstance(node, Condition) and explanation.active
        else WhyNode(verdict=explanation.nodes[node.id])
        for node in walk(rule.root)
    }


def _condition(condition: Condition, explanation: Explanation) -> WhyNode:
    value = explanation.values[condition.id]
    unit = measure_of(condition).unit
    return WhyNode(
        verdict=explanation.nodes[condition.id],
        value=_said(value, filter_of(condition), unit),
        known=value is not None,
        unit=unit.value,
    )


def _said(value: UserValue, asked: Filter, unit: Unit) -> int | str | list[str] | None:
    if isinstance(value, frozenset):
        return [_key(code, asked) for code in sorted(value)]
    if isinstance(value, date):
        return value.isoformat()
    if value is None or unit is not Unit.OPTION:
        return value
    return _key(value, asked)


def _key(code: int, asked: Filter) -> str:
    return place_of_code(code).key if asked.options is None else asked.options.key_of(code)
