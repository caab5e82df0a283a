"""Values of a rule as a sentence changes them: one for another, one more beside others, one taken out."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

from audience_builder.catalog import BY_KEY
from audience_builder.catalog.options import TIERS
from audience_builder.language.assemble import assemble
from audience_builder.language.build import Node
from audience_builder.language.edit_change import Change
from audience_builder.language.edit_targets import KEYS_OF, speaks_of
from audience_builder.language.glue import is_enumeration
from audience_builder.language.item import Item
from audience_builder.language.port import Edit
from audience_builder.language.reader import clauses
from audience_builder.language.values import VALUES


def taken_out(change: Change, target: Node, items: Sequence[Item]) -> bool:
    """`서울은 빼` of Seoul and Busan: the one value goes, the others stay."""
    if target.get("operator") != "in":
        return False
    named = {key for item in items for kind in VALUES if item.has(kind) for key in item.value(kind)}
    kept = [value for value in target["value"] if value not in named]
    if not kept or len(kept) == len(target["value"]):
        return False
    target["value"] = kept
    change.edits.append(Edit("set", target["id"], "value"))
    return True


def replaced(change: Change, items: Sequence[Item], *, head_first: bool = False) -> bool:
    """`제주 대신 부산`: one value for another, wherever it stands."""
    if _aged(change, items):
        return True
    for kind in (*VALUES, "tier"):
        values = [item.value(kind) for item in items if item.has(kind)]
        if len(values) == 2:
            old, new = reversed(values) if head_first else values  # `Busan instead of Jeju`
        elif len(values) == 1 and len(values[0]) == 2:
            old, new = (values[0][0],), (values[0][1],)
        else:
            continue
        touched = [node for _, _, node in change.conditions() if speaks_of(node, kind, old)]
        for node in touched:
            _swap(node, set(old), list(new))
            change.edits.append(Edit("set", node["id"], kind))
        if touched:
            return True
    return False


def set_to(change: Change, items: Sequence[Item]) -> bool:
    """`서울이나 부산으로`, `push or email`: several values instead of those of the one condition that has any."""
    said = [item for item in items if not item.readings or set(item.readings) - {"or", "and", "filler"}]
    joined = len(said) < len(items) or all(is_enumeration(item.link) for item in said[1:])
    if len(said) < 2 or not joined:
        return False
    kind = next((kind for kind in VALUES if all(item.has(kind) for item in said)), "")
    values = list(dict.fromkeys(value for item in said for value in item.value(kind))) if kind else []
    places = [(node, key) for node in change.all() for key in _keys_with(node, kind)] if kind else []
    if len(places) != 1:
        return False
    node, key = places[0]
    if key:
        node["properties"][key] = values
    else:
        node["value"] = values
    change.edits.append(Edit("set", node["id"], key or "value"))
    return True


def _keys_with(node: Node, kind: str) -> list[str]:
    """Where a condition holds values of a kind: the property's name, or empty for its own value."""
    if _LISTS.get(kind) == node["filter"] and isinstance(node.get("value"), list):
        return [""]
    return [key for key in KEYS_OF.get(kind, ()) if node.get("properties", {}).get(key)]


def _aged(change: Change, items: Sequence[Item]) -> bool:
    """`30대 말고 40대로`."""
    ages = [item for item in items if item.has("age")]
    held = [node for node in change.all() if node["filter"] == "age" and node["operator"] == "between"]
    if len(ages) != 2 or len(held) != 1 or None in (*ages[0].value("age"), *ages[1].value("age")):
        return False
    low, high = ages[0].value("age")
    if not held[0]["value"][0] <= low <= high <= held[0]["value"][1]:
        return False
    held[0]["value"] = list(ages[1].value("age"))
    change.edits.append(Edit("set", held[0]["id"], "value"))
    return True


def _swap(node: Node, old: set[str], new: list[str]) -> None:
    def swapped(value: Any) -> Any:
        if isinstance(value, list) and set(map(str, value)) & old:
            return list(dict.fromkeys([*(entry for entry in value if entry not in old), *new]))
        return new[0] if isinstance(value, str) and value in old else value

    node["value"] = swapped(node.get("value"))
    node["properties"] = {key: swapped(value) for key, value in node.get("properties", {}).items()}


def widened(change: Change, items: Sequence[Item]) -> bool:
    """`30대도 포함해줘`: years of age beside or around those there are; others than that would be two conditions nobody meets."""
    nodes, unread = built(items, "", head_first=False)
    ages = [held for _, _, held in change.conditions() if held["filter"] == "age" and held["operator"] == "between"]
    if unread or len(nodes) != 1 or len(ages) != 1 or nodes[0].get("operator") != "between":
        return False
    (low, high), (first, last) = ages[0]["value"], nodes[0]["value"]
    if first > high + 1 or last < low - 1:
        return False
    ages[0]["value"] = [min(low, first), max(high, last)]
    change.edits.append(Edit("set", ages[0]["id"], "value"))
    return True


