"""Rules written short, for tables of utterances: `search[region=jeju|busan,w=last_14d] >= 2`."""

from __future__ import annotations

import re
from typing import Any

from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule

Node = dict[str, Any]
FILTERS = {
    "search": "search_region", "view": "viewed_category", "cart": "cart", "wish": "wishlist", "visit": "last_visit",
    "visits": "visit_frequency", "visitdays": "visit_frequency", "cycle": "payment_cycle", "elapsed": "payment_cycle", "bookings": "booking_count",
    "aov": "average_order_value", "spend": "total_spend", "lastbook": "last_booking", "prefer": "preferred_stay_day",
    "lead": "lead_time", "cancel": "cancellation", "cancelrate": "cancellation", "home": "activity_region",
    "tier": "membership_tier", "device": "device_type", "stage": "life_stage", "age": "age", "gender": "gender",
    "signup": "signup", "consent": "marketing_consent", "space": "space_rental", "leisure": "leisure",
    "intent": "overseas_intent", "overseas": "overseas_booking", "car": "rental_car", "transport": "transport",
    "lines": "product_line_count", "trip": "upcoming_trip",
}  # fmt: skip
_MEASURES = {"visitdays": "days", "elapsed": "elapsed_ratio", "cancelrate": "rate"}
_UNITS = {"d": "day", "w": "week", "m": "month", "y": "year"}
_CALENDAR = {"this": 0, "last": -1, "next": 1}
_SHAPE = re.compile(r"(\w+)(?:\[([^\]]*)\])?(?:\s+(\S+)(?:\s+(.+))?)?")


def rule_of(nodes: list[Any]) -> Rule | None:
    """The rule of a list of nodes, all of which hold; None for an empty list."""
    if not nodes:
        return None
    made = [node_of(entry) for entry in nodes]
    return parse_rule({"version": 1, "root": made[0] if len(made) == 1 else {"type": "all", "children": made}})


def node_of(entry: Any) -> Node:
    """One node: a condition in short, or `{any: […]}`, `{all: […]}`, `{not: …}`."""
    if isinstance(entry, str):
        return _condition(entry)
    kind, inner = next(iter(entry.items()))
    if kind == "not":
        return {"type": "not", "child": node_of(inner)}
    return {"type": kind, "children": [node_of(child) for child in inner]}


def _condition(text: str) -> Node:
    match = _SHAPE.fullmatch(text.strip())
    assert match, text
    name, said, operator, value = match.groups()
    made: Node = {"type": "condition", "filter": FILTERS[name], "operator": operator or ">="}
    if name in _MEASURES:
        made["measure"] = _MEASURES[name]
    for part in (said or "").split(","):
        if part:
            _property(made, *part.partition("=")[::2])
    if operator is None:
        made["value"] = 1
    elif operator not in ("known", "unknown"):
        made["value"] = _value(operator, value or "")
    return made


def _property(made: Node, key: str, value: str) -> None:
    properties = made.setdefault("properties", {})
    if key == "w":
        made["window"] = window_of(value)
    elif key in ("stay", "date"):
        relation, _, window = value.partition(":")
        properties[key] = {"relation": relation, "window": window_of(window)}
    elif key in ("nights", "lead_days", "left_hours"):
        low, _, high = value.partition("..")
        properties[key] = {end: int(number) for end, number in (("min", low), ("max", high)) if number}
    else:
        properties[key] = value.split("|") if value else True


def _value(operator: str, value: str) -> Any:
    if operator in ("within", "not_within"):
        return window_of(value)
    if operator == "between":
        return [_one(part) for part in value.split()]
    if operator in ("in", "not_in", "has_all", "only"):
        return value.split("|")
    return _one(value)


def _one(text: str) -> int | str:
    return int(text) if re.fullmatch(r"-?\d+", text) else text


def window_of(text: str) -> Node:
    """A window: last_14d, next_1w, days:-60:-30, this_month, chuseok:last, ever, future, 2026-01-01..2026-06-30."""
    if match := re.fullmatch(r"(last|next)_(\d+)([dwmy])", text):
        return {"type": match[1], "n": int(match[2]), "unit": _UNITS[match[3]]}
    if match := re.fullmatch(r"(this|last|next)_(day|week|month|quarter|half|year)(?::(\w+))?", text):
        return {
            "type": "calendar",
            "unit": match[2],
            "offset": _CALENDAR[match[1]],
            **({"part": match[3]} if match[3] else {}),
        }
    if match := re.fullmatch(r"days:(-?\d+):(-?\d+)", text):
        return {"type": "days", "start": int(match[1]), "end": int(match[2])}
    if ".." in text:
        start, end = text.split("..")
        return {"type": "between", **{side: day for side, day in (("start", start), ("end", end)) if day}}
    if text in ("ever", "future"):
        return {"type": text}
    if text in ("today", "yesterday"):
        return {"type": "calendar", "unit": "day", "offset": 0 if text == "today" else -1}
    name, _, year = text.partition(":")
    return {"type": "named", "name": name, "year": int(year) if year.isdigit() else year}
