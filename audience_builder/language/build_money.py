"""Clauses about what was paid: sums, averages, shares."""

from __future__ import annotations

from audience_builder.language.build import (
    Meaning,
    Node,
    NotSaid,
    Uses,
    compared,
    condition,
    limits_of,
    negated,
    properties_of,
    window_of,
)
from audience_builder.language.item import Item

_LEAST_KRW = 1000
"""A smaller number without a unit is no sum of money."""


def paid_sum(uses: Uses, meaning: Meaning) -> Node:
    """A sum that was paid: altogether, or a booking where that is said."""
    return _money(uses, meaning, "average_order_value" if uses.drop("per_booking") else "total_spend")


def spend(uses: Uses, meaning: Meaning) -> Node:
    """The sum of what was paid."""
    return _money(uses, meaning, "average_order_value" if uses.drop("per_booking") else "total_spend")


def average(uses: Uses, meaning: Meaning) -> Node:
    """What was paid a booking."""
    uses.drop("per_booking")
    return _money(uses, meaning, "average_order_value")


def _money(uses: Uses, meaning: Meaning, filter_key: str) -> Node:
    if uses.clause.has("a_night"):
        raise NotSaid  # `1박에 30만원 이상 쓰는`: what a night costs is no sum of what was paid
    uses.drop("said", "exist", "per")
    window = window_of(uses, meaning)
    percent = uses.take("percent")
    if percent is not None:
        operator, value = count_of_share(uses, percent)
    elif uses.drop("much"):
        operator, value = "top_percent", 20
        meaning.assumed["word"] = "often"
    else:
        item: Item | None = uses.take("money") or uses.take("number")
        if item is None:
            raise NotSaid
        limits = limits_of(item, "money" if item.has("money") else "number")
        if not item.has("money") and max(limits.low or 0, limits.high or 0) < _LEAST_KRW:
            raise NotSaid  # `누적 300 이상`: of what?
        operator, value = compared(limits)
        if not item.has("cmp") and limits.is_exact:
            meaning.assumed["operator"] = "exact"
        if negated(uses):
            operator = {">=": "<", ">": "<=", "<=": ">", "<": ">="}.get(operator) or _unsaid()
    if filter_key == "total_spend":
        meaning.assumed.setdefault("measure", "sum")
    uses.forget_stays_beside_types()
    return condition(filter_key, operator, value, window=window, properties=properties_of(uses, filter_key, meaning))


def _unsaid() -> str:
    raise NotSaid


def count_of_share(uses: Uses, percent: Item) -> tuple[str, int]:
    """`top` or `bottom` so many percent."""
    which = "top_percent" if uses.drop("top") else "bottom_percent" if uses.drop("bottom") else ""
    value = percent.value("percent")
    if not which or value != int(value) or not 1 <= value <= 100 or percent.has("cmp"):
        raise NotSaid
    return which, int(value)
