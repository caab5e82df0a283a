"""Sentences that change a rule: 휴면은 빼줘, 3회로 낮춰줘, 제주 대신 부산, drop the Seoul condition.

What is not mentioned keeps its node and id. A sentence without a verb of change adds to the rule.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from audience_builder.catalog import BY_KEY
from audience_builder.errors import RuleError
from audience_builder.language.build import Node, NotSaid, compared, days_of, limits_of
from audience_builder.language.edit_change import Change
from audience_builder.language.edit_targets import (
    FILTERS_OF_NUMBER,
    not_about,
    targets,
)
from audience_builder.language.edit_values import (
    built,
    extended_by_all,
    flat,
    narrowed,
    plain,
    replaced,
    set_to,
    taken_out,
    widened,
)
from audience_builder.language.item import Item, whole_words
from audience_builder.language.port import Edit, Interpretation, Language, NotUnderstood
from audience_builder.language.quantity import COMPARISONS, with_comparisons
from audience_builder.language.values import VALUES
from audience_builder.rule.check import parse_rule, to_json
from audience_builder.rule.tree import Rule

_NUMBERS: Final = ("count", "number", "money", "percent", *COMPARISONS, "per", "user")
_VERBS: Final = ("edit_remove", "edit_add", "edit_change", "edit_raise", "edit_lower")
_BECOMES: Final = re.compile(r"(?:(?:을|를|은|는)\s.*|^\s*\S+)(?:으로|로)\s*$")
"""`나이를 40대로`, `20대로`: a change without its verb."""
_TOO: Final = ("too", "as well")
_NARROWS: Final = re.compile(r"한정|좁혀|남겨|restrict|limit|only")
_ALWAYS_REMOVE: Final = (
    "상관",
    "무관",
    "없어도",
    "필요",
    "doesn't matter",
    "삭제",
    "지워",
    "없애",
    "제거",
    "remove",
    "drop",
    "delete",
    "풀어",
)


def edited(sentence: str, language: Language, base: Rule, items: Sequence[Item], text: str) -> Interpretation:
    """The base rule as the sentence changes it."""
    change = Change(flat(copy.deepcopy(to_json(base)["root"])))
    for segment in _segments(items, head_first=language == "en"):
        before = len(change.edits), len(change.unread)
        _apply(change, segment, text, head_first=language == "en")
        if (len(change.edits), len(change.unread)) == before:  # `지역 조건 풀어줘` where there is none: it is told
            change.unread += segment.items or [item for item in items if item.text == segment.said]
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
        if head_first and item.text in _TOO and current.items and not current.verb:
            current.verb, current.said = verb, item.text
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


def _apply(change: Change, segment: _Segment, text: str, *, head_first: bool) -> None:
    items = [item for item in segment.items if not item.has("edit_condition_word", "edit_period_word")]
    said_condition = any(item.has("edit_condition_word") for item in segment.items)
    if any(item.has("edit_period_word") for item in segment.items):
        _set_period(change, items)
        return
    times = [item for item in items if item.has("window", "within", "duration")]
    if len(times) == 2 and all(item in times or item.has("exclude", "edit_instead", "edit_change") for item in items):
        _set_period(change, times[1:])
        return
    if times and len(times) == len(items) and all(item.has("window", "within") for item in times):
        _set_period(change, times)
        return
    changes = segment.verb in ("edit_change", "edit_raise", "edit_lower")
    becomes = bool(segment.verb == "" and _BECOMES.search(text))
    replaces = segment.instead or becomes or changes
    if not segment.instead and segment.verb in ("", "edit_change") and set_to(change, items):
        return
    if segment.verb == "" and text.rstrip().endswith("도") and extended_by_all(change, items):
        return
    if replaces and replaced(change, items, head_first=head_first and "instead of" in text):
        return
    if segment.verb in ("edit_raise", "edit_add") and widened(change, items):
        return
    if segment.verb == "edit_remove":
        always = said_condition or any(word in segment.said for word in _ALWAYS_REMOVE)
        _remove(change, items, text, always=always, head_first=head_first)
        return
    is_number = segment.verb == "" and bool(items) and all(item.has(*_NUMBERS) for item in items)
    if (becomes or changes or is_number) and _set(change, items, head_first=head_first):
        return
    if segment.verb == "edit_add" and (
        extended_by_all(change, items) or (_NARROWS.search(segment.said) and narrowed(change, items))
    ):
        return
    _add(change, items, text, head_first=head_first, change_first=becomes or changes)


def _add(change: Change, items: list[Item], text: str, *, head_first: bool, change_first: bool) -> None:
    nodes, unread = built(items, text, head_first=head_first)
    change.unread += unread
    for node in nodes:
        if not change_first and change.takes_back(node):
            continue
        same = [held for _, _, held in change.conditions() if held["filter"] == node.get("filter")]
        if change_first and len(same) == 1:
            _overwrite(change, same[0], node)
        else:
            change.add(node)


def _overwrite(change: Change, target: Node, node: Node) -> None:
    keeps = (
        target["operator"] in (">=", "<=", ">", "<") and node["operator"] == "="
    )  # `등급을 골드로`, of gold and above
    for key in ("operator", "value", "window", "measure"):
        if key in node and not (keeps and key == "operator"):
            target[key] = node[key]
    target["properties"] = {**target.get("properties", {}), **node.get("properties", {})}
    change.edits.append(Edit("set", target["id"], "value"))


def _remove(change: Change, items: list[Item], text: str, *, always: bool, head_first: bool) -> None:
    if any(not item.readings for item in items):  # taking away widens: only where every word is understood
        change.unread += items
        return
    spoken_of = targets(change.all(), items)
    nodes, unread = built(items, text, head_first=head_first)
    if spoken_of and (always or not nodes or all(_means(change, node) for node in nodes)):
        change.unread += not_about(items, spoken_of)
        for target in spoken_of:
            if always or not taken_out(change, target, items):
                change.remove(target)
        return
    change.unread += unread if nodes or always else items
    if not always:
        for node in nodes:
            change.add({"type": "not", "child": node})


def _means(change: Change, node: Node) -> bool:
    """Whether the rule has this very condition already."""
    return any(
        all(held.get(key) == node.get(key) for key in ("filter", "operator", "value"))
        for _, _, held in change.conditions()
    )


def _set(change: Change, items: Sequence[Item], *, head_first: bool) -> bool:
    """`예약은 3회로`: another number for the condition spoken of."""
    together = list(with_comparisons(iter([plain(item) for item in items]), head_first=head_first))
    for kind, filters in FILTERS_OF_NUMBER.items():
        said = [held for held in together if held.has(kind)]
        if not said:
            continue
        item = said[-1]
        named = [
            node for node in targets(change.all(), [held for held in items if not held.has(kind)]) if _takes(node, kind)
        ]
        meant = named or [
            node for _, _, node in change.conditions() if node["filter"] in filters and _takes(node, kind)
        ]
        if len(said) > 1:  # `3번 이상에서 5번 이상으로`
            meant = [node for node in meant if node.get("value") == limits_of(said[0], kind).low]
        if len(meant) != 1:
            return False
        return _put(change, meant[0], item, kind)
    return False


def _takes(node: Node, kind: str) -> bool:
    value = node.get("value")
    if isinstance(value, dict):
        return False
    return node["filter"] in FILTERS_OF_NUMBER[kind] or (kind == "count" and isinstance(value, int))


def _put(change: Change, node: Node, item: Item, kind: str) -> bool:
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


def _set_period(change: Change, items: Sequence[Item]) -> None:
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
