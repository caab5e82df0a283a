"""Clauses that compare one number of a person's habits: days between payments and before a stay, nights stayed, shares cancelled."""

from __future__ import annotations

from typing import Final

from audience_builder.language.build import (
    Builder,
    Meaning,
    Node,
    NotSaid,
    Uses,
    compared,
    condition,
    duration_limits,
    limits_of,
    negated,
    window_of,
)
from audience_builder.language.build_money import count_of_share

KNOWING: Final = {"known": "known", "unknown_value": "unknown"}
"""Words that ask whether something is known, and the operator of each."""


def number(filter_key: str, measure: str, kinds: tuple[str, ...], factor: int = 1) -> Builder:
    """A filter that compares one number."""

    def build(uses: Uses, meaning: Meaning) -> Node:
        uses.drop("said", "per", "per_booking")
        window = window_of(uses, meaning) if filter_key in ("cancellation", "product_line_count") else None
        if uses.clause.has("percent") and uses.clause.has("top", "bottom"):
            percent = uses.take("percent")
            assert percent is not None
            operator, value = count_of_share(uses, percent)
            return condition(filter_key, operator, value, measure=measure, window=window)
        for flag, knowing in KNOWING.items():
            if uses.drop(flag):
                return condition(filter_key, knowing, measure=measure)
        item = uses.take(*kinds)
        if item is None:
            raise NotSaid
        kind = next(kind for kind in kinds if item.has(kind))
        limits = duration_limits(item) if kind in ("duration", "within") else limits_of(item, kind)
        operator, value = compared(limits.scaled(factor) if factor > 1 else limits)
        if negated(uses):
            operator = {"=": "!=", ">=": "<", ">": "<=", "<=": ">", "<": ">="}[operator]
        return condition(filter_key, operator, value, measure=measure, window=window)

    return build


CANCEL_RATE: Final = number("cancellation", "rate", ("percent",), 10)
"""How many bookings of a thousand were cancelled."""
_MEAN_DAYS: Final = number("payment_cycle", "mean_days", ("duration", "within"))
_ELAPSED: Final = number("payment_cycle", "elapsed_ratio", ("times_of",), 10)


def cycle(uses: Uses, meaning: Meaning) -> Node:
    """Days between payments; `주기의 두 배` is how much of it has gone by since the last, `주기가 지난` all of it."""
    if uses.clause.head is not None and uses.clause.head.readings.get("elapsed_ratio") == "over":
        return condition("payment_cycle", ">=", 10, measure="elapsed_ratio")
    if not uses.clause.has("times_of"):
        return _MEAN_DAYS(uses, meaning)
    uses.drop("elapsed")
    node = _ELAPSED(uses, meaning)
    if node["operator"] == "=":
        meaning.assumed["operator"] = "elapsed"
    return {**node, "operator": {"=": ">="}.get(node["operator"], node["operator"])}


def preferred(uses: Uses, meaning: Meaning) -> Node:
    """The nights people mostly stay."""
    item = uses.take("night_kind")
    if item is None:
        raise NotSaid
    uses.drop("only", "said")
    uses.forget_stays()
    return condition("preferred_stay_day", "not_in" if negated(uses) else "in", list(item.value("night_kind")))


_LEAD: Final = number("lead_time", "median_days", ("duration", "within", "behind"))


def lead(uses: Uses, meaning: Meaning) -> Node:
    """How many days before a stay it is mostly booked; `보통 2주 전에` is so long or longer."""
    is_ahead = uses.drop("beforehand") or uses.clause.has("behind")
    node = _LEAD(uses, meaning)
    return {**node, "operator": ">="} if is_ahead and node["operator"] == "=" else node
