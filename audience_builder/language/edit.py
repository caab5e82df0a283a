"""Sentences that change a rule: 휴면은 빼줘, 3회로 낮춰줘, 제주 대신 부산, drop the Seoul condition.

What is not mentioned keeps its node and id. A sentence without a verb of change adds to the rule.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from audience_builder.catalog import BY_KEY
from audience_builder.errors import RuleError
from audience_builder.language.assemble import assemble
from audience_builder.language.build import Node, NotSaid, compared, days_of, limits_of
from audience_builder.language.edit_targets import (
    FILTERS_OF_NUMBER,
    KEYS_OF,
    every_node,
    not_about,
    speaks_of,
    targets,
)
from audience_builder.language.item import Item, whole_words
from audience_builder.language.port import Edit, Interpretation, Language, NotUnderstood
from audience_builder.language.quantity import with_comparisons
from audience_builder.language.reader import clauses
from audience_builder.language.values import VALUES
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Rule

_VERBS: Final = ("edit_remove", "edit_add", "edit_change", "edit_raise", "edit_lower")
_BECOMES: Final = re.compile(r"(?:을|를|은|는)\s.*(?:으로|로)\s*$")
"""`나이를 40대로`: a change without its verb."""
_ALWAYS_REMOVE: Final = ("삭제", "지워", "없애", "제거", "remove", "drop", "delete", "풀어")


@dataclass(slots=True)
class _Change:
    """The rule as it is being changed."""

    parts: list[Node]
    edits: list[Edit] = field(default_factory=list[Edit])
    unread: list[Item] = field(default_factory=list[Item])
    made: int = 0

    def conditions(self) -> Iterator[tuple[list[Node], int, Node]]:
        """Every condition with the list it stands in; of one that is excluded alone, its exclusion stands there."""
        for index in range(len(self.parts)):
            yield from _standing(self.parts, index)

    def all(self) -> list[Node]:
        """Every condition."""
        return [node for _, _, node in self.conditions()]

    def add(self, node: Node) -> None:
        """One more thing that must hold."""
        self.parts.append(node)
        for part in every_node(node):
            self.made += 1
            part["id"] = f"e{self.made}"
        self.edits.append(Edit("add", node["id"]))

    def remove(self, target: Node) -> None:
        """Takes a condition (and what is left empty) away."""
        for held, index, node in list(self.conditions()):
            if node is target:
                del held[index]
                self.edits.append(Edit("remove", node["id"]))
                return


def _standing(held: list[Node], index: int) -> Iterator[tuple[list[Node], int, Node]]:
    node = held[index]
    while node["type"] == "not":
        node = node["child"]
    if node["type"] == "condition":
        yield held, index, node
        return
    for place in range(len(node["children"])):
        yield from _standing(node["children"], place)


def edited(sentence: str, language: Language, base: Rule, items: Sequence[Item], text: str) -> Interpretation:
    """The base rule as the sentence changes it."""
    change = _Change(_flat(copy.deepcopy(to_json(base)["root"])))
    for segment in _segments(items, head_first=language == "en"):
        _apply(change, segment, text, head_first=language == "en")
    root = _joined(change.parts)
    unread = tuple(
        _missed(sentence, item) for item in sorted(change.unread, key=lambda item: item.start) if not item.has("user")
    )
    try:
        rule = None if root is None else parse_rule({"version": 1, "root": root})
    except RuleError:
        rule, unread = base, (NotUnderstood(0, len(sentence), sentence, "unknown"),)
        change.edits.clear()
    return Interpretation(sentence, language, rule, not_understood=unread, edits=tuple(change.edits))


def _missed(sentence: str, item: Item) -> NotUnderstood:
    """A word nobody understands, with its endings."""
    start, end = whole_words(sentence, item.start, item.end)
    return NotUnderstood(start, end, sentence[start:end], "notyet" if item.has("waits") else "unknown")


def _flat(root: Node) -> list[Node]:
    return root["children"] if root["type"] == "all" else [root]


def _joined(parts: list[Node]) -> Node | None:
    kept = [part for part in (_tidy(part) for part in parts) if part is not None]
    if not kept:
        return None
    return kept[0] if len(kept) == 1 else {"type": "all", "children": kept}


def _tidy(node: Node) -> Node | None:
    """A group without the members it has lost; an exclusion of nobody goes too."""
    if node["type"] == "condition":
        return node
    if node["type"] == "not":
        child = _tidy(node["child"])
        return None if child is None else {**node, "child": child}
    children = [child for child in (_tidy(child) for child in node["children"]) if child is not None]
    if not children:
        return None
    return children[0] if len(children) == 1 else {**node, "children": children}


@dataclass(slots=True)
class _Segment:
    """One change: its verb's kind (`""` = none said), the verb's text, and what it speaks of."""

    verb: str
    said: str
    items: list[Item]
    instead: bool = False


def _segments(items: Sequence[Item], *, head_first: bool) -> list[_Segment]:
    """The sentence cut at its verbs of change: before them in Korean, behind them in English."""
    found: list[_Segment] = []
    current = _Segment("", "", [])
    for item in items:
        verb = next((kind for kind in _VERBS if item.has(kind)), "")
        if not verb:
            current.instead = current.instead or item.has("edit_instead")
            if not item.has("edit_instead") or item.has(*VALUES):
                current.items.append(item)
            continue
        if head_first:
            if current.verb or any(not held.has("user") for held in current.items):
                found.append(current)
            current = _Segment(verb, item.text, [])
        else:
            if current.items or not found:
                current.verb, current.said = verb, item.text
                found.append(current)
            current = _Segment("", "", [])
    if current.items:
        found.append(current)
    return found


def _apply(change: _Change, segment: _Segment, text: str, *, head_first: bool) -> None:
    items = [item for item in segment.items if not item.has("edit_condition_word", "edit_period_word")]
    said_condition = any(item.has("edit_condition_word") for item in segment.items)
    if any(item.has("edit_period_word") for item in segment.items):
        _set_period(change, items)
        return
    times = [item for item in items if item.has("window", "within", "duration")]
    if len(times) == 2 and all(item in times or item.has("exclude", "edit_instead", "edit_change") for item in items):
        _set_period(change, times[1:])
        return
    becomes = segment.verb == "" and _BECOMES.search(text)
    replaces = segment.instead or becomes or segment.verb in ("edit_change", "edit_raise", "edit_lower")
    if replaces and _replaced(change, items):
        return
    if segment.verb == "edit_remove":
        always = said_condition or any(word in segment.said for word in _ALWAYS_REMOVE)
        _remove(change, items, text, always=always, head_first=head_first)
        return
    if (becomes or segment.verb in ("edit_change", "edit_raise", "edit_lower")) and _set(
        change, items, head_first=head_first
    ):
        return
    if segment.verb == "edit_add" and _extended(change, items):
        return
    _add(
        change,
        items,
        text,
        head_first=head_first,
        change_first=bool(becomes) or segment.verb in ("edit_change", "edit_raise", "edit_lower"),
    )


def _built(items: Sequence[Item], text: str, *, head_first: bool) -> tuple[list[Node], list[Item]]:
    """The nodes of what an edit speaks of, and what was not understood in it."""
    made = assemble(clauses([_plain(item) for item in items], text, head_first=head_first))
    nodes = [] if made.root is None else _flat(copy.deepcopy(made.root))
    return nodes, [item for held in made.unread for item in held]


def _plain(item: Item) -> Item:
    return replace(
        item, readings={kind: value for kind, value in item.readings.items() if not kind.startswith("edit_")}
    )


def _add(change: _Change, items: list[Item], text: str, *, head_first: bool, change_first: bool) -> None:
    nodes, unread = _built(items, text, head_first=head_first)
    change.unread += unread
    for node in nodes:
        same = [held for _, _, held in change.conditions() if held["filter"] == node.get("filter")]
        if change_first and len(same) == 1:
            _overwrite(change, same[0], node)
        else:
            change.add(node)


def _overwrite(change: _Change, target: Node, node: Node) -> None:
    for key in ("operator", "value", "window", "measure"):
        if key in node:
            target[key] = node[key]
    target["properties"] = {**target.get("properties", {}), **node.get("properties", {})}
    change.edits.append(Edit("set", target["id"], "value"))


def _remove(change: _Change, items: list[Item], text: str, *, always: bool, head_first: bool) -> None:
    if any(not item.readings for item in items):  # taking away widens: only where every word is understood
        change.unread += items
        return
    spoken_of = targets(change.all(), items)
    nodes, unread = _built(items, text, head_first=head_first)
    if spoken_of and (always or not nodes or all(_means(change, node) for node in nodes)):
        change.unread += not_about(items, spoken_of)
        for target in spoken_of:
            if always or not _taken_out(change, target, items):
                change.remove(target)
        return
    change.unread += unread if nodes or always else items
    if not always:
        for node in nodes:
            change.add({"type": "not", "child": node})


def _taken_out(change: _Change, target: Node, items: Sequence[Item]) -> bool:
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


def _means(change: _Change, node: Node) -> bool:
    """Whether the rule has this very condition already."""
    return any(
        all(held.get(key) == node.get(key) for key in ("filter", "operator", "value"))
        for _, _, held in change.conditions()
    )


def _replaced(change: _Change, items: Sequence[Item]) -> bool:
    """`제주 대신 부산`: one value for another, wherever it stands."""
    for kind in (*VALUES, "tier"):
        values = [item.value(kind) for item in items if item.has(kind)]
        if len(values) == 2:
            old, new = values
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


def _swap(node: Node, old: set[str], new: list[str]) -> None:
    def swapped(value: Any) -> Any:
        if isinstance(value, list) and set(map(str, value)) & old:
            return list(dict.fromkeys([*(entry for entry in value if entry not in old), *new]))
        return new[0] if isinstance(value, str) and value in old else value

    node["value"] = swapped(node.get("value"))
    node["properties"] = {key: swapped(value) for key, value in node.get("properties", {}).items()}


def _widened(change: _Change, items: Sequence[Item]) -> bool:
    """`30대도 포함해줘`: years of age beside or around those there are; others than that would be two conditions nobody meets."""
    nodes, unread = _built(items, "", head_first=False)
    ages = [held for _, _, held in change.conditions() if held["filter"] == "age" and held["operator"] == "between"]
    if unread or len(nodes) != 1 or len(ages) != 1 or nodes[0].get("operator") != "between":
        return False
    (low, high), (first, last) = ages[0]["value"], nodes[0]["value"]
    if first > high + 1 or last < low - 1:
        return False
    ages[0]["value"] = [min(low, first), max(high, last)]
    change.edits.append(Edit("set", ages[0]["id"], "value"))
    return True


def _extended(change: _Change, items: Sequence[Item]) -> bool:
    """`강릉도 추가해줘`: one more value beside those there are."""
    said = [item for item in items if not item.has("user")]
    if len(said) == 1 and said[0].has("age") and _widened(change, items):
        return True
    if len(said) != 1 or not said[0].has("place", "stay_type", "theme"):
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


def _set(change: _Change, items: Sequence[Item], *, head_first: bool) -> bool:
    """`예약은 3회로`: another number for the condition spoken of."""
    together = list(with_comparisons(iter([_plain(item) for item in items]), head_first=head_first))
    for kind, filters in FILTERS_OF_NUMBER.items():
        item = next((held for held in together if held.has(kind)), None)
        if item is None:
            continue
        named = [
            node for node in targets(change.all(), [held for held in items if not held.has(kind)]) if _takes(node, kind)
        ]
        meant = named or [
            node for _, _, node in change.conditions() if node["filter"] in filters and _takes(node, kind)
        ]
        if len(meant) != 1:
            return False
        return _put(change, meant[0], item, kind)
    return False


def _takes(node: Node, kind: str) -> bool:
    value = node.get("value")
    if isinstance(value, dict):
        return False
    return node["filter"] in FILTERS_OF_NUMBER[kind] or (kind == "count" and isinstance(value, int))


def _put(change: _Change, node: Node, item: Item, kind: str) -> bool:
    limits = limits_of(item, kind)
    if kind == "duration":
        limits = (
            limits if isinstance(limits.low, int) else replace(limits, low=_days(limits.low), high=_days(limits.high))
        )
    if kind == "percent":
        limits = limits.scaled(10)
    try:
        operator, value = compared(limits)
    except NotSaid:
        return False
    if item.has("cmp") or operator == "between" or node["operator"] == "between":
        node["operator"] = operator
    node["value"] = value
    change.edits.append(Edit("set", node["id"], "value"))
    return True


def _days(duration: Any) -> int | None:
    return None if duration is None else days_of(duration)


def _set_period(change: _Change, items: Sequence[Item]) -> None:
    """`기간을 60일로`: another window for every event that has one."""
    time = next((item for item in items if item.has("window", "within", "duration")), None)
    if time is None:
        change.unread += list(items)
        return
    if time.has("window"):
        window = dict(time.value("window"))
    else:
        n, unit = time.value("within" if time.has("within") else "duration")
        window = {"type": "last", "n": n, "unit": unit}
    windowed = [node for _, _, node in change.conditions() if node.get("window")]
    for node in windowed or [node for _, _, node in change.conditions() if BY_KEY[node["filter"]].windows]:
        node["window"] = dict(window)
        change.edits.append(Edit("set", node["id"], "window"))