def extended(change: Change, items: Sequence[Item]) -> bool:
    """`강릉도 추가해줘`: one more value beside those there are."""
    said = [item for item in items if not item.has("user", "and") and set(item.readings) != {"filler"}]
    if len(said) == 1 and said[0].has("age") and widened(change, items):
        return True
    if len(said) != 1:
        return False
    if _tier_down(change, said[0]) or _listed(change, said[0]):
        return True
    if not said[0].has("place", "stay_type", "theme"):
        return False
    for kind, keys in KEYS_OF.items():
        if not said[0].has(kind):
            continue
        for _, _, node in change.conditions():
            for key in keys:
                values = node.get("properties", {}).get(key)
                if values:
                    node["properties"][key] = [*values, *said[0].value(kind)]
                    change.edits.append(Edit("set", node["id"], key))
                    return True
    return False


def extended_by_all(change: Change, items: Sequence[Item]) -> bool:
    """`부산이나 여수도 추가`: each of them."""
    alike = any(all(item.has(kind) for item in items) for kind in (*VALUES, "tier", "age"))
    if len(items) < 2 or not alike:
        return extended(change, items)
    return extended(change, items[:1]) and all(extended(change, [item]) for item in items[1:])


_LISTS: Final = {
    "device": "device_type",
    "channel": "marketing_consent",
    "life": "life_stage",
    "place": "activity_region",
}


def _listed(change: Change, item: Item) -> bool:
    """`안드로이드도 포함`: one more of the options any of which will do."""
    for kind, filter_key in _LISTS.items():
        held = [node for node in change.all() if node["filter"] == filter_key and node["operator"] == "in"]
        if not item.has(kind) or len(held) != 1:
            continue
        held[0]["value"] = list(dict.fromkeys([*held[0]["value"], *item.value(kind)]))
        change.edits.append(Edit("set", held[0]["id"], "value"))
        return True
    return False


def _tier_down(change: Change, item: Item) -> bool:
    """`실버까지 포함해줘` of gold and above: silver and above."""
    held = [node for node in change.all() if node["filter"] == "membership_tier"]
    if not item.has("tier") or item.has("cmp") or len(held) != 1 or len(item.value("tier")) != 1:
        return False
    node, tier = held[0], item.value("tier")[0]
    if node["operator"] == ">=" and TIERS.keys().index(tier) < TIERS.keys().index(node["value"]):
        node["value"] = tier
    elif node["operator"] == "=":
        node["operator"], node["value"] = "in", [node["value"], tier]
    elif node["operator"] == "in":
        node["value"] = [*node["value"], tier]
    else:
        return False
    change.edits.append(Edit("set", node["id"], "value"))
    return True


def narrowed(change: Change, items: Sequence[Item]) -> bool:
    """`제주 호텔로 한정`: the one event there is, of that only."""
    events = [node for node in change.all() if BY_KEY[node["filter"]].windows]
    if len(events) != 1 or not items or not all(item.has("place", "stay_type", "theme", "line") for item in items):
        return False
    asked, found = BY_KEY[events[0]["filter"]], dict[str, list[str]]()
    for item in items:
        keys = [(kind, key) for kind, names in KEYS_OF.items() if item.has(kind) for key in names]
        kind, key = next(((kind, key) for kind, key in keys if asked.property_named(key) is not None), ("", ""))
        if not kind:
            return False
        found[key] = list(item.value(kind))
    events[0]["properties"] = {**events[0].get("properties", {}), **found}
    change.edits.append(Edit("set", events[0]["id"], next(iter(found))))
    return True


def built(items: Sequence[Item], text: str, *, head_first: bool) -> tuple[list[Node], list[Item]]:
    """The nodes of what an edit speaks of, and what was not understood in it."""
    made = assemble(clauses([plain(item) for item in items], text, head_first=head_first))
    nodes = [] if made.root is None else flat(copy.deepcopy(made.root))
    return nodes, [item for held in made.unread for item in held]


def plain(item: Item) -> Item:
    """A word without what it means to a change."""
    return replace(
        item, readings={kind: value for kind, value in item.readings.items() if not kind.startswith("edit_")}
    )


def flat(root: Node) -> list[Node]:
    """The members of a rule that must all hold."""
    return root["children"] if root["type"] == "all" else [root]
