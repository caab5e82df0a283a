"""Short ways to ask the bitmap engine."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from audience_builder.engine.bitmap import BitmapEngine
from audience_builder.rule.check import parse_rule
from audience_builder.rule.tree import Rule
from tests.index.facts import NOW


def one(key: str, operator: str = ">=", value: Any = 1, **more: Any) -> Rule:
    """A rule of one condition, called `c`."""
    said = {} if value is None else {"value": value}
    return parse_rule(
        {"version": 1, "root": {"type": "condition", "id": "c", "filter": key, "operator": operator, **said, **more}}
    )


def who(engine: BitmapEngine, rule: Rule, *, as_of: datetime = NOW) -> set[int]:
    """The numbers of everyone the rule means."""
    return {int(number) for block in engine.members(rule, as_of=as_of) for number in block}
