"""Random rules of 2 to 12 nested conditions over all 32 filters, as marketers might write them."""

from __future__ import annotations

from random import Random
from typing import Any

from audience_builder.catalog import FILTERS, Filter
from audience_builder.engine.asks import cut_conditions
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Rule

_WINDOWS = ({"type": "last", "n": n} for n in (7, 14, 30, 60, 90, 180, 365))
WINDOWS: tuple[dict[str, Any], ...] = (*_WINDOWS, {"type": "ever"}, {"type": "calendar", "unit": "month", "offset": -1})


def rule(random: Random) -> Rule:
    """A random rule of 2 to 12 conditions."""
    return parse_rule({"version": 1, "root": _group(random, random.randint(2, 12), depth=4)})


def edited(rule: Rule) -> Rule:
    """The rule with its last condition replaced by another question."""
    written = to_json(rule)
    node = written["root"]
    while node["type"] != "condition":
        node = node["child"] if node["type"] == "not" else node["children"][-1]
    new = condition(Random(node["id"] + node["filter"]), FILTERS)
    node.clear()
    node.update(new, id="edited")
    return parse_rule(written)


def _group(random: Random, size: int, depth: int) -> dict[str, Any]:
    if size == 1 or depth == 1:
        return condition(random, FILTERS)
    parts = random.randint(2, min(4, size))
    children = [_group(random, max(1, size // parts), depth - 1) for _ in range(parts)]
    kind = random.choice(("all", "any", "all", "any", "at_least"))
    group: dict[str, Any] = {"type": kind, "children": children, **({"k": 2} if kind == "at_least" else {})}
    return {"type": "not", "child": group} if depth < 4 and random.random() < 0.15 else group


def condition(random: Random, filters: tuple[Filter, ...] = FILTERS) -> dict[str, Any]:
    """A line of some filter's facet, over some window."""
    asked = random.choice(filters)
    _, condition = random.choice(cut_conditions(asked))
    made = condition.model_dump(mode="json", exclude_none=True)
    del made["id"]
    if asked.windows and "last" in asked.windows and asked.key != "upcoming_trip" and random.random() < 0.6:
        made["window"] = random.choice(WINDOWS)
    return made
