"""Clauses about carts and wishes, and what every event is counted by."""

from __future__ import annotations

from typing import Any

from audience_builder.language.build import (
    Meaning,
    Node,
    Uses,
    condition,
    count_of,
    duration_limits,
    last,
    limits_of,
    properties_of,
    range_of,
    window_of,
)
from audience_builder.language.quantity import Limits


def event(uses: Uses, meaning: Meaning, filter_key: str, order: str, **fixed: Any) -> Node:
    """An event counted: how many, when, and of what."""
    window = window_of(uses, meaning)
    silent = _silence(uses) if window is None else None
    operator, value = count_of(uses, meaning)
    stay = uses.take("stay_window")
    properties = {**properties_of(uses, filter_key, meaning, order), **fixed}
    if stay is not None:
        properties["stay"] = stay.value("stay_window")
    return condition(filter_key, operator, value, window=silent or window, properties=properties)


def _silence(uses: Uses) -> Node | None:
    """`90일 넘게 … 안 한`: a stretch of time in which nothing happened is a window."""
    item = next((item for item in uses.clause.args if item.has("duration") and not item.has("within")), None)
    head = uses.clause.head
    denied = uses.clause.has("not", "none") or (head is not None and head.readings.get(uses.clause.kind) == "not")
    if item is None or not denied:
        return None
    uses.take("duration")
    return last(item.value("duration"))


def cart(uses: Uses, meaning: Meaning, **fixed: Any) -> Node:
    """Things put in the cart."""
    uses.forget_stays()
    waited = uses.take("hours", *(("duration",) if uses.clause.has("elapsed") else ()))
    if waited is not None:
        uses.drop("elapsed")
        limits = limits_of(waited, "hours") if waited.has("hours") else duration_limits(waited).scaled(24)
        limits = Limits(low=limits.low) if limits.is_exact or limits.high is None else limits
        fixed = {**fixed, "left": True, "left_hours": range_of(limits)}
    return event(uses, meaning, "cart", "looking", **fixed)


def wish(uses: Uses, meaning: Meaning, **fixed: Any) -> Node:
    """Things wished."""
    uses.forget_stays()
    return event(uses, meaning, "wishlist", "looking", **fixed)


def left(uses: Uses, meaning: Meaning) -> Node:
    """A cart left behind; `결제 안 한` is part of the word."""
    uses.drop("not", "said")
    return cart(uses, meaning, left=True)


def checkout_left(uses: Uses, meaning: Meaning) -> Node:
    """A cart left at the checkout."""
    return cart(uses, meaning, left=True, stage=["checkout_started", "payment_failed"])
