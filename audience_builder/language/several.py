"""What one clause says of several things at once: both products, each of three months, an interest however it was shown."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from audience_builder.catalog.places import is_overseas
from audience_builder.language.build import (
    Builder,
    Meaning,
    Node,
    NotSaid,
    Uses,
    condition,
    last,
    limits_of,
    properties_of,
)
from audience_builder.language.clause import Clause
from audience_builder.language.clause_kinds import EVENTS
from audience_builder.language.item import Item

_MONTHS: Final = (-1, -2, -3)
"""`꾸준히`: at least once in each of the last three calendar months."""
_SHARED: Final = ("transport", "line", "stay_type", "leisure_type", "space_type", "place", "theme")


def spread(build: Builder, uses: Uses, meaning: Meaning) -> Node:
    """The node of a clause, or all of the nodes it says at once."""
    clause = uses.clause
    if clause.kind not in EVENTS:
        return build(uses, meaning)
    if uses.drop("steady"):
        return _each_month(build, uses, meaning)
    some = next((item for item in clause.args if _is_several(item) and _is_of_some(clause)), None)
    if some is not None:
        return _some_of(some, build, uses, meaning)
    both = next((item for item in clause.args if _is_several(item) and _is_meant_both(item, clause)), None)
    if both is None:
        return build(uses, meaning)
    return _each_of(both, build, uses, meaning)


def _is_several(item: Item) -> bool:
    return item.has("parts") and item.has(*_SHARED)


def _is_meant_both(item: Item, clause: Clause) -> bool:
    """`숙소와 렌터카를 예약한` is both, as products that go together are; `호텔과 리조트` are two kinds of one product."""
    products = item.has("line") and item.has("together") and clause.kind in ("book", "pay", "stayed")
    return products or clause.has("both")


_OF_SOME: Final = re.compile(r"(?:곳|군데|가지|종류|지역|개 ?지역)(?:\s|$)")


def _is_of_some(clause: Clause) -> bool:
    """`제주, 부산, 강릉 중 두 곳 이상`."""
    return any(item.has("count") and _OF_SOME.search(item.text) for item in clause.args)


def _some_of(some: Item, build: Builder, uses: Uses, meaning: Meaning) -> Node:
    """So many of what is listed, or more."""
    count = next(item for item in uses.clause.args if item.has("count"))
    limits = limits_of(count, "count")
    parts = some.value("parts")
    if limits.low is None or limits.high not in (None, limits.low) or limits.low > len(parts):
        raise NotSaid
    uses.forget([count])
    uses.clause = replace(uses.clause, args=[item for item in uses.clause.args if item is not count])
    whole = _each_of(some, build, uses, meaning)
    if limits.low == len(parts):
        return whole
    return {"type": "at_least", "k": limits.low, "children": whole["children"]}


def _each_of(both: Item, build: Builder, uses: Uses, meaning: Meaning) -> Node:
    """`숙소랑 레저 둘 다 산`: the one and the other."""
    args = [item for item in uses.clause.args if item is not both and not item.has("both")]
    nodes: list[Node] = []
    for part in both.value("parts"):
        said = Uses(_with(uses.clause, [part, *args]))
        of_part = Meaning(meaning.clause)
        nodes.append(build(said, of_part))
        meaning.assumed.update(of_part.assumed)
        meaning.negative |= of_part.negative
        if said.left:
            raise NotSaid
    uses.forget(uses.clause.args)
    return {"type": "all", "children": nodes}


def _with(clause: Clause, args: list[Item]) -> Clause:
    return replace(clause, args=args)


def _each_month(build: Builder, uses: Uses, meaning: Meaning) -> Node:
    node = build(uses, meaning)
    if "window" in node or node.get("operator") != ">=":
        raise NotSaid
    windows = [{"type": "calendar", "unit": "month", "offset": offset} for offset in _MONTHS]
    return {"type": "all", "children": [{**node, "window": window} for window in windows]}


def interested(uses: Uses, meaning: Meaning) -> Node:
    """`제주에 관심 있는`: searched twice in the last 30 days, or looked at or wished once."""
    uses.drop("said", "trip")
    uses.forget_stays()
    things = [item for item in uses.clause.args if item.has("place", "stay_type", "theme")]
    if not things:
        raise NotSaid
    if all(item.has("place") and item.value("place") == ("overseas",) for item in things):
        uses.forget(things)
        return condition("overseas_intent", ">=", "weak")
    window = last((30, "day"))
    nodes: list[Node] = []
    for filter_key, least in (("search_region", 2), ("viewed_category", 1), ("wishlist", 1)):
        properties = properties_of(Uses(uses.clause), filter_key, meaning, "looking")
        if len(properties) == len(things):
            nodes.append(condition(_owner(filter_key, properties), ">=", least, window=window, properties=properties))
    if not nodes:
        raise NotSaid
    uses.forget(things)
    meaning.assumed["word"] = "interest"
    return nodes[0] if len(nodes) == 1 else {"type": "any", "children": nodes}


def _owner(filter_key: str, properties: Node) -> str:
    if filter_key != "search_region" or "region" in properties:
        return filter_key
    return "search_stay_type" if "stay_type" in properties else "search_theme"


def devoted(uses: Uses, meaning: Meaning) -> Node:
    """`제주 마니아`: three bookings of it in two years."""
    properties = properties_of(uses, "booking_count", meaning)
    if not properties or uses.left:
        raise NotSaid
    abroad = all(is_overseas(key) for key in properties.get("region", ["korea"]))
    meaning.assumed["word"] = "mania"
    window = last((2, "year"))
    if abroad:
        return condition("overseas_booking", ">=", 3, window=window, properties={"destination": properties["region"]})
    return condition("booking_count", ">=", 3, window=window, properties=properties)
